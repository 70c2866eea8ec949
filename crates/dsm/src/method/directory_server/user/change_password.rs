//! `SYNO.DirectoryServer.User` `ChangePassword`: an administrator sets a password. Specification section 3.5.1.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `user_dn` | DN | required |
//! | `password` | string | required |

use bailiwick_domain::administration::{Kind, NewPassword, Selector, find, set_password};

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::{Doing, Fault};
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "ChangePassword", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let selector = Selector::from(call.parameters.dn("user_dn")?);
    let secret = call.parameters.secret("password")?.ok_or(Wrong::required("password"))?;
    let password = secret.password.clone();
    let changed = call.with_secret(&secret, move |directory, context| {
        let target = find(directory, context, Kind::User, &selector)?;
        let new = NewPassword { password: &password, must_change: false, unlock: true };
        set_password(directory, context, &target, &new)
    })?;
    changed.map_err(Fault::of(Doing::Modify))?;
    Ok(Reply::done())
}
