//! Attributes made when they are read, one a file where it takes more than a line. [MS-ADTS] 3.1.1.4.5.

mod account;
mod allowed;
mod canonical_name;
mod membership;
mod subschema;
pub(crate) mod token_groups;

use bailiwick_adtypes::file_time::FileTime;
use bailiwick_adtypes::sid::Sid;
use bailiwick_domain::Error;

use crate::native::Native;
use crate::record::index::{self, Postings};
use crate::record::{EntryId, Record, Snapshot};
use crate::schema::{Attribute, AttributeNumber, Schema};

/// The most children that are counted for the approximate number of them.
const SUBORDINATES_COUNTED_MAX: usize = 10_000;

/// Whether the attribute is computed in searches of base scope only. [MS-ADTS] 3.1.1.4.5.19.
pub(crate) fn only_at_base(schema: &Schema, attribute: AttributeNumber) -> bool {
    let known = schema.known();
    [
        known.token_groups,
        known.token_groups_global_and_universal,
        known.token_groups_no_gc_acceptable,
        known.ms_ds_member_transitive,
        known.ms_ds_member_of_transitive,
        known.ms_ds_token_group_names,
        known.ms_ds_token_group_names_global_and_universal,
        known.ms_ds_token_group_names_no_gc_acceptable,
    ]
    .contains(&attribute)
}

/// The values of a constructed attribute; none where the object has it not, or nothing here computes it.
pub(crate) fn values(
    native: &Native,
    snapshot: Snapshot<'_>,
    record: &Record<'_>,
    attribute: &Attribute,
    now: FileTime,
) -> Result<Vec<Vec<u8>>, Error> {
    let known = snapshot.schema.known();
    let number = attribute.number;
    let copy = |of: AttributeNumber| record.value(of).map(|value| vec![value.to_vec()]).unwrap_or_default();
    if number == known.create_time_stamp {
        return Ok(copy(known.when_created));
    }
    if number == known.modify_time_stamp {
        return Ok(copy(known.when_changed));
    }
    if number == known.canonical_name {
        return Ok(vec![canonical_name::text(native, snapshot, record)?.into_bytes()]);
    }
    if number == known.structural_object_class {
        // The chain of the structural class, top first. [MS-ADTS] 3.1.1.4.5.
        return Ok(snapshot.schema.class(record.class()).map_or_else(Vec::new, |class| {
            let names = class.chain.iter().filter_map(|number| snapshot.schema.class(*number));
            names.map(|class| class.name.as_bytes().to_vec()).collect()
        }));
    }
    if number == known.sub_schema_sub_entry {
        let schema = native.contexts.text_of(native.facts.schema).unwrap_or_default();
        return Ok(vec![format!("CN=Aggregate,{schema}").into_bytes()]);
    }
    if number == known.primary_group_token {
        let is_group = snapshot.schema.class(record.class()).is_some_and(|class| class.is_a(known.class_group));
        let rid = record.value(known.object_sid).and_then(|octets| Sid::from_bytes(octets).ok()?.rid());
        return Ok(rid.filter(|_| is_group).map(|rid| vec![rid.to_string().into_bytes()]).unwrap_or_default());
    }
    if number == known.ms_ds_principal_name {
        let name = record.value(known.sam_account_name).map(|name| String::from_utf8_lossy(name));
        return Ok(name
            .map(|name| vec![format!("{}\\{name}", native.netbios_name()).into_bytes()])
            .unwrap_or_default());
    }
    if number == known.ms_ds_parent_dist_name {
        return match record.parent() {
            EntryId::NONE => Ok(Vec::new()),
            parent => Ok(vec![snapshot.dn_text(parent, &native.contexts)?.into_bytes()]),
        };
    }
    if number == known.ms_ds_approx_immed_subordinates {
        let mut children = Postings::open(
            snapshot.transaction,
            index::value_prefix(index::CHILDREN, &record.id().key()),
            EntryId::NONE,
        )?;
        let mut count = 0;
        while children.peek().is_some() && count < SUBORDINATES_COUNTED_MAX {
            count += 1;
            children.advance()?;
        }
        return Ok(vec![count.to_string().into_bytes()]);
    }
    if number == known.ms_ds_user_account_control_computed {
        return Ok(account::control(native, snapshot, record, now)?.map(text).into_iter().collect());
    }
    if number == known.ms_ds_user_password_expiry_time_computed {
        return Ok(account::password_expiry(native, snapshot, record)?.map(text).into_iter().collect());
    }
    if number == known.ms_ds_key_version_number {
        return Ok(account::key_version(snapshot, record)?.map(text).into_iter().collect());
    }
    if number == known.token_groups || number == known.token_groups_no_gc_acceptable {
        return Ok(sids(token_groups::all(snapshot, record)?));
    }
    if number == known.token_groups_global_and_universal {
        return Ok(sids(token_groups::global_and_universal(snapshot, record)?));
    }
    if number == known.ms_ds_member_of_transitive || number == known.ms_ds_member_transitive {
        return membership::transitive(native, snapshot, record, number == known.ms_ds_member_transitive);
    }
    if number == known.allowed_attributes {
        return Ok(allowed::attributes(snapshot, record));
    }
    if number == known.allowed_child_classes {
        return Ok(allowed::child_classes(snapshot, record));
    }
    if number == known.possible_inferiors {
        return Ok(allowed::possible_inferiors(snapshot, record));
    }
    Ok(subschema::values(native, snapshot, record, number))
}

fn sids(sids: Vec<Sid>) -> Vec<Vec<u8>> {
    sids.iter().map(Sid::to_bytes).collect()
}

fn text(number: i64) -> Vec<u8> {
    number.to_string().into_bytes()
}
