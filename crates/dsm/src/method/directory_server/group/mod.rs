//! `SYNO.DirectoryServer.Group`. Specification section 3.5.2.

pub mod add_member;
pub mod create;
pub mod delete;
pub mod remove_member;

use bailiwick_domain::administration::{Kind, Selector, Target, find};

use crate::call::Call;
use crate::error_code::{Doing, Fault};

/// The group and the one other object that a change of membership is about.
fn group_and_member(call: &Call<'_>) -> Result<(Target, Target), Fault> {
    let group = Selector::from(call.parameters.dn("group_dn")?);
    let member = Selector::from(call.parameters.dn("user_dn")?);
    let find = |kind, selector: &Selector| {
        find(call.directory(), &call.context(), kind, selector).map_err(Fault::of(Doing::Modify))
    };
    Ok((find(Kind::Group, &group)?, find(Kind::Principal, &member)?))
}
