//! Everything that is not a success: a status, a message and, when an operation was attempted, what it was and what
//! became of it. Section 3 of the specification; section 16.1 has success and message stand in every body.

use crate::json::{Object, Value};

/// The number of an error that the API itself raises: the smallest of its type, "no code".
pub const NO_CODE: i32 = i32::MIN;

/// What was being done when something failed. Section 3.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationType {
    /// Nothing of the others is known.
    Commit,
    /// Values of an attribute.
    Set,
    /// Values that go.
    Remove,
    /// Values that come.
    Add,
    /// A value in the place of another.
    Replace,
    /// All values of an attribute.
    Clear,
    /// A new object.
    Create,
    /// A new place.
    Move,
    /// The end of an object.
    Delete,
    /// A new name.
    Rename,
}

impl OperationType {
    /// The name in replies.
    pub fn name(self) -> &'static str {
        match self {
            OperationType::Commit => "Commit",
            OperationType::Set => "Set",
            OperationType::Remove => "Remove",
            OperationType::Add => "Add",
            OperationType::Replace => "Replace",
            OperationType::Clear => "Clear",
            OperationType::Create => "Create",
            OperationType::Move => "Move",
            OperationType::Delete => "Delete",
            OperationType::Rename => "Rename",
        }
    }
}

/// The details of a failed operation. Section 3.2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A Windows HRESULT, or [`NO_CODE`].
    pub code: i32,
    /// The directory's own words.
    pub extended: Option<String>,
    /// The attribute or key at fault.
    pub property: Option<String>,
    /// What was being done.
    pub operation: OperationType,
}

/// An answer that is no success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// What is wrong, for people.
    pub message: String,
    /// The details, when an operation was attempted.
    pub fault: Option<Fault>,
    /// The ways to sign in are to be told.
    pub challenge: bool,
}

impl Problem {
    /// A refusal without details.
    pub fn plain(status: u16, message: impl Into<String>) -> Problem {
        Problem { status, message: message.into(), fault: None, challenge: false }
    }

    /// Something that the API itself refuses.
    pub fn refused(status: u16, operation: OperationType, message: impl Into<String>) -> Problem {
        let fault = Fault { code: NO_CODE, extended: None, property: None, operation };
        Problem { status, message: message.into(), fault: Some(fault), challenge: false }
    }

    /// The same, naming the attribute or key at fault.
    #[must_use]
    pub fn on(mut self, property: impl Into<String>) -> Problem {
        if let Some(fault) = &mut self.fault {
            fault.property = Some(property.into());
        }
        self
    }

    /// The same with a code.
    #[must_use]
    pub fn code(mut self, code: i32) -> Problem {
        if let Some(fault) = &mut self.fault {
            fault.code = code;
        }
        self
    }

    /// The same with another message; the former one goes into the details.
    #[must_use]
    pub fn told(mut self, message: impl Into<String>) -> Problem {
        let former = std::mem::replace(&mut self.message, message.into());
        if let Some(fault) = &mut self.fault {
            fault.extended.get_or_insert(former);
        }
        self
    }

    /// Nobody has signed in.
    pub fn unauthorized(message: impl Into<String>) -> Problem {
        Problem { challenge: true, ..Problem::plain(401, message) }
    }

    /// The body.
    pub fn body(&self) -> Value {
        let mut body = Object::new();
        body.push("success", false);
        body.push("message", self.message.as_str());
        if let Some(fault) = &self.fault {
            let mut error = Object::new();
            error.push("errorCode", i64::from(fault.code));
            if let Some(extended) = &fault.extended {
                error.push("errorExtended", extended.as_str());
            }
            if let Some(property) = &fault.property {
                error.push("onProperty", property.as_str());
            }
            error.push("operationType", fault.operation.name());
            body.push("error", error);
        }
        body.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_in_the_order_of_the_specification() {
        let problem = Problem::refused(400, OperationType::Set, "No.").on("mail").told("The request failed.");
        let expected = r#"{
  "success": false,
  "message": "The request failed.",
  "error": {
    "errorCode": -2147483648,
    "errorExtended": "No.",
    "onProperty": "mail",
    "operationType": "Set"
  }
}"#;
        assert_eq!(problem.body().to_string(), expected);
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let body = Problem::plain(415, "No.").body().to_string();
        assert_eq!(body, "{\n  \"success\": false,\n  \"message\": \"No.\"\n}");
    }
}
