//! Time to onset.

use crate::row::Family;

/// The family.
pub(crate) fn rows(_family: &mut Family) {}
