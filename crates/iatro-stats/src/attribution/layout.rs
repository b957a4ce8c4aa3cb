//! The reports in the order in which a sweep reads them.

use super::options::Options;
use super::reports::Reports;

/// Everything that stays as it is during a run.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// Causes on at least one event report, numbered anew.
    pub(super) standing: Standing,
    /// Causes on none, joined by group and exposure.
    pub(super) silent: Vec<Silent>,
    /// Where each cause of the input went.
    pub(super) place: Vec<Place>,
    pub(super) events: Events,
    pub(super) cells: Cells,
    /// Causes of every group.
    pub(super) group_sizes: Vec<f64>,
    pub(super) priors: Priors,
}

/// Causes on at least one event report.
#[derive(Debug, Clone, Default)]
pub(super) struct Standing {
    /// Position in the input.
    pub(super) cause: Vec<usize>,
    pub(super) group: Vec<usize>,
    /// Reports without the event.
    pub(super) without: Vec<f64>,
    /// ... and event reports of weight 1, by factor.
    pub(super) exposure: Vec<f64>,
    /// ... and all event reports, by factor and weight.
    pub(super) full: Vec<f64>,
    /// Event reports of cause j, as positions in [`Events`], at `reports[start[j]..start[j + 1]]`.
    pub(super) start: Vec<usize>,
    pub(super) reports: Vec<u32>,
    /// ... and its factors there.
    pub(super) factor: Vec<f64>,
}

/// Causes of one group and one exposure on no event report.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Silent {
    pub(super) group: usize,
    pub(super) exposed: f64,
    pub(super) count: u32,
}

/// Where a cause of the input went.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    Standing(usize),
    Silent(usize),
}

/// Event reports, those of weight 1 first.
#[derive(Debug, Clone, Default)]
pub(super) struct Events {
    /// Position in the input.
    pub(super) source: Vec<usize>,
    /// How many have weight 1.
    pub(super) whole: usize,
    /// Edges of report r are `start[r]..start[r + 1]`.
    pub(super) start: Vec<usize>,
    pub(super) cause: Vec<u32>,
    pub(super) factor: Vec<f64>,
    pub(super) cell: Vec<u32>,
    pub(super) weight: Vec<f64>,
    /// Whether every factor is 1.
    pub(super) unit: bool,
    pub(super) fours: Fours,
}

/// The edges of the event reports of weight 1 in fours, filled up with a cause that is none: most reports
/// have one four, so a sweep seldom errs in how many are still to come.
#[derive(Debug, Clone, Default)]
pub(super) struct Fours {
    /// The fours of report r are `start[r]..start[r + 1]`, one at least.
    pub(super) start: Vec<u32>,
    pub(super) cause: Vec<[u32; 4]>,
    /// 0 where there is no cause; empty if every factor is 1.
    pub(super) factor: Vec<[f64; 4]>,
}

impl Fours {
    /// The edges of events; `none` is a number that no cause has.
    fn new(events: &Events, none: u32) -> Self {
        let mut fours = Self { start: vec![0], ..Self::default() };
        for r in 0..events.whole {
            let (causes, factors) = events.edges(r);
            for four in 0..causes.len().div_ceil(4).max(1) {
                let edge = |at: usize| (causes.get(4 * four + at), factors.get(4 * four + at));
                let edges = [0, 1, 2, 3].map(edge);
                fours.cause.push(edges.map(|(cause, _)| cause.copied().unwrap_or(none)));
                if !events.unit {
                    fours.factor.push(edges.map(|(_, factor)| factor.copied().unwrap_or(0.0)));
                }
            }
            fours.start.push(fours.cause.len() as u32);
        }
        fours
    }
}

/// Strata of the background.
#[derive(Debug, Clone, Default)]
pub(super) struct Cells {
    /// First number of every factor's levels, and their number altogether.
    pub(super) offsets: Vec<usize>,
    /// Levels of cell c, numbered over all factors, at `levels[c * factors..]`.
    pub(super) levels: Vec<u32>,
    /// Reports without the event.
    pub(super) without: Vec<f64>,
    /// ... and event reports of weight 1.
    pub(super) exposure: Vec<f64>,
    /// All reports.
    pub(super) full: Vec<f64>,
}

/// The priors in numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Priors {
    pub(super) theta: f64,
    pub(super) mu_shape: f64,
    pub(super) mu_rate: f64,
    pub(super) active_shape: f64,
    pub(super) null_rate: f64,
    pub(super) pi: (f64, f64),
    pub(super) rate_shape: f64,
    pub(super) rate_rate: f64,
}

impl Layout {
    pub(super) fn new(reports: &Reports, options: &Options) -> Self {
        let (place, silent, cause) = places(reports);
        let events = Events::new(reports, &place, cause.len());
        let standing = Standing::new(reports, &events, cause);
        let mut group_sizes = vec![0.0; reports.groups()];
        for cause in reports.causes() {
            group_sizes[cause.group] += 1.0;
        }
        let cells = Cells::new(reports);
        let all: f64 = cells.full.iter().sum();
        let named: f64 = reports.causes().iter().map(|cause| cause.exposed).sum();
        let priors = Priors::new(options, reports.crude_rate(), named / all);
        Self { standing, silent, place, events, cells, group_sizes, priors }
    }
}

/// Parts the causes; silent ones are joined in the order of group and exposure.
fn places(reports: &Reports) -> (Vec<Place>, Vec<Silent>, Vec<usize>) {
    let causes = reports.causes();
    let (standing, mut quiet): (Vec<usize>, Vec<usize>) =
        (0..causes.len()).partition(|&j| reports.cause_events()[j] > 0.0);
    let key = |j: usize| (causes[j].group, causes[j].exposed);
    quiet.sort_by(|&a, &b| {
        key(a).0.cmp(&key(b).0).then(key(a).1.total_cmp(&key(b).1)).then(a.cmp(&b))
    });
    let mut place = vec![Place::Silent(0); causes.len()];
    for (dense, &j) in standing.iter().enumerate() {
        place[j] = Place::Standing(dense);
    }
    let mut silent: Vec<Silent> = Vec::new();
    for j in quiet {
        let (group, exposed) = key(j);
        match silent.last_mut() {
            Some(last) if (last.group, last.exposed) == (group, exposed) => last.count += 1,
            _ => silent.push(Silent { group, exposed, count: 1 }),
        }
        place[j] = Place::Silent(silent.len() - 1);
    }
    (place, silent, standing)
}

impl Events {
    /// `causes` are those that stand on an event report.
    fn new(reports: &Reports, place: &[Place], causes: usize) -> Self {
        let input = reports.events();
        let (whole, part): (Vec<usize>, Vec<usize>) =
            (0..input.len()).partition(|&r| input[r].weight >= 1.0);
        let mut events = Self { whole: whole.len(), start: vec![0], unit: true, ..Self::default() };
        for r in whole.into_iter().chain(part) {
            let event = &input[r];
            events.source.push(r);
            events.cell.push(event.stratum as u32);
            events.weight.push(event.weight);
            for edge in &event.edges {
                // A cause on an event report is a standing one.
                if let Place::Standing(dense) = place[edge.cause] {
                    events.cause.push(dense as u32);
                    events.factor.push(edge.factor);
                    events.unit &= edge.factor == 1.0;
                }
            }
            events.start.push(events.cause.len());
        }
        events.fours = Fours::new(&events, causes as u32);
        events
    }

    /// Causes and factors of report `r`.
    pub(super) fn edges(&self, r: usize) -> (&[u32], &[f64]) {
        let range = self.start[r]..self.start[r + 1];
        (&self.cause[range.clone()], &self.factor[range])
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.source.len()
    }

    /// Hazard of report `r`.
    pub(super) fn hazard(&self, r: usize, lambda: &[f64], hazard: &[f64]) -> f64 {
        let (causes, factors) = self.edges(r);
        let edges = causes.iter().zip(factors).map(|(&j, g)| g * lambda[j as usize]);
        hazard[self.cell[r] as usize] + edges.sum::<f64>()
    }
}

impl Standing {
    fn new(reports: &Reports, events: &Events, cause: Vec<usize>) -> Self {
        let count = cause.len();
        let group = cause.iter().map(|&j| reports.causes()[j].group).collect();
        let without: Vec<f64> = cause
            .iter()
            .map(|&j| (reports.causes()[j].exposed - reports.cause_events()[j]).max(0.0))
            .collect();
        let (mut exposure, mut full) = (without.clone(), without.clone());
        let mut start = vec![0; count + 1];
        for r in 0..events.len() {
            let (causes, factors) = events.edges(r);
            for (&j, &g) in causes.iter().zip(factors) {
                let j = j as usize;
                start[j + 1] += 1;
                full[j] += events.weight[r] * g;
                exposure[j] += if r < events.whole { g } else { 0.0 };
            }
        }
        for j in 0..count {
            start[j + 1] += start[j];
        }
        let (mut next, edges) = (start.clone(), events.cause.len());
        let (mut on, mut factor) = (vec![0; edges], vec![0.0; edges]);
        for r in 0..events.len() {
            let (causes, factors) = events.edges(r);
            for (&j, &g) in causes.iter().zip(factors) {
                let at = &mut next[j as usize];
                (on[*at], factor[*at]) = (r as u32, g);
                *at += 1;
            }
        }
        Self { cause, group, without, exposure, full, start, reports: on, factor }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.cause.len()
    }

    /// Event reports of cause `j`, ascending, and its factors there.
    pub(super) fn on(&self, j: usize) -> (&[u32], &[f64]) {
        let range = self.start[j]..self.start[j + 1];
        (&self.reports[range.clone()], &self.factor[range])
    }
}

impl Cells {
    fn new(reports: &Reports) -> Self {
        let mut offsets = vec![0];
        for &levels in reports.factors() {
            offsets.push(offsets.last().copied().unwrap_or(0) + levels);
        }
        let strata = reports.strata();
        let number = |(k, &level): (usize, &usize)| (offsets[k] + level) as u32;
        let levels = strata.iter().flat_map(|s| s.levels.iter().enumerate().map(number)).collect();
        let full: Vec<f64> = strata.iter().map(|stratum| stratum.reports).collect();
        let mut exposure = full.clone();
        for event in reports.events().iter().filter(|event| event.weight < 1.0) {
            let cell = &mut exposure[event.stratum];
            *cell = (*cell - event.weight).max(0.0);
        }
        let events = reports.stratum_events();
        let without = full.iter().zip(events).map(|(all, n)| (all - n).max(0.0)).collect();
        Self { offsets, levels, without, exposure, full }
    }

    /// Stratifying factors.
    pub(super) fn factors(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Levels of all factors.
    pub(super) fn count(&self) -> usize {
        self.offsets.last().copied().unwrap_or(0)
    }

    /// Levels of cell `c`.
    pub(super) fn of(&self, c: usize) -> &[u32] {
        &self.levels[c * self.factors()..(c + 1) * self.factors()]
    }

    /// mu and theta with the mean of each factor over all reports at 1. Only their products are known
    /// from the data; this is the form in which they are given.
    pub(super) fn standardised(&self, mu: f64, theta: &[f64]) -> (f64, Vec<f64>) {
        let (mut mu, mut theta) = (mu, theta.to_vec());
        let reports: f64 = self.full.iter().sum();
        for k in 0..self.factors() {
            let at = |c: usize| self.full[c] * theta[self.of(c)[k] as usize];
            let mean = (0..self.full.len()).map(at).sum::<f64>() / reports;
            mu *= mean;
            theta[self.offsets[k]..self.offsets[k + 1]].iter_mut().for_each(|theta| *theta /= mean);
        }
        (mu, theta)
    }

    /// Hazard of every cell.
    pub(super) fn hazard(&self, mu: f64, theta: &[f64], hazard: &mut [f64]) {
        for (c, hazard) in hazard.iter_mut().enumerate() {
            let product = self.of(c).iter().fold(mu, |p, &level| p * theta[level as usize]);
            *hazard = product.clamp(TINY, HUGE);
        }
    }
}

/// Positive numbers are kept within these bounds, far from anything that data can say.
pub(super) const TINY: f64 = 1e-250;
pub(super) const HUGE: f64 = 1e250;

impl Priors {
    /// `standing` is how many causes an eligible report names on average: together the null ones of a report
    /// add the stated share of the crude rate.
    fn new(options: &Options, crude: f64, standing: f64) -> Self {
        Self {
            theta: options.background_shape,
            mu_shape: options.rate_shape,
            mu_rate: options.rate_shape / crude,
            active_shape: options.active_shape,
            null_rate: standing.max(1.0) / (options.null_share * crude),
            pi: options.active_prior,
            rate_shape: options.active_scale_shape,
            rate_rate: options.active_scale_shape * options.active_scale * crude
                / options.active_shape,
        }
    }
}
