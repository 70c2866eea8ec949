//! CN=Extended-Rights: an object for every control access right, property set and validated write.
//! [MS-ADTS] 6.1.1.2.7.

use super::{Object, Plan, below};
use crate::schema::right::rights;

pub(super) fn objects(plan: &Plan<'_>) -> Vec<Object> {
    let parent = below(&plan.configuration, &["Extended-Rights"]);
    let object = |right: crate::schema::Right| {
        Object::common(&parent, right.cn, "controlAccessRight")
            .text("displayName", right.display_name)
            .text("rightsGuid", &right.guid.to_string())
            .texts("appliesTo", right.applies_to.iter().map(|guid| guid.to_string()))
            .number("validAccesses", right.valid_accesses.into())
    };
    rights().map(object).collect()
}
