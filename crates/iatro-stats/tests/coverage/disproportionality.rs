//! One 2 x 2 table.
