//! Expected arrivals on the event reports.

use crate::attribution::layout::Layout;
use crate::attribution::state::State;

/// Expected arrivals by standing cause and by cell.
#[derive(Debug, Clone)]
pub(super) struct Arrivals {
    pub(super) causes: Vec<f64>,
    pub(super) cells: Vec<f64>,
}

impl Arrivals {
    pub(super) fn new(layout: &Layout) -> Self {
        let (causes, cells) = (layout.standing.len(), layout.cells.full.len());
        Self { causes: vec![0.0; causes], cells: vec![0.0; cells] }
    }

    /// Fills in the expected arrivals and returns the log likelihood of the event reports, the sum of
    /// w ln(1 - e^-h).
    pub(super) fn expect(&mut self, layout: &Layout, state: &State) -> f64 {
        let events = &layout.events;
        self.causes.fill(0.0);
        self.cells.fill(0.0);
        // Logarithms are dear: factors are multiplied as long as they fit.
        let (mut log, mut product) = (0.0, 1.0);
        for r in 0..events.len() {
            let cell = events.cell[r] as usize;
            let h = events.hazard(r, &state.lambda, &state.hazard);
            let inverse = inverse(h);
            if r < events.whole && inverse < 1e100 {
                product *= inverse;
                if product > 1e200 {
                    log -= f64::ln(product);
                    product = 1.0;
                }
            } else {
                log -= events.weight[r] * inverse.ln();
            }
            let share = events.weight[r] * inverse;
            self.cells[cell] += share * state.hazard[cell];
            let (causes, factors) = events.edges(r);
            for (&j, g) in causes.iter().zip(factors) {
                self.causes[j as usize] += share * g * state.lambda[j as usize];
            }
        }
        log - f64::ln(product)
    }
}

/// 1 / (1 - e^-h).
fn inverse(h: f64) -> f64 {
    if h < 0.02 {
        // Bernoulli numbers; the next term is h^6 / 30240.
        let square = h * h;
        return (1.0 + h * 0.5 + square * (1.0 / 12.0 - square / 720.0)) / h;
    }
    -1.0 / (-h).exp_m1()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_meets_the_formula() {
        for h in [1e-12_f64, 1e-5, 0.01, 0.0199, 0.0201, 1.0, 50.0] {
            let expected = -1.0 / (-h).exp_m1();
            assert!((inverse(h) / expected - 1.0).abs() < 1e-14, "{h}");
        }
    }
}
