//! Descriptor to text.

use std::fmt::Write;

use super::{ACE_FLAGS, ACL_FLAGS, NULL_ACL, RIGHTS, SddlError, alias};
use crate::access_mask::AccessMask;
use crate::acl::{Ace, AceEntry, AceKind, Acl};
use crate::guid::Guid;
use crate::security_descriptor::{Control, SecurityDescriptor};
use crate::sid::Sid;

pub(super) fn descriptor(
    descriptor: &SecurityDescriptor,
    domain: &Sid,
    root_domain: &Sid,
) -> Result<String, SddlError> {
    let mut writer = Writer { out: String::new(), domain, root_domain };
    for (prefix, principal) in [("O:", &descriptor.owner), ("G:", &descriptor.group)] {
        if let Some(sid) = principal {
            writer.out.push_str(prefix);
            writer.sid(sid);
        }
    }
    let control = descriptor.control;
    writer.list("D:", &descriptor.dacl, control, Control::DACL_PRESENT, |(_, flag, _)| *flag)?;
    writer.list("S:", &descriptor.sacl, control, Control::SACL_PRESENT, |(_, _, flag)| *flag)?;
    Ok(writer.out)
}

struct Writer<'a> {
    out: String,
    domain: &'a Sid,
    root_domain: &'a Sid,
}

impl Writer<'_> {
    fn number(&mut self, text: std::fmt::Arguments<'_>) {
        self.out.write_fmt(text).expect("writing to a String cannot fail");
    }

    fn sid(&mut self, sid: &Sid) {
        match alias::alias_of(sid, self.domain, self.root_domain) {
            Some(letters) => self.out.push_str(letters),
            None => self.number(format_args!("{sid}")),
        }
    }

    fn guid(&mut self, guid: Option<Guid>) {
        if let Some(guid) = guid {
            self.number(format_args!("{guid}"));
        }
    }

    fn list(
        &mut self,
        prefix: &str,
        list: &Option<Acl>,
        control: Control,
        present: Control,
        flag: impl Fn(&(&str, Control, Control)) -> Control,
    ) -> Result<(), SddlError> {
        if list.is_none() && !control.contains(present) {
            return Ok(());
        }
        self.out.push_str(prefix);
        for known in ACL_FLAGS.iter().filter(|known| control.contains(flag(known))) {
            self.out.push_str(known.0);
        }
        match list {
            Some(list) => list.aces.iter().try_for_each(|ace| self.ace(ace)),
            None => {
                self.out.push_str(NULL_ACL);
                Ok(())
            }
        }
    }

    fn ace(&mut self, ace: &Ace) -> Result<(), SddlError> {
        let entry = match &ace.entry {
            AceEntry::Access(entry) => entry,
            AceEntry::Raw { ace_type, .. } => return Err(SddlError::RawAce { ace_type: *ace_type }),
        };
        self.out.push_str(match (entry.kind, entry.object.is_some()) {
            (AceKind::Allow, false) => "(A;",
            (AceKind::Deny, false) => "(D;",
            (AceKind::Audit, false) => "(AU;",
            (AceKind::Alarm, false) => "(AL;",
            (AceKind::Allow, true) => "(OA;",
            (AceKind::Deny, true) => "(OD;",
            (AceKind::Audit, true) => "(OU;",
            (AceKind::Alarm, true) => "(OL;",
        });
        for (letters, _) in ACE_FLAGS.iter().filter(|(_, flag)| ace.flags.contains(*flag)) {
            self.out.push_str(letters);
        }
        self.out.push(';');
        self.rights(entry.mask);
        self.out.push(';');
        let object = entry.object.unwrap_or_default();
        self.guid(object.object_type);
        self.out.push(';');
        self.guid(object.inherited_object_type);
        self.out.push(';');
        self.sid(&entry.trustee);
        self.out.push(')');
        Ok(())
    }

    /// Writes letters, or a number when some bit has none.
    fn rights(&mut self, mask: AccessMask) {
        let unnamed = RIGHTS.iter().fold(mask, |left, (_, right)| left.without(*right));
        if !unnamed.is_none() {
            return self.number(format_args!("{:#x}", mask.0));
        }
        for (letters, _) in RIGHTS.iter().filter(|(_, right)| mask.contains(*right)) {
            self.out.push_str(letters);
        }
    }
}
