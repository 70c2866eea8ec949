//! The trait that every face calls. Two implementations justify it: the native one, and later a remote domain.

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::modification::Attribute;
use bailiwick_adtypes::sid::Sid;

use crate::{
    Applied, AttributeType, Authentication, Budget, Change, Check, Context, Error, Limits, ListRequest, Listed,
    Password, Position, Progress, Refusal, Requester, SearchRequest, Seen, Sink, Turned, Verdict, list_by_search,
};

/// A directory service: blocking, object-safe, small.
pub trait Directory: Send + Sync {
    /// Hands entries that match to `sink`, in natural order, within `budget`, going on at `from`.
    ///
    /// # Errors
    /// `NoSuchObject` when the base does not exist or the requester may not see it: deliberately alike.
    fn search(
        &self,
        context: &Context<'_>,
        request: &SearchRequest,
        from: Option<&Position>,
        budget: Budget,
        sink: &mut dyn Sink,
    ) -> Result<Progress, Error>;

    /// Names any stretch of what lies in a place, in order, and says how many there are in all.
    ///
    /// What counts is what the requester may know to be there; that its category may be read is taken for granted.
    ///
    /// # Errors
    /// As [`Directory::search`].
    fn list(&self, context: &Context<'_>, request: &ListRequest<'_>) -> Result<Listed, Error> {
        list_by_search(self, context, request)
    }

    /// Applies all changes in one transaction, or none of them. Returns when they are durable.
    ///
    /// Passwords among them are hashed before the transaction begins, on the thread of the caller: a driver runs changes
    /// for which [`Change::sets_password`] holds in its bounded hashing pool. What was read for the hash is looked at
    /// again in the transaction, and the whole begins anew when a password that somebody said to know is no longer the one.
    ///
    /// # Errors
    /// The first change that is refused, with its place in the list.
    fn apply(&self, context: &Context<'_>, changes: &[Change]) -> Result<Vec<Applied>, Refused>;

    /// As [`Directory::apply`], if the object that was seen is still as it was: looked at in the same transaction, so that
    /// of two who change what they both read, the second one is told. A directory that cannot look refuses.
    ///
    /// # Errors
    /// `Changed`, and those of [`Directory::apply`].
    fn apply_to_seen(
        &self,
        _context: &Context<'_>,
        _seen: &Seen,
        _changes: &[Change],
    ) -> Result<Vec<Applied>, Refused> {
        Err(Refused { index: 0, error: Error::Refused(Refusal::Contradiction) })
    }

    /// Whether the object has the value, by the attribute's matching rule.
    fn compare(&self, context: &Context<'_>, name: &ObjectName, attribute: &str, value: &[u8]) -> Result<bool, Error>;

    /// First step of a sign-in: decides at once, or returns the check to run in the hashing pool.
    ///
    /// `name` is any of the forms of [MS-ADTS] 5.1.1.1.1.
    fn authenticate(&self, context: &Context<'_>, name: &str, password: &Password) -> Authentication;

    /// Second step of a sign-in: records how the check went and says who it is. It may hash once more, to replace a
    /// hash of another kind or cost, and waits for the disk when something is recorded: it belongs on the same thread
    /// as the check.
    fn finish(&self, context: &Context<'_>, check: Check, verdict: Verdict) -> Result<Requester, Error>;

    /// Who the account with this SID is now: its groups are those that it has at this moment. Nobody shows a password
    /// here; a face asks for somebody who signed in before and was given a token or a session. Whatever restricts the
    /// account holds, but not what concerns its password alone: its age, and the lock against guessing it. A directory
    /// that cannot say refuses.
    ///
    /// # Errors
    /// `SignIn` when the account is gone, disabled or expired, or may not sign in here or now.
    fn account(&self, _context: &Context<'_>, _sid: &Sid) -> Result<Requester, Error> {
        Err(Error::Refused(Refusal::Contradiction))
    }

    /// Who it is by name and password, for the change of that password and nothing else: it may have expired, or have
    /// to be changed. Verifies on the thread of the caller, which is one of the hashing pool.
    ///
    /// # Errors
    /// Those of a sign-in; `NotSignedIn` of a directory that has no such way.
    fn authenticate_for_change(
        &self,
        _context: &Context<'_>,
        _name: &str,
        _password: &Password,
    ) -> Result<Requester, Error> {
        Err(Error::NotSignedIn)
    }

    /// A face decided a sign-in by this name without [`Directory::authenticate`]: it refused a password in the clear, or
    /// the operating system vouches for a peer, or the account is the host's. Nothing is decided here; a guess that was
    /// wrong is counted for its address, and whoever keeps an audit hears of it.
    fn sign_in_decided(&self, _context: &Context<'_>, _name: &str, _result: &Result<Requester, Error>) {}

    /// Whether a password from the address of the requester is looked at at all. Whoever verifies passwords beside the
    /// directory asks this first and tells [`Directory::sign_in_decided`] afterwards, so that guesses are counted in one
    /// place.
    fn may_try(&self, _context: &Context<'_>) -> bool {
        true
    }

    /// A face refused a change without [`Directory::apply`]: its name cannot be read, a password came in the clear, too
    /// much waits. Nothing is decided here; whoever keeps an audit hears of it.
    fn change_turned_away(&self, _context: &Context<'_>, _change: Turned<'_>, _error: &Error) {}

    /// Whether values written under this attribute description are to be shown to nobody, not even to an auditor. What
    /// the directory does not know it conceals: it may be a misspelt secret.
    fn conceals(&self, _attribute: &str) -> bool {
        true
    }

    /// What the schema says of the attribute with this lDAPDisplayName, in any case, or this OID; none when it has no such
    /// attribute. A directory that does not tell knows none.
    fn attribute_type(&self, _name: &str) -> Option<AttributeType> {
        None
    }

    /// What the root DSE says of the directory itself. Faces add what they speak (controls, mechanisms).
    /// Attributes marked on-demand are there only when `named` asks for them.
    fn root_dse(&self, context: &Context<'_>, named: &dyn Fn(&str) -> bool) -> Result<Vec<Attribute>, Error>;

    /// The limits that the directory's policy object sets.
    fn limits(&self) -> Limits;

    /// Does what is better done now and then than at once: whoever owns the directory calls it every few seconds, on a
    /// thread that may wait for the disk. Nothing depends on its success.
    fn tend(&self, _now: FileTime) {}
}

/// A list of changes was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The place of the change in the list, from 0.
    pub index: usize,
    /// Why.
    pub error: Error,
}
