//! Text to descriptor.

use super::{ACE_FLAGS, ACL_FLAGS, FOREIGN_RIGHTS, NULL_ACL, RIGHTS, SDDL_OCTETS_MAX, SddlError, alias};
use crate::access_mask::AccessMask;
use crate::acl::{ACL_OCTETS_MAX, AccessEntry, Ace, AceEntry, AceFlags, AceKind, AceObject, Acl};
use crate::guid::Guid;
use crate::security_descriptor::{Control, SecurityDescriptor};
use crate::sid::Sid;

pub(super) fn descriptor(text: &str, domain: &Sid, root_domain: &Sid) -> Result<SecurityDescriptor, SddlError> {
    if text.len() > SDDL_OCTETS_MAX {
        return Err(SddlError::TooLong { octets: text.len() });
    }
    let mut reader = Reader { text, at: 0, domain, root_domain };
    let mut descriptor = SecurityDescriptor::default();
    let mut seen = Vec::new();
    loop {
        reader.skip_space();
        let at = reader.at;
        let Some(part) = reader.rest().get(..2) else {
            return if reader.rest().is_empty() { Ok(descriptor) } else { Err(SddlError::Part { at }) };
        };
        let part = part.to_ascii_uppercase();
        if seen.contains(&part) {
            return Err(SddlError::Part { at });
        }
        reader.at += 2;
        match part.as_str() {
            "O:" => descriptor.owner = Some(reader.principal()?),
            "G:" => descriptor.group = Some(reader.principal()?),
            "D:" => {
                let (control, list) = reader.list(|(_, flag, _)| *flag, Control::DACL_PRESENT)?;
                descriptor.control |= control;
                descriptor.dacl = list;
            }
            "S:" => {
                let (control, list) = reader.list(|(_, _, flag)| *flag, Control::SACL_PRESENT)?;
                descriptor.control |= control;
                descriptor.sacl = list;
            }
            _ => return Err(SddlError::Part { at }),
        }
        seen.push(part);
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    domain: &'a Sid,
    root_domain: &'a Sid,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_ascii_start().len();
    }

    fn sid(&self, text: &str, at: usize) -> Result<Sid, SddlError> {
        let text = text.trim();
        let by_alias = || alias::sid_of(text, self.domain, self.root_domain);
        text.parse().ok().or_else(by_alias).ok_or(SddlError::Sid { at })
    }

    /// Reads the SID of an owner or group. It has no colon, so it ends before the letter of the next one.
    fn principal(&mut self) -> Result<Sid, SddlError> {
        let at = self.at;
        let rest = self.rest();
        let end = rest.find(':').map_or(rest.len(), |colon| colon.saturating_sub(1));
        let text = rest.get(..end).ok_or(SddlError::Sid { at })?;
        self.at += end;
        self.sid(text, at)
    }

    /// Reads the flags and entries of a list.
    fn list(
        &mut self,
        flag: impl Fn(&(&str, Control, Control)) -> Control,
        present: Control,
    ) -> Result<(Control, Option<Acl>), SddlError> {
        let mut control = Control::NONE;
        loop {
            self.skip_space();
            let rest = self.rest();
            if starts_with(rest, NULL_ACL) {
                self.at += NULL_ACL.len();
                return Ok((control | present, None));
            }
            // The letter of the next part looks like a flag until its colon.
            if rest.is_empty() || rest.starts_with('(') || rest.as_bytes().get(1) == Some(&b':') {
                break;
            }
            let known = ACL_FLAGS.iter().find(|(letters, ..)| starts_with(rest, letters));
            let known = known.ok_or(SddlError::Flags { at: self.at })?;
            control |= flag(known);
            self.at += known.0.len();
        }
        let mut list = Acl::default();
        let mut octets = list.octets();
        while self.rest().starts_with('(') {
            let at = self.at;
            let ace = self.ace()?;
            octets += ace.octets();
            if octets > ACL_OCTETS_MAX {
                return Err(SddlError::AclTooLarge { at });
            }
            list.aces.push(ace);
            self.skip_space();
        }
        Ok((control, Some(list)))
    }

    fn ace(&mut self) -> Result<Ace, SddlError> {
        let start = self.at;
        let error = SddlError::Ace { at: start };
        let (inside, _) = self.rest()[1..].split_once(')').ok_or(error)?;
        self.at += inside.len() + 2;
        let mut fields = [("", 0); 6];
        let mut at = start + 1;
        let mut count = 0;
        for field in inside.split(';') {
            *fields.get_mut(count).ok_or(error)? = (field.trim(), at);
            at += field.len() + 1;
            count += 1;
        }
        if count < fields.len() {
            return Err(error);
        }
        let [(kind, kind_at), flags, mask, object_type, inherited_object_type, (trustee, trustee_at)] = fields;
        let (kind, is_object) = ace_kind(kind).ok_or(SddlError::AceType { at: kind_at })?;
        let flags = letters(flags.0, ACE_FLAGS).ok_or(SddlError::AceFlags { at: flags.1 })?;
        let object = AceObject { object_type: guid(object_type)?, inherited_object_type: guid(inherited_object_type)? };
        if !is_object && object != AceObject::default() {
            return Err(SddlError::AceType { at: kind_at });
        }
        let entry = AccessEntry {
            kind,
            mask: rights(mask.0).ok_or(SddlError::Rights { at: mask.1 })?,
            trustee: self.sid(trustee, trustee_at)?,
            object: is_object.then_some(object),
        };
        Ok(Ace { flags: flags.into_iter().fold(AceFlags::NONE, AceFlags::with), entry: AceEntry::Access(entry) })
    }
}

fn starts_with(text: &str, letters: &str) -> bool {
    text.get(..letters.len()).is_some_and(|start| start.eq_ignore_ascii_case(letters))
}

fn ace_kind(text: &str) -> Option<(AceKind, bool)> {
    match text.to_ascii_uppercase().as_str() {
        "A" => Some((AceKind::Allow, false)),
        "D" => Some((AceKind::Deny, false)),
        "AU" => Some((AceKind::Audit, false)),
        "AL" => Some((AceKind::Alarm, false)),
        "OA" => Some((AceKind::Allow, true)),
        "OD" => Some((AceKind::Deny, true)),
        "OU" => Some((AceKind::Audit, true)),
        "OL" => Some((AceKind::Alarm, true)),
        _ => None,
    }
}

fn guid((text, at): (&str, usize)) -> Result<Option<Guid>, SddlError> {
    match text {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| SddlError::Guid { at }),
    }
}

/// Reads pairs of letters, or a number: decimal, octal after `0`, hexadecimal after `0x`.
fn rights(text: &str) -> Option<AccessMask> {
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        let (digits, radix) = match text.as_bytes() {
            [b'0', b'x' | b'X', ..] => (&text[2..], 16),
            [b'0', _, ..] => (&text[1..], 8),
            _ => (text, 10),
        };
        let plain = digits.bytes().all(|octet| octet.is_ascii_hexdigit());
        return plain.then(|| u32::from_str_radix(digits, radix).ok()).flatten().map(AccessMask);
    }
    let pairs = letters(text, RIGHTS).or_else(|| letters(text, &[RIGHTS, FOREIGN_RIGHTS].concat()))?;
    Some(pairs.into_iter().fold(AccessMask::NONE, AccessMask::with))
}

/// The values of a run of letter pairs; spaces may stand between them, and a pair may come twice.
fn letters<T: Copy>(text: &str, table: &[(&str, T)]) -> Option<Vec<T>> {
    let mut values = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (known, value) = table.iter().find(|(known, _)| starts_with(rest, known))?;
        values.push(*value);
        rest = rest[known.len()..].trim_start();
    }
    Some(values)
}
