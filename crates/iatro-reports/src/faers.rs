//! FAERS/AEMS quarterly ASCII files, 2004Q1 to now.
//!
//! [`layout`] knows the tables and the column names of every era, [`quarter`] the eras themselves,
//! [`catalogue`] every published quarter; `fields`, `header` and `rows` turn broken lines into rows, `demo`,
//! `children` and `deleted` rows into values, and `read` a quarter into a part of the lake.

pub mod catalogue;
pub mod layout;
pub mod quarter;

mod children;
mod deleted;
mod demo;
mod fields;
pub(crate) mod files;
mod header;
mod places;
pub(crate) mod read;
mod row_end;
mod rows;
mod values;

pub(crate) use demo::duplicate_key;
