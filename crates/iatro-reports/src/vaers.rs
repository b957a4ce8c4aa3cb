//! VAERS, the US vaccine reports: yearly CSV tables, 1990 to now, and those from outside the US.
//!
//! A period has three tables, joined by `VAERS_ID`: DATA with one row a report, SYMPTOMS with up to
//! five terms a row, VAX with one row a vaccine. DATA may be missing; then what only it knows is
//! unknown. Since 2025 the tables have a column `ORDER`: later reports about the same case follow
//! under the same `VAERS_ID`, and are read as its versions.
//!
//! VAERS gives vaccines no roles: it lists those given before the event, and all are read as
//! suspect. The vaccine type `UNK` is a vaccine that the reporter did not know; it stays a substance
//! of that name, so that its reports count among all others. `VAX_SITE`, the dates of report and death, and the administrative columns are not kept.

pub(crate) mod files;
pub(crate) mod read;

mod age;
mod country;
mod data;
mod key;
mod layout;
mod symptoms;
mod vax;

#[cfg(test)]
mod real_files;

/// Where a period stands in time: its year, or 0 for one that is not a year.
pub(crate) fn period_order(period: &str) -> u16 {
    let is_year = period.len() == 4 && period.bytes().all(|b| b.is_ascii_digit());
    period.parse().ok().filter(|_| is_year).unwrap_or(0)
}
