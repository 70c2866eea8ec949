//! Sign-ins that have shown the password and not yet the code: the token that stands for the password when the client
//! tries again with a code. Specification section 2.3.

use std::collections::HashMap;

use bailiwick_accounts::Account;
use bailiwick_adtypes::file_time::{FileTime, Interval};
use bailiwick_domain::Requester;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};

/// How long a token is good.
const LIFETIME: Interval = Interval::from_seconds(5 * 60);
/// Octets of a token before they are written as text.
const TOKEN_OCTETS: usize = 32;
/// The most sign-ins that are halfway; the oldest goes when there are more.
const HALFWAY_MAX: usize = 10_000;

/// Sign-ins that are halfway, by the digests of their tokens.
#[derive(Default)]
pub(crate) struct Halfway(Mutex<HashMap<[u8; 32], Waiting>>);

struct Waiting {
    since: FileTime,
    /// The name that was given: the token is good with that name alone.
    name: String,
    account: Account,
}

impl Halfway {
    /// Remembers a sign-in, and gives the token for it.
    pub fn begin(&self, name: &str, account: Account, now: FileTime, random: &dyn Fn(&mut [u8])) -> String {
        let mut octets = [0; TOKEN_OCTETS];
        random(&mut octets);
        let token = URL_SAFE_NO_PAD.encode(octets);
        let mut waiting = self.0.lock();
        if waiting.len() >= HALFWAY_MAX {
            waiting.retain(|_, one| one.since.after(LIFETIME) > now);
        }
        if waiting.len() >= HALFWAY_MAX
            && let Some(oldest) = waiting.iter().min_by_key(|(_, one)| one.since).map(|(key, _)| *key)
        {
            waiting.remove(&oldest);
        }
        waiting.insert(digest(&token), Waiting { since: now, name: name.to_owned(), account });
        token
    }

    /// Who showed the password that this token stands for; it is good once, and from the same address.
    pub fn go_on(&self, name: &str, token: &[u8], from: &Requester, now: FileTime) -> Option<Account> {
        let token = std::str::from_utf8(token).ok()?;
        let waiting = self.0.lock().remove(&digest(token))?;
        let is_same = waiting.name == name && waiting.account.requester.address == from.address;
        (is_same && waiting.since.after(LIFETIME) > now).then_some(waiting.account)
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use bailiwick_accounts::second_factor::Subject;

    use super::*;

    #[test]
    fn a_token_is_good_once_for_its_name_and_not_for_long() {
        let halfway = Halfway::default();
        let nobody = Requester::system();
        let now = FileTime(133_000_000_000_000_000);
        let account = Account { subject: Subject::Host(1026), name: "ada".into(), requester: nobody.clone(), stamp: 1 };
        let begin = |salt: u8| halfway.begin("ada", account.clone(), now, &move |octets| octets.fill(salt));
        let go_on = |name, token: &str, now| halfway.go_on(name, token.as_bytes(), &nobody, now).is_some();
        let token = begin(1);
        assert!(go_on("ada", &token, now) && !go_on("ada", &token, now));
        assert!(!go_on("bob", &begin(2), now));
        assert!(!go_on("ada", &begin(3), now.after(LIFETIME)));
        assert!(!go_on("ada", "nothing", now));
    }
}
