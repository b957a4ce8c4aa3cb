//! One pass over a stratum: partial likelihood, score and information, event time by event time.

use super::super::cohort::Moment;
use super::Ties;
use super::design::{Design, Stratum};
use crate::numeric::maximise::Local;

/// What an event time contributes.
pub(super) struct Death<'a> {
    pub(super) moment: &'a Moment,
    /// Contribution to the log partial likelihood.
    pub(super) value: f64,
    /// Contribution to the score: covariates of the events less their expectation.
    pub(super) score: &'a [f64],
    /// Contribution to the information: lower triangle, row by row.
    pub(super) information: &'a [f64],
    /// Jump of the cumulative hazard of a subject whose linear predictor is `shift`.
    pub(super) hazard: f64,
    pub(super) shift: f64,
}

/// Log partial likelihood, gradient and Hessian of all strata at `beta`.
pub(super) fn local(design: &Design, beta: &[f64], ties: Ties) -> Local {
    let size = beta.len();
    let mut value = 0.0;
    let mut gradient = vec![0.0; size];
    let mut packed = vec![0.0; size * (size + 1) / 2];
    for stratum in &design.strata {
        sweep(stratum, beta, ties, |death| {
            value += death.value;
            add(&mut gradient, 1.0, death.score);
            add(&mut packed, 1.0, death.information);
        });
    }
    let hessian = unpacked(&packed, size).into_iter().map(|information| -information).collect();
    Local { value, gradient, hessian }
}

pub(super) fn add(to: &mut [f64], times: f64, from: &[f64]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += times * from;
    }
}

/// The symmetric matrix of a lower triangle, row by row.
pub(super) fn unpacked(packed: &[f64], size: usize) -> Vec<f64> {
    let mut full = vec![0.0; size * size];
    let places = (0..size).flat_map(|i| (0..=i).map(move |j| (i, j)));
    for ((i, j), value) in places.zip(packed) {
        full[i * size + j] = *value;
        full[j * size + i] = *value;
    }
    full
}

/// Weighted sums over a set of subjects: of exp(x' beta), and of it times x and x x'.
#[derive(Clone)]
struct Sums {
    s0: f64,
    s1: Vec<f64>,
    /// Lower triangle.
    s2: Vec<f64>,
}

impl Sums {
    fn new(size: usize) -> Self {
        Self { s0: 0.0, s1: vec![0.0; size], s2: vec![0.0; size * (size + 1) / 2] }
    }

    fn clear(&mut self) {
        self.s0 = 0.0;
        self.s1.fill(0.0);
        self.s2.fill(0.0);
    }

    fn add(&mut self, risk: f64, x: &[f64]) {
        self.s0 += risk;
        let mut s2 = self.s2.iter_mut();
        for (i, (s1, &x_i)) in self.s1.iter_mut().zip(x).enumerate() {
            let part = risk * x_i;
            *s1 += part;
            for (&x_j, s2) in x[..=i].iter().zip(&mut s2) {
                *s2 += part * x_j;
            }
        }
    }
}

/// Buffers of the event time at hand.
struct Event {
    dead: Sums,
    value: f64,
    weight: f64,
    count: usize,
    score: Vec<f64>,
    information: Vec<f64>,
    mean: Vec<f64>,
    hazard: f64,
}

impl Event {
    fn new(size: usize) -> Self {
        let information = vec![0.0; size * (size + 1) / 2];
        let [score, mean] = [(); 2].map(|()| vec![0.0; size]);
        let dead = Sums::new(size);
        Self { dead, value: 0.0, weight: 0.0, count: 0, score, information, mean, hazard: 0.0 }
    }

    fn clear(&mut self) {
        self.dead.clear();
        self.score.fill(0.0);
        self.information.fill(0.0);
        (self.value, self.weight, self.count, self.hazard) = (0.0, 0.0, 0, 0.0);
    }

    fn add(&mut self, weight: f64, predictor: f64, risk: f64, x: &[f64]) {
        self.dead.add(risk, x);
        self.value += weight * predictor;
        add(&mut self.score, weight, x);
        self.weight += weight;
        self.count += 1;
    }

    /// Takes off what was expected. Efron takes tied events one after the other, each with its share of
    /// the others gone; Breslow as if all had been at risk throughout.
    fn settle(&mut self, at_risk: &Sums, ties: Ties) {
        let each = self.weight / self.count as f64;
        match ties {
            Ties::Breslow => self.expect(at_risk, 0.0, self.weight),
            Ties::Efron => {
                for k in 0..self.count {
                    self.expect(at_risk, k as f64 / self.count as f64, each);
                }
            }
        }
    }

    fn expect(&mut self, all: &Sums, gone: f64, weight: f64) {
        let s0 = all.s0 - gone * self.dead.s0;
        self.value -= weight * s0.ln();
        self.hazard += weight / s0;
        for ((mean, all), dead) in self.mean.iter_mut().zip(&all.s1).zip(&self.dead.s1) {
            *mean = (all - gone * dead) / s0;
        }
        add(&mut self.score, -weight, &self.mean);
        let mut sums = self.information.iter_mut().zip(all.s2.iter().zip(&self.dead.s2));
        for (i, m_i) in self.mean.iter().enumerate() {
            for (m_j, (information, (all, dead))) in self.mean[..=i].iter().zip(&mut sums) {
                *information += weight * ((all - gone * dead) / s0 - m_i * m_j);
            }
        }
    }
}

/// The sums over those at risk, while time runs backwards.
struct AtRisk<'a> {
    stratum: &'a Stratum,
    size: usize,
    /// exp(x' beta - shift) times weight, row by row.
    risk: Vec<f64>,
    sums: Sums,
    count: usize,
    /// Largest `s0` since the sums were last taken afresh.
    peak: f64,
    /// Rows that have left; empty without late entries.
    left: Vec<bool>,
}

impl<'a> AtRisk<'a> {
    fn new(stratum: &'a Stratum, size: usize, predictors: &[f64], shift: f64) -> Self {
        let pairs = stratum.rows.iter().zip(predictors);
        let risk = pairs.map(|(row, predictor)| row.weight * (predictor - shift).exp()).collect();
        let rows = if stratum.entries.is_empty() { 0 } else { stratum.rows.len() };
        let (sums, left) = (Sums::new(size), vec![false; rows]);
        Self { stratum, size, risk, sums, count: 0, peak: 0.0, left }
    }

    fn x(&self, i: usize) -> &'a [f64] {
        &self.stratum.x[i * self.size..(i + 1) * self.size]
    }

    fn join(&mut self, i: usize) {
        let x = self.x(i);
        self.sums.add(self.risk[i], x);
        self.count += 1;
    }

    /// Takes out those who had not entered at this moment.
    fn leave(&mut self, moment: &Moment) {
        if moment.entries.is_empty() {
            return;
        }
        self.peak = self.peak.max(self.sums.s0);
        for &i in &self.stratum.entries[moment.entries.clone()] {
            let x = self.x(i);
            self.sums.add(-self.risk[i], x);
            self.left[i] = true;
        }
        self.count -= moment.entries.len();
        // What is left of a sum much larger is mostly rounding.
        if self.count == 0 || self.sums.s0 < 1e-4 * self.peak {
            self.afresh(moment.rows.end);
        }
    }

    fn afresh(&mut self, from: usize) {
        self.sums.clear();
        let rows = if self.count == 0 { 0..0 } else { from..self.stratum.rows.len() };
        for i in rows {
            if !self.left[i] {
                let x = self.x(i);
                self.sums.add(self.risk[i], x);
            }
        }
        self.peak = self.sums.s0;
    }
}

/// Walks the times of a stratum backwards and shows each at which there are events.
pub(super) fn sweep(
    stratum: &Stratum,
    beta: &[f64],
    ties: Ties,
    mut visit: impl FnMut(&Death<'_>),
) {
    let size = beta.len();
    let predictors = stratum.linear_predictors(beta);
    let shift = predictors.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut at_risk = AtRisk::new(stratum, size, &predictors, shift);
    let mut event = Event::new(size);
    for moment in stratum.moments.iter().rev() {
        at_risk.leave(moment);
        event.clear();
        for i in moment.rows.clone() {
            at_risk.join(i);
            let row = &stratum.rows[i];
            if row.is_event() {
                event.add(row.weight, predictors[i] - shift, at_risk.risk[i], at_risk.x(i));
            }
        }
        if event.count > 0 {
            event.settle(&at_risk.sums, ties);
            let Event { value, ref score, ref information, hazard, .. } = event;
            visit(&Death { moment, value, score, information, hazard, shift });
        }
    }
}
