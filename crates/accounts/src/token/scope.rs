//! What a token may be used for, beyond which its bearer may do nothing whatever the account's rights are.

use std::fmt;
use std::str::FromStr;

/// One thing that a token may be used for: a face, and what to do there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Creating objects through the AD REST API.
    Create,
    /// Editing attributes there.
    Edit,
    /// Moving objects there.
    Move,
    /// Renaming objects there.
    Rename,
    /// Deleting objects there.
    Delete,
    /// Setting passwords there.
    Password,
    /// Searching there.
    Search,
}

/// The name that stands for all of the AD REST API.
const REST: &str = "rest";

impl Scope {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Scope; 7] =
        [Scope::Search, Scope::Create, Scope::Edit, Scope::Move, Scope::Rename, Scope::Delete, Scope::Password];

    /// The name: `rest:create`.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Create => "rest:create",
            Scope::Edit => "rest:edit",
            Scope::Move => "rest:move",
            Scope::Rename => "rest:rename",
            Scope::Delete => "rest:delete",
            Scope::Password => "rest:password",
            Scope::Search => "rest:search",
        }
    }

    fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// A set of scopes. Its text is their names with commas in between; `rest` stands for all of the AD REST API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes(u16);

/// A text is no scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownScope {
    /// The text.
    pub name: String,
}

impl Scopes {
    /// Every scope there is.
    pub fn all() -> Scopes {
        Scopes(Scope::ALL.into_iter().fold(0, |bits, scope| bits | scope.bit()))
    }

    /// Whether the scope is among them.
    pub fn contains(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromStr for Scopes {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Scopes, UnknownScope> {
        text.split(',').map(str::trim).filter(|name| !name.is_empty()).try_fold(Scopes::default(), |scopes, name| {
            if name.eq_ignore_ascii_case(REST) {
                return Ok(Scopes(scopes.0 | Scopes::all().0));
            }
            let scope = Scope::ALL.into_iter().find(|scope| scope.name().eq_ignore_ascii_case(name));
            scope.map(|scope| Scopes(scopes.0 | scope.bit())).ok_or_else(|| UnknownScope { name: name.to_owned() })
        })
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Scopes::all() {
            return f.write_str(REST);
        }
        let names: Vec<_> = Scope::ALL.into_iter().filter(|scope| self.contains(*scope)).map(Scope::name).collect();
        f.write_str(&names.join(","))
    }
}

impl fmt::Display for UnknownScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no scope `{}`; there are {REST}", self.name)?;
        Scope::ALL.into_iter().try_for_each(|scope| write!(f, ", {}", scope.name()))
    }
}

impl std::error::Error for UnknownScope {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        let scopes: Scopes = "rest:edit, REST:search,".parse().unwrap();
        assert_eq!(scopes.to_string(), "rest:search,rest:edit");
        assert!(scopes.contains(Scope::Edit) && !scopes.contains(Scope::Delete));
        assert_eq!("rest".parse(), Ok(Scopes::all()));
        assert_eq!(Scopes::all().to_string(), "rest");
        for scope in Scope::ALL {
            let one: Scopes = scope.name().parse().unwrap();
            assert_eq!(Scope::ALL.into_iter().filter(|other| one.contains(*other)).collect::<Vec<_>>(), [scope]);
        }
        assert!("".parse::<Scopes>().unwrap().is_empty());
        let error = "rest:everything".parse::<Scopes>().unwrap_err();
        assert!(error.to_string().starts_with("there is no scope `rest:everything`; there are rest, rest:search, "));
    }
}
