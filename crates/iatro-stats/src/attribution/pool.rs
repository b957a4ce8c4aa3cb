//! From the chains to the posterior.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::chain::{Chain, sizes};
use super::diagnostics::{Agreement, Series, limits, summary};
use super::error::AttributionError;
use super::layout::{Layout, Place};
use super::options::Options;
use super::overlap::{self, same_reports};
use super::reports::Reports;
use super::result::{
    BackgroundPosterior, CausePosterior, EventPosterior, GroupPosterior, Inseparable, Posterior,
};

/// Pools chains that were run on `reports` with `options`, in any order.
///
/// # Errors
/// [`AttributionError::ForeignChain`] if a chain is not one of them, is there twice or is missing.
pub fn pool(
    reports: &Reports,
    options: &Options,
    mut chains: Vec<Chain>,
) -> Result<Posterior, AttributionError> {
    options.check()?;
    let layout = Layout::new(reports, options);
    chains.sort_by_key(|chain| chain.number);
    check_chains(&layout, options, &chains)?;
    let pool = Pool { layout: &layout, options, chains: &chains };
    let events = pool.events();
    let (mut attributed, mut background) = (vec![0.0; layout.standing.len()], 0.0);
    for (event, shares) in reports.events().iter().zip(&events) {
        background += event.weight * shares.background;
        for (edge, share) in event.edges.iter().zip(&shares.edges) {
            if let Place::Standing(j) = layout.place[edge.cause] {
                attributed[j] += event.weight * share;
            }
        }
    }
    let classes = 0..layout.silent.len();
    let silent: Vec<CausePosterior> = classes.into_par_iter().map(|at| pool.silent(at)).collect();
    let place = |(j, place): (usize, &Place)| match *place {
        Place::Standing(dense) => pool.cause(reports.cause_events()[j], dense, attributed[dense]),
        Place::Silent(at) => silent[at],
    };
    let causes: Vec<CausePosterior> = layout.place.par_iter().enumerate().map(place).collect();
    Ok(Posterior {
        inseparable: pool.inseparable(reports, &attributed),
        causes,
        background: pool.background(background),
        groups: pool.groups(),
        events,
        chains: chains.len(),
        draws: chains.iter().map(|chain| chain.draws.count).sum(),
    })
}

/// Fails unless these are all chains of the layout and options, each once, by number.
pub(super) fn check_chains(
    layout: &Layout,
    options: &Options,
    chains: &[Chain],
) -> Result<(), AttributionError> {
    for number in 0..options.chains.max(chains.len()) {
        let fits = chains.get(number).is_some_and(|chain| {
            chain.number == number && chain.options == *options && chain.sizes == sizes(layout)
        });
        if !fits || number >= options.chains {
            return Err(AttributionError::ForeignChain { number });
        }
    }
    Ok(())
}

struct Pool<'a> {
    layout: &'a Layout,
    options: &'a Options,
    chains: &'a [Chain],
}

impl Pool<'_> {
    /// The draws of one number, `get` giving it from a chain and the number of the draw.
    fn series(&self, get: impl Fn(&Chain, usize) -> f64) -> Series {
        let of = |chain: &Chain| (0..chain.draws.count).map(|i| get(chain, i)).collect();
        self.chains.iter().map(of).collect()
    }

    /// The mean over chains.
    fn mean(&self, get: impl Fn(&Chain) -> f64) -> f64 {
        self.chains.iter().map(get).sum::<f64>() / self.chains.len() as f64
    }

    fn ln_lambda(&self, chain: &Chain, draw: usize, j: usize) -> f64 {
        f64::from(chain.draws.ln_lambda[draw * self.layout.standing.len() + j])
    }

    fn attributed(&self, chain: &Chain, draw: usize, j: usize) -> f64 {
        f64::from(chain.draws.attributed[draw * self.layout.standing.len() + j])
    }

    fn cause(&self, events: f64, j: usize, attributed: f64) -> CausePosterior {
        let ln_lambda = self.series(|chain, draw| self.ln_lambda(chain, draw, j));
        let cases = self.series(|chain, draw| self.attributed(chain, draw, j));
        let agreement =
            Agreement::of(&ln_lambda, self.options).and(Agreement::of(&cases, self.options));
        let (lambda_interval, attributed_interval) = intervals(agreement, &ln_lambda, &cases);
        let Agreement { r_hat, ess, converged } = agreement;
        CausePosterior {
            events,
            lambda: self.mean(|chain| chain.lambda[j]),
            lambda_interval,
            attributed,
            attributed_interval,
            active: self.mean(|chain| chain.active[j]),
            r_hat,
            ess,
            converged,
        }
    }

    fn silent(&self, at: usize) -> CausePosterior {
        let classes = self.layout.silent.len();
        let ln_lambda =
            self.series(|chain, draw| f64::from(chain.draws.silent[draw * classes + at]));
        let Agreement { r_hat, ess, converged } = Agreement::of(&ln_lambda, self.options);
        CausePosterior {
            events: 0.0,
            lambda: self.mean(|chain| chain.silent_lambda[at]),
            lambda_interval: if converged { exp(limits(&ln_lambda)) } else { None },
            attributed: 0.0,
            attributed_interval: converged.then_some((0.0, 0.0)),
            active: self.mean(|chain| chain.silent_active[at]),
            r_hat,
            ess,
            converged,
        }
    }

    fn background(&self, attributed: f64) -> BackgroundPosterior {
        let number = |at: usize| self.series(|chain, draw| chain.draws.background[draw][at]);
        let cells = &self.layout.cells;
        let levels = cells.count();
        let theta = |level: usize| {
            let series = self.series(|chain, draw| chain.draws.theta[draw * levels + level]);
            summary(&series, true, self.options)
        };
        let factor = |ends: &[usize]| (ends[0]..ends[1]).map(theta).collect();
        let mut cases = summary(&number(1), false, self.options);
        cases.mean = attributed;
        BackgroundPosterior {
            mu: summary(&number(0), true, self.options),
            theta: cells.offsets.windows(2).map(factor).collect(),
            attributed: cases,
        }
    }

    fn groups(&self) -> Vec<GroupPosterior> {
        let groups = self.layout.group_sizes.len();
        let number = |g: usize, at: usize| {
            let series = self.series(|chain, draw| chain.draws.groups[draw * groups + g][at]);
            summary(&series, true, self.options)
        };
        (0..groups)
            .map(|g| GroupPosterior { pi: number(g, 0), active_mean: number(g, 1) })
            .collect()
    }

    fn events(&self) -> Vec<EventPosterior> {
        let events = &self.layout.events;
        let mut result = vec![EventPosterior { background: 0.0, edges: Vec::new() }; events.len()];
        for (r, &source) in events.source.iter().enumerate() {
            let edges = events.start[r]..events.start[r + 1];
            result[source] = EventPosterior {
                background: self.mean(|chain| chain.event_background[r]),
                edges: edges.map(|e| self.mean(|chain| chain.event_edges[e])).collect(),
            };
        }
        result
    }

    /// Sets of causes on the same event reports, then those whose event reports overlap, each by the
    /// first cause. What overlaps with a set of the first kind takes it in.
    fn inseparable(&self, reports: &Reports, attributed: &[f64]) -> Vec<Inseparable> {
        let same = same_reports(self.layout);
        let mut sets: Vec<Inseparable> =
            same.iter().map(|set| self.set(reports, set, true, attributed)).collect();
        let taken: BTreeSet<usize> = same.iter().flatten().copied().collect();
        let alone: Vec<usize> =
            (0..self.layout.standing.len()).filter(|j| !taken.contains(j)).collect();
        let mut undecided: Vec<&[usize]> = same.iter().map(Vec::as_slice).collect();
        undecided.extend(alone.chunks(1));
        // Chains that went different ways are the plainest case, so that agreement is not asked for here.
        let could_be_none_or_several = |(low, high): (f64, f64)| low <= 1.0 && high >= 2.0;
        let is_undecided =
            |unit: &&[usize]| limits(&self.cases(unit)).is_some_and(could_be_none_or_several);
        undecided = undecided.into_par_iter().filter(is_undecided).collect();
        undecided.sort_unstable();
        let cases = |unit: &[usize]| self.cases(unit).concat();
        let mut overlapping: Vec<Inseparable> = overlap::sets(self.layout, &undecided, cases)
            .iter()
            .map(|set| self.set(reports, set, false, attributed))
            .collect();
        overlapping.retain(|set| set.attributed_interval.is_some_and(|(lower, _)| lower > 1.0));
        sets.retain(|set| !overlapping.iter().any(|of| of.causes.contains(&set.causes[0])));
        sets.extend(overlapping);
        sets
    }

    /// Attributed cases of several standing causes together.
    fn cases(&self, set: &[usize]) -> Series {
        self.series(|chain, draw| set.iter().map(|&j| self.attributed(chain, draw, j)).sum())
    }

    fn set(
        &self,
        reports: &Reports,
        set: &[usize],
        same_reports: bool,
        attributed: &[f64],
    ) -> Inseparable {
        let ln_lambda = self.series(|chain, draw| {
            set.iter().map(|&j| self.ln_lambda(chain, draw, j).exp()).sum::<f64>().ln()
        });
        let cases = self.cases(set);
        let agreement =
            Agreement::of(&ln_lambda, self.options).and(Agreement::of(&cases, self.options));
        let (lambda_interval, attributed_interval) = intervals(agreement, &ln_lambda, &cases);
        let Agreement { r_hat, ess, converged } = agreement;
        let causes: Vec<usize> = set.iter().map(|&j| self.layout.standing.cause[j]).collect();
        Inseparable {
            exposed: causes.iter().map(|&j| reports.causes()[j].exposed).collect(),
            events: overlap::events(self.layout, set),
            causes,
            same_reports,
            lambda: self.mean(|chain| set.iter().map(|&j| chain.lambda[j]).sum()),
            lambda_interval,
            attributed: set.iter().map(|&j| attributed[j]).sum(),
            attributed_interval,
            r_hat,
            ess,
            converged,
        }
    }
}

type Limits = Option<(f64, f64)>;

/// Limits of lambda and of the cases, if the chains agree.
fn intervals(agreement: Agreement, ln_lambda: &Series, cases: &Series) -> (Limits, Limits) {
    if agreement.converged { (exp(limits(ln_lambda)), limits(cases)) } else { (None, None) }
}

fn exp(limits: Limits) -> Limits {
    limits.map(|(lower, upper)| (lower.exp(), upper.exp()))
}
