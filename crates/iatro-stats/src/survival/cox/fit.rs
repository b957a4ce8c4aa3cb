//! Maximum of the partial likelihood, and what of it exists.

use super::design::{Design, dot};
use super::sweep::local;
use super::{NotEstimable, Ties};
use crate::numeric::linear::Cholesky;
use crate::numeric::maximise::{Local, newton};

/// The maximum, on the standardised scale, for the covariates that the design keeps.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    pub(super) beta: Vec<f64>,
    /// Likelihood where all coefficients are 0.
    pub(super) null: Local,
    /// Likelihood at `beta`. Where it rises for ever, its limit to 9 digits.
    pub(super) top: Local,
    /// For each kept covariate, why it has no estimate.
    pub(super) missing: Vec<Option<NotEstimable>>,
}

/// What ends a climb.
enum End {
    Top,
    /// The likelihood rises for ever along this step.
    Rising(Vec<f64>),
    Lost,
}

/// Fits the model, leaving in `design` only covariates that the events tell something about; says
/// of each covariate of the input that is left out, why.
pub(super) fn fit(design: &mut Design, ties: Ties) -> (Fit, Vec<(usize, NotEstimable)>) {
    let null = local(design, &vec![0.0; design.size()], ties);
    let (kept, left_out) = informative(design, &null);
    let left_out = left_out.into_iter().map(|(place, why)| (design.kept[place], why)).collect();
    let null = part(&null, &kept);
    design.keep(&kept);
    let (beta, top, end) = climb(design, ties, &null);
    let missing = missing(design, [&null, &top], &end);
    (Fit { beta, null, top, missing }, left_out)
}

/// Covariates whose information, given those before, is more than rounding.
fn informative(design: &Design, null: &Local) -> (Vec<usize>, Vec<(usize, NotEstimable)>) {
    let size = design.size();
    let (mut kept, mut left_out) = (Taken::new(null), Vec::new());
    for place in 0..size {
        let own = -null.hessian[place * size + place];
        if !(own > 1e-10 * design.events && design.scaling[place].spread > 0.0) {
            left_out.push((place, NotEstimable::Constant));
        } else if !kept.take(place, 1e-10 * own) {
            left_out.push((place, NotEstimable::Collinear));
        }
    }
    (kept.places, left_out)
}

/// The likelihood as a function of the covariates at the given places.
pub(super) fn part(all: &Local, places: &[usize]) -> Local {
    let size = all.gradient.len();
    let gradient = places.iter().map(|&i| all.gradient[i]).collect();
    let rows = places.iter();
    let hessian =
        rows.flat_map(|&i| places.iter().map(move |&j| all.hessian[i * size + j])).collect();
    Local { value: all.value, gradient, hessian }
}

pub(super) fn information(at: &Local) -> Vec<f64> {
    at.hessian.iter().map(|h| -h).collect()
}

/// Climbs until a step promises next to nothing, then goes on: where a maximum exists, the steps
/// vanish; where the likelihood is monotone, they do not, however little they gain.
fn climb(design: &Design, ties: Ties, null: &Local) -> (Vec<f64>, Local, End) {
    let start = vec![0.0; design.size()];
    let f = |beta: &[f64]| local(design, beta, ties);
    if start.is_empty() {
        return (start, null.clone(), End::Top);
    }
    let count = design.event_count.max(1) as f64;
    let a_little = design.events / count * (1e-12 * count).max(1e-9);
    let Some(near) = newton(&start, a_little, 200, f).filter(|top| top.converged) else {
        return (start, null.clone(), End::Lost);
    };
    let (mut at, mut here) = (near.at, near.local);
    let mut last: Option<(Vec<f64>, f64)> = None;
    for round in 0..8 {
        let step = Cholesky::new(&information(&here), at.len())
            .map(|factor| factor.solve(&here.gradient))
            .filter(|step| step.iter().all(|s| s.is_finite()));
        let size = step.as_ref().map(|step| reaches(design, step).fold(0.0, f64::max));
        let (Some(step), Some(size)) = (step, size) else {
            // The information has vanished along the last step.
            let rising = last.filter(|(_, size)| *size > STRIDE).map(|(step, _)| End::Rising(step));
            return (at, here, rising.unwrap_or(End::Lost));
        };
        if size < 1e-12 {
            break;
        }
        let shrinks = last.as_ref().is_none_or(|(_, before)| size < 0.3 * before);
        if round >= 3 && !shrinks && size > STRIDE {
            return (at, here, End::Rising(step));
        }
        let next: Vec<f64> = at.iter().zip(&step).map(|(b, s)| b + s).collect();
        let there = f(&next);
        if !there.value.is_finite() {
            break;
        }
        (at, here) = (next, there);
        last = Some((step, size));
    }
    (at, here, End::Top)
}

/// A step along which the likelihood rises for ever moves some linear predictor by about 1, whatever
/// the unit of the covariate; one that only rounding drives is far shorter than this.
const STRIDE: f64 = 1e-2;

/// How far a step moves the linear predictor of the subject furthest out, covariate by covariate.
fn reaches<'a>(design: &'a Design, step: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
    design.scaling.iter().zip(step).map(|(scaling, s)| scaling.reach * s.abs())
}

fn missing(design: &Design, [null, top]: [&Local; 2], end: &End) -> Vec<Option<NotEstimable>> {
    let size = design.size();
    let End::Rising(step) = end else {
        let lost = matches!(end, End::Lost).then_some(NotEstimable::NoConvergence);
        return vec![lost; size];
    };
    let longest = reaches(design, step).fold(0.0, f64::max);
    let goes = |reach: f64| reach > 1e-3 * longest;
    // Where several go, they may do so in more than one direction.
    let alone = reaches(design, step).filter(|&reach| goes(reach)).count() == 1;
    let rising = |(reach, s): (f64, &f64)| {
        goes(reach).then_some(NotEstimable::Monotone { rising: alone.then_some(*s > 0.0) })
    };
    let mut missing: Vec<_> = reaches(design, step).zip(step).map(rising).collect();
    // At the limit, the events may no longer tell anything of a covariate that stays behind.
    let mut told = Taken::new(top);
    for (place, missing) in missing.iter_mut().enumerate().filter(|(_, why)| why.is_none()) {
        if !told.take(place, 1e-6 * -null.hessian[place * size + place]) {
            *missing = Some(NotEstimable::Undetermined);
        }
    }
    missing
}

/// Covariates taken one at a time, each with the information on it beyond those taken before: the
/// Cholesky factor, row by row.
struct Taken<'a> {
    at: &'a Local,
    places: Vec<usize>,
    rows: Vec<Vec<f64>>,
}

impl<'a> Taken<'a> {
    fn new(at: &'a Local) -> Self {
        Self { at, places: Vec::new(), rows: Vec::new() }
    }

    /// Takes the covariate at `place` if the information on it beyond the others is above `enough`.
    fn take(&mut self, place: usize, enough: f64) -> bool {
        let size = self.at.gradient.len();
        let mut row: Vec<f64> = Vec::with_capacity(self.rows.len() + 1);
        for (&other, solved) in self.places.iter().zip(&self.rows) {
            let rest = -self.at.hessian[place * size + other] - dot(&row, solved);
            row.push(rest / solved.last().copied().unwrap_or(1.0));
        }
        let beyond = -self.at.hessian[place * size + place] - dot(&row, &row);
        if beyond > enough {
            row.push(beyond.sqrt());
            self.rows.push(row);
            self.places.push(place);
        }
        beyond > enough
    }
}
