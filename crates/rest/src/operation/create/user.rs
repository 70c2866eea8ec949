//! `POST /create/user`. Section 5.

use axum::extract::{Request, State};
use axum::response::Response;
use bailiwick_adtypes::modification::Attribute;
use bailiwick_credential::Password;
use bailiwick_domain::administration::{self, AccountControl, Created, Error as UseCase, NewUser, Place, Selector};

use crate::documentation::schema::{CreateUserBody, DoneTo, Failed};
use crate::json::{Object, Value};
use crate::operation::password;
use crate::problem::{OperationType, Problem};
use crate::reply::Reply;
use crate::router::{Api, Route};
use crate::service::{Call, Scope};
use crate::value::flags;

const ROUTE: Route = Route { scope: Scope::Create, operation: OperationType::Create, has_body: true, work: run };

/// The longest account name of a user, in UTF-16 units; longer ones are cut, as the documentation says.
const ACCOUNT_NAME_UNITS_MAX: usize = 20;
/// What an account is of which the caller does not say: disabled, and in need of no password.
const CONTROL_DEFAULT: AccountControl = AccountControl::DISABLED.with(AccountControl::PASSWORD_NOT_REQUIRED);
/// ADS_UF_PASSWD_CANT_CHANGE is no flag that is stored but a matter of rights, which are written with the account.
const CANNOT_CHANGE_PASSWORD: AccountControl = AccountControl(0x40);

/// Creates a user.
///
/// Every key that is not documented is an attribute of the new object.
#[utoipa::path(
    post, path = "/create/user", tag = "Create", operation_id = "createUser", request_body = CreateUserBody,
    responses(
        (status = 201, description = "The user is there.", body = DoneTo),
        (status = 400, description = "Nothing was created.", body = Failed),
        (status = 422, description = "The server has no key to decrypt passwords with.", body = Failed),
    ),
)]
pub async fn handle(State(api): State<Api>, request: Request) -> Response {
    api.serve(ROUTE, request).await
}

/// What the caller wants, read and found to be in order.
struct Wish {
    cn: String,
    path: Option<Selector>,
    account_name: String,
    password: Option<Password>,
    control: AccountControl,
    attributes: Vec<Attribute>,
}

fn run(call: &Call) -> Result<Reply, Problem> {
    super::admit(call, "user")?;
    let wish = read(call).map_err(super::to_nothing)?;
    let cn = wish.cn.clone();
    let created = match wish.password {
        Some(_) => call.hashing(move |call| create(call, wish))?,
        None => create(call, wish),
    };
    super::outcome(call, &cn, "user", created)
}

fn create(call: &Call, wish: Wish) -> Result<Created, UseCase> {
    let new = NewUser {
        name: &wish.cn,
        account_name: &wish.account_name,
        principal_name: None,
        place: wish.path.as_ref().map_or(Place::Users, Place::At),
        password: wish.password.as_ref(),
        control: wish.control.without(CANNOT_CHANGE_PASSWORD),
        must_change_password: false,
        cannot_change_password: wish.control.contains(CANNOT_CHANGE_PASSWORD),
        attributes: wish.attributes,
    };
    administration::create_user(call.directory(), &call.context(), new)
}

fn read(call: &Call) -> Result<Wish, Problem> {
    let mut body = call.object()?;
    let cn = super::common_name(call, &mut body)?;
    let path = super::path(call, &mut body)?;
    let account_name = call.text(&mut body, "sAMAccountName")?.unwrap_or_else(|| cn.clone());
    let account_name = super::cut(account_name.trim(), ACCOUNT_NAME_UNITS_MAX).to_owned();
    let encrypted = call.flag(&mut body, "encrypted")?;
    let password = match call.text(&mut body, "password")? {
        Some(text) => Some(password::decode(call, &text, encrypted)?),
        None => None,
    };
    let control = control(&mut body)?.unwrap_or(CONTROL_DEFAULT);
    let needs_password =
        !control.contains(AccountControl::DISABLED) && !control.contains(AccountControl::PASSWORD_NOT_REQUIRED);
    if needs_password && password.is_none() {
        let message = "An account that is enabled needs a password, or the flag PasswordNotRequired.";
        return Err(super::refuse(message, "password"));
    }
    let attributes = super::attributes(call, body, "user")?;
    Ok(Wish { cn, path, account_name, password, control, attributes })
}

/// The flags of the account, if the caller says. D-02 to D-04: numbers, and every part of them known.
fn control(body: &mut Object) -> Result<Option<AccountControl>, Problem> {
    let key = "userAccountControl";
    let text = match body.take(key) {
        None => return Ok(None),
        Some(Value::Text(text)) if text.trim().is_empty() => return Ok(None),
        Some(Value::Text(text)) => text,
        Some(Value::Number(number)) => number.as_text().to_owned(),
        Some(_) => return Err(super::refuse("Flags are names or a number.", key)),
    };
    let bits = flags::parse(&flags::ACCOUNT_FLAGS, &text).map_err(|unknown| super::refuse(unknown.to_string(), key))?;
    if bits & flags::ACCOUNT_FLAGS_COMPUTED & !CANNOT_CHANGE_PASSWORD.0 != 0 {
        return Err(super::refuse("The directory computes LockedOut and PasswordExpired; nobody sets them.", key));
    }
    Ok(Some(AccountControl(bits)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn check(text: &str, expected: Result<Option<u32>, &str>) {
        let Ok(Value::Object(mut body)) = json::read(text.as_bytes()) else { panic!("{text}") };
        let found = control(&mut body).map(|control| control.map(|control| control.0));
        let found = found.map_err(|problem| {
            assert_eq!(problem.fault.unwrap().property.as_deref(), Some("userAccountControl"));
            problem.message
        });
        match (found, expected) {
            (Ok(found), expected) => assert_eq!(Ok(found), expected, "{text}"),
            (Err(message), Err(part)) => assert!(message.contains(part), "{text}: {message}"),
            (Err(message), Ok(_)) => panic!("{text}: {message}"),
        }
    }

    #[test]
    fn d_02_every_part_of_the_flags_is_known() {
        check(r#"{"userAccountControl":"NormalUser, Disabled, PasswordNeverExpires"}"#, Ok(Some(66050)));
        check(r#"{"userAccountControl":"normaluser,DONT_EXPIRE_PASSWORD"}"#, Ok(Some(66048)));
        check(r#"{"userAccountControl":"NormalUser, 2"}"#, Ok(Some(514)));
        check(r#"{"userAccountControl":"0x202"}"#, Ok(Some(514)));
        check(r#"{"userAccountControl":"NormalUser, Nobody"}"#, Err("Nobody"));
        check(r#"{"userAccountControl":true}"#, Err("names or a number"));
        check(r#"{"userAccountControl":16}"#, Err("nobody sets them"));
    }

    #[test]
    fn d_03_flags_are_numbers_whatever_bits_have_names() {
        check(r#"{"userAccountControl":518}"#, Ok(Some(518)));
        check(r#"{"userAccountControl":"544"}"#, Ok(Some(544)));
        check(r#"{"userAccountControl":null}"#, Ok(None));
        check("{}", Ok(None));
    }
}
