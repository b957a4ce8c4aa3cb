//! Where a number can lie: between two ends, each closed, open or missing.

use rust_decimal::Decimal;

use crate::logic::Ternary;
use crate::observation::{Comparator, Reading};

/// A span of numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    low: Option<End>,
    high: Option<End>,
}

#[derive(Clone, Copy, Debug)]
struct End {
    at: Decimal,
    closed: bool,
}

impl Range {
    /// What a reading leaves possible: `> 40000` is everything above.
    pub(super) fn of(reading: Reading) -> Self {
        let end = |closed| Some(End { at: reading.number, closed });
        match reading.comparator {
            Comparator::Less => Self { low: None, high: end(false) },
            Comparator::AtMost => Self { low: None, high: end(true) },
            Comparator::Equal => Self { low: end(true), high: end(true) },
            Comparator::AtLeast => Self { low: end(true), high: None },
            Comparator::Greater => Self { low: end(false), high: None },
        }
    }

    /// Both ends belong to it.
    pub(super) fn closed(low: Decimal, high: Decimal) -> Self {
        let end = |at| Some(End { at, closed: true });
        Self { low: end(low), high: end(high) }
    }

    /// The low end belongs to it, the high end does not.
    pub(super) fn half_open(low: Decimal, high: Decimal) -> Self {
        let end = |at, closed| Some(End { at, closed });
        Self { low: end(low, true), high: end(high, false) }
    }

    /// The same span in another unit; `rising` must rise.
    pub(super) fn map(self, rising: impl Fn(Decimal) -> Option<Decimal>) -> Option<Self> {
        let end = |end: Option<End>| match end {
            Some(End { at, closed }) => Some(Some(End { at: rising(at)?, closed })),
            None => Some(None),
        };
        Some(Self { low: end(self.low)?, high: end(self.high)? })
    }

    /// Whether every number of the span stands in this relation to `limit`, or none, or only some.
    pub(super) fn decide(self, comparator: Comparator, limit: Decimal) -> Ternary {
        match comparator {
            Comparator::Greater => self.greater(limit),
            Comparator::AtLeast => self.at_least(limit),
            Comparator::Less => !self.at_least(limit),
            Comparator::AtMost => !self.greater(limit),
            Comparator::Equal => self.at_least(limit).and(!self.greater(limit)),
        }
    }

    fn greater(self, limit: Decimal) -> Ternary {
        if self.low.is_some_and(|end| end.at > limit || (end.at == limit && !end.closed)) {
            Ternary::Met
        } else if self.high.is_some_and(|end| end.at <= limit) {
            Ternary::NotMet
        } else {
            Ternary::Unknown
        }
    }

    fn at_least(self, limit: Decimal) -> Ternary {
        if self.low.is_some_and(|end| end.at >= limit) {
            Ternary::Met
        } else if self.high.is_some_and(|end| end.at < limit || (end.at == limit && !end.closed)) {
            Ternary::NotMet
        } else {
            Ternary::Unknown
        }
    }

    /// Its ends, where one is missing those of what is possible.
    pub(super) fn within(self, least: Decimal, most: Decimal) -> (Decimal, Decimal) {
        let low = self.low.map_or(least, |end| end.at);
        let high = self.high.map_or(most, |end| end.at);
        (low, high.max(low))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use Comparator::{AtLeast, AtMost, Equal, Greater, Less};

    /// Against every number of a fine grid that the reading allows.
    #[test]
    fn a_reading_decides_exactly_what_every_number_in_it_agrees_on() {
        let every = [Less, AtMost, Equal, AtLeast, Greater];
        for of in every {
            for asked in every {
                for number in 3..=7 {
                    let range = Range::of(Reading { comparator: of, number: number.into() });
                    let inside = (-40..=140).map(|tenths| Decimal::new(tenths, 1));
                    let mut held = inside
                        .filter(|&one| of.holds(one, number.into()))
                        .map(|one| asked.holds(one, 5.into()));
                    let first = held.next().unwrap();
                    let expected = if held.all(|other| other == first) {
                        Ternary::known(first)
                    } else {
                        Ternary::Unknown
                    };
                    assert_eq!(
                        range.decide(asked, 5.into()),
                        expected,
                        "{of:?} {number}, {asked:?} 5"
                    );
                }
            }
        }
    }
}
