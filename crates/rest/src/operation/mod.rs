//! The operations of the API, one per file: each reads its request, calls one use-case, and says what came of it.

pub mod create;
pub mod delete;
pub mod edit;
pub mod move_to;
pub mod password;
pub mod rename;
pub mod search;

use bailiwick_domain::administration::{self, Guard, Standing, Target};

use crate::problem::Problem;
use crate::service::Call;
use crate::settings::Allowed;

/// Looks at an object before it is changed, and sees to it that its class may be changed so.
///
/// # Errors
/// A plain refusal for a class that is restricted (section 12), with `status`; and what the directory says.
fn admitted(call: &Call, target: &Target, allowed: &Allowed, status: u16, verb: &str) -> Result<Standing, Problem> {
    let standing =
        administration::stand(call.directory(), &call.context(), target).map_err(|error| call.failed(&error))?;
    match allowed.contains(&standing.class) {
        true => Ok(standing),
        false => Err(restricted(status, verb, &standing.class)),
    }
}

fn restricted(status: u16, verb: &str, class: &str) -> Problem {
    Problem::plain(status, format!("Not allowed to {verb} an object of type '{class}' as it's restricted."))
}

/// The refusal of a guarded object.
fn guarded(call: &Call, verb: &str, guard: Guard) -> Problem {
    call.refuse(match guard {
        Guard::Critical => format!("Cannot {verb} a critical system object."),
        Guard::Protected => format!("Cannot {verb} an object that is protected from accidental deletion."),
    })
}
