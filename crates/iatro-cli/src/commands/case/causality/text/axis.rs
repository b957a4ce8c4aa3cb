//! A common axis of days before and after the onset, in characters.

/// Days shown before and after the onset at most; what lies beyond stands at the edge with an arrow.
const FARTHEST: i64 = 120;

/// The days of an axis.
pub(super) struct Axis {
    first: i64,
    last: i64,
    width: usize,
}

impl Axis {
    /// The axis that holds these days, as far as it goes, and the onset.
    pub(super) fn of(days: impl Iterator<Item = (i64, i64)>, width: usize) -> Self {
        let (mut first, mut last) = (-1, 1);
        for (min, max) in days {
            first = first.min(min.max(-FARTHEST));
            last = last.max(max.min(FARTHEST));
        }
        Self { first, last, width: width.max(3) }
    }

    /// The first and the last day and the onset, each above its place.
    pub(super) fn scale(&self) -> String {
        let (left, right) = (self.first.to_string(), format!("+{}", self.last));
        let mut line = vec![' '; self.width];
        put(&mut line, self.width.saturating_sub(right.chars().count()), &right);
        put(&mut line, self.place(0), "0");
        put(&mut line, 0, &left);
        line.into_iter().collect()
    }

    /// Whether a day between these may be on it.
    pub(super) fn holds(&self, min: i64, max: i64) -> bool {
        max >= self.first && min <= self.last
    }

    /// A mark at a day, or a span if the day is not known exactly.
    pub(super) fn mark(&self, min: i64, max: i64) -> String {
        self.drawn(min, max, if min == max { '●' } else { '─' })
    }

    /// A bar from a day to another.
    pub(super) fn bar(&self, from: i64, to: i64) -> String {
        self.drawn(from, to, '━')
    }

    /// The axis without a mark.
    pub(super) fn empty(&self) -> String {
        let mut line = vec!['·'; self.width];
        put(&mut line, self.place(0), "│");
        line.into_iter().collect()
    }

    fn drawn(&self, from: i64, to: i64, letter: char) -> String {
        let mut line: Vec<char> = self.empty().chars().collect();
        let (first, last) = (self.place(from), self.place(to));
        for cell in line.iter_mut().take(last + 1).skip(first) {
            *cell = letter;
        }
        if from < self.first {
            put(&mut line, 0, "◂");
        }
        if to > self.last {
            put(&mut line, self.width - 1, "▸");
        }
        line.into_iter().collect()
    }

    /// The character of a day, the nearest edge for one beyond.
    fn place(&self, day: i64) -> usize {
        let inside = day.clamp(self.first, self.last) - self.first;
        let steps = i64::try_from(self.width).unwrap_or(3) - 1;
        let span = (self.last - self.first).max(1);
        usize::try_from((2 * inside * steps + span) / (2 * span)).unwrap_or(0)
    }
}

fn put(line: &mut [char], at: usize, text: &str) {
    for (cell, letter) in line.iter_mut().skip(at).zip(text.chars()) {
        *cell = letter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_stand_in_their_places_and_what_is_beyond_at_the_edge() {
        let axis = Axis::of([(-16, -16), (39, 39), (-700, -700)].into_iter(), 21);
        assert_eq!(axis.scale(), "-120           0  +39");
        let axis = Axis::of([(-10, -10), (10, 10)].into_iter(), 21);
        assert_eq!(axis.scale(), "-10       0       +10");
        assert_eq!(axis.mark(-10, -10), "●·········│··········");
        assert_eq!(axis.mark(0, 0), "··········●··········");
        assert_eq!(axis.mark(2, 5), "··········│·────·····");
        assert_eq!(axis.bar(-5, 400), "·····━━━━━━━━━━━━━━━▸");
        assert_eq!(axis.mark(-500, -500), "◂·········│··········");
        assert_eq!(axis.empty().chars().count(), 21);
    }
}
