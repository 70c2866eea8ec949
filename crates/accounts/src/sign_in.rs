//! The sign-in of faces that know both: the same name field takes users of the host and accounts of the domain.
//!
//! A name without a domain in front or behind is first one of the host's, as on a DSM; whoever has such a name in the domain
//! too writes `EXAMPLE\name`. Where nobody of the host has the name the domain is asked.

use std::sync::Arc;

use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::administration::{self, account_state, host_administrator};
use bailiwick_domain::{
    Context, Directory, Error, Identity, Password, Process, Requester, SignInFailure, check_offer, in_hashing_pool,
    sign_in, sign_in_owner,
};
use bailiwick_store::Error as StoreError;

use crate::Accounts;
use crate::second_factor::Subject;
use crate::user;

/// What tells users of the host apart where accounts of the domain are told apart by their SIDs: this and the user's
/// number. It is what Samba calls users that only the machine knows, and no right is ever given to it.
const HOST_USER_SID: &str = "S-1-22-1";

/// Where people sign in.
#[derive(Clone, Copy)]
pub struct Gate<'g> {
    /// What the host keeps.
    pub accounts: &'g Arc<Accounts>,
    /// The directory, as the face is handed it.
    pub directory: &'g Arc<dyn Directory>,
    /// The process that the face runs in.
    pub process: &'g Arc<dyn Process>,
}

/// An account as it is now.
#[derive(Clone, Debug)]
pub struct Account {
    /// Whose it is.
    pub subject: Subject,
    /// Its name: `admin`, or `EXAMPLE\jdoe`.
    pub name: Arc<str>,
    /// Who it is to the directory. An administrator of the host acts there as BUILTIN\Administrators, under his own name;
    /// another user of the host has no rights in it.
    pub requester: Requester,
    /// A number that every new password changes.
    pub stamp: i64,
}

impl Gate<'_> {
    /// Signs in. `from` is nobody yet, from an address, by a connection. Every outcome is told to whoever keeps an audit,
    /// and wrong passwords are counted for their address and, of the host's names, for the name. Blocks.
    ///
    /// # Errors
    /// Those of [`check_offer`], `SignIn`, and `Busy` when too many are signing in.
    pub fn sign_in(
        &self,
        from: &Requester,
        request_id: u64,
        name: &str,
        password: &Password,
    ) -> Result<Account, Error> {
        if !is_plain(name) {
            return self.domain(from, request_id, name, password);
        }
        if self.accounts.users.find(name).map_err(failed)?.is_some() {
            return self.host(from, request_id, name, password);
        }
        // Names that nobody has are locked as those of the host are, so that being locked tells nothing of them.
        let now = self.process.now();
        if self.accounts.lockout.is_locked(name, now).map_err(failed)? {
            let error = Error::SignIn(SignInFailure::AccountLocked);
            self.directory.sign_in_decided(&self.process.context(from, request_id), name, &Err(error.clone()));
            return Err(error);
        }
        let result = self.domain(from, request_id, name, password);
        if let Err(Error::SignIn(SignInFailure::UnknownName)) = result {
            self.accounts.lockout.note_failure(name, now).map_err(failed)?;
        }
        result
    }

    /// The account of a subject as it is now; none when it is gone, disabled, at its end, or may not go on for another
    /// reason. `name` is what it was called when it signed in.
    ///
    /// # Errors
    /// `Unavailable`.
    pub fn account(
        &self,
        from: &Requester,
        request_id: u64,
        subject: Subject,
        name: &str,
    ) -> Result<Option<Account>, Error> {
        let system = Requester::system();
        let context = self.process.context(&system, request_id);
        match subject {
            Subject::Domain(sid) => {
                let state = account_state(self.directory.as_ref(), &context, sid, name).map_err(unavailable)?;
                Ok(state.map(|state| Account {
                    subject,
                    name: match &state.identity {
                        Identity::Account { name, .. } => Arc::clone(name),
                        Identity::Anonymous | Identity::System => name.into(),
                    },
                    requester: Requester { identity: state.identity, ..from.clone() },
                    stamp: state.password_version,
                }))
            }
            Subject::Host(uid) => match self.accounts.users.admit(&context, uid).map_err(failed)? {
                Ok(signed_in) => self.host_account(&context, from, &signed_in).map(Some),
                Err(_) => Ok(None),
            },
        }
    }

    /// Whether a name is one of the host's users whose password has ended and who cannot set a new one.
    ///
    /// # Errors
    /// `Unavailable`.
    pub fn is_shut_out(&self, name: &str) -> Result<bool, Error> {
        let users = &self.accounts.users;
        if !is_plain(name) || users.find(name).map_err(failed)?.is_none() {
            return Ok(false);
        }
        Ok(!users.may_replace_ended(name).map_err(failed)?)
    }

    fn domain(&self, from: &Requester, request_id: u64, name: &str, password: &Password) -> Result<Account, Error> {
        let requester = sign_in(self.directory, self.process, from, request_id, name, password)?;
        let Identity::Account { sid, name, .. } = &requester.identity else {
            return Err(Error::SignIn(SignInFailure::UnknownName));
        };
        // An account that goes in this very moment never signed in.
        let account = self.account(from, request_id, Subject::Domain(*sid), name)?;
        account.ok_or(Error::SignIn(SignInFailure::UnknownName))
    }

    fn host(&self, from: &Requester, request_id: u64, name: &str, password: &Password) -> Result<Account, Error> {
        let context = self.process.context(from, request_id);
        let result = self.verified(from, request_id, name, password).and_then(|signed_in| {
            let system = Requester::system();
            self.host_account(&self.process.context(&system, request_id), from, &signed_in)
        });
        let told = result.as_ref().map(|account| account.requester.clone()).map_err(Error::clone);
        self.directory.sign_in_decided(&context, name, &told);
        result
    }

    fn verified(
        &self,
        from: &Requester,
        request_id: u64,
        name: &str,
        password: &Password,
    ) -> Result<user::SignedIn, Error> {
        check_offer(from.protection, self.process.requires_encryption(), name, password)?;
        let context = self.process.context(from, request_id);
        if !self.directory.may_try(&context) {
            return Err(Error::SignIn(SignInFailure::TooManyAttempts));
        }
        let check =
            self.accounts.users.authenticate(&context, name, password).map_err(failed)?.map_err(Error::SignIn)?;
        let work = {
            let (accounts, process, from) = (Arc::clone(self.accounts), Arc::clone(self.process), from.clone());
            move || {
                let verdict = check.run();
                accounts.users.finish(&process.context(&from, request_id), &check, verdict)
            }
        };
        in_hashing_pool(self.process.as_ref(), sign_in_owner(from), work)?.map_err(failed)?.map_err(Error::SignIn)
    }

    /// A user of the host as the directory sees him. `context` is the system's.
    fn host_account(
        &self,
        context: &Context<'_>,
        from: &Requester,
        signed_in: &user::SignedIn,
    ) -> Result<Account, Error> {
        let user = &signed_in.user;
        let name: Arc<str> = user.name.as_str().into();
        let identity = match signed_in.administrator {
            true => {
                host_administrator(self.directory.as_ref(), context).map_err(unavailable)?.named(&user.name).identity
            }
            false => Identity::Account { sid: sid(user.uid)?, groups: Arc::new([]), name: Arc::clone(&name) },
        };
        Ok(Account {
            subject: Subject::Host(user.uid),
            name,
            requester: Requester { identity, ..from.clone() },
            stamp: user.password_changed.0,
        })
    }
}

fn sid(uid: u32) -> Result<Sid, Error> {
    let text = format!("{HOST_USER_SID}-{uid}");
    text.parse().map_err(|_| Error::Unavailable { reason: format!("{text} is no SID") })
}

/// Whether a name says no domain.
fn is_plain(name: &str) -> bool {
    !name.contains(['\\', '@', '='])
}

fn failed(error: StoreError) -> Error {
    Error::Unavailable { reason: error.to_string() }
}

fn unavailable(error: administration::Error) -> Error {
    match error {
        administration::Error::Directory(error) => error,
        error => Error::Unavailable { reason: error.to_string() },
    }
}
