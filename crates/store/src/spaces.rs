//! The spaces a store was opened with, and the fast way from a [`Space`] to its place.

use crate::{Error, Space};

/// The declared spaces, in the order given at open.
#[derive(Clone, Debug)]
pub(crate) struct Spaces(Box<[Space]>);

impl Spaces {
    pub(crate) fn new(spaces: &[Space]) -> Self {
        Spaces(spaces.into())
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Space> + '_ {
        self.0.iter().copied()
    }

    /// The place of `space`. The names are nearly always the very constants given at open, so
    /// comparing addresses finds them without touching their text. The compiler may keep
    /// copies of a constant, so a missed address proves nothing and the names decide.
    #[inline]
    pub(crate) fn place(&self, space: Space) -> Result<usize, Error> {
        if let Some(place) = self.0.iter().position(|one| std::ptr::eq(one.0, space.0)) {
            return Ok(place);
        }
        self.0.iter().position(|one| *one == space).ok_or(Error::NoSuchSpace { space })
    }
}
