//! A table without the reports of a masker.

use super::MaskingError;
use crate::Table2x2;

/// What masks: another substance or another event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Axis {
    /// Another substance, which fills the reports with the event.
    Substance,
    /// Another event, which fills the reports with the exposure.
    Event,
}

/// Which reports of the masker are taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Removal {
    /// Those in the background of the pair only: for a substance, reports without the exposure (c
    /// and d); for an event, reports without the event (b and d). What is known of the pair itself
    /// stays.
    Background,
    /// All, the pair's own included.
    Everywhere,
}

/// Returns the table of the pair without the reports of a masker.
///
/// `masker` is the masker's own reports by the exposure and the event of the pair, see
/// [the module](super); for several maskers together, the reports that list any of them. Source of
/// the strategy: Juhlin, Ye, Star and Noren 2013, Pharmacoepidemiol Drug Saf 22:1119-1129.
///
/// # Errors
/// [`MaskingError::MoreThanPair`] if the masker has more reports in a cell than the pair, whatever is
/// removed.
pub fn unmask(
    pair: &Table2x2,
    masker: &Table2x2,
    axis: Axis,
    removal: Removal,
) -> Result<Table2x2, MaskingError> {
    without(pair, masker, axis, removal, 0)
}

/// [`unmask`] for the candidate of this index.
pub(super) fn without(
    pair: &Table2x2,
    masker: &Table2x2,
    axis: Axis,
    removal: Removal,
    candidate: usize,
) -> Result<Table2x2, MaskingError> {
    let cells = [
        ("exposure and event", pair.a(), masker.a()),
        ("the exposure without the event", pair.b(), masker.b()),
        ("the event without the exposure", pair.c(), masker.c()),
        ("neither exposure nor event", pair.d(), masker.d()),
    ];
    for (cell, available, removed) in cells {
        if removed > available {
            return Err(MaskingError::MoreThanPair { candidate, cell, removed, available });
        }
    }
    let everywhere = removal == Removal::Everywhere;
    let out = [
        everywhere,
        everywhere || axis == Axis::Event,
        everywhere || axis == Axis::Substance,
        true,
    ];
    let mut left = [0; 4];
    for (left, ((_, available, removed), out)) in left.iter_mut().zip(cells.into_iter().zip(out)) {
        *left = if out { available - removed } else { available };
    }
    let [a, b, c, d] = left;
    // Smaller than the pair's, so it fits.
    Ok(Table2x2::new(a, b, c, d).unwrap_or(*pair))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_axis_has_its_background() {
        let pair = Table2x2::new(10, 20, 30, 40).unwrap();
        let masker = Table2x2::new(1, 2, 3, 4).unwrap();
        for (axis, removal, left) in [
            (Axis::Substance, Removal::Background, [10, 20, 27, 36]),
            (Axis::Event, Removal::Background, [10, 18, 30, 36]),
            (Axis::Substance, Removal::Everywhere, [9, 18, 27, 36]),
            (Axis::Event, Removal::Everywhere, [9, 18, 27, 36]),
        ] {
            let [a, b, c, d] = left;
            let got = unmask(&pair, &masker, axis, removal).unwrap();
            assert_eq!(got, Table2x2::new(a, b, c, d).unwrap());
        }
    }

    #[test]
    fn more_than_there_is_cannot_be_taken() {
        let pair = Table2x2::new(10, 20, 30, 40).unwrap();
        let masker = Table2x2::new(0, 21, 0, 0).unwrap();
        let error = unmask(&pair, &masker, Axis::Substance, Removal::Background).unwrap_err();
        assert!(error.to_string().contains("21 reports with the exposure without the event"));
    }
}
