//! One HTTP request: from where it comes, what it carries, and whose session that proves. Specification sections 1.5 and
//! 1.7, steps 6 to 8.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use bailiwick_accounts::Account;
use bailiwick_accounts::session::{Found, Session};
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{Identity, Protection, Requester};
use http::HeaderMap;
use http::header::COOKIE;

use crate::error_code::{BUSY, NO_SUCH_SESSION, SESSION_EXPIRED};
use crate::handshake::proven_nonce;
use crate::parameters::Parameters;
use crate::service::Dsm;

/// The header with the token.
const TOKEN_HEADER: &str = "x-syno-token";
/// The header that proves the session's key.
const HASH_HEADER: &str = "x-syno-hash";
/// The header in which a browser says which site a request comes from.
const SITE_HEADER: &str = "sec-fetch-site";
/// The cookie with the session's id.
pub const SESSION_COOKIE: &str = "id";
/// The cookie with the id of a trusted device.
pub const DEVICE_COOKIE: &str = "did";

/// One HTTP request, as its calls see it.
pub struct Exchange<'e> {
    /// The face.
    pub(crate) dsm: &'e Dsm,
    /// Nobody, from an address, by a connection.
    pub from: &'e Requester,
    /// Its number in log and audit.
    pub request_id: u64,
    sid: Option<String>,
    cookie: Option<String>,
    device: Option<String>,
    token: Option<String>,
    hash: Option<String>,
    /// A browser sends it for a page of somebody else's.
    is_cross_site: bool,
    /// How many calls its compounds have had so far, nested ones included.
    items: Cell<usize>,
    /// Found when the first call needs it, so that a nonce is used up once.
    signed_in: OnceCell<Result<SignedIn, u32>>,
}

/// Whose session a request proves.
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// The account, with its groups of now.
    pub requester: Requester,
    /// What it is called now.
    pub name: Arc<str>,
}

impl SignedIn {
    /// Whether it is an administrator: a member of BUILTIN\Administrators.
    pub fn is_administrator(&self) -> bool {
        is_administrator(&self.requester)
    }
}

/// Whether a requester is a member of BUILTIN\Administrators.
pub(crate) fn is_administrator(requester: &Requester) -> bool {
    match &requester.identity {
        Identity::Account { groups, .. } => groups.contains(&Sid::BUILTIN_ADMINISTRATORS),
        Identity::System => true,
        Identity::Anonymous => false,
    }
}

impl<'e> Exchange<'e> {
    pub(crate) fn new(
        dsm: &'e Dsm,
        from: &'e Requester,
        request_id: u64,
        headers: &HeaderMap,
        parameters: &Parameters,
    ) -> Exchange<'e> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let parameter = |name| parameters.text(name).ok().flatten().filter(|text| !text.is_empty());
        Exchange {
            dsm,
            from,
            request_id,
            sid: parameter("_sid"),
            cookie: cookie(headers, SESSION_COOKIE),
            device: cookie(headers, DEVICE_COOKIE),
            token: parameter("SynoToken").or_else(|| header(TOKEN_HEADER)).filter(|text| !text.is_empty()),
            hash: header(HASH_HEADER),
            is_cross_site: header(SITE_HEADER).is_some_and(|site| site == "cross-site"),
            items: Cell::new(0),
            signed_in: OnceCell::new(),
        }
    }

    /// Counts calls in compounds, and says how many there are now.
    pub(crate) fn count_items(&self, more: usize) -> usize {
        self.items.set(self.items.get().saturating_add(more));
        self.items.get()
    }

    /// Whose session it is.
    ///
    /// # Errors
    /// The number of step 6, 7 or 8.
    pub fn signed_in(&self) -> Result<&SignedIn, u32> {
        self.signed_in.get_or_init(|| self.find_session()).as_ref().map_err(|code| *code)
    }

    /// The id that the request shows, by whatever carrier; the parameter comes first.
    pub(crate) fn shown_id(&self) -> Option<&str> {
        self.sid.as_deref().or(self.cookie.as_deref())
    }

    /// The id of a trusted device that came in a cookie.
    pub(crate) fn shown_device(&self) -> Option<&str> {
        self.device.as_deref()
    }

    /// Whether cookies are to be sent back over TLS alone.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.from.protection == Protection::Encrypted
    }

    fn find_session(&self) -> Result<SignedIn, u32> {
        let id = self.shown_id().ok_or(NO_SUCH_SESSION)?;
        let session = match self.dsm.accounts.sessions.find(id, self.dsm.process.now()) {
            Found::Live(session) => *session,
            Found::Expired => return Err(SESSION_EXPIRED),
            Found::Unknown => return Err(NO_SUCH_SESSION),
        };
        let Some(account) = self.account(&session)? else {
            // The account is gone, disabled, or has another password.
            let _ = self.dsm.accounts.sessions.end_found(&session);
            return Err(NO_SUCH_SESSION);
        };
        if let (Some(binding), Some(hash)) = (&session.binding, &self.hash) {
            let nonce = proven_nonce(binding, hash).ok_or(NO_SUCH_SESSION)?;
            if !self.dsm.accounts.sessions.use_nonce(&session, nonce) {
                return Err(NO_SUCH_SESSION);
            }
        }
        let is_proven = match (session.has_token(), &self.token) {
            // Without a token, a link on somebody else's page must not do what only the cookie lets it do.
            (false, _) => self.sid.is_some() || !self.is_cross_site,
            (true, Some(token)) => session.is_token(token),
            // Only a cookie comes along without the client's doing.
            (true, None) => self.sid.is_some(),
        };
        if !is_proven {
            return Err(NO_SUCH_SESSION);
        }
        Ok(SignedIn { requester: account.requester, name: account.name, session })
    }

    /// The account of a session as it is now; none when the session is over.
    fn account(&self, session: &Session) -> Result<Option<Account>, u32> {
        let account = self.dsm.gate().account(self.from, self.request_id, session.subject, &session.name);
        Ok(account.map_err(|_| BUSY)?.filter(|account| account.stamp == session.stamp))
    }
}

/// The value of a cookie.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, value)| *found == name && !value.is_empty()).map(|(_, value)| value.to_owned())
}
