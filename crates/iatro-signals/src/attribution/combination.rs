//! One combination of causes: what the model, fitted to a lake, says of a report on which these stand.
//!
//! The question that a person with one patient asks of the reports. The answer is still about reports: among those
//! that name the event and these possible causes, the share that the model gives to each. It is no category of
//! causality, and no probability that a drug did it in this patient.

use std::borrow::Cow;
use std::collections::BTreeSet;

use iatro_reports::dictionary::name::{Mapped, map_verbatim};
use iatro_reports::lake::Snapshot;
use iatro_stats::attribution::{Edge, Inseparable, Summary, combination, pool};
use serde::Serialize;

use super::possible::{Possible, PossibleCauses};
use super::{ASSUMPTIONS, AttributionSettings, Fitted, Group, agreement, model_error};
use crate::corpus::Corpus;
use crate::corpus::facts::{AgeBand, Fact, Reporter, Sex};
use crate::count::{Engines, counted};
use crate::run::{Prepared, Question, RunError, Settings};
use crate::study::{Evidence, Study};

/// What stands together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Combination {
    /// Names of substances or products.
    pub substances: Vec<String>,
    /// Names of diseases and infections, as preferred terms.
    pub triggers: Vec<String>,
    /// Age in years.
    pub age_years: Option<f64>,
    /// Sex; `None` if not known.
    pub female: Option<bool>,
    /// Country, as ISO 3166-1 alpha-2 or a name.
    pub country: Option<String>,
    /// Year of the event.
    pub year: Option<i16>,
}

/// What this is, printed with every answer.
pub const COMBINATION_MEANING: &str = "Among reports that name the event and all of these, the share that the \
    model gives to each. It speaks of reporting under the stated assumptions; it is no category of causality and no \
    probability for this patient.";

/// The share of one of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CombinationShare {
    /// Its name in the lake.
    pub cause: String,
    /// As it was asked for.
    pub asked: Option<String>,
    /// What kind.
    pub group: Group,
    /// Event reports that name it.
    pub n: Option<f64>,
    /// Eligible reports that name it.
    pub exposed: Option<f64>,
    /// Share: posterior mean.
    pub share: f64,
    /// 95 % credible interval; `None` if the chains do not agree.
    pub interval: Option<(f64, f64)>,
    /// Whether they do.
    pub converged: bool,
}

/// A name with which nothing could be done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NotInModel {
    /// As it was asked for.
    pub asked: String,
    /// Why.
    pub reason: String,
}

/// The answer of a lake.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CombinationRun {
    /// What the shares are.
    pub meaning: &'static str,
    /// The snapshot.
    pub dataset_id: String,
    /// The study.
    pub study: String,
    /// The source of the reports.
    pub source: String,
    /// What the model says.
    #[serde(flatten)]
    pub answer: CombinationAnswer,
}

/// What the model says of a combination.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CombinationAnswer {
    /// Eligible reports.
    pub reports: u64,
    /// Eligible reports with the event.
    pub cases: u64,
    /// Event reports that name every one of the causes; few or none means that the model puts together what was
    /// hardly seen together.
    pub reported_together: u64,
    /// Largest share first; the background is one of them. They sum to 1.
    pub shares: Vec<CombinationShare>,
    /// Sets of causes that the event reports do not tell apart, of which two or more are asked for: how a share is
    /// split among these comes from how often each is reported without the event, and from the prior.
    pub not_told_apart: Vec<Vec<String>>,
    /// Names that are not in the model. What they stand for does not compete here.
    pub not_in_model: Vec<NotInModel>,
    /// What the background depends on, with the level used.
    pub background: Vec<BackgroundUsed>,
    /// What the model takes for granted.
    pub assumptions: [&'static str; 7],
    /// Seed of the sampler.
    pub seed: u64,
    /// Chains.
    pub chains: usize,
    /// Sweeps of each.
    pub sweeps: usize,
}

/// The level of a factor of the background.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BackgroundUsed {
    /// The factor.
    pub factor: &'static str,
    /// The level in words; of what is not among the reports, `all reports`.
    pub level: String,
}

/// Fits the model to a snapshot and asks it about a combination.
///
/// # Errors
/// [`RunError`]: as for [`combine`].
pub fn run_combination(
    snapshot: &Snapshot,
    study: &Study,
    settings: &Settings,
    chosen: &AttributionSettings,
    asked: &Combination,
    engines: &dyn Engines,
) -> Result<CombinationRun, RunError> {
    let mut question = Question::resolve(snapshot.manifest(), study, settings)?;
    question.checks = false;
    let corpus = Corpus::load(snapshot, question.source)?;
    let prepared = Prepared::new(&corpus, study, &question)?;
    Ok(CombinationRun {
        meaning: COMBINATION_MEANING,
        dataset_id: snapshot.manifest().dataset_id.clone(),
        study: study.id.clone(),
        source: question.source.title().to_owned(),
        answer: combine(&corpus, study, &prepared, question.evidence, chosen, asked, engines)?,
    })
}

/// Fits the model to a corpus, holds what it goes by against counts, and asks it about a combination.
///
/// # Errors
/// [`RunError`]: as for [`attribute`](super::attribute), what the engine says, and if the combination names nothing
/// that is in the model.
pub fn combine(
    corpus: &Corpus,
    study: &Study,
    prepared: &Prepared,
    evidence: Evidence,
    chosen: &AttributionSettings,
    asked: &Combination,
    engines: &dyn Engines,
) -> Result<CombinationAnswer, RunError> {
    let counts = counted(engines.over(corpus)?.as_ref(), &prepared.plan)?;
    let possible = PossibleCauses::read(corpus, prepared, chosen)?;
    agreement::check(&possible, chosen, &counts, engines)?;
    let fitted = Fitted::new(possible, corpus, study, chosen)?;
    let found = Found::new(&Names { corpus, study, prepared, evidence }, &fitted.possible, asked);
    if found.causes.is_empty() {
        return Err(found.nothing());
    }
    let levels = fitted.possible.strata.levels_of(&fact(asked));
    let edges: Vec<Edge> =
        found.causes.iter().map(|row| Edge { cause: row.at, factor: 1.0 }).collect();
    let posterior = combination(&fitted.reports, &fitted.options, &fitted.chains, &levels, &edges)
        .map_err(|error| model_error(&error))?;
    let pooled = pool(&fitted.reports, &fitted.options, fitted.chains.clone());
    let sets = pooled.map_err(|error| model_error(&error))?.inseparable;
    let answer = Answer { fitted: &fitted, found: &found, levels: &levels };
    Ok(CombinationAnswer {
        reports: fitted.possible.reports,
        cases: fitted.possible.events.len() as u64,
        reported_together: answer.reported_together(),
        shares: answer.shares(&posterior.background, &posterior.causes),
        background: answer.background(),
        not_told_apart: answer.not_told_apart(&sets),
        not_in_model: found.missing,
        assumptions: ASSUMPTIONS,
        seed: fitted.options.seed,
        chains: fitted.options.chains,
        sweeps: fitted.options.sweeps,
    })
}

/// The patient as a report would state them.
fn fact(asked: &Combination) -> Fact<'_> {
    let day = asked.year.and_then(|year| {
        Some(iatro_reports::model::date::PartialDate::new(year, 1, 1)?.first_day())
    });
    Fact {
        age: AgeBand::of(asked.age_years),
        sex: match asked.female {
            Some(true) => Sex::Female,
            Some(false) => Sex::Male,
            None => Sex::Unknown,
        },
        received: day,
        event_date: None,
        country: asked.country.as_deref().map(Cow::Borrowed),
        reporter: Reporter::Unknown,
        outcomes: 0,
        duplicate_cluster: None,
    }
}

/// A cause of the model that was asked for.
struct FoundCause {
    at: usize,
    asked: String,
}

/// Where names are looked up.
struct Names<'a> {
    corpus: &'a Corpus,
    study: &'a Study,
    prepared: &'a Prepared,
    evidence: Evidence,
}

/// What of the combination the model knows.
struct Found {
    causes: Vec<FoundCause>,
    missing: Vec<NotInModel>,
}

impl Found {
    fn new(names: &Names<'_>, possible: &PossibleCauses, asked: &Combination) -> Self {
        let mut found = Self { causes: Vec::new(), missing: Vec::new() };
        let mut seen = BTreeSet::new();
        for name in &asked.substances {
            let ids = substance_ids(names.corpus, name);
            let reason = if ids.is_empty() {
                "no report of this source names it"
            } else {
                "on no eligible report in a suspect role"
            };
            let causes = ids.into_iter().map(Possible::Substance);
            found.add(possible, &mut seen, name, causes, reason);
        }
        let index = names.study.trigger_index(names.evidence);
        let concepts = names.prepared.causes.triggers.concepts();
        for name in &asked.triggers {
            let of_study: BTreeSet<&str> = index
                .find(name)
                .into_iter()
                .map(|at| names.study.triggers[at].concept.as_str())
                .collect();
            let reason = if of_study.is_empty() {
                "no trigger of the study has this name"
            } else {
                "on no eligible report"
            };
            let places = concepts.iter().zip(0_u16..);
            let causes = places
                .filter(|(concept, _)| of_study.contains(concept.concept.as_str()))
                .map(|(_, at)| Possible::Trigger(at));
            found.add(possible, &mut seen, name, causes, reason);
        }
        found
    }

    /// The error of a combination of which the model knows nothing.
    fn nothing(&self) -> RunError {
        let reason = |row: &NotInModel| format!("{}: {}", row.asked, row.reason);
        let reasons: Vec<String> = self.missing.iter().map(reason).collect();
        RunError::question(
            format!(
                "nothing of this combination is in the model of this lake ({})",
                reasons.join("; ")
            ),
            "`iatro lake show --substances` lists the names. Name the substances as the lake does.",
        )
    }

    fn add(
        &mut self,
        possible: &PossibleCauses,
        seen: &mut BTreeSet<usize>,
        asked: &str,
        causes: impl Iterator<Item = Possible>,
        reason: &str,
    ) {
        let places: Vec<usize> = causes.filter_map(|cause| possible.position(cause)).collect();
        if places.is_empty() {
            self.missing.push(NotInModel { asked: asked.to_owned(), reason: reason.to_owned() });
        }
        // A combination product may hold what is asked for by itself too; it competes once.
        let new = places.into_iter().filter(|at| seen.insert(*at));
        self.causes.extend(new.map(|at| FoundCause { at, asked: asked.to_owned() }));
    }
}

/// The substances of a name: as the lake has it, else what the dictionary makes of it.
fn substance_ids(corpus: &Corpus, name: &str) -> Vec<u32> {
    let ids = corpus.find_substances(name);
    if !ids.is_empty() {
        return ids;
    }
    let Some(Mapped { ingredients, .. }) = map_verbatim(name) else { return Vec::new() };
    ingredients.iter().flat_map(|name| corpus.find_substances(name)).collect()
}

struct Answer<'a> {
    fitted: &'a Fitted,
    found: &'a Found,
    levels: &'a [Option<usize>],
}

impl Answer<'_> {
    fn shares(&self, background: &Summary, causes: &[Summary]) -> Vec<CombinationShare> {
        let possible = &self.fitted.possible;
        let share = |found: &FoundCause, summary: &Summary| CombinationShare {
            cause: possible.names[found.at].clone(),
            asked: Some(found.asked.clone()),
            group: possible.causes[found.at].0.group(),
            n: Some(self.fitted.reports.cause_events()[found.at]),
            exposed: Some(possible.causes[found.at].1),
            share: summary.mean,
            interval: summary.interval,
            converged: summary.converged,
        };
        let mut shares: Vec<CombinationShare> = self
            .found
            .causes
            .iter()
            .zip(causes)
            .map(|(found, summary)| share(found, summary))
            .collect();
        shares.push(CombinationShare {
            cause: "background".to_owned(),
            asked: None,
            group: Group::Background,
            n: None,
            exposed: None,
            share: background.mean,
            interval: background.interval,
            converged: background.converged,
        });
        let order = |row: &CombinationShare| (row.group, row.cause.clone());
        shares.sort_by(|a, b| b.share.total_cmp(&a.share).then_with(|| order(a).cmp(&order(b))));
        shares
    }

    fn reported_together(&self) -> u64 {
        let possible = &self.fitted.possible;
        let asked: Vec<Possible> =
            self.found.causes.iter().map(|row| possible.causes[row.at].0).collect();
        let together = possible
            .events
            .iter()
            .filter(|event| asked.iter().all(|cause| event.causes.contains(cause)));
        together.count() as u64
    }

    fn not_told_apart(&self, sets: &[Inseparable]) -> Vec<Vec<String>> {
        let asked = |at: &&usize| self.found.causes.iter().any(|row| row.at == **at);
        let name = |at: &usize| self.fitted.possible.names[*at].clone();
        let of_asked = sets.iter().map(|set| set.causes.iter().filter(asked).map(name).collect());
        of_asked.filter(|names: &Vec<String>| names.len() > 1).collect()
    }

    fn background(&self) -> Vec<BackgroundUsed> {
        let strata = &self.fitted.possible.strata;
        let named = strata.factors.iter().zip(&strata.levels).zip(self.levels);
        named
            .map(|((factor, names), level)| BackgroundUsed {
                factor: factor.name(),
                level: level.map_or("all reports".to_owned(), |at| names[at].clone()),
            })
            .collect()
    }
}
