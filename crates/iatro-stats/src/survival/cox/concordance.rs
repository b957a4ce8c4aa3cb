//! Concordance of the linear predictor with the order of events.

use super::super::Interval;
use super::super::limits::z_of;
use super::Cox;
use super::design::Stratum;
use crate::DomainError;

/// How often, of two subjects, the one with the larger linear predictor has the event first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Concordance {
    /// Share of concordant pairs, those with equal predictors counted by half: 0.5 for no better than
    /// chance, 1 for perfect order.
    pub index: f64,
    /// Its standard error (infinitesimal jackknife); `None` where all subjects contribute alike.
    pub standard_error: Option<f64>,
    /// Weight of concordant pairs.
    pub concordant: f64,
    /// Weight of discordant pairs.
    pub discordant: f64,
    /// Weight of pairs with equal predictors.
    pub tied: f64,
}

impl Concordance {
    /// Returns normal limits at `level` (0.95, not 95), cut at 0 and 1; `None` without a standard
    /// error.
    ///
    /// # Errors
    /// [`DomainError`] if the level is out of range.
    pub fn limits(&self, level: f64) -> Result<Option<Interval>, DomainError> {
        let z = z_of("Concordance::limits", level)?;
        Ok(self.standard_error.map(|se| Interval {
            lower: (self.index - z * se).max(0.0),
            upper: (self.index + z * se).min(1.0),
        }))
    }
}

/// Pairs, by their agreement.
#[derive(Clone, Copy, Default)]
struct Pairs {
    concordant: f64,
    discordant: f64,
    tied: f64,
}

impl Pairs {
    fn add(&mut self, times: f64, other: Self) {
        self.concordant += times * other.concordant;
        self.discordant += times * other.discordant;
        self.tied += times * other.tied;
    }

    fn all(&self) -> f64 {
        self.concordant + self.discordant + self.tied
    }

    fn agreeing(&self) -> f64 {
        self.concordant + 0.5 * self.tied
    }
}

impl Cox {
    /// Returns the concordance index of the model; `None` if no two subjects can be compared, or a
    /// coefficient tends to infinity.
    ///
    /// Two subjects of a stratum are compared if one has its event while the other is at risk and
    /// goes on without (a subject censored at that time does). Pairs weigh the product of the
    /// weights. As R's `concordance(coxph)`. Sources: Harrell et al. 1982, J Am Med Assoc
    /// 247:2543-2546; Therneau and Watson 2017, *The Concordance Statistic and the Cox Model*.
    #[must_use]
    pub fn concordance(&self) -> Option<Concordance> {
        if !self.has_maximum() {
            return None;
        }
        let mut sum = Pairs::default();
        let mut own: Vec<(f64, Pairs)> = Vec::new();
        for stratum in &self.design.strata {
            let ranks = Ranks::new(&stratum.linear_predictors(&self.fit.beta));
            let mut pairs = as_first(stratum, &ranks);
            for (row, pairs) in stratum.rows.iter().zip(&pairs) {
                sum.add(row.weight, *pairs);
            }
            as_second(stratum, &ranks, &mut pairs);
            own.extend(stratum.rows.iter().map(|row| row.weight).zip(pairs));
        }
        let total = sum.all();
        let index = Some(sum.agreeing() / total).filter(|index| index.is_finite())?;
        let influence =
            |(w, p): &(f64, Pairs)| (w * (p.agreeing() - index * p.all()) / total).powi(2);
        let standard_error = own.iter().map(influence).sum::<f64>().sqrt();
        Some(Concordance {
            index,
            standard_error: (standard_error > 1e-12).then_some(standard_error),
            concordant: sum.concordant,
            discordant: sum.discordant,
            tied: sum.tied,
        })
    }
}

/// Linear predictors replaced by their ranks, from 1; equal ones share a rank.
struct Ranks {
    of: Vec<usize>,
    largest: usize,
}

impl Ranks {
    fn new(predictors: &[f64]) -> Self {
        let mut order: Vec<usize> = (0..predictors.len()).collect();
        order.sort_by(|&a, &b| predictors[a].total_cmp(&predictors[b]));
        let mut of = vec![0; predictors.len()];
        let mut largest = 0;
        for tied in order.chunk_by(|&a, &b| predictors[a] == predictors[b]) {
            largest += 1;
            tied.iter().for_each(|&i| of[i] = largest);
        }
        Self { of, largest }
    }
}

/// Weights by rank, with running sums in O(log n) (Fenwick 1994, Softw Pract Exp 24:327-336).
struct Weights {
    tree: Vec<f64>,
    at: Vec<f64>,
    total: f64,
    /// Weight of all that ever came in: what rounding is measured by.
    ever: f64,
}

impl Weights {
    fn new(ranks: &Ranks) -> Self {
        let zeros = vec![0.0; ranks.largest + 1];
        Self { tree: zeros.clone(), at: zeros, total: 0.0, ever: 0.0 }
    }

    fn add(&mut self, rank: usize, weight: f64) {
        self.at[rank] += weight;
        self.total += weight;
        self.ever += weight.abs();
        let mut i = rank;
        while i < self.tree.len() {
            self.tree[i] += weight;
            i += i & i.wrapping_neg();
        }
    }

    /// Weight below a rank, at it, above it.
    fn around(&self, rank: usize) -> [f64; 3] {
        let (mut below, mut i) = (0.0, rank - 1);
        while i > 0 {
            below += self.tree[i];
            i -= i & i.wrapping_neg();
        }
        let above = self.total - below - self.at[rank];
        // Fractions that came and went leave a rounding, which is nobody.
        [below, self.at[rank], above].map(|w| if w > 1e-12 * self.ever { w } else { 0.0 })
    }
}

/// For each subject with an event, the pairs in which it comes first.
fn as_first(stratum: &Stratum, ranks: &Ranks) -> Vec<Pairs> {
    let mut pairs = vec![Pairs::default(); stratum.rows.len()];
    let mut going_on = Weights::new(ranks);
    for moment in stratum.moments.iter().rev() {
        for &i in &stratum.entries[moment.entries.clone()] {
            going_on.add(ranks.of[i], -stratum.rows[i].weight);
        }
        let (events, censored): (Vec<usize>, Vec<usize>) =
            moment.rows.clone().partition(|&i| stratum.rows[i].is_event());
        censored.iter().for_each(|&i| going_on.add(ranks.of[i], stratum.rows[i].weight));
        for &i in &events {
            let [concordant, tied, discordant] = going_on.around(ranks.of[i]);
            pairs[i] = Pairs { concordant, discordant, tied };
        }
        events.iter().for_each(|&i| going_on.add(ranks.of[i], stratum.rows[i].weight));
    }
    pairs
}

/// Adds, for each subject, the pairs in which it comes second: events after its entry, and before
/// its own time (or at it, if it is censored).
fn as_second(stratum: &Stratum, ranks: &Ranks, pairs: &mut [Pairs]) {
    let mut gone = Weights::new(ranks);
    let mut count = |gone: &Weights, i: usize, times: f64| {
        let [discordant, tied, concordant] = gone.around(ranks.of[i]);
        pairs[i].add(times, Pairs { concordant, discordant, tied });
    };
    for moment in &stratum.moments {
        let (events, censored): (Vec<usize>, Vec<usize>) =
            moment.rows.clone().partition(|&i| stratum.rows[i].is_event());
        events.iter().for_each(|&i| count(&gone, i, 1.0));
        events.iter().for_each(|&i| gone.add(ranks.of[i], stratum.rows[i].weight));
        censored.iter().for_each(|&i| count(&gone, i, 1.0));
        stratum.entries[moment.entries.clone()].iter().for_each(|&i| count(&gone, i, -1.0));
    }
}
