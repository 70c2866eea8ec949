//! Setting passwords, in two steps around the transaction of a change.
//!
//! [`prepare`] reads, verifies and hashes before the transaction; [`settle`] decides in it by the policy, with the
//! object as it will be. A password that was set in between makes a change by somebody who knew the old one begin anew.

use std::borrow::Cow;

use bailiwick_adtypes::dn::ObjectName;
use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::guid::Guid;
use bailiwick_credential::{ForeignHash, History, NONCE_OCTETS, Password, PasswordHash, SALT_OCTETS, kerberos};
use bailiwick_domain::{Change, Context, Error, Identity, PasswordFault, Protection, Refusal};

use crate::access::{Access, Wanted};
use crate::native::Native;
use crate::operation::apply::Writing;
use crate::operation::{authenticate, target};
use crate::policy::Policy;
use crate::record::credential::{self, Credential};
use crate::record::{Draft, EntryId, Fault, Record, Snapshot};
use crate::rule::password::{self, Circumstances, Given, Wish, is_account};
use crate::rule::value;

/// Former passwords that are kept whatever the policy says: trying one of them is no guess.
const FORMER_MIN: usize = 2;

/// rightsGuid of User-Force-Change-Password.
const USER_FORCE_CHANGE_PASSWORD: Guid = Guid::from_u128(0x00299570_246d_11d0_a768_00aa006e0529);
/// rightsGuid of User-Change-Password.
const USER_CHANGE_PASSWORD: Guid = Guid::from_u128(0xab721a53_1e2f_11d0_9819_00aa0040529b);

/// A change without its passwords, and what became of them.
pub(crate) struct Prepared<'c> {
    /// What is left.
    pub change: Cow<'c, Change>,
    /// The password that it sets.
    pub password: Option<NewPassword>,
}

/// A password that was hashed, ready to be written.
pub(crate) struct NewPassword {
    way: Way,
    secret: Secret,
    /// The version that was read; none when there was no credential.
    expected: Option<u64>,
    /// Whether the object is added with it.
    is_of_new: bool,
}

/// How a password comes to be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// By somebody who may set it.
    Reset,
    /// By somebody who knew the old one.
    Change,
}

impl Way {
    /// What somebody needs on the account: leave to set any password, or to change one that they know.
    /// [MS-ADTS] 5.1.3.2.1.
    pub fn right(self) -> Wanted {
        Wanted::Control(match self {
            Way::Reset => USER_FORCE_CHANGE_PASSWORD,
            Way::Change => USER_CHANGE_PASSWORD,
        })
    }
}

enum Secret {
    Clear { password: Password, hash: PasswordHash, came_before: bool, keys: Option<Vec<u8>> },
    Foreign(ForeignHash),
    Stored(Box<Credential>),
}

impl NewPassword {
    /// How it comes to be set.
    pub fn way(&self) -> Way {
        self.way
    }
}

/// Takes the password out of a change, and verifies and hashes. `id` is the number of an object to be added.
///
/// # Errors
/// `PasswordUnprotected`, `PasswordWrite`, `Malformed`, `WrongOld`, and what the right to set it comes to.
pub(crate) fn prepare<'c>(
    native: &Native,
    context: &Context<'_>,
    change: &'c Change,
    id: Option<EntryId>,
) -> Result<Prepared<'c>, Error> {
    let schema = &*native.schema;
    let restoring = matches!(context.requester.identity, Identity::System);
    let untouched = Prepared { change: Cow::Borrowed(change), password: None };
    match change {
        Change::Add { name, attributes, sd_flags } => {
            let Some(given) = password::of_add(schema, attributes, restoring)? else { return Ok(untouched) };
            check_protection(context)?;
            require_signed_in(native, context)?;
            let salt = salt_of_new(native, attributes);
            let secret = hash(native, context, given, None, salt.zip(id), 0)?;
            let rest = attributes
                .iter()
                .filter(|given| password::password_attribute(schema, &given.name, restoring).is_none());
            let change = Change::Add { name: name.clone(), attributes: rest.cloned().collect(), sd_flags: *sd_flags };
            let password = NewPassword { way: Way::Reset, secret, expected: None, is_of_new: true };
            Ok(Prepared { change: Cow::Owned(change), password: Some(password) })
        }
        Change::Modify { name, modifications, permissive, sd_flags } => {
            let Some(wish) = password::of_modify(schema, modifications, restoring)? else { return Ok(untouched) };
            check_protection(context)?;
            let password = grant(native, context, name, wish)?;
            let rest = modifications.iter().filter(|modification| {
                password::password_attribute(schema, &modification.attribute, restoring).is_none()
            });
            let change = Change::Modify {
                name: name.clone(),
                modifications: rest.cloned().collect(),
                permissive: *permissive,
                sd_flags: *sd_flags,
            };
            Ok(Prepared { change: Cow::Owned(change), password: Some(password) })
        }
        Change::Rename(_) | Change::Delete { .. } => Ok(untouched),
    }
}

/// Refuses to hash for nobody in particular. What a signed-in account may add is decided with the object.
fn require_signed_in(native: &Native, context: &Context<'_>) -> Result<(), Error> {
    let transaction = native.store.read().map_err(Fault::Store)?;
    Access::reading(native, native.snapshot(transaction.as_ref()), context.requester).map(drop)
}

/// Decides over a prepared password, with the object as it will be, and notes when it was set unless the same request
/// says so itself.
///
/// # Errors
/// What is wrong with the password; `PasswordWrite` for an object that does not sign in.
pub(crate) fn settle(
    writing: &mut Writing<'_>,
    draft: &mut Draft,
    new: &NewPassword,
    is_age_given: bool,
) -> Result<Credential, Error> {
    let known = writing.native.schema.known();
    let now = writing.context.now;
    if !is_account(&writing.native.schema, draft.class) {
        return Err(Error::Refused(Refusal::PasswordWrite));
    }
    let current = credential::read(writing.transaction, draft.id)?;
    // What somebody knew must still be the password; a reset is right whatever was there.
    if new.way == Way::Change && current.as_ref().map(|current| current.version) != new.expected {
        writing.is_stale = true;
        return Err(Error::Unavailable { reason: "the password was set at the same time".to_owned() });
    }
    let policy = Policy::of_domain(writing.native, writing.snapshot())?;
    // What the directory itself adds is brought back from elsewhere, where another policy may have held.
    let is_restored = new.is_of_new && writing.is_restoring();
    if let Secret::Clear { password, came_before, .. } = &new.secret
        && !is_restored
    {
        let text = |attribute| String::from_utf8_lossy(draft.value(attribute).unwrap_or_default()).into_owned();
        let circumstances = Circumstances {
            flags: draft.integer(known.user_account_control).unwrap_or_default() as u32,
            account_name: &text(known.sam_account_name),
            display_name: &text(known.display_name),
        };
        if new.way == Way::Change {
            let last_set = FileTime(draft.integer(known.pwd_last_set).unwrap_or_default());
            password::check_age(&policy, last_set, now)?;
        }
        password::check_quality(policy.length_min, policy.complex, circumstances, password)?;
        if new.way == Way::Change && *came_before {
            return Err(PasswordFault::InHistory.into());
        }
    }
    let changed = match &new.secret {
        Secret::Stored(stored) => stored.changed,
        Secret::Clear { .. } | Secret::Foreign(_) => now,
    };
    if !is_age_given {
        draft.set(known.pwd_last_set, changed.0.to_string());
    }
    let kept = policy.history.saturating_sub(1).max(FORMER_MIN);
    let (version, history) = match &current {
        Some(current) => (current.version.saturating_add(1), current.history.with(current.hash.argon2id(), kept)),
        None => (1, History::default()),
    };
    let (hash, history, keys) = match &new.secret {
        Secret::Clear { hash, keys, .. } => (hash.clone().into(), history, keys.clone()),
        Secret::Foreign(hash) => (hash.clone().into(), history, None),
        Secret::Stored(stored) => {
            // Keys of another folder do not open here; the first sign-in makes them anew.
            let keys = stored.keys.clone().filter(|keys| opens(writing.native, draft.id, keys));
            (stored.hash.clone(), stored.history.clone(), keys)
        }
    };
    Ok(Credential { version, changed, hash, history, keys })
}

/// Refuses to enable an account that has no password and needs one. `before` is what it was; none for a new one.
///
/// # Errors
/// `Missing`.
pub(crate) fn check_enabled(
    writing: &Writing<'_>,
    before: Option<&Draft>,
    draft: &Draft,
    sets_password: bool,
) -> Result<(), Error> {
    let attribute = writing.native.schema.known().user_account_control;
    let is_untouched = before.is_some_and(|before| before.value(attribute) == draft.value(attribute));
    if writing.is_restoring() || is_untouched || !is_account(&writing.native.schema, draft.class) {
        return Ok(());
    }
    let has_password = sets_password || credential::read(writing.transaction, draft.id)?.is_some();
    let policy = Policy::of_domain(writing.native, writing.snapshot())?;
    let flags = draft.integer(attribute).unwrap_or_default() as u32;
    Ok(password::check_enabled(&policy, flags, has_password)?)
}

/// The Kerberos keys of a password in their envelope; none without a vault.
pub(crate) fn sealed_keys(
    native: &Native,
    context: &Context<'_>,
    password: &Password,
    salt: String,
    id: EntryId,
) -> Option<Vec<u8>> {
    let vault = native.vault.as_ref()?;
    let mut nonce = [0; NONCE_OCTETS];
    (context.random)(&mut nonce);
    let keys = kerberos::Keys::derive(password, salt);
    Some(vault.seal(nonce, &keys_purpose(id), &keys.to_secret()))
}

/// Whether an account's keys are missing or do not open with the vault at hand.
pub(crate) fn lacks_keys(native: &Native, id: EntryId, keys: Option<&[u8]>) -> bool {
    native.vault.is_some() && !keys.is_some_and(|keys| opens(native, id, keys))
}

/// Whether an envelope with Kerberos keys opens for this account; never without a vault.
fn opens(native: &Native, id: EntryId, keys: &[u8]) -> bool {
    let opened = native.vault.as_ref().and_then(|vault| vault.open(&keys_purpose(id), keys).ok());
    opened.and_then(|secret| kerberos::Keys::from_secret(&secret)).is_some()
}

/// The salt that an account's keys are made with.
pub(crate) fn salt_of(native: &Native, snapshot: Snapshot<'_>, record: &Record<'_>) -> String {
    let known = snapshot.schema.known();
    let name = String::from_utf8_lossy(record.value(known.sam_account_name).unwrap_or_default()).into_owned();
    let class = snapshot.schema.class(record.class());
    salt(native, &name, class.is_some_and(|class| class.is_a(known.class_computer)))
}

/// What binds an envelope to its account.
fn keys_purpose(id: EntryId) -> Vec<u8> {
    [b"kerberos keys of ".as_slice(), &id.key()].concat()
}

fn salt(native: &Native, account_name: &str, is_computer: bool) -> String {
    match is_computer {
        true => kerberos::computer_salt(native.domain_name(), account_name),
        false => kerberos::user_salt(native.domain_name(), account_name),
    }
}

/// The salt of an object to be added; none when the directory is yet to make its name, then the keys are made at the
/// first sign-in.
fn salt_of_new(native: &Native, attributes: &[bailiwick_adtypes::modification::Attribute]) -> Option<String> {
    let schema = &*native.schema;
    let known = schema.known();
    let values = |wanted| {
        attributes
            .iter()
            .find(|given| value::attribute_named(schema, &given.name).is_ok_and(|found| found.number == wanted))
            .map_or(&[][..], |given| given.values.as_slice())
    };
    let name = std::str::from_utf8(values(known.sam_account_name).first()?).ok()?;
    let is_computer = values(known.object_class).iter().any(|class| class.eq_ignore_ascii_case(b"computer"));
    Some(salt(native, name, is_computer))
}

/// Passwords come over connections that nobody else can read. [MS-ADTS] 3.1.1.3.1.5.
fn check_protection(context: &Context<'_>) -> Result<(), Error> {
    match context.requester.protection {
        Protection::Encrypted | Protection::Local => Ok(()),
        Protection::None => Err(Error::Refused(Refusal::PasswordUnprotected)),
    }
}

/// Verifies and hashes for an account that exists. One that does not, yet, is added by the same list of changes.
fn grant(native: &Native, context: &Context<'_>, name: &ObjectName, wish: Wish) -> Result<NewPassword, Error> {
    let transaction = native.store.read().map_err(Fault::Store)?;
    let snapshot = native.snapshot(transaction.as_ref());
    let access = Access::reading(native, snapshot, context.requester)?;
    let id = match target::find(native, snapshot, name) {
        Ok(id) => id,
        Err(Error::NoSuchObject { .. }) if matches!(wish, Wish::Reset(_)) => {
            let Wish::Reset(given) = wish else { return Err(Error::Refused(Refusal::PasswordWrite)) };
            let secret = hash(native, context, given, None, None, 0)?;
            return Ok(NewPassword { way: Way::Reset, secret, expected: None, is_of_new: false });
        }
        Err(error) => return Err(access.concealed(error)),
    };
    let record = snapshot.existing(id)?;
    // Who may not set it must not make us hash.
    let way = match wish {
        Wish::Reset(_) => Way::Reset,
        Wish::Change { .. } => Way::Change,
    };
    access.require(&record, way.right())?;
    if record.is_deleted() || !is_account(snapshot.schema, record.class()) {
        return Err(Error::Refused(Refusal::PasswordWrite));
    }
    let current = credential::read(snapshot.transaction, id)?;
    let policy = Policy::of_domain(native, snapshot)?;
    let keys_for = Some((salt_of(native, snapshot, &record), id));
    // Nothing is held open while hashing.
    drop(access);
    drop(transaction);
    let expected = current.as_ref().map(|current| current.version);
    match wish {
        Wish::Reset(given) => {
            let secret = hash(native, context, given, current.as_ref(), keys_for, 0)?;
            Ok(NewPassword { way: Way::Reset, secret, expected, is_of_new: false })
        }
        Wish::Change { old, new } => {
            authenticate::verify_old(native, context, id, current.as_ref(), &old)?;
            let secret = hash(native, context, Given::Clear(new), current.as_ref(), keys_for, policy.history)?;
            Ok(NewPassword { way: Way::Change, secret, expected, is_of_new: false })
        }
    }
}

/// Hashes a new password, under the account's own salt as long as the cost stays: the same hash then tells whether it
/// is among the last `history` passwords.
fn hash(
    native: &Native,
    context: &Context<'_>,
    given: Given,
    current: Option<&Credential>,
    keys_for: Option<(String, EntryId)>,
    history: usize,
) -> Result<Secret, Error> {
    let password = match given {
        Given::Clear(password) => password,
        Given::Foreign(hash) => return Ok(Secret::Foreign(hash)),
        Given::Stored(stored) => return Ok(Secret::Stored(stored)),
    };
    let own = current.and_then(|current| current.hash.argon2id());
    let salt = match own.filter(|own| own.cost() == native.cost) {
        Some(own) => own.salt(),
        None => {
            let mut salt = [0; SALT_OCTETS];
            (context.random)(&mut salt);
            salt
        }
    };
    let hash = PasswordHash::make(&password, salt, native.cost)
        .map_err(|_| Error::Unavailable { reason: "the cost of password hashes is out of range".to_owned() })?;
    let came_before = history > 0
        && current.is_some_and(|current| {
            let is_current = match own {
                Some(own) if own.cost() == native.cost => own.is_same(&hash),
                _ => current.hash.verify(&password),
            };
            is_current || current.history.find(&password, history - 1, Some(&hash)).is_some()
        });
    let keys = keys_for.and_then(|(salt, id)| sealed_keys(native, context, &password, salt, id));
    Ok(Secret::Clear { password, hash, came_before, keys })
}
