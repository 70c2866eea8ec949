//! Who asks: a name with a password, or a token that stands for an account. Section 13; D-39 has it on every route.

use axum::http::{HeaderMap, header};
use bailiwick_accounts::second_factor::Subject;
use bailiwick_accounts::token::Token;
use bailiwick_credential::Password;
use bailiwick_domain::{Error, Protection, Refusal, Requester, SignInFailure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::directory_fault;
use crate::problem::{OperationType, Problem};
use crate::service::{Scopes, Service};

/// Somebody who has signed in.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who it is to the directory.
    pub requester: Requester,
    /// What the request may do beyond what the directory allows: all, unless a token says less.
    pub scopes: Scopes,
}

/// What a caller shows.
enum Offer {
    /// A name and a password. RFC 7617.
    Basic { name: String, password: Password },
    /// A token. RFC 6750.
    Bearer(Zeroizing<String>),
}

/// Signs a request in. Blocks.
///
/// # Errors
/// 401 when nobody signed in, 403 when secrets came in the clear, 429 after too many guesses, 503 when the directory has
/// no time.
pub fn sign_in(service: &Service, nobody: &Requester, request_id: u64, headers: &HeaderMap) -> Result<Caller, Problem> {
    match offer(headers)? {
        Offer::Basic { name, password } => {
            let parts = &service.parts;
            let signed_in =
                bailiwick_domain::sign_in(&parts.directory, &parts.process, nobody, request_id, &name, &password);
            let requester = signed_in.map_err(|error| refusal(&error))?;
            Ok(Caller { requester, scopes: Scopes::all() })
        }
        Offer::Bearer(token) => by_token(service, nobody, request_id, &token),
    }
}

fn by_token(service: &Service, nobody: &Requester, request_id: u64, token: &str) -> Result<Caller, Problem> {
    let process = service.parts.process.as_ref();
    // A token is as good as a password to whoever reads it on its way.
    let is_private = match nobody.protection {
        Protection::Encrypted => true,
        Protection::Local => !process.requires_encryption(),
        Protection::None => false,
    };
    if !is_private {
        return Err(refusal(&Error::Refused(Refusal::ConfidentialityRequired)));
    }
    let unknown = || Problem::unauthorized("The token is unknown, revoked or too old.");
    let accounts = service.parts.accounts.as_ref().ok_or_else(unknown)?;
    let found = accounts.tokens.verify(token, process.now());
    let found = found.map_err(|error| refusal(&Error::Unavailable { reason: error.to_string() }))?;
    // Host accounts are nobody to the directory.
    let Some(Token { id, subject: Subject::Domain(account), scopes, .. }) = found else { return Err(unknown()) };
    let context = process.context(nobody, request_id);
    let directory = &service.parts.directory;
    match directory.account(&context, &account) {
        Ok(requester) => Ok(Caller { requester, scopes }),
        Err(error) => {
            // Uses that succeed are heard of by what they change; one whose account is not let in is a sign-in refused.
            directory.sign_in_decided(&context, &format!("token {id}"), &Err(error.clone()));
            Err(refusal(&error))
        }
    }
}

/// Reads what the caller shows. A further scheme (Negotiate, RFC 4559) is a further arm here and in [`challenges`].
fn offer(headers: &HeaderMap) -> Result<Offer, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Err(Problem::unauthorized("Sign in: with a name and a password, or with a token."));
    };
    let malformed = || Problem::unauthorized("The Authorization header cannot be read.");
    let value = value.to_str().map_err(|_| malformed())?.trim();
    let (scheme, rest) = value.split_once(' ').ok_or_else(malformed)?;
    if scheme.eq_ignore_ascii_case("Bearer") {
        return Ok(Offer::Bearer(Zeroizing::new(rest.trim().to_owned())));
    }
    if scheme.eq_ignore_ascii_case("Basic") {
        let octets = Zeroizing::new(STANDARD.decode(rest.trim()).map_err(|_| malformed())?);
        let text = str::from_utf8(&octets).map_err(|_| malformed())?;
        let (name, password) = text.split_once(':').ok_or_else(malformed)?;
        return Ok(Offer::Basic { name: name.to_owned(), password: Password::new(password.as_bytes()) });
    }
    Err(Problem::unauthorized(format!("This way to sign in is not offered: {}.", scheme.escape_debug())))
}

/// The ways to sign in, for the head of a 401.
pub fn challenges(realm: &str) -> [String; 2] {
    let realm: String = realm.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\\')).collect();
    [format!("Basic realm=\"{realm}\", charset=\"UTF-8\""), format!("Bearer realm=\"{realm}\"")]
}

fn refusal(error: &Error) -> Problem {
    let problem = directory_fault::problem(401, OperationType::Commit, error);
    let status = match error {
        Error::SignIn(SignInFailure::TooManyAttempts) => 429,
        Error::Refused(Refusal::ConfidentialityRequired) => 403,
        Error::Unavailable { .. } | Error::Busy => 503,
        _ => 401,
    };
    Problem { challenge: status == 401, ..Problem::plain(status, problem.message) }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn check(value: &str, expected: Result<&str, ()>) {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        let found = offer(&headers).map_err(|problem| assert_eq!((problem.status, problem.challenge), (401, true)));
        let found = found.map(|offer| match offer {
            Offer::Basic { name, password } => format!("{name} {}", String::from_utf8_lossy(password.expose())),
            Offer::Bearer(token) => token.to_string(),
        });
        assert_eq!(found.as_deref().ok(), expected.ok(), "{value}");
    }

    #[test]
    fn names_with_passwords_and_tokens_are_read() {
        check("Basic YWRhOnM6ZWNyZXQ=", Ok("ada s:ecret"));
        check("basic  RVhBTVBMRVxhZGE6eA==", Ok("EXAMPLE\\ada x"));
        check("Bearer abc", Ok("abc"));
        check("Basic !!", Err(()));
        check("Basic YWRh", Err(()));
        check("Basic", Err(()));
        check("Negotiate YWRh", Err(()));
    }

    #[test]
    fn a_realm_stays_within_its_quotes() {
        assert_eq!(challenges("a\"b\\c\n")[1], "Bearer realm=\"abc\"");
    }
}
