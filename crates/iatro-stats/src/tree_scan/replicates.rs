//! The largest log likelihood ratio under no excess, replicate by replicate.

use std::ops::Range;

use rand::Rng;
use rand_distr::{Binomial, Distribution, Poisson};

use super::counts::{Counts, whole};
use super::likelihood::{BernoulliNull, Likelihood, Model, PoissonNull};
use super::sampler::{Alias, Reports, Sampler, Scratch};
use crate::numeric::random::stream;

/// All that a replicate needs.
#[derive(Debug, Clone)]
pub(super) struct Null {
    likelihood: Likelihood,
    sampler: Sampler,
    /// Evaluated nodes of profile i: `nodes[starts[i]..starts[i + 1]]`.
    starts: Vec<usize>,
    nodes: Vec<usize>,
    /// Expected count or reports of each node.
    base: Vec<f64>,
    minimum_cases: u64,
}

impl Null {
    pub(super) fn new(
        likelihood: Likelihood,
        counts: &Counts,
        evaluated: &[bool],
        minimum_cases: u64,
    ) -> Self {
        let base = || counts.profiles.iter().map(|profile| profile.base);
        let sampler = match likelihood.model {
            Model::Poisson(_) => Sampler::Weighted(Alias::new(&base().collect::<Vec<_>>())),
            Model::Bernoulli(_) => Sampler::WithoutReplacement(Reports::new(
                base().map(|reports| whole(reports) as u32),
            )),
        };
        let mut starts = vec![0];
        let mut nodes = Vec::new();
        for profile in &counts.profiles {
            nodes.extend(profile.nodes.iter().copied().filter(|&node| evaluated[node]));
            starts.push(nodes.len());
        }
        Self { likelihood, sampler, starts, nodes, base: counts.base.clone(), minimum_cases }
    }

    /// The largest ratio of each replicate in `range`.
    pub(super) fn maxima(&self, range: Range<u32>, seed: u64) -> Vec<f64> {
        let mut work = Work {
            by_profile: vec![0; self.starts.len() - 1],
            by_node: vec![0; self.base.len()],
            profiles: Vec::new(),
            nodes: Vec::new(),
            scratch: Scratch::default(),
            ratios: Ratios::new(self),
        };
        range.map(|replicate| self.maximum(seed, replicate, &mut work)).collect()
    }

    fn maximum(&self, seed: u64, replicate: u32, work: &mut Work) -> f64 {
        let mut rng = stream(seed, u64::from(replicate));
        let cases = self.cases(&mut rng);
        let Work { by_profile, by_node, profiles, nodes, scratch, ratios } = work;
        self.sampler.draw(&mut rng, cases, scratch, |profile| {
            if by_profile[profile] == 0 {
                profiles.push(profile);
            }
            by_profile[profile] += 1;
        });
        for profile in profiles.drain(..) {
            let count = std::mem::take(&mut by_profile[profile]);
            for &node in &self.nodes[self.starts[profile]..self.starts[profile + 1]] {
                if by_node[node] == 0 {
                    nodes.push(node);
                }
                by_node[node] += count;
            }
        }
        let counted = nodes.drain(..).map(|node| (node, std::mem::take(&mut by_node[node])));
        counted.map(|(node, cases)| ratios.get(self, node, cases)).fold(0.0, f64::max)
    }

    /// Number of cases in a replicate: the observed one where the model holds it fixed. Given their
    /// number, Poisson cases fall with probabilities in proportion to the expected counts, and
    /// Bernoulli cases are a random sample of the reports.
    fn cases(&self, rng: &mut impl Rng) -> u64 {
        match self.likelihood.model {
            Model::Poisson(PoissonNull::Expected) => {
                Poisson::new(self.likelihood.base).map_or(0, |law| whole(law.sample(rng)))
            }
            Model::Bernoulli(BernoulliNull::Probability(p)) => {
                Binomial::new(whole(self.likelihood.base), p).map_or(0, |law| law.sample(rng))
            }
            Model::Poisson(PoissonNull::Total) | Model::Bernoulli(BernoulliNull::Total) => {
                whole(self.likelihood.cases)
            }
        }
    }
}

/// Memory of a run of replicates; all counts are 0 between replicates.
struct Work {
    by_profile: Vec<u32>,
    by_node: Vec<u32>,
    /// Profiles and nodes with a count.
    profiles: Vec<usize>,
    nodes: Vec<usize>,
    scratch: Scratch,
    ratios: Ratios,
}

/// Ratios computed before: the same few counts above the expected one come back in most replicates.
struct Ratios {
    /// For each node the count at which its window begins, and the place of the window.
    windows: Vec<(u32, usize)>,
    /// NaN where nothing has been computed.
    known: Vec<f64>,
}

impl Ratios {
    fn new(null: &Null) -> Self {
        let mut windows = Vec::with_capacity(null.base.len() + 1);
        let mut end = 0;
        for &base in &null.base {
            let expected = null.likelihood.expected(base);
            windows.push((whole(expected) as u32, end));
            end += whole((8.0 + 6.0 * expected.sqrt()).min(1e6)) as usize;
        }
        windows.push((0, end));
        Self { windows, known: vec![f64::NAN; end] }
    }

    fn get(&mut self, null: &Null, node: usize, cases: u32) -> f64 {
        let (first, start) = self.windows[node];
        if cases < first || u64::from(cases) < null.minimum_cases {
            return 0.0;
        }
        let ratio = || null.likelihood.ratio(f64::from(cases), null.base[node]);
        let place = start + (cases - first) as usize;
        if place >= self.windows[node + 1].1 {
            return ratio();
        }
        if self.known[place].is_nan() {
            self.known[place] = ratio();
        }
        self.known[place]
    }
}
