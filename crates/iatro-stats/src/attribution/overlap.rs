//! Causes that the event reports do not tell apart.

use super::layout::Layout;

/// Causes are told apart badly if at least this share of the event reports of the one with fewer names both, ...
const SHARED: f64 = 0.5;
/// ... and the more cases the one has in a draw, the fewer the other has.
const CORRELATION: f64 = -0.5;

/// Sets of two or more standing causes on exactly the same event reports, by the first of each.
pub(super) fn same_reports(layout: &Layout) -> Vec<Vec<usize>> {
    let standing = &layout.standing;
    let mut order: Vec<usize> = (0..standing.len()).collect();
    order.sort_by(|&a, &b| standing.on(a).0.cmp(standing.on(b).0).then(a.cmp(&b)));
    let mut sets: Vec<Vec<usize>> = order
        .chunk_by(|&a, &b| standing.on(a).0 == standing.on(b).0)
        .filter(|set| set.len() > 1)
        .map(<[usize]>::to_vec)
        .collect();
    sets.sort_by_key(|set| set[0]);
    sets
}

/// Sets of `undecided` units that overlap and exchange cases, directly or through others of the set, as the
/// members of all their units, ascending. A unit is one cause, or several on the same event reports. `cases`
/// gives the attributed cases of a unit in every draw.
pub(super) fn sets(
    layout: &Layout,
    undecided: &[&[usize]],
    cases: impl Fn(&[usize]) -> Vec<f64>,
) -> Vec<Vec<usize>> {
    let draws: Vec<Vec<f64>> = undecided.iter().map(|unit| cases(unit)).collect();
    // The set of a unit, as the place of its first one.
    let mut set: Vec<usize> = (0..undecided.len()).collect();
    for a in 0..undecided.len() {
        for b in a + 1..undecided.len() {
            // Every cause of a unit stands for its event reports.
            let together = shared(layout, undecided[a][0], undecided[b][0]) >= SHARED;
            if together && set[a] != set[b] && correlation(&draws[a], &draws[b]) < CORRELATION {
                let (kept, gone) = (set[a].min(set[b]), set[a].max(set[b]));
                set.iter_mut().filter(|of| **of == gone).for_each(|of| *of = kept);
            }
        }
    }
    let members = |first: usize| -> Vec<usize> {
        let units: Vec<usize> = (0..undecided.len()).filter(|&at| set[at] == first).collect();
        let several = if units.len() > 1 { units } else { Vec::new() };
        let mut causes: Vec<usize> =
            several.into_iter().flat_map(|at| undecided[at].iter().copied()).collect();
        causes.sort_unstable();
        causes
    };
    (0..undecided.len()).map(members).filter(|set| !set.is_empty()).collect()
}

/// Event reports that name any cause of a set (weighted).
pub(super) fn events(layout: &Layout, set: &[usize]) -> f64 {
    let mut reports: Vec<u32> =
        set.iter().flat_map(|&j| layout.standing.on(j).0.iter().copied()).collect();
    reports.sort_unstable();
    reports.dedup();
    reports.into_iter().map(|r| layout.events.weight[r as usize]).sum()
}

/// The share of the event reports of the cause with fewer that name both.
fn shared(layout: &Layout, one: usize, other: usize) -> f64 {
    let (a, b) = (layout.standing.on(one).0, layout.standing.on(other).0);
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let both = few.iter().filter(|r| many.binary_search(r).is_ok()).count();
    both as f64 / few.len().max(1) as f64
}

/// Pearson's correlation; 0 where one of the two does not vary.
fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len().min(y.len()) as f64;
    let (mean_x, mean_y) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (a, b) in x.iter().zip(y) {
        let (a, b) = (a - mean_x, b - mean_y);
        (xx, yy, xy) = (xx + a * a, yy + b * b, xy + a * b);
    }
    if xx > 0.0 && yy > 0.0 { xy / (xx * yy).sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlation_is_that_of_the_book() {
        // Sums of squares 10 and 2, of products 4.
        let (x, y) = ([1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 2.0, 2.0, 3.0]);
        assert!((correlation(&x, &y) - 4.0 / 20.0_f64.sqrt()).abs() < 1e-12);
        let minus: Vec<f64> = y.iter().map(|v| -v).collect();
        assert!((correlation(&x, &minus) + 4.0 / 20.0_f64.sqrt()).abs() < 1e-12);
        assert_eq!(correlation(&x, &[2.0; 5]), 0.0);
    }
}
