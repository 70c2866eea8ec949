//! The words of the edit language.

use std::fmt;

/// What to do with an attribute. The display form is the one of `operationType` and of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    /// More values; of an attribute with a single value, another one.
    Add,
    /// These values go.
    Remove,
    /// Each old value becomes a new one.
    Replace,
    /// These values and no others.
    Set,
    /// No values.
    Clear,
}

impl Keyword {
    /// All of them, in the order in which the reference lists them.
    pub const ALL: [Keyword; 5] = [Keyword::Add, Keyword::Set, Keyword::Remove, Keyword::Replace, Keyword::Clear];

    /// The keyword that a name is, in any case.
    pub fn parse(name: &str) -> Option<Keyword> {
        Keyword::ALL.into_iter().find(|keyword| keyword.name().eq_ignore_ascii_case(name))
    }

    /// The name: `Add`.
    pub fn name(self) -> &'static str {
        match self {
            Keyword::Add => "Add",
            Keyword::Remove => "Remove",
            Keyword::Replace => "Replace",
            Keyword::Set => "Set",
            Keyword::Clear => "Clear",
        }
    }
}

impl fmt::Display for Keyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
