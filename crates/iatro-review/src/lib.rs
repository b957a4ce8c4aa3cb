//! Figures, pages and prose of a living review.
//!
//! Data in, text out: SVG figures ([`figure`]), one self-contained HTML page ([`page`]), English for the
//! terminal ([`prose`]), numbers as people read them ([`number`]), and the rules of wording that every
//! sentence passes ([`wording`]). The same inputs give the same bytes. Never here: reading files,
//! counting, or computing a statistic.

pub mod figure;
pub mod interval;
pub mod number;
pub mod page;
pub mod prose;
pub mod wording;

mod markup;
