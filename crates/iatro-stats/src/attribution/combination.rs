//! What the model says of a report with a given combination of causes, whether or not one was seen.

use super::chain::Chain;
use super::diagnostics::{Series, summary};
use super::error::{AttributionError, index};
use super::layout::{Layout, Place};
use super::options::Options;
use super::pool::check_chains;
use super::reports::{Edge, Reports};
use super::result::Summary;

/// The probability of everything on a report that names the event; the means sum to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct CombinationPosterior {
    /// Probability of the background.
    pub background: Summary,
    /// Probability of every cause, in the order asked.
    pub causes: Vec<Summary>,
}

/// Given that a report with these causes names the event: the probability of each cause and of the background,
/// over the draws of all chains. Unlike the probabilities of an event report that is in the data, it uses nothing of
/// that report itself.
///
/// `levels` holds one level a stratifying factor, or `None` where it is not among those of the reports: then the
/// background of all reports stands for that factor.
///
/// # Errors
/// [`AttributionError`] if a position does not exist, or the chains are not those of `reports` and `options`.
pub fn combination(
    reports: &Reports,
    options: &Options,
    chains: &[Chain],
    levels: &[Option<usize>],
    causes: &[Edge],
) -> Result<CombinationPosterior, AttributionError> {
    options.check()?;
    let layout = Layout::new(reports, options);
    check_chains(&layout, options, chains)?;
    let at = || "combination".to_owned();
    if levels.len() != reports.factors().len() {
        let (found, expected) = (levels.len(), reports.factors().len());
        return Err(AttributionError::Levels { stratum: 0, found, expected });
    }
    for (level, count) in levels.iter().zip(reports.factors()) {
        level.map(|level| index(at, "level", level, *count)).transpose()?;
    }
    for edge in causes {
        index(at, "cause", edge.cause, reports.causes().len())?;
    }
    let asked = Asked { layout: &layout, levels, causes };
    // One row a draw: the share of the background, then of every cause.
    let shares: Vec<Vec<Vec<f64>>> = chains
        .iter()
        .map(|chain| (0..chain.draws.count).map(|draw| asked.shares(chain, draw)).collect())
        .collect();
    let number = |place: usize| {
        let series: Series =
            shares.iter().map(|chain| chain.iter().map(|row| row[place]).collect()).collect();
        summary(&series, true, options)
    };
    Ok(CombinationPosterior {
        background: number(0),
        causes: (1..=causes.len()).map(number).collect(),
    })
}

struct Asked<'a> {
    layout: &'a Layout,
    levels: &'a [Option<usize>],
    causes: &'a [Edge],
}

impl Asked<'_> {
    fn shares(&self, chain: &Chain, draw: usize) -> Vec<f64> {
        let causes =
            self.causes.iter().map(|edge| edge.factor * self.lambda(chain, draw, edge.cause));
        let hazards: Vec<f64> =
            std::iter::once(self.background(chain, draw)).chain(causes).collect();
        let all: f64 = hazards.iter().sum();
        hazards.into_iter().map(|hazard| hazard / all).collect()
    }

    fn background(&self, chain: &Chain, draw: usize) -> f64 {
        let offsets = &self.layout.cells.offsets;
        let theta = &chain.draws.theta[draw * self.layout.cells.count()..];
        let [mu, _] = chain.draws.background[draw];
        let levels = self.levels.iter().zip(offsets);
        levels
            .fold(mu, |product, (level, first)| product * level.map_or(1.0, |at| theta[first + at]))
    }

    fn lambda(&self, chain: &Chain, draw: usize, cause: usize) -> f64 {
        let (draws, at, size) = match self.layout.place[cause] {
            Place::Standing(at) => (&chain.draws.ln_lambda, at, self.layout.standing.len()),
            Place::Silent(at) => (&chain.draws.silent, at, self.layout.silent.len()),
        };
        f64::from(draws[draw * size + at]).exp()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{Cause, Event, Stratum, chain, pool};
    use super::*;

    fn edge(cause: usize) -> Edge {
        Edge { cause, factor: 1.0 }
    }

    /// A culprit (0), a bystander (1) that goes along with it, a substance on no event report (2).
    fn reports() -> Reports {
        let on = |stratum, causes: &[usize]| Event {
            stratum,
            weight: 1.0,
            edges: causes.iter().map(|&cause| edge(cause)).collect(),
        };
        let events = [
            vec![on(0, &[0, 1]); 8],
            vec![on(0, &[0]); 4],
            vec![on(0, &[]); 5],
            vec![on(1, &[]); 40],
        ];
        let causes = [400.0, 900.0, 5_000.0].map(|exposed| Cause { group: 0, exposed });
        let stratum = |level| Stratum { levels: vec![level], reports: 25_000.0 };
        let strata = vec![stratum(0), stratum(1)];
        Reports::new(1, causes.to_vec(), vec![2], strata, events.concat()).unwrap()
    }

    #[test]
    fn a_combination_that_was_seen_gets_what_its_reports_get() {
        let (reports, options) = (reports(), Options::default());
        let chains: Vec<Chain> =
            (0..options.chains).map(|number| chain(&reports, &options, number).unwrap()).collect();
        let ask = |levels: &[Option<usize>], causes: &[usize]| {
            let edges: Vec<Edge> = causes.iter().map(|&cause| edge(cause)).collect();
            combination(&reports, &options, &chains, levels, &edges).unwrap()
        };
        let seen = ask(&[Some(0)], &[0, 1]);
        let pooled = pool(&reports, &options, chains.clone()).unwrap();
        // Both are means over the same chains, one over every kept draw, one over those that were averaged.
        for (found, expected) in seen.causes.iter().zip(&pooled.events[0].edges) {
            assert!((found.mean - expected).abs() < 0.02, "{} for {expected}", found.mean);
        }
        let sum = seen.background.mean + seen.causes.iter().map(|share| share.mean).sum::<f64>();
        assert!((sum - 1.0).abs() < 1e-9);
        // Never seen: the bystander alone, where the background is high.
        let alone = ask(&[Some(1)], &[1]);
        assert!(alone.background.mean > 0.5 && alone.causes[0].mean < seen.causes[0].mean);
        let silent = ask(&[None], &[2]);
        assert!(silent.causes[0].mean < 0.5 && silent.background.mean > 0.5);
        assert!(ask(&[Some(0)], &[]).background.mean > 0.999_999);
    }

    #[test]
    fn what_does_not_exist_is_refused() {
        let (reports, options) = (reports(), Options { chains: 2, ..Options::default() });
        let chains: Vec<Chain> =
            (0..2).map(|number| chain(&reports, &options, number).unwrap()).collect();
        let ask = |chains: &[Chain], levels: &[Option<usize>], cause| {
            combination(&reports, &options, chains, levels, &[edge(cause)]).is_err()
        };
        assert!(!ask(&chains, &[None], 0));
        assert!(ask(&chains, &[None], 3) && ask(&chains, &[Some(2)], 0) && ask(&chains, &[], 0));
        assert!(ask(&chains[..1], &[None], 0));
    }
}
