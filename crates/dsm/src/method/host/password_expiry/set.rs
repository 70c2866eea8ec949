//! `SYNO.Core.User.PasswordExpiry` `set`: what is absent stays, and a number counts where its switch is on.
//!
//! | parameter | type | |
//! |---|---|---|
//! | `password_expire_enable`, `max_age` | bool, int | passwords end after so many days, 1 to 999 |
//! | `min_age_enable`, `min_age` | bool, int | and stay for so many at least, 1 to 998 and fewer than `max_age` |
//! | `enable_login_prompt`, `login_prompt_days` | bool, int | whoever signs in is told so many days before, 1 to 99 |
//! | `allow_reset_after_expired` | bool | whose password has ended can set a new one |
//! | `enable_mail_notification`, `mail_notification_days` | bool, list | letters go out so many days before |
//! | `never_expired_list` | list | users whose passwords never end; names that nobody has are passed over |

use bailiwick_accounts::policy::PasswordExpiry;

use crate::call::Call;
use crate::catalog::{Method, Privilege};
use crate::error_code::Fault;
use crate::method::host::fault;
use crate::parameters::Wrong;
use crate::reply::Reply;

/// The row for the catalog.
pub const METHOD: Method = Method { name: "set", since: 1, privilege: Privilege::Administrator, run };

fn run(call: &Call<'_>) -> Result<Reply, Fault> {
    let wish = wish(call)?;
    let changed = call.accounts().policies.change_password_expiry(|policy| wish(policy));
    call.noted("host-policy.password-expiry", "password-expiry", changed).map_err(fault::of_policy)?;
    Ok(Reply::done())
}

/// Reads everything, and gives what is to be done to the policy.
fn wish(call: &Call<'_>) -> Result<impl Fn(&mut PasswordExpiry) + Send + Sync, Fault> {
    let flag = |name| call.parameters.flag(name);
    let days = |name| -> Result<Option<u16>, Wrong> {
        let number = call.parameters.integer(name)?;
        number.map(|number| u16::try_from(number).map_err(|_| Wrong::condition(name))).transpose()
    };
    let flags = [flag("password_expire_enable")?, flag("min_age_enable")?, flag("enable_login_prompt")?];
    let numbers = [days("max_age")?, days("min_age")?, days("login_prompt_days")?];
    let others = [flag("allow_reset_after_expired")?, flag("enable_mail_notification")?];
    let mail_days = match call.parameters.list("mail_notification_days")? {
        Some(days) => {
            // DSM has one text with commas here, which is a list of one when it comes in JSON's quotes.
            let days = days.iter().flat_map(|text| text.split(',')).map(str::trim).filter(|text| !text.is_empty());
            let days = days.map(str::parse).collect::<Result<Vec<u16>, _>>();
            Some(days.map_err(|_| Wrong::condition("mail_notification_days"))?)
        }
        None => None,
    };
    let never_expiring = match call.parameters.list("never_expired_list")? {
        Some(names) => Some(numbers_of(call, &names)?),
        None => None,
    };
    Ok(move |policy: &mut PasswordExpiry| {
        for (wish, switch) in flags.iter().chain(&others).zip([
            &mut policy.expires,
            &mut policy.min_age_enabled,
            &mut policy.login_prompt,
            &mut policy.change_after_end,
            &mut policy.mail_notification,
        ]) {
            *switch = wish.unwrap_or(*switch);
        }
        for (wish, number) in
            numbers.iter().zip([&mut policy.age_days_max, &mut policy.age_days_min, &mut policy.login_prompt_days])
        {
            *number = wish.unwrap_or(*number);
        }
        if let Some(days) = &mail_days {
            policy.mail_days.clone_from(days);
        }
        if let Some(uids) = &never_expiring {
            policy.never_expiring.clone_from(uids);
        }
    })
}

fn numbers_of(call: &Call<'_>, names: &[String]) -> Result<Vec<u32>, Fault> {
    let mut uids = Vec::new();
    for name in names {
        uids.extend(call.accounts().users.find(name).map_err(|error| fault::failed(&error))?.map(|user| user.uid));
    }
    uids.sort_unstable();
    uids.dedup();
    Ok(uids)
}
