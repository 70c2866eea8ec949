//! The parameters of one call, whatever way they came, read by their declared types. Specification sections 1.2 to 1.4.

mod fields;
mod json;

use bailiwick_adtypes::dn::Dn;
use bailiwick_credential::Password;
use serde_json::{Map, Value};

pub use fields::{FIELDS_MAX, Fields, Malformed};
pub use json::parse as parse_json;

/// The parameters of one call.
pub enum Parameters {
    /// From the fields of a request.
    Form(Form),
    /// The members of one item of a compound request, which are JSON already.
    Item {
        /// The members.
        members: Map<String, Value>,
        /// The compound came through the envelope.
        is_enveloped: bool,
    },
}

/// Fields by where they came from, in the order in which sources count.
#[derive(Default)]
pub struct Form {
    /// Out of the envelope.
    pub inner: Fields,
    /// The body.
    pub body: Fields,
    /// The query string.
    pub query: Fields,
    /// The API that the path names behind `entry.cgi/`; it stands in for `api` alone.
    pub suffix: Option<String>,
}

/// What is wrong with a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Its name.
    pub name: &'static str,
    /// What is wrong with it.
    pub reason: Reason,
}

/// Why a parameter is not taken. Specification section 1.9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is not there.
    Required,
    /// It is not of its type.
    Type,
    /// It is of its type and not allowed.
    Condition,
}

impl Reason {
    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Reason::Required => "required",
            Reason::Type => "type",
            Reason::Condition => "condition",
        }
    }
}

/// A password, and whether it came through the envelope.
#[derive(Clone)]
pub struct Secret {
    /// The password.
    pub password: Password,
    /// Nobody on the way could read it.
    pub is_enveloped: bool,
}

/// A value as it came.
enum Given<'p> {
    Text(&'p str),
    Json(&'p Value),
}

impl Form {
    /// The fields of one source after the other, in the order in which they count.
    fn sources(&self) -> [&Fields; 3] {
        [&self.inner, &self.body, &self.query]
    }

    /// The source whose value of `name` counts, and the value: the first that is not empty.
    fn scalar<'p>(&'p self, name: &str) -> Option<(&'p Fields, &'p str)> {
        let mut empty = None;
        for source in self.sources() {
            match source.last(name) {
                Some("") => empty = empty.or(Some((source, ""))),
                Some(value) => return Some((source, value)),
                None => {}
            }
        }
        empty
    }
}

impl Parameters {
    fn given(&self, name: &str) -> Option<Given<'_>> {
        match self {
            Parameters::Form(form) => match form.scalar(name) {
                Some((_, value)) if !value.is_empty() || name != "api" => Some(Given::Text(value)),
                _ if name == "api" => form.suffix.as_deref().map(Given::Text),
                _ => None,
            },
            Parameters::Item { members, .. } => members.get(name).filter(|value| !value.is_null()).map(Given::Json),
        }
    }

    /// Whether the value of a parameter came through the envelope, so that nobody on the way could read it.
    pub fn is_enveloped(&self, name: &str) -> bool {
        match self {
            Parameters::Form(form) => form.scalar(name).is_some_and(|(source, _)| std::ptr::eq(source, &form.inner)),
            Parameters::Item { is_enveloped, .. } => *is_enveloped,
        }
    }

    /// A string exactly as it came, for the parameters of `SYNO.API.Auth`.
    pub fn raw(&self, name: &str) -> Option<String> {
        match self.given(name)? {
            Given::Text(text) => Some(text.to_owned()),
            Given::Json(value) => json_text(value),
        }
    }

    /// A string.
    ///
    /// # Errors
    /// `Type` for an array or an object in a compound.
    pub fn text(&self, name: &'static str) -> Result<Option<String>, Wrong> {
        match self.given(name) {
            None | Some(Given::Text("null")) => Ok(None),
            Some(Given::Text(text)) => Ok(Some(json::string(text))),
            Some(Given::Json(value)) => json_text(value).map(Some).ok_or(Wrong { name, reason: Reason::Type }),
        }
    }

    /// A string that must be there and not be empty.
    ///
    /// # Errors
    /// `Required`, and those of [`Parameters::text`].
    pub fn required_text(&self, name: &'static str) -> Result<String, Wrong> {
        self.text(name)?.filter(|text| !text.is_empty()).ok_or(Wrong { name, reason: Reason::Required })
    }

    /// A password; the word `null` is one.
    ///
    /// # Errors
    /// `Type` for an array or an object in a compound.
    pub fn secret(&self, name: &'static str) -> Result<Option<Secret>, Wrong> {
        let text = match self {
            Parameters::Form(form) => match form.scalar(name) {
                None => return Ok(None),
                Some((_, text)) => json::string(text),
            },
            Parameters::Item { .. } => match self.text(name)? {
                None => return Ok(None),
                Some(text) => text,
            },
        };
        let text = zeroize::Zeroizing::new(text);
        Ok(Some(Secret { password: Password::new(text.as_bytes()), is_enveloped: self.is_enveloped(name) }))
    }

    /// The password of a sign-in, which is taken as it is.
    pub fn raw_secret(&self, name: &str) -> Option<Secret> {
        let text = zeroize::Zeroizing::new(self.raw(name)?);
        Some(Secret { password: Password::new(text.as_bytes()), is_enveloped: self.is_enveloped(name) })
    }

    /// A truth value; `1` and `yes` are true too.
    ///
    /// # Errors
    /// `Type` for anything else.
    pub fn flag(&self, name: &'static str) -> Result<Option<bool>, Wrong> {
        let text = match self.given(name) {
            None => return Ok(None),
            Some(Given::Json(Value::Bool(value))) => return Ok(Some(*value)),
            Some(Given::Json(value)) => json_text(value).ok_or(Wrong { name, reason: Reason::Type })?,
            Some(Given::Text(text)) => json::string(text),
        };
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Ok(Some(true)),
            "false" | "0" | "no" => Ok(Some(false)),
            "" | "null" => Ok(None),
            _ => Err(Wrong { name, reason: Reason::Type }),
        }
    }

    /// A whole number.
    ///
    /// # Errors
    /// `Type` for what is none.
    pub fn integer(&self, name: &'static str) -> Result<Option<i64>, Wrong> {
        let text = match self.given(name) {
            None => return Ok(None),
            Some(Given::Json(value)) => json_text(value).ok_or(Wrong { name, reason: Reason::Type })?,
            Some(Given::Text(text)) => json::string(text),
        };
        match text.trim() {
            "" | "null" => Ok(None),
            text => whole(text).map(Some).ok_or(Wrong { name, reason: Reason::Type }),
        }
    }

    /// A list of strings: JSON, or bare text between commas, or a field for each.
    ///
    /// # Errors
    /// `Type` for an array with arrays or objects in it, or an object.
    pub fn list(&self, name: &'static str) -> Result<Option<Vec<String>>, Wrong> {
        self.list_by(name, |text| {
            text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
        })
    }

    /// A list of distinguished names as they came: bare text is one name, since names have commas in them.
    ///
    /// # Errors
    /// As [`Parameters::list`].
    pub fn names(&self, name: &'static str) -> Result<Option<Vec<String>>, Wrong> {
        self.list_by(name, |text| vec![text.to_owned()])
    }

    fn list_by(&self, name: &'static str, bare: impl Fn(&str) -> Vec<String>) -> Result<Option<Vec<String>>, Wrong> {
        let wrong = Wrong { name, reason: Reason::Type };
        let strings = |values: &[Value]| values.iter().map(json_text).collect::<Option<Vec<String>>>().ok_or(wrong);
        let of_text = |text: &str| match json::parse(text) {
            Some(Value::Array(values)) => strings(&values),
            Some(Value::String(value)) => Ok(vec![value]),
            Some(Value::Object(_)) => Err(wrong),
            Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Bool(_) | Value::Number(_)) | None if text.is_empty() => Ok(Vec::new()),
            // An array that does not end is no name either.
            None if text.starts_with('[') => Err(wrong),
            Some(Value::Bool(_) | Value::Number(_)) | None => Ok(bare(text)),
        };
        match self {
            Parameters::Form(form) => {
                let Some((source, value)) = form.scalar(name) else { return Ok(None) };
                let all: Vec<&str> = source.all(name).collect();
                match all.len() {
                    0 | 1 => of_text(value).map(Some),
                    _ => Ok(Some(all.into_iter().map(json::string).filter(|text| !text.is_empty()).collect())),
                }
            }
            Parameters::Item { .. } => match self.given(name) {
                None => Ok(None),
                Some(Given::Json(Value::Array(values))) => strings(values).map(Some),
                Some(Given::Json(Value::String(text))) => of_text(text).map(Some),
                Some(Given::Json(Value::Object(_))) => Err(wrong),
                Some(Given::Json(value)) => Ok(json_text(value).map(|text| vec![text])),
                Some(Given::Text(text)) => of_text(text).map(Some),
            },
        }
    }

    /// A list of objects.
    ///
    /// # Errors
    /// `Type` when it is no list, or not of objects.
    pub fn objects(&self, name: &'static str) -> Result<Option<Vec<Map<String, Value>>>, Wrong> {
        let wrong = Wrong { name, reason: Reason::Type };
        let value = match self.given(name) {
            None | Some(Given::Text("" | "null")) => return Ok(None),
            Some(Given::Text(text)) => json::parse(text).ok_or(wrong)?,
            Some(Given::Json(Value::String(text))) => json::parse(text).ok_or(wrong)?,
            Some(Given::Json(value)) => value.clone(),
        };
        let Value::Array(values) = value else { return Err(wrong) };
        let object = |value| match value {
            Value::Object(members) => Ok(members),
            _ => Err(wrong),
        };
        values.into_iter().map(object).collect::<Result<_, _>>().map(Some)
    }

    /// An object; none for whatever else is there. Some clients send the names of the members and lose the values.
    pub fn object(&self, name: &str) -> Option<Map<String, Value>> {
        let value = match self.given(name)? {
            Given::Text(text) => json::parse(text)?,
            Given::Json(Value::String(text)) => json::parse(text)?,
            Given::Json(value) => value.clone(),
        };
        match value {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// A distinguished name that must be there.
    ///
    /// # Errors
    /// `Required`, and `Condition` for what is no name.
    pub fn dn(&self, name: &'static str) -> Result<Dn, Wrong> {
        Dn::parse(&self.required_text(name)?)
            .ok()
            .filter(|dn| !dn.is_root())
            .ok_or(Wrong { name, reason: Reason::Condition })
    }

    /// The same for one that need not be there; an empty one is not.
    ///
    /// # Errors
    /// `Condition` for what is no name.
    pub fn optional_dn(&self, name: &'static str) -> Result<Option<Dn>, Wrong> {
        match self.text(name)?.as_deref() {
            None | Some("") => Ok(None),
            Some(_) => self.dn(name).map(Some),
        }
    }
}

impl Wrong {
    /// A parameter that has its type and is not allowed.
    pub fn condition(name: &'static str) -> Wrong {
        Wrong { name, reason: Reason::Condition }
    }

    /// A parameter that is not there.
    pub fn required(name: &'static str) -> Wrong {
        Wrong { name, reason: Reason::Required }
    }
}

/// A scalar of JSON as text.
fn json_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null => Some(String::new()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// A decimal number, also one that JSON writes with a fraction of nothing.
fn whole(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let (whole, fraction) = text.split_once('.')?;
    fraction.bytes().all(|digit| digit == b'0').then(|| whole.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(body: &str, query: &str) -> Parameters {
        let body = Fields::from_form(body.as_bytes()).unwrap();
        Parameters::Form(Form { body, query: Fields::from_form(query.as_bytes()).unwrap(), ..Form::default() })
    }

    fn item(json: &str) -> Parameters {
        Parameters::Item { members: serde_json::from_str(json).unwrap(), is_enveloped: false }
    }

    #[test]
    fn the_first_source_with_something_counts_and_the_last_value_in_it() {
        let parameters = form("a=&b=1&b=2&d=", "a=query&b=3&c=4");
        let text = |name| parameters.text(name).unwrap();
        assert_eq!(text("a").as_deref(), Some("query"));
        assert_eq!(text("b").as_deref(), Some("2"));
        assert_eq!(text("c").as_deref(), Some("4"));
        assert_eq!(text("d").as_deref(), Some(""));
        assert_eq!(text("e"), None);
    }

    #[test]
    fn the_path_names_the_api_when_nothing_else_does() {
        let with = |query: &str| {
            let query = Fields::from_form(query.as_bytes()).unwrap();
            Parameters::Form(Form { query, suffix: Some("Suffix".to_owned()), ..Form::default() }).raw("api").unwrap()
        };
        assert_eq!((with("api=").as_str(), with("api=Query").as_str()), ("Suffix", "Query"));
    }

    #[test]
    fn an_enveloped_password_is_known_as_one() {
        let inner = Fields::from_form(b"password=in").unwrap();
        let body = Fields::from_form(b"password=out&passwd=%22q%22").unwrap();
        let parameters = Parameters::Form(Form { inner, body, ..Form::default() });
        let secret = parameters.secret("password").unwrap().unwrap();
        assert_eq!((secret.password.expose(), secret.is_enveloped), (&b"in"[..], true));
        let secret = parameters.raw_secret("passwd").unwrap();
        assert_eq!((secret.password.expose(), secret.is_enveloped), (&b"\"q\""[..], false));
    }

    #[test]
    fn flags_and_numbers_come_in_many_forms() {
        for (text, expected) in [
            ("true", Ok(Some(true))),
            ("True", Ok(Some(true))),
            ("%22yes%22", Ok(Some(true))),
            ("1", Ok(Some(true))),
            ("no", Ok(Some(false))),
            ("null", Ok(None)),
            ("", Ok(None)),
            ("maybe", Err(Wrong { name: "f", reason: Reason::Type })),
        ] {
            assert_eq!(form(&format!("f={text}"), "").flag("f"), expected, "{text}");
        }
        for (text, expected) in [
            ("40", Ok(Some(40))),
            ("-1", Ok(Some(-1))),
            ("%2240%22", Ok(Some(40))),
            ("7.0", Ok(Some(7))),
            ("", Ok(None)),
            ("7.5", Err(Wrong { name: "n", reason: Reason::Type })),
            ("x", Err(Wrong { name: "n", reason: Reason::Type })),
        ] {
            assert_eq!(form(&format!("n={text}"), "").integer("n"), expected, "{text}");
        }
        assert_eq!(item(r#"{"f":true,"n":"5"}"#).flag("f"), Ok(Some(true)));
        assert_eq!(item(r#"{"f":true,"n":"5"}"#).integer("n"), Ok(Some(5)));
    }

    #[test]
    fn lists_are_json_or_commas_or_fields() {
        let list = |text: &str| form(text, "").list("l").unwrap().unwrap();
        assert_eq!(list(r#"l=["a","b",1]"#), ["a", "b", "1"]);
        assert_eq!(list("l=a, b"), ["a", "b"]);
        assert_eq!(list("l=a&l=b"), ["a", "b"]);
        assert_eq!(list("l="), Vec::<String>::new());
        assert_eq!(form("l=CN=a,DC=b", "").names("l").unwrap().unwrap(), ["CN=a,DC=b"]);
        assert!(form("l={}", "").list("l").is_err());
        assert!(form("l=[a", "").names("l").is_err());
        assert_eq!(item(r#"{"l":"[\"a\"]"}"#).list("l").unwrap().unwrap(), ["a"]);
    }

    #[test]
    fn strings_of_a_compound_are_taken_literally() {
        assert_eq!(item(r#"{"s":"\"q\""}"#).text("s").unwrap().as_deref(), Some("\"q\""));
        assert_eq!(item(r#"{"s":5}"#).text("s").unwrap().as_deref(), Some("5"));
        assert_eq!(item(r#"{"s":null}"#).text("s").unwrap(), None);
        assert!(item(r#"{"s":[]}"#).text("s").is_err());
    }

    #[test]
    fn a_name_that_is_none_is_said_to_be_so() {
        assert_eq!(form("d=nonsense", "").dn("d").map(drop), Err(Wrong::condition("d")));
        assert_eq!(form("", "").dn("d").map(drop), Err(Wrong::required("d")));
        assert_eq!(form(r"d=CN=Doe\, John,DC=x", "").dn("d").unwrap().to_string(), r"CN=Doe\, John,DC=x");
    }
}
