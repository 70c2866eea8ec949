//! The forms of bodies and queries, for the OpenAPI document alone: requests are read by hand, since many keys are not
//! known beforehand, and replies are written in a given order.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::openapi::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{IntoParams, ToSchema};

/// Something was done.
#[derive(ToSchema)]
pub struct Done {
    /// Always true.
    pub success: bool,
    /// For people.
    pub message: String,
}

/// Something was done to an object.
#[derive(ToSchema)]
pub struct DoneTo {
    /// The object's DN.
    pub dn: String,
    /// Always true.
    pub success: bool,
    /// For people.
    #[schema(examples("The user was successfully created."))]
    pub message: String,
}

/// Something was not done.
#[derive(ToSchema)]
pub struct Failed {
    /// Always false.
    pub success: bool,
    /// For people, or a code word for passwords.
    #[schema(examples("An exception occurred."))]
    pub message: String,
    /// Present when an operation was attempted.
    #[schema(nullable = false)]
    pub error: Option<ErrorDetail>,
}

/// What went wrong.
#[derive(ToSchema)]
pub struct ErrorDetail {
    /// A Windows HRESULT; -2147483648 means that the API itself refused.
    #[schema(rename = "errorCode")]
    pub error_code: i32,
    /// More words.
    #[schema(rename = "errorExtended", nullable = false)]
    pub error_extended: Option<String>,
    /// The attribute, key or parameter at fault.
    #[schema(rename = "onProperty", nullable = false)]
    pub on_property: Option<String>,
    /// What was being done.
    #[schema(rename = "operationType")]
    pub operation_type: OperationName,
}

/// What was being done.
#[derive(ToSchema)]
pub enum OperationName {
    /// Not known more precisely.
    Commit,
    /// Setting values.
    Set,
    /// Removing values.
    Remove,
    /// Adding values.
    Add,
    /// Replacing values.
    Replace,
    /// Removing all values.
    Clear,
    /// Creating an object.
    Create,
    /// Moving an object.
    Move,
    /// Deleting an object.
    Delete,
    /// Renaming an object.
    Rename,
}

/// A new user. Any other key is an attribute.
#[derive(ToSchema)]
#[schema(examples(json!({
    "cn": "Ada Lovelace", "sAMAccountName": "ada", "path": "OU=People,DC=example,DC=com",
    "password": "UEBzc3cwcmQh", "userAccountControl": "NormalUser", "mail": "ada@example.com"
})))]
pub struct CreateUserBody {
    /// The common name, as plain text.
    #[schema(min_length = 1)]
    pub cn: String,
    /// The container; the domain's container for users unless said.
    pub path: Option<String>,
    /// The account name; the common name unless said. Only the first 20 characters count.
    #[schema(rename = "sAMAccountName")]
    pub sam_account_name: Option<String>,
    /// Base64 of the password.
    pub password: Option<String>,
    /// The password was encrypted with the server's key before.
    pub encrypted: Option<bool>,
    /// Names of flags with commas in between, or a number; `Disabled, PasswordNotRequired, NormalUser` unless said.
    #[schema(rename = "userAccountControl", schema_with = flags)]
    pub user_account_control: Option<Value>,
}

/// A new group. Any other key is an attribute.
#[derive(ToSchema)]
#[schema(examples(json!({"cn": "Staff", "type": "security", "scope": "global"})))]
pub struct CreateGroupBody {
    /// The common name, as plain text.
    #[schema(min_length = 1)]
    pub cn: String,
    /// The container; the domain's container for users unless said.
    pub path: Option<String>,
    /// The account name; the common name unless said.
    #[schema(rename = "sAMAccountName")]
    pub sam_account_name: Option<String>,
    /// `security` or `distribution`; security unless said.
    pub r#type: Option<String>,
    /// `global`, `domainLocal` or `universal`; global unless said.
    pub scope: Option<String>,
    /// Both as one number or as names of flags.
    #[schema(rename = "groupType", schema_with = flags)]
    pub group_type: Option<Value>,
}

/// A new organizational unit. Any other key is an attribute.
#[derive(ToSchema)]
#[schema(examples(json!({"cn": "People", "path": "DC=example,DC=com", "protect": true})))]
pub struct CreateUnitBody {
    /// The name, as plain text.
    #[schema(min_length = 1)]
    pub cn: String,
    /// The container.
    pub path: String,
    /// What it is for.
    pub description: Option<String>,
    /// It is protected from accidental deletion.
    pub protect: Option<bool>,
}

/// Names of flags with commas in between, or a number.
fn flags() -> Schema {
    let one = |kind| ObjectBuilder::new().schema_type(kind);
    let words = "Names of flags with commas in between, or a number.";
    OneOfBuilder::new().item(one(Type::String)).item(one(Type::Integer)).description(Some(words)).into()
}

/// Changes of an object's attributes.
#[derive(ToSchema)]
#[schema(examples(json!({
    "dn": "ada", "edits": {"set": {"title": "Countess"}, "add": {"proxyAddresses": "SMTP:ada@example.com"}, "clear": ["description"]}
})))]
pub struct EditBody {
    /// The object.
    #[schema(min_length = 1)]
    pub dn: String,
    /// What to change.
    pub edits: EditOperations,
}

/// Operations, done in the order in which they stand.
#[derive(ToSchema)]
pub struct EditOperations {
    /// Values that come: attribute to value or values.
    pub add: Option<BTreeMap<String, Value>>,
    /// Values that go: attribute to value or values.
    pub remove: Option<BTreeMap<String, Value>>,
    /// Values instead of all there are: attribute to value or values.
    pub set: Option<BTreeMap<String, Value>>,
    /// Values instead of others: attribute to old value to new value.
    pub replace: Option<BTreeMap<String, Value>>,
    /// Attributes that go: a name or names.
    pub clear: Option<Value>,
}

/// An object and its new place.
#[derive(ToSchema)]
#[schema(examples(json!({"dn": "ada", "dest": "OU=People,DC=example,DC=com"})))]
pub struct MoveBody {
    /// The object.
    #[schema(min_length = 1)]
    pub dn: String,
    /// The container that it moves to.
    #[schema(min_length = 1)]
    pub dest: String,
}

/// An object and its new name.
#[derive(ToSchema)]
#[schema(examples(json!({"dn": "ada", "newName": "Ada King"})))]
pub struct RenameBody {
    /// The object.
    #[schema(min_length = 1)]
    pub dn: String,
    /// The name, as plain text.
    #[schema(rename = "newName", min_length = 1)]
    pub new_name: String,
}

/// An account and its new password.
#[derive(ToSchema)]
#[schema(examples(json!({"dn": "ada", "new": "UEBzc3cwcmQh"})))]
pub struct ResetBody {
    /// The account.
    #[schema(min_length = 1)]
    pub dn: String,
    /// Base64 of the new password. `password` and `pass` are taken too.
    #[schema(min_length = 1)]
    pub new: String,
    /// The password was encrypted with the server's key before.
    pub encrypted: Option<bool>,
}

/// An account, its password and its new one.
#[derive(ToSchema)]
#[schema(examples(json!({"dn": "ada", "current": "UEBzc3cwcmQh", "new": "TmV3LVBANTV3MHJk"})))]
pub struct ChangeBody {
    /// The account.
    #[schema(min_length = 1)]
    pub dn: String,
    /// Base64 of the current password.
    #[schema(min_length = 1)]
    pub current: String,
    /// Base64 of the new password. `password` and `pass` are taken too.
    #[schema(min_length = 1)]
    pub new: String,
    /// Both were encrypted with the server's key before.
    pub encrypted: Option<bool>,
}

/// A filter: attributes with what they are to be, and the keywords `and`, `or`, `not`, `nor`, `band`, `bor` and
/// `recurse`. Everything that stands in one object must hold.
#[derive(ToSchema)]
#[schema(examples(json!({"and": {"department": "IT", "not": {"title": "Intern"}}})))]
pub struct FilterBody(pub BTreeMap<String, Value>);

/// What a search found.
#[derive(ToSchema)]
pub struct FoundBody {
    /// The server's name.
    pub host: String,
    /// What was searched for, when `includeDetails` asked for it.
    #[schema(nullable = false)]
    pub request: Option<SearchDetails>,
    /// How many entries there are below.
    pub count: i32,
    /// The entries: attribute names in small letters to a value, or to several in an array.
    pub results: Vec<BTreeMap<String, Value>>,
    /// There is more.
    #[schema(nullable = false)]
    pub truncated: Option<bool>,
    /// What to give as `cursor` to go on.
    #[schema(nullable = false)]
    pub cursor: Option<String>,
}

/// What was searched for.
#[derive(ToSchema)]
pub struct SearchDetails {
    /// The filter as LDAP writes it.
    #[schema(rename = "filterUsed")]
    pub filter_used: String,
    /// The most entries; 0 is all.
    pub limit: i32,
    /// How many attributes were asked for.
    #[schema(rename = "propertyCount")]
    pub property_count: i32,
    /// Which.
    #[schema(rename = "propertiesRequested")]
    pub properties_requested: Vec<String>,
}

/// The query of a search.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// The object to start at; the head of the domain unless said.
    #[param(rename = "searchBase")]
    pub search_base: Option<String>,
    /// The most entries; 0 is all that the server gives at once.
    #[param(minimum = 0)]
    pub limit: Option<i32>,
    /// How far to reach; `Subtree` unless said.
    pub scope: Option<ScopeName>,
    /// The attribute to sort by.
    #[param(rename = "sortBy")]
    pub sort_by: Option<String>,
    /// `asc` or `desc`.
    #[param(rename = "sortDir")]
    pub sort_direction: Option<String>,
    /// Attributes to return, with spaces or commas in between; `default` stands for the usual ones, `*` for all.
    pub properties: Option<String>,
    /// The reply says what was searched for.
    #[param(rename = "includeDetails")]
    pub include_details: Option<bool>,
    /// Where to go on: the `cursor` of the reply before.
    pub cursor: Option<String>,
}

/// How far a search reaches.
#[derive(ToSchema)]
pub enum ScopeName {
    /// The object itself.
    Base,
    /// Its children.
    OneLevel,
    /// It and everything below it.
    Subtree,
}
