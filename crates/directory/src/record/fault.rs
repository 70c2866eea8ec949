//! What can go wrong below the rules: the store fails, or what it holds is damaged.

use bailiwick_domain::Error;

/// The store failed, or a stored form is not one of ours.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The store failed.
    Store(bailiwick_store::Error),
    /// A stored form cannot be read.
    Damaged {
        /// Which kind of stored form.
        what: &'static str,
        /// The entry it belongs to, where known.
        id: u64,
    },
}

impl From<bailiwick_store::Error> for Fault {
    fn from(error: bailiwick_store::Error) -> Fault {
        Fault::Store(error)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Store(error) => write!(f, "{error}"),
            Fault::Damaged { what, id } => write!(f, "the stored {what} of entry {id} is damaged"),
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Error {
        Error::Unavailable { reason: fault.to_string() }
    }
}
