//! The words of the filter language; every other name is an attribute.

use std::fmt;

/// A keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    /// All statements hold.
    And,
    /// One statement holds.
    Or,
    /// The statement does not hold.
    Not,
    /// No statement holds.
    Nor,
    /// All bits are set.
    BitwiseAnd,
    /// One of the bits is set.
    BitwiseOr,
    /// The object is named, or an object that is named names it, and so on.
    Recurse,
}

/// The keywords as bodies write them, and as messages call them.
const KEYWORDS: [(Keyword, &str, &str); 7] = [
    (Keyword::And, "and", "And"),
    (Keyword::Or, "or", "Or"),
    (Keyword::Not, "not", "Not"),
    (Keyword::Nor, "nor", "Nor"),
    (Keyword::BitwiseAnd, "band", "BitwiseAnd"),
    (Keyword::BitwiseOr, "bor", "BitwiseOr"),
    (Keyword::Recurse, "recurse", "Recurse"),
];

impl Keyword {
    /// The keyword that a name is, in any case.
    pub fn parse(name: &str) -> Option<Keyword> {
        KEYWORDS.iter().find(|(_, word, _)| word.eq_ignore_ascii_case(name)).map(|(keyword, _, _)| *keyword)
    }

    /// The keyword as bodies write it: `band`.
    pub fn word(self) -> &'static str {
        self.row().1
    }

    fn row(self) -> &'static (Keyword, &'static str, &'static str) {
        KEYWORDS.iter().find(|(keyword, _, _)| *keyword == self).expect("KEYWORDS has a row for every variant")
    }
}

impl fmt::Display for Keyword {
    /// Writes the name that messages use: `BitwiseAnd`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().2)
    }
}
