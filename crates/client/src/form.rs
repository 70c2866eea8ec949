//! Forms as they are sent (`application/x-www-form-urlencoded`), and the parameters of a call that go into them.
//!
//! Apart from `SYNO.API.*`, a DSM reads each value as JSON text ("requestFormat": "JSON"), so texts are sent in quotes:
//! a user named `123` or `true` stays a text.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::secret::{Secret, WipedBuffer};

/// A form, in order. All of it is wiped when dropped, since any of it may be a secret.
#[derive(Default)]
pub(crate) struct Form(WipedBuffer);

impl Form {
    /// A form whose first fields are there already, as octets.
    pub fn beginning_with(octets: &[u8]) -> Form {
        let mut form = Form::default();
        form.0.push(octets);
        form
    }

    /// Appends a field.
    pub fn add(&mut self, name: &str, value: &[u8]) {
        if !self.0.as_ref().is_empty() {
            self.0.push(b"&");
        }
        self.percent_encode(name.as_bytes());
        self.0.push(b"=");
        self.percent_encode(value);
    }

    /// The octets to send.
    pub fn into_octets(self) -> WipedBuffer {
        self.0
    }

    /// The octets so far.
    pub fn octets(&self) -> &[u8] {
        self.0.as_ref()
    }

    fn percent_encode(&mut self, octets: &[u8]) {
        for piece in form_urlencoded::byte_serialize(octets) {
            self.0.push(piece.as_bytes());
        }
    }
}

/// The parameters of a call, in order.
///
/// A secret one is sealed in the envelope when the connection is in the clear (see [`crate::Sealing`]).
///
/// ```
/// use bailiwick_client::{Parameters, Secret};
///
/// let parameters = Parameters::new()
///     .json("name", "bob")
///     .json("additional", vec!["email", "expired"])
///     .secret("password", &Secret::new("Swordfish-77"));
/// ```
#[derive(Default)]
pub struct Parameters {
    fields: Vec<Field>,
}

/// One parameter.
pub(crate) struct Field {
    pub name: String,
    /// The text as it is sent, before percent-encoding.
    pub text: WipedBuffer,
    pub is_secret: bool,
}

impl Parameters {
    /// None yet.
    pub fn new() -> Parameters {
        Parameters::default()
    }

    /// Adds a value as JSON text: what every API but `SYNO.API.*` reads.
    #[must_use]
    pub fn json(self, name: &str, value: impl Into<Value>) -> Parameters {
        self.open_json(name, &value.into())
    }

    /// Adds a value if there is one.
    #[must_use]
    pub fn json_if_some(self, name: &str, value: Option<impl Into<Value>>) -> Parameters {
        match value {
            Some(value) => self.json(name, value),
            None => self,
        }
    }

    /// Adds a text as it is: what `SYNO.API.*` reads.
    #[must_use]
    pub fn raw(self, name: &str, text: &str) -> Parameters {
        let mut octets = WipedBuffer::default();
        octets.push(text.as_bytes());
        self.with(name, octets, false)
    }

    /// Adds a secret as JSON text.
    #[must_use]
    pub fn secret(self, name: &str, secret: &Secret) -> Parameters {
        self.with(name, json_text(secret.expose()), true)
    }

    /// Adds a secret as it is.
    #[must_use]
    pub(crate) fn raw_secret(self, name: &str, secret: &Secret) -> Parameters {
        let mut parameters = self.raw(name, secret.expose());
        if let Some(field) = parameters.fields.last_mut() {
            field.is_secret = true;
        }
        parameters
    }

    /// Adds anything as JSON text.
    #[must_use]
    pub(crate) fn open_json(self, name: &str, value: &impl Serialize) -> Parameters {
        self.with(name, json_text(value), false)
    }

    /// Adds JSON text that holds a secret somewhere.
    #[must_use]
    pub(crate) fn secret_json(self, name: &str, value: &impl Serialize) -> Parameters {
        self.with(name, json_text(value), true)
    }

    fn with(mut self, name: &str, text: WipedBuffer, is_secret: bool) -> Parameters {
        self.fields.push(Field { name: name.to_owned(), text, is_secret });
        self
    }

    /// All of them, in order.
    pub(crate) fn fields(&self) -> &[Field] {
        &self.fields
    }
}

impl fmt::Debug for Parameters {
    /// Names only: a value may be secret even where nobody said so.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.fields.iter().map(|field| &field.name)).finish()
    }
}

/// The JSON text of a value of this crate, whose maps all have texts as keys.
fn json_text(value: &(impl Serialize + ?Sized)) -> WipedBuffer {
    let mut text = WipedBuffer::default();
    serde_json::to_writer(&mut text, value).expect("memory takes what is written, and every key is a text");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(parameters: &Parameters) -> Vec<(&str, &str, bool)> {
        let text = |field: &'_ Field| str::from_utf8(field.text.as_ref()).unwrap().to_owned();
        let fields = parameters.fields().iter();
        fields.map(|field| (field.name.as_str(), &*text(field).leak(), field.is_secret)).collect()
    }

    #[test]
    fn fields_are_percent_encoded() {
        let mut form = Form::default();
        form.add("passwd", "p+w d%&=ä".as_bytes());
        form.add("format", b"sid");
        let expected = b"passwd=p%2Bw+d%25%26%3D%C3%A4&format=sid";
        assert_eq!(form.octets(), expected);
        let mut longer = Form::beginning_with(expected);
        longer.add("a&", b"");
        assert_eq!(longer.octets(), [expected.as_slice(), b"&a%26="].concat());
    }

    #[test]
    fn values_are_json_text() {
        let parameters = Parameters::new()
            .json("name", "1\"2\\")
            .json("limit", -1)
            .json("flag", true)
            .json("list", vec!["a", "b"])
            .json_if_some("absent", None::<&str>)
            .json_if_some("present", Some("x"));
        let expected = [
            ("name", r#""1\"2\\""#, false),
            ("limit", "-1", false),
            ("flag", "true", false),
            ("list", r#"["a","b"]"#, false),
            ("present", r#""x""#, false),
        ];
        assert_eq!(texts(&parameters), expected);
    }

    #[test]
    fn secrets_are_marked_and_do_not_print() {
        let parameters = Parameters::new()
            .secret("password", &"pw\n1".into())
            .raw_secret("passwd", &"pw".into())
            .secret_json("compound", &["pw"]);
        let expected = [("password", r#""pw\n1""#, true), ("passwd", "pw", true), ("compound", r#"["pw"]"#, true)];
        assert_eq!(texts(&parameters), expected);
        assert_eq!(format!("{parameters:?}"), r#"["password", "passwd", "compound"]"#);
    }
}
