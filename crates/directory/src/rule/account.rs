//! Accounts and groups: what they are born with, which of their values belong together, and which are theirs alone.
//! [MS-SAMR] 3.1.1.6, 3.1.1.8 and 2.2.1.13; [MS-ADTS] 3.1.1.5.1.3.
//!
//! Groups by their scopes are in `group`, passwords in `password`, the names of services in `service_name`.

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::{AttributeFault, Error, GroupFault};

use crate::access::Heuristics;
use crate::native::Native;
use crate::policy::logon::LOGON_HOURS_OCTETS;
use crate::record::index::{self, Postings};
use crate::record::{Draft, EntryId, Record, Snapshot, link};
use crate::rule::{group, service_name};
use crate::schema::object_class::ObjectClasses;
use crate::schema::{AttributeNumber, Schema};

/// UF_ACCOUNTDISABLE.
pub(crate) const DISABLED: u32 = 0x0002;
/// UF_PASSWD_NOTREQD.
pub(crate) const PASSWORD_NOT_REQUIRED: u32 = 0x0020;
/// What userAccountControl of an account is that is born without any.
pub(crate) const BORN_WITH: u32 = DISABLED | PASSWORD_NOT_REQUIRED;
/// UF_TEMP_DUPLICATE_ACCOUNT: a kind of account that is no more.
const TEMPORARY_DUPLICATE: u32 = 0x0100;
/// UF_NORMAL_ACCOUNT.
const NORMAL: u32 = 0x0200;
/// UF_INTERDOMAIN_TRUST_ACCOUNT.
pub(crate) const INTERDOMAIN_TRUST: u32 = 0x0800;
/// UF_WORKSTATION_TRUST_ACCOUNT.
pub(crate) const WORKSTATION_TRUST: u32 = 0x1000;
/// UF_SERVER_TRUST_ACCOUNT: domain controllers.
pub(crate) const SERVER_TRUST: u32 = 0x2000;
/// UF_DONT_EXPIRE_PASSWD.
pub(crate) const PASSWORD_DOES_NOT_EXPIRE: u32 = 0x0001_0000;
/// UF_SMARTCARD_REQUIRED.
pub(crate) const SMARTCARD_REQUIRED: u32 = 0x0004_0000;
/// UF_LOCKOUT, which only msDS-User-Account-Control-Computed shows.
pub(crate) const LOCKED_OUT: u32 = 0x0010;
/// UF_PASSWORD_EXPIRED, which only msDS-User-Account-Control-Computed shows.
pub(crate) const PASSWORD_EXPIRED: u32 = 0x0080_0000;
/// UF_PARTIAL_SECRETS_ACCOUNT: read-only domain controllers.
pub(crate) const PARTIAL_SECRETS: u32 = 0x0400_0000;
/// UF_LOCKOUT, UF_PASSWORD_CANT_CHANGE and UF_PASSWORD_EXPIRED: shown by other attributes, never stored here.
const NEVER_STORED: u32 = LOCKED_OUT | 0x0040 | PASSWORD_EXPIRED;
/// Exactly one of these says what kind of account it is.
const KINDS: u32 = TEMPORARY_DUPLICATE | NORMAL | INTERDOMAIN_TRUST | WORKSTATION_TRUST | SERVER_TRUST;

/// RID of Domain Users.
const RID_USERS: u32 = 513;
/// RID of Domain Computers.
const RID_COMPUTERS: u32 = 515;
/// RID of Domain Controllers.
const RID_CONTROLLERS: u32 = 516;
/// RID of Read-only Domain Controllers.
const RID_READ_ONLY_CONTROLLERS: u32 = 521;

/// sAMAccountType. [MS-SAMR] 2.2.1.9.
const TYPE_USER: u32 = 0x3000_0000;
const TYPE_MACHINE: u32 = 0x3000_0001;
const TYPE_TRUST: u32 = 0x3000_0002;

/// The most UTF-16 units of the account name of a user. [MS-SAMR] 3.1.1.6.
const USER_NAME_UNITS_MAX: usize = 20;
/// Characters that no account name has. [MS-SAMR] 3.1.1.6.
const NOT_IN_ACCOUNT_NAMES: [char; 15] = ['"', '/', '\\', '[', ']', ':', '|', '<', '>', '+', '=', ';', '?', ',', '*'];
/// accountExpires of an account that does not.
const NEVER: &str = "9223372036854775807";

/// What the rules need to know of the request.
#[derive(Clone, Copy)]
pub(crate) struct Circumstances<'c> {
    /// The time of the request.
    pub now: FileTime,
    /// Whether the directory itself asks, which may set what clients may not.
    pub restoring: bool,
    /// The spelling of an attribute that the client used, for faults.
    pub name: &'c dyn Fn(AttributeNumber) -> String,
}

impl Circumstances<'_> {
    fn fault(&self, attribute: AttributeNumber, fault: AttributeFault) -> Error {
        Error::attribute((self.name)(attribute), fault)
    }
}

/// Fills in what every account and group has, as far as it is not given, and settles what is.
///
/// # Errors
/// `Unacceptable` for values that no account can have.
pub(crate) fn complete(
    schema: &Schema,
    classes: &ObjectClasses,
    circumstances: Circumstances<'_>,
    random: &(dyn Fn(&mut [u8]) + Sync),
    draft: &mut Draft,
) -> Result<(), Error> {
    let known = schema.known();
    if classes.contains(schema, known.class_user) {
        let is_computer = classes.contains(schema, known.class_computer);
        let given = draft.integer(known.user_account_control);
        let given = given.unwrap_or(i64::from(BORN_WITH));
        let flags = settled_flags(given, is_computer, circumstances.restoring)
            .map_err(|fault| circumstances.fault(known.user_account_control, fault))?;
        draft.set(known.user_account_control, stored(flags));
        draft.set(known.sam_account_type, stored(account_type(flags)));
        settle_password_age(schema, circumstances, draft)?;
        let group = primary_group(flags);
        draft.set_default(known.primary_group_id, group.to_string());
        if is_computer {
            let is_controller = flags & SERVER_TRUST != 0;
            draft.set_default(known.is_critical_system_object, if is_controller { "TRUE" } else { "FALSE" });
        }
        if !circumstances.restoring && draft.integer(known.primary_group_id) != Some(group.into()) {
            // A new account is in no other group yet.
            return Err(circumstances.fault(known.primary_group_id, AttributeFault::Unacceptable));
        }
        draft.set_default(known.account_expires, NEVER);
        for counter in [
            known.bad_pwd_count,
            known.bad_password_time,
            known.code_page,
            known.country_code,
            known.last_logon,
            known.last_logoff,
            known.logon_count,
        ] {
            draft.set_default(counter, "0");
        }
    } else if classes.contains(schema, known.class_group) {
        draft.set_default(known.group_type, stored(group::TYPE_DEFAULT));
        let group_type = draft.integer(known.group_type).unwrap_or_default() as u32;
        let account_type = group::account_type(group_type, circumstances.restoring)
            .ok_or_else(|| circumstances.fault(known.group_type, AttributeFault::Unacceptable))?;
        draft.set(known.sam_account_type, stored(account_type));
    }
    if !draft.has(known.sam_account_name) {
        draft.set(known.sam_account_name, generated_name(random));
    }
    check_logon_hours(schema, circumstances, draft)?;
    check_account_name(schema, circumstances, draft)
}

/// What a change of primaryGroupID does to memberships: one is a member of one's primary group by the number alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PrimaryGroupChange {
    /// The old primary group, of which the account becomes an ordinary member.
    pub left: Option<EntryId>,
    /// The new one, of which it is one no longer.
    pub entered: EntryId,
}

/// Makes the values of a changed account or group fit together again.
///
/// # Errors
/// `Unacceptable` for values that it cannot have or take on.
pub(crate) fn follow(
    snapshot: Snapshot<'_>,
    classes: &ObjectClasses,
    domain: &Sid,
    circumstances: Circumstances<'_>,
    before: &Draft,
    draft: &mut Draft,
) -> Result<Option<PrimaryGroupChange>, Error> {
    let schema = snapshot.schema;
    let known = schema.known();
    let changed = |draft: &Draft, attribute| before.values(attribute) != draft.values(attribute);
    let mut primary_group_change = None;
    if classes.contains(schema, known.class_user) {
        if changed(draft, known.user_account_control) {
            let is_computer = classes.contains(schema, known.class_computer);
            let mut given = draft.integer(known.user_account_control).unwrap_or_default();
            // At birth the class says what kind of account it is, later it is an ordinary one. [MS-SAMR] 3.1.1.8.10.
            if given as u32 & KINDS == 0 {
                given |= i64::from(NORMAL);
            }
            let flags = settled_flags(given, is_computer, circumstances.restoring)
                .map_err(|fault| circumstances.fault(known.user_account_control, fault))?;
            draft.set(known.user_account_control, stored(flags));
            draft.set(known.sam_account_type, stored(account_type(flags)));
            let flags_before = before.integer(known.user_account_control).unwrap_or_default() as u32;
            if before.integer(known.primary_group_id) == Some(primary_group(flags_before).into())
                && !changed(draft, known.primary_group_id)
            {
                draft.set(known.primary_group_id, primary_group(flags).to_string());
            }
        } else if changed(draft, known.primary_group_id) {
            primary_group_change = Some(change_primary_group(snapshot, domain, circumstances, before, draft)?);
        }
        if classes.contains(schema, known.class_computer) && !changed(draft, known.service_principal_name) {
            service_name::follow(known, before, draft);
        }
        if changed(draft, known.pwd_last_set) {
            settle_password_age(schema, circumstances, draft)?;
        }
        if changed(draft, known.logon_hours) {
            check_logon_hours(schema, circumstances, draft)?;
        }
        let unlocked = matches!(draft.integer(known.lockout_time), None | Some(0));
        if changed(draft, known.lockout_time) && !unlocked && !circumstances.restoring {
            return Err(circumstances.fault(known.lockout_time, AttributeFault::Unacceptable));
        }
        if changed(draft, known.lockout_time) && unlocked {
            // Unlocking forgets the guesses. [MS-SAMR] 3.1.1.8.3.
            draft.set(known.bad_pwd_count, "0");
        }
    } else if classes.contains(schema, known.class_group) && changed(draft, known.group_type) {
        let group_type = draft.integer(known.group_type).unwrap_or_default() as u32;
        let type_before = before.integer(known.group_type).unwrap_or_default() as u32;
        let account_type = group::account_type(group_type, false)
            .filter(|_| group::may_become(type_before, group_type))
            .ok_or_else(|| circumstances.fault(known.group_type, AttributeFault::Unacceptable))?;
        group::check_change(snapshot, before, draft, &(circumstances.name)(known.group_type))?;
        draft.set(known.sam_account_type, stored(account_type));
    }
    if changed(draft, known.sam_account_name) {
        check_account_name(schema, circumstances, draft)?;
    }
    // Accounts and groups have one description, though the schema allows several ([MS-ADTS] 3.1.1.5.3.2).
    let is_account = classes.contains(schema, known.class_user) || classes.contains(schema, known.class_group);
    if is_account && changed(draft, known.description) && draft.values(known.description).len() > 1 {
        return Err(circumstances.fault(known.description, AttributeFault::SecondValue));
    }
    Ok(primary_group_change)
}

/// Whether an account now needs a smart card that did not before: its password ends. [MS-SAMR] 3.1.1.8.10.
pub(crate) fn begins_to_need_card(schema: &Schema, before: &Draft, draft: &Draft) -> bool {
    let needs_card = |draft: &Draft| {
        let flags = draft.integer(schema.known().user_account_control).unwrap_or_default() as u32;
        flags & SMARTCARD_REQUIRED != 0
    };
    needs_card(draft) && !needs_card(before)
}

/// Refuses names that another living object has: of accounts, of people and of services. Only what differs from
/// `before` is looked up.
///
/// # Errors
/// `NotUnique`.
pub(crate) fn check_unique(
    native: &Native,
    snapshot: Snapshot<'_>,
    circumstances: Circumstances<'_>,
    before: Option<&Draft>,
    draft: &Draft,
) -> Result<(), Error> {
    let known = snapshot.schema.known();
    for attribute in [known.sam_account_name, known.user_principal_name, known.service_principal_name] {
        let old = before.map_or(&[][..], |before| before.values(attribute));
        for value in draft.values(attribute).iter().filter(|value| !old.contains(value)) {
            if is_taken(snapshot, attribute, value, draft.id)? && !may_be_shared(native, snapshot, attribute)? {
                return Err(circumstances.fault(attribute, AttributeFault::NotUnique));
            }
        }
    }
    Ok(())
}

/// Whether the forest's settings give up the uniqueness of the attribute. [MS-ADTS] 6.1.1.2.4.1.2.
fn may_be_shared(native: &Native, snapshot: Snapshot<'_>, attribute: AttributeNumber) -> Result<bool, Error> {
    let known = snapshot.schema.known();
    let uniqueness = Heuristics::read(native, snapshot)?.uniqueness;
    Ok(attribute == known.user_principal_name && !uniqueness.user_names
        || attribute == known.service_principal_name && !uniqueness.service_names)
}

/// Refuses a name that no computer has, to whom has not the privileges of administrators: theirs end in a dollar sign.
/// Only a name that differs from `before` is looked at.
///
/// # Errors
/// `Unacceptable`.
pub(crate) fn check_computer_name(
    schema: &Schema,
    classes: &ObjectClasses,
    circumstances: Circumstances<'_>,
    before: Option<&Draft>,
    draft: &Draft,
) -> Result<(), Error> {
    let attribute = schema.known().sam_account_name;
    let is_new = before.is_none_or(|before| before.values(attribute) != draft.values(attribute));
    let is_plain = draft.value(attribute).is_some_and(|name| !name.ends_with(b"$"));
    match is_new && is_plain && classes.contains(schema, schema.known().class_computer) {
        true => Err(circumstances.fault(attribute, AttributeFault::Unacceptable)),
        false => Ok(()),
    }
}

/// Refuses to link an account to its primary group, of which it is a member already.
///
/// # Errors
/// `ValueExists`, under the name that the client wrote.
pub(crate) fn check_member(
    schema: &Schema,
    domain: &Sid,
    group_sid: Option<&[u8]>,
    member: &Record<'_>,
    name: &str,
) -> Result<(), Error> {
    let primary = member.integer(schema.known().primary_group_id).and_then(|rid| u32::try_from(rid).ok());
    let primary = primary.and_then(|rid| domain.with_rid(rid)).map(|sid| sid.to_bytes());
    match primary.is_some() && primary.as_deref() == group_sid {
        true => Err(Error::attribute(name, AttributeFault::ValueExists)),
        false => Ok(()),
    }
}

/// The flags that are stored of those given. Trusts between domains are not made by changing accounts.
///
/// # Errors
/// `Unacceptable` when they contradict each other, `OtherKindOfAccount` when they contradict the class.
fn settled_flags(given: i64, is_computer: bool, restoring: bool) -> Result<u32, AttributeFault> {
    let mut flags = given as u32 & !NEVER_STORED;
    if flags & KINDS == 0 {
        flags |= if is_computer { WORKSTATION_TRUST } else { NORMAL };
    }
    let kind = flags & KINDS;
    let fits = kind.is_power_of_two()
        && kind != TEMPORARY_DUPLICATE
        && (kind != INTERDOMAIN_TRUST || restoring)
        && (flags & PARTIAL_SECRETS == 0 || kind == WORKSTATION_TRUST);
    match is_computer || kind & (WORKSTATION_TRUST | SERVER_TRUST) == 0 {
        _ if !fits => Err(AttributeFault::Unacceptable),
        true => Ok(flags),
        false => Err(AttributeFault::OtherKindOfAccount),
    }
}

fn account_type(flags: u32) -> u32 {
    match flags & KINDS {
        WORKSTATION_TRUST | SERVER_TRUST => TYPE_MACHINE,
        INTERDOMAIN_TRUST => TYPE_TRUST,
        _ => TYPE_USER,
    }
}

fn primary_group(flags: u32) -> u32 {
    match flags & KINDS {
        WORKSTATION_TRUST if flags & PARTIAL_SECRETS != 0 => RID_READ_ONLY_CONTROLLERS,
        WORKSTATION_TRUST => RID_COMPUTERS,
        SERVER_TRUST => RID_CONTROLLERS,
        _ => RID_USERS,
    }
}

/// pwdLastSet is now or never: a client says that the password must be changed (0), or that it need not be (-1).
fn settle_password_age(schema: &Schema, circumstances: Circumstances<'_>, draft: &mut Draft) -> Result<(), Error> {
    let attribute = schema.known().pwd_last_set;
    match draft.integer(attribute) {
        None | Some(0) => draft.set(attribute, "0"),
        Some(-1) => draft.set(attribute, circumstances.now.0.to_string()),
        Some(_) if circumstances.restoring => {}
        Some(_) => return Err(circumstances.fault(attribute, AttributeFault::Unacceptable)),
    }
    Ok(())
}

/// Hours are those of a week, a bit each: what is shorter or longer restricts nobody, whatever was meant by it.
fn check_logon_hours(schema: &Schema, circumstances: Circumstances<'_>, draft: &Draft) -> Result<(), Error> {
    let attribute = schema.known().logon_hours;
    match draft.value(attribute) {
        Some(hours) if hours.len() != LOGON_HOURS_OCTETS && !circumstances.restoring => {
            Err(circumstances.fault(attribute, AttributeFault::Unacceptable))
        }
        _ => Ok(()),
    }
}

/// The groups that an account leaves and enters as its primary one: it must be a member of the new one.
fn change_primary_group(
    snapshot: Snapshot<'_>,
    domain: &Sid,
    circumstances: Circumstances<'_>,
    before: &Draft,
    draft: &Draft,
) -> Result<PrimaryGroupChange, Error> {
    let known = snapshot.schema.known();
    let group = |draft: &Draft| -> Result<Option<EntryId>, Error> {
        let rid = draft.integer(known.primary_group_id).and_then(|rid| u32::try_from(rid).ok());
        match rid.and_then(|rid| domain.with_rid(rid)) {
            Some(sid) => Ok(snapshot.by_sid(&sid)?),
            None => Ok(None),
        }
    };
    let refused = || circumstances.fault(known.primary_group_id, AttributeFault::Unacceptable);
    let entered = group(draft)?.ok_or_else(refused)?;
    if !group::is_security(snapshot.schema, &snapshot.existing(entered)?) {
        return Err(circumstances.fault(known.primary_group_id, AttributeFault::Group(GroupFault::NoSecurityGroup)));
    }
    match link::find(snapshot.transaction, known.member, entered, draft.id)? {
        Some(_) => Ok(PrimaryGroupChange { left: group(before)?, entered }),
        None => Err(refused()),
    }
}

fn check_account_name(schema: &Schema, circumstances: Circumstances<'_>, draft: &Draft) -> Result<(), Error> {
    let attribute = schema.known().sam_account_name;
    let Some(name) = draft.value(attribute) else { return Ok(()) };
    let name = String::from_utf8_lossy(name);
    let has_letters = name.chars().any(|character| !matches!(character, '.' | ' ')) && !name.ends_with('.');
    let is_clean = !name.chars().any(|character| character.is_control() || NOT_IN_ACCOUNT_NAMES.contains(&character));
    // People's names are short, those of machines and groups are not. What comes from an export keeps its name.
    let known = schema.known();
    let is_person = [known.class_user, known.class_inet_org_person].contains(&draft.class);
    let fits = circumstances.restoring || !is_person || name.encode_utf16().count() <= USER_NAME_UNITS_MAX;
    match has_letters && is_clean && fits {
        true => Ok(()),
        false => Err(circumstances.fault(attribute, AttributeFault::Unacceptable)),
    }
}

/// The name of an account whose client gave none: `$XXXXXX-XXXXXXXXXXXX`.
fn generated_name(random: &(dyn Fn(&mut [u8]) + Sync)) -> String {
    let mut octets = [0; 9];
    random(&mut octets);
    let [a, b, c, d, e, f, g, h, i] = octets;
    format!("${a:02X}{b:02X}{c:02X}-{d:02X}{e:02X}{f:02X}{g:02X}{h:02X}{i:02X}")
}

/// Whether a living object other than `own` has the value.
fn is_taken(snapshot: Snapshot<'_>, attribute: AttributeNumber, value: &[u8], own: EntryId) -> Result<bool, Error> {
    let Some(definition) = snapshot.schema.attribute(attribute) else { return Ok(false) };
    let mut key = Vec::new();
    definition.key(value, &mut key);
    let mut holders = Postings::open(snapshot.transaction, index::value_prefix(attribute, &key), EntryId::NONE)?;
    while let Some(id) = holders.peek() {
        if id != own
            && let Some(record) = snapshot.record(id)?
            && !record.is_deleted()
            && record.values(attribute).any(|held| snapshot.equal(attribute, held, value))
        {
            return Ok(true);
        }
        holders.advance()?;
    }
    Ok(false)
}

/// The stored form of a 32-bit pattern: a signed number.
fn stored(bits: u32) -> String {
    (bits as i32).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::DescriptorId;

    fn draft(schema: &Schema, class: &str, given: &[(&str, &str)]) -> Draft {
        let mut draft = Draft {
            id: EntryId(77),
            parent: EntryId(5),
            naming_context: EntryId(2),
            class: schema.class_named(class).unwrap().number,
            rdn_attribute: schema.known().cn,
            descriptor: DescriptorId(4),
            deleted: false,
            attributes: Default::default(),
        };
        for (name, value) in given {
            draft.set(schema.attribute_named(name).unwrap().number, value.as_bytes());
        }
        draft
    }

    fn completed(class: &str, given: &[(&str, &str)], shown: &[&str]) -> Result<Vec<String>, AttributeFault> {
        let schema = Schema::from_tables(1);
        let mut draft = draft(&schema, class, given);
        let classes = ObjectClasses::resolve(&schema, [class.as_bytes()]).unwrap();
        let name = |number| schema.attribute(number).unwrap().name.to_string();
        let circumstances = Circumstances { now: FileTime(55), restoring: false, name: &name };
        match complete(&schema, &classes, circumstances, &|octets| octets.fill(0xab), &mut draft) {
            Ok(()) => Ok(shown
                .iter()
                .map(|name| draft.value(schema.attribute_named(name).unwrap().number).unwrap_or(b"-"))
                .map(|value| String::from_utf8(value.to_vec()).unwrap())
                .collect()),
            Err(Error::Attribute { fault, .. }) => Err(fault),
            Err(error) => panic!("{error}"),
        }
    }

    fn check(class: &str, given: &[(&str, &str)], expected: &[(&str, &str)]) {
        let (names, values): (Vec<_>, Vec<_>) = expected.iter().copied().unzip();
        assert_eq!(completed(class, given, &names).unwrap(), values, "{class} {given:?}");
    }

    fn refused(class: &str, given: &[(&str, &str)]) {
        assert_eq!(completed(class, given, &[]), Err(AttributeFault::Unacceptable), "{class} {given:?}");
    }

    #[test]
    fn a_user_is_born_disabled_in_domain_users() {
        check(
            "user",
            &[("sAMAccountName", "ada")],
            &[
                ("userAccountControl", "546"),
                ("primaryGroupID", "513"),
                ("sAMAccountType", "805306368"),
                ("accountExpires", NEVER),
                ("pwdLastSet", "0"),
                ("badPwdCount", "0"),
                ("lastLogon", "0"),
                ("sAMAccountName", "ada"),
            ],
        );
        check("user", &[], &[("sAMAccountName", "$ABABAB-ABABABABABAB")]);
    }

    #[test]
    fn computers_are_machines() {
        check("computer", &[], &[("userAccountControl", "4130"), ("primaryGroupID", "515")]);
        check(
            "computer",
            &[("userAccountControl", "69632")],
            &[("userAccountControl", "69632"), ("sAMAccountType", "805306369"), ("primaryGroupID", "515")],
        );
        check("computer", &[("userAccountControl", "8192")], &[("primaryGroupID", "516")]);
        let other_kind = completed("user", &[("userAccountControl", "4096")], &[]);
        assert_eq!(other_kind, Err(AttributeFault::OtherKindOfAccount));
        refused("computer", &[("userAccountControl", "2048")]);
        check("computer", &[], &[("isCriticalSystemObject", "FALSE")]);
        check("computer", &[("userAccountControl", "8192")], &[("isCriticalSystemObject", "TRUE")]);
    }

    #[test]
    fn flags_that_are_shown_elsewhere_are_not_stored() {
        check("user", &[("userAccountControl", "16")], &[("userAccountControl", "512")]);
        check("user", &[("userAccountControl", "8389138")], &[("userAccountControl", "514")]);
        refused("user", &[("userAccountControl", "2560")]);
        refused("user", &[("userAccountControl", "256")]);
    }

    #[test]
    fn the_password_age_is_now_or_never() {
        check("user", &[("pwdLastSet", "-1")], &[("pwdLastSet", "55")]);
        check("user", &[("pwdLastSet", "0")], &[("pwdLastSet", "0")]);
        refused("user", &[("pwdLastSet", "1")]);
        refused("user", &[("primaryGroupID", "512")]);
    }

    #[test]
    fn logon_hours_are_a_week() {
        let week = "x".repeat(LOGON_HOURS_OCTETS);
        check("user", &[("logonHours", &week)], &[("logonHours", &week)]);
        refused("user", &[("logonHours", &week[1..])]);
        refused("user", &[("logonHours", "")]);
    }

    #[test]
    fn the_type_of_a_group_follows_its_reach() {
        check("group", &[], &[("groupType", "-2147483646"), ("sAMAccountType", "268435456")]);
        for (group_type, account_type) in [
            ("2", "268435457"),
            ("8", "268435457"),
            ("-2147483640", "268435456"),
            ("4", "536870913"),
            ("-2147483644", "536870912"),
        ] {
            check("group", &[("groupType", group_type)], &[("sAMAccountType", account_type)]);
        }
        for group_type in ["0", "6", "-2147483643", "5", "-2147483648"] {
            refused("group", &[("groupType", group_type)]);
        }
    }

    #[test]
    fn account_names_are_clean() {
        for name in ["ada", "Ada Lovelace", "müller", "HOST$", "a.b", "$A-B"] {
            check("user", &[("sAMAccountName", name)], &[("sAMAccountName", name)]);
        }
        for name in ["a/b", "a*", "a,b", "DOM\\ada", "...", "ada.", " ", "a\tb", "a@\"b"] {
            refused("group", &[("sAMAccountName", name)]);
        }
        let (longest, longer) = ("x".repeat(20), "x".repeat(21));
        check("user", &[("sAMAccountName", &longest)], &[("sAMAccountName", &longest)]);
        check("computer", &[("sAMAccountName", &longer)], &[("sAMAccountName", &longer)]);
        refused("user", &[("sAMAccountName", &longer)]);
    }
}
