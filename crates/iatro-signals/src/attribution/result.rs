//! What the attribution says, with names.

use std::collections::BTreeMap;

use iatro_stats::attribution::{Mode, Options, Posterior, Reports, Summary, competitors};
use rayon::prelude::*;
use serde::Serialize;

use super::ASSUMPTIONS;
use super::possible::PossibleCauses;
use crate::bench::Attributed;
use crate::corpus::Corpus;

/// What kind of cause.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// A suspect substance.
    Substance,
    /// A trigger that stands on the report.
    Trigger,
    /// Two named substances together, beyond what each contributes.
    Interaction,
    /// Neither: what reports of this age, sex, period and region name anyway.
    Background,
}

impl Group {
    /// The groups that have a prior of their own in the model, in its order.
    pub(super) const MODELLED: [Self; 3] = [Self::Substance, Self::Trigger, Self::Interaction];

    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Substance => "substance",
            Self::Trigger => "trigger",
            Self::Interaction => "interaction",
            Self::Background => "background",
        }
    }
}

/// Another cause to which cases go.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Competitor {
    /// Its name.
    pub cause: String,
    /// Expected number of the cases that go to it.
    pub cases: f64,
}

/// One possible cause, or several that these reports cannot tell apart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AttributedCause {
    /// Its name; names joined by ` + ` for causes that the event reports do not tell apart.
    pub cause: String,
    /// The names, if there are several.
    pub members: Vec<String>,
    /// Of several: whether they stand on exactly the same event reports. If not, their event reports overlap so
    /// much that each alone could have no case.
    pub same_reports: bool,
    /// What kind of cause; of several, that of the first.
    pub group: Group,
    /// Event reports that name it (of a weighted run, their weight).
    pub n: f64,
    /// Eligible reports that name it.
    pub exposed: f64,
    /// The name of the set it is given with. Then it has no estimate of its own.
    pub given_with: Option<String>,
    /// Contribution to the chance that a report names the event, per report: posterior mean.
    pub lambda: Option<f64>,
    /// 95 % credible interval; `None` also if the chains do not agree.
    pub lambda_interval: Option<(f64, f64)>,
    /// Cases attributed to it: posterior mean.
    pub attributed: Option<f64>,
    /// 95 % credible interval of the attributed cases.
    pub attributed_interval: Option<(f64, f64)>,
    /// Attributed cases over `n`.
    pub fraction: Option<f64>,
    /// Cases attributed at the mode of the posterior.
    pub at_mode: Option<f64>,
    /// Posterior probability that it adds more than the small share of a null cause.
    pub active: Option<f64>,
    /// Split R-hat, the larger of hazard and cases.
    pub r_hat: Option<f64>,
    /// Effective sample size, the smaller of both.
    pub ess: Option<f64>,
    /// Whether the chains agree; if not, there is no interval.
    pub converged: bool,
    /// To which causes its other cases go, most first, at most five.
    pub competitors: Vec<Competitor>,
}

/// A level of a stratifying factor: what it does to the background.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BackgroundLevel {
    /// The factor.
    pub factor: &'static str,
    /// The level in words.
    pub level: String,
    /// Multiplier of the background: posterior mean.
    pub multiplier: f64,
    /// 95 % credible interval.
    pub interval: Option<(f64, f64)>,
}

/// What was learned about a group of causes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LearnedGroup {
    /// The group.
    pub group: Group,
    /// Probability that a cause of the group is active.
    pub active_share: f64,
    /// Mean hazard of its active causes, per report.
    pub active_mean: f64,
}

/// A share of one event report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CauseShare {
    /// The cause.
    pub cause: String,
    /// What kind.
    pub group: Group,
    /// The probability that the report came from it.
    pub probability: f64,
}

/// An event report: the probability of everything on it, and of the background. They sum to 1. Those of
/// causes that are given together come from how often each is reported without the event, and the prior.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CaseAttribution {
    /// The place in the corpus.
    #[serde(skip)]
    pub place: usize,
    /// The id within the snapshot.
    pub report_id: u64,
    /// Its weight: 1, or less for a suspected duplicate.
    pub weight: f64,
    /// Most probable first.
    pub shares: Vec<CauseShare>,
}

/// The result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Attribution {
    /// What the model takes for granted.
    pub assumptions: [&'static str; 7],
    /// Eligible reports.
    pub reports: u64,
    /// Event reports.
    pub cases: u64,
    /// Every cause that stands on an event report, then the background; most attributed cases first.
    pub causes: Vec<AttributedCause>,
    /// Substances, triggers and pairs on eligible reports of which none is an event report.
    pub without_cases: usize,
    /// Triggers on event reports that were left to a substance that brings them about.
    pub mediators: u64,
    /// What age, sex, period and region do to the background.
    pub background: Vec<BackgroundLevel>,
    /// What was learned about each group.
    pub learned: Vec<LearnedGroup>,
    /// Seed of the sampler.
    pub seed: u64,
    /// Chains.
    pub chains: usize,
    /// Sweeps of each.
    pub sweeps: usize,
    /// Steps to the mode.
    pub mode_steps: usize,
    /// Whether every interval could be given.
    pub converged: bool,
    /// Every event report.
    #[serde(skip)]
    pub case_shares: Vec<CaseAttribution>,
}

impl Attribution {
    /// The row of a cause, by name and group; of one that is given together with others, theirs.
    pub fn cause(&self, name: &str, group: Group) -> Option<&AttributedCause> {
        let own = self.causes.iter().find(|row| row.group == group && row.cause == name)?;
        match &own.given_with {
            Some(set) => {
                self.causes.iter().find(|row| !row.members.is_empty() && row.cause == *set)
            }
            None => Some(own),
        }
    }

    /// What a verdict needs of a substance; `None` if it stands on no event report. Of one that is given
    /// together with others, what they have together: these reports cannot explain one of them away.
    pub(crate) fn of_substance(&self, name: &str) -> Option<Attributed> {
        let row = self.cause(name, Group::Substance)?;
        let (lower, upper) = row.attributed_interval.unwrap_or((0.0, row.n));
        Some(Attributed {
            n: whole(row.n),
            attributed: row.attributed?,
            lower,
            upper,
            converged: row.converged,
        })
    }
}

/// Cases as a whole number; of a weighted run the nearest.
#[allow(clippy::cast_sign_loss)] // A sum of weights is not below 0.
fn whole(cases: f64) -> u64 {
    cases.round() as u64
}

/// Puts names on the output of the model.
pub(super) fn named(corpus: &Corpus, naming: &Model<'_>, options: &Options) -> Attribution {
    let Model { possible, reports, mode, posterior, .. } = naming;
    let mut causes = naming.single_causes();
    causes.extend(naming.sets());
    let order = |row: &AttributedCause| row.attributed.unwrap_or(-1.0);
    causes.sort_by(|x, y| {
        order(y).total_cmp(&order(x)).then_with(|| (x.group, &x.cause).cmp(&(y.group, &y.cause)))
    });
    causes.push(naming.background());
    let converged = causes.iter().all(|row| row.converged || row.given_with.is_some());
    Attribution {
        assumptions: ASSUMPTIONS,
        reports: possible.reports,
        cases: possible.events.len() as u64,
        without_cases: reports.cause_events().iter().filter(|events| **events == 0.0).count(),
        causes,
        mediators: possible.mediators,
        background: naming.levels(),
        learned: naming.learned(),
        seed: options.seed,
        chains: posterior.chains,
        sweeps: options.sweeps,
        mode_steps: mode.iterations,
        converged,
        case_shares: naming.case_shares(corpus),
    }
}

/// Input and output of the model.
pub(super) struct Model<'r> {
    pub(super) possible: &'r PossibleCauses,
    pub(super) reports: &'r Reports,
    pub(super) mode: &'r Mode,
    pub(super) posterior: &'r Posterior,
    /// By inseparable set, eligible reports with any of its causes (weighted).
    pub(super) exposed_to_sets: &'r [f64],
}

impl Model<'_> {
    /// A row for every cause on an event report; without estimates if it is given with others.
    fn single_causes(&self) -> Vec<AttributedCause> {
        let mut set_of: BTreeMap<usize, String> = BTreeMap::new();
        for set in &self.posterior.inseparable {
            set.causes.iter().for_each(|cause| {
                set_of.insert(*cause, self.joined(&set.causes));
            });
        }
        let with_events = (0..self.possible.causes.len())
            .into_par_iter()
            .filter(|at| self.reports.cause_events()[*at] > 0.0);
        with_events.map(|at| self.single(at, set_of.get(&at).cloned())).collect()
    }

    fn single(&self, at: usize, given_with: Option<String>) -> AttributedCause {
        let (cause, exposed) = self.possible.causes[at];
        let found = &self.posterior.causes[at];
        let own = given_with.is_none();
        AttributedCause {
            cause: self.possible.names[at].clone(),
            members: Vec::new(),
            same_reports: false,
            group: cause.group(),
            n: found.events,
            exposed,
            lambda: own.then_some(found.lambda),
            lambda_interval: found.lambda_interval.filter(|_| own),
            attributed: own.then_some(found.attributed),
            attributed_interval: found.attributed_interval.filter(|_| own),
            fraction: own.then_some(found.attributed / found.events),
            at_mode: own.then(|| self.mode.attributed[at]),
            active: own.then_some(found.active),
            r_hat: found.r_hat.filter(|_| own),
            ess: found.ess.filter(|_| own),
            converged: own && found.converged,
            competitors: if own { self.competitors(at, &[at]) } else { Vec::new() },
            given_with,
        }
    }

    /// A row for every set of causes that the event reports do not tell apart.
    fn sets(&self) -> Vec<AttributedCause> {
        let row = |(set, exposed): (&iatro_stats::attribution::Inseparable, &f64)| {
            let first = set.causes.first().copied().unwrap_or(0);
            let at_mode = set.causes.iter().map(|at| self.mode.attributed[*at]).sum();
            let size = |at: &&usize| self.posterior.causes[**at].events;
            let largest = set.causes.iter().max_by(|a, b| size(a).total_cmp(&size(b)));
            let largest = largest.copied().unwrap_or(first);
            AttributedCause {
                cause: self.joined(&set.causes),
                members: set.causes.iter().map(|at| self.possible.names[*at].clone()).collect(),
                group: self.possible.causes[first].0.group(),
                n: set.events,
                same_reports: set.same_reports,
                exposed: *exposed,
                given_with: None,
                lambda: Some(set.lambda),
                lambda_interval: set.lambda_interval,
                attributed: Some(set.attributed),
                attributed_interval: set.attributed_interval,
                fraction: Some(set.attributed / set.events),
                at_mode: Some(at_mode),
                active: None,
                r_hat: set.r_hat,
                ess: set.ess,
                converged: set.converged,
                competitors: self.competitors(largest, &set.causes),
            }
        };
        self.posterior.inseparable.iter().zip(self.exposed_to_sets).map(row).collect()
    }

    fn joined(&self, causes: &[usize]) -> String {
        let names: Vec<&str> = causes.iter().map(|at| self.possible.names[*at].as_str()).collect();
        names.join(" + ")
    }

    /// Who gets the other cases of a cause; `own` are the causes it is given with.
    fn competitors(&self, at: usize, own: &[usize]) -> Vec<Competitor> {
        let others = competitors(self.posterior, self.reports, at);
        let others = others.into_iter().filter(|(cause, cases)| {
            *cases >= 0.05 && cause.is_none_or(|cause| !own.contains(&cause))
        });
        let name = |(cause, cases): (Option<usize>, f64)| Competitor {
            cause: cause.map_or("background".to_owned(), |at| self.possible.names[at].clone()),
            cases,
        };
        others.take(5).map(name).collect()
    }

    /// The background as a row: its hazard is its cases per eligible report.
    fn background(&self) -> AttributedCause {
        let cases = self.posterior.background.attributed;
        let exposed: f64 = self.possible.reports_of.iter().sum();
        let n: f64 = self.possible.events.iter().map(|event| event.weight).sum();
        let per_report = |cases: f64| cases / exposed;
        AttributedCause {
            cause: "background".to_owned(),
            members: Vec::new(),
            same_reports: false,
            group: Group::Background,
            n,
            exposed,
            given_with: None,
            lambda: Some(per_report(cases.mean)),
            lambda_interval: cases.interval.map(|(low, high)| (per_report(low), per_report(high))),
            attributed: Some(cases.mean),
            attributed_interval: cases.interval,
            fraction: Some(cases.mean / n),
            at_mode: Some(self.mode.background.attributed),
            active: None,
            r_hat: cases.r_hat,
            ess: cases.ess,
            converged: cases.converged,
            competitors: Vec::new(),
        }
    }

    fn levels(&self) -> Vec<BackgroundLevel> {
        let strata = &self.possible.strata;
        let of_factor =
            strata.factors.iter().zip(&strata.levels).zip(&self.posterior.background.theta);
        let level = |factor: &'static str, (name, theta): (&String, &Summary)| BackgroundLevel {
            factor,
            level: name.clone(),
            multiplier: theta.mean,
            interval: theta.interval,
        };
        of_factor
            .flat_map(|((factor, names), thetas)| {
                names.iter().zip(thetas).map(move |found| level(factor.name(), found))
            })
            .collect()
    }

    fn learned(&self) -> Vec<LearnedGroup> {
        let present =
            |group: &Group| self.possible.causes.iter().any(|(cause, _)| cause.group() == *group);
        let groups = Group::MODELLED.into_iter().zip(&self.posterior.groups);
        groups
            .filter(|(group, _)| present(group))
            .map(|(group, learned)| LearnedGroup {
                group,
                active_share: learned.pi.mean,
                active_mean: learned.active_mean.mean,
            })
            .collect()
    }

    fn case_shares(&self, corpus: &Corpus) -> Vec<CaseAttribution> {
        let events =
            self.possible.events.iter().zip(self.reports.events()).zip(&self.posterior.events);
        events
            .map(|((report, event), found)| {
                let mut shares: Vec<CauseShare> = event
                    .edges
                    .iter()
                    .zip(&found.edges)
                    .map(|(edge, probability)| CauseShare {
                        cause: self.possible.names[edge.cause].clone(),
                        group: self.possible.causes[edge.cause].0.group(),
                        probability: *probability,
                    })
                    .collect();
                shares.push(CauseShare {
                    cause: "background".to_owned(),
                    group: Group::Background,
                    probability: found.background,
                });
                shares.sort_by(|x, y| {
                    let by_name = (x.group, &x.cause).cmp(&(y.group, &y.cause));
                    y.probability.total_cmp(&x.probability).then(by_name)
                });
                CaseAttribution {
                    place: report.place,
                    report_id: corpus.report_id(report.place),
                    weight: report.weight,
                    shares,
                }
            })
            .collect()
    }
}
