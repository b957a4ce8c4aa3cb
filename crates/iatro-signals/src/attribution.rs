//! Attribution of the event reports among what stands on them: suspect substances, triggers, background.
//!
//! Disproportionality asks of each substance by itself whether the event is reported with it more often
//! than expected; a bystander that goes along with a culprit looks as guilty as the culprit. Here all that
//! stands on a report competes for it. The model is that of [`iatro_stats::attribution`]; this module makes
//! its input from a corpus and puts names on its output. It speaks about reporting under the assumptions
//! that [`ASSUMPTIONS`] lists, which are printed with every result.

mod agreement;
mod combination;
mod compare;
mod latency;
mod possible;
mod result;
mod run;
mod settings;

pub use combination::{
    BackgroundUsed, COMBINATION_MEANING, Combination, CombinationAnswer, CombinationRun,
    CombinationShare, NotInModel, combine, run_combination,
};
pub use compare::{Regression, RegressionFit};
pub use result::{
    AttributedCause, Attribution, BackgroundLevel, CaseAttribution, CauseShare, Competitor, Group,
    LearnedGroup,
};
pub use run::{AttributionRun, run};
pub use settings::AttributionSettings;

use iatro_stats::attribution::{Chain, Options, Reports, chain, mode, pool};
use rayon::prelude::*;

use self::possible::PossibleCauses;
use crate::corpus::Corpus;
use crate::count::{Counts, Engines};
use crate::run::{Prepared, RunError};
use crate::study::Study;

/// What the model takes for granted, printed with every result.
pub const ASSUMPTIONS: [&str; 7] = [
    "It divides reports, not patients: nothing here is a rate of the event among people exposed.",
    "What stands on a report adds up: each suspect substance and each trigger contributes a fixed amount to \
     the chance that a report names the event, whatever else stands there, unless a pair is named.",
    "The background depends on age band, sex, period and region as far as the reports say, with unknown as \
     a level of its own, and is drawn towards the whole.",
    "A trigger that a report does not mention cannot compete for it: what hidden disease brings goes to what is \
     given for it, or to the background.",
    "Whether a report is sent may depend on the substance or on the event, but not on both together; a wave of \
     reports after an alert breaks this.",
    "Substances and triggers of a group are drawn from one prior learned from these reports: few of them are \
     active, the others add at most a small share of the background.",
    "What stands on the same event reports, or on so nearly the same that each alone could have no case, is \
     given together; which of them it was, these reports cannot tell.",
];

/// Attributes the event reports of a prepared question.
///
/// # Errors
/// [`RunError`] if a named pair does not exist, there is no event report, or the lake is damaged.
pub fn attribute(
    corpus: &Corpus,
    study: &Study,
    prepared: &Prepared,
    settings: &AttributionSettings,
) -> Result<Attribution, RunError> {
    let possible = PossibleCauses::read(corpus, prepared, settings)?;
    divide(possible, corpus, study, prepared, settings)
}

/// The same, with what the model goes by held against counts of the same question before anything is divided.
pub(crate) fn attribute_counted(
    corpus: &Corpus,
    study: &Study,
    prepared: &Prepared,
    settings: &AttributionSettings,
    counts: &Counts,
    engines: &dyn Engines,
) -> Result<Attribution, RunError> {
    let possible = PossibleCauses::read(corpus, prepared, settings)?;
    agreement::check(&possible, settings, counts, engines)?;
    divide(possible, corpus, study, prepared, settings)
}

fn divide(
    possible: PossibleCauses,
    corpus: &Corpus,
    study: &Study,
    prepared: &Prepared,
    settings: &AttributionSettings,
) -> Result<Attribution, RunError> {
    let Fitted { possible, reports, options, chains } =
        Fitted::new(possible, corpus, study, settings)?;
    let at_mode = mode(&reports, &options).map_err(|error| model_error(&error))?;
    let posterior = pool(&reports, &options, chains).map_err(|error| model_error(&error))?;
    let sets = posterior.inseparable.iter().map(|set| set.causes.as_slice());
    let exposed = possible.exposed_to_any(corpus, prepared, settings, sets)?;
    let model = result::Model {
        possible: &possible,
        reports: &reports,
        mode: &at_mode,
        posterior: &posterior,
        exposed_to_sets: &exposed,
    };
    Ok(result::named(corpus, &model, &options))
}

/// The input of the model and the chains that were run on it.
struct Fitted {
    possible: PossibleCauses,
    reports: Reports,
    options: Options,
    chains: Vec<Chain>,
}

impl Fitted {
    fn new(
        possible: PossibleCauses,
        corpus: &Corpus,
        study: &Study,
        settings: &AttributionSettings,
    ) -> Result<Self, RunError> {
        let options = Options {
            seed: settings.seed.unwrap_or(study.seed),
            chains: settings.chains,
            sweeps: settings.sweeps,
            warmup: settings.sweeps / 5,
            ..Options::default()
        };
        let reports = possible.reports(settings, corpus, study)?;
        let chains: Result<Vec<Chain>, _> = (0..options.chains)
            .into_par_iter()
            .map(|number| chain(&reports, &options, number))
            .collect();
        let chains = chains.map_err(|error| model_error(&error))?;
        Ok(Self { possible, reports, options, chains })
    }
}

fn model_error(error: &iatro_stats::attribution::AttributionError) -> RunError {
    RunError::question(
        error.to_string(),
        "The attribution model got no answer; `iatro signal run` counts without it.",
    )
}
