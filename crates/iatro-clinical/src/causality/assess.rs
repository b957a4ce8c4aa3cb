//! The instruments, asked of each drug of a case.

use rust_decimal::Decimal;

use super::definition::{CausalityInstrument, Kind, Question, UNKNOWN};
use super::derive::{self, Derived, rucam::Pattern};
use super::facts::DrugFacts;
use super::load;
use super::result::{
    AnsweredBy, AnsweredQuestion, CausalityAnswer, CausalityQuestion, DrugCausality, Latency,
    Missing,
};
use super::walk::{Answers, Outcome, outcome};
use super::{agents, bradford_hill, completeness, latency, timeline};
use crate::assess::Applicability;
use crate::case::DrugKind;
use crate::logic::Ternary;

const NOT_VALIDATED: &str = "not validated for iatrogenic HLH";

/// Everything of one drug.
pub(super) fn drug(facts: &DrugFacts<'_>, asked: &CausalityQuestion) -> DrugCausality {
    let drug = facts.drug;
    let classes = agents::classes_of(&drug.name, asked.include_unverified);
    let published =
        latency::published_for(&drug.name, facts.since_start(), asked.include_unverified);
    let wanted = |one: &&CausalityInstrument| {
        (asked.instruments.is_empty() || asked.instruments.contains(&one.id))
            && one.evidence_status.usable(asked.include_unverified)
    };
    let asked_of: Vec<Asked<'_>> =
        load::all().iter().filter(wanted).map(|one| Asked::new(one, facts)).collect();
    DrugCausality {
        drug: drug.id.clone(),
        name: drug.name.clone(),
        role: drug.role,
        timeline: timeline::rows(facts),
        latency: Latency {
            from_start: facts.since_start(),
            from_stop: facts.since_stop(),
            text: facts.latency_text(),
        },
        instruments: asked_of.iter().map(|one| one.answer(facts)).collect(),
        aspects: bradford_hill::grid(facts, &classes, &published),
        completeness: completeness::fields(facts),
        missing: asked_of.iter().flat_map(Asked::missing).collect(),
        classes,
        published,
    }
}

/// An instrument with the answers that there are.
struct Asked<'a> {
    instrument: &'a CausalityInstrument,
    applicability: Applicability,
    rows: Vec<AnsweredQuestion>,
    answers: Answers,
    outcome: Outcome,
}

impl<'a> Asked<'a> {
    fn new(instrument: &'a CausalityInstrument, facts: &DrugFacts<'_>) -> Self {
        let applicability = applicability(instrument, facts);
        let row = |question: &Question| answered(instrument, question, facts);
        let rows: Vec<AnsweredQuestion> = instrument.questions.iter().map(row).collect();
        let known = rows.iter().filter(|row| row.answer != UNKNOWN || row.by == AnsweredBy::Stated);
        let answers: Answers =
            known.map(|row| (row.question.clone(), row.answer.clone())).collect();
        let outcome = outcome(instrument, &answers);
        Self { instrument, applicability, rows, answers, outcome }
    }

    fn applies(&self) -> bool {
        self.applicability.state != Ternary::NotMet
    }

    fn answer(&self, facts: &DrugFacts<'_>) -> CausalityAnswer {
        let one = self.instrument;
        let shown = |row: &&AnsweredQuestion| {
            self.applies() && (one.kind == Kind::Points || self.outcome.way.contains(&row.question))
        };
        let when = |applies: bool| applies.then_some(&self.outcome);
        let found = when(self.applies());
        CausalityAnswer {
            id: one.id.clone(),
            name: one.name.clone(),
            applicability: self.applicability.clone(),
            category: found.and_then(|found| found.category.clone()),
            categories: found.map(|found| found.categories.clone()).unwrap_or_default(),
            total: found.and_then(|found| found.total),
            range: found.and_then(|found| found.range),
            ceiling: found.and_then(|_| self.ceiling(facts)),
            answers: self.rows.iter().filter(shown).cloned().collect(),
            notes: one.caveats.clone(),
            population: one.population.clone(),
            not_validated: NOT_VALIDATED,
            evidence_status: one.evidence_status,
            citation: one.citation.clone(),
        }
    }

    /// What limits the category, given what is known: the most that the open answers could still make of it.
    fn ceiling(&self, facts: &DrugFacts<'_>) -> Option<String> {
        let alternative = facts.alternative();
        let because = match alternative.state {
            Ternary::Met => format!("; other possible causes: {}", alternative.reason),
            _ => String::new(),
        };
        match self.instrument.kind {
            Kind::Points => {
                let most = self.outcome.range?.max;
                let top = self.instrument.bands.last()?;
                let band = self.instrument.band(most)?;
                if band == top.label {
                    return self.practical_ceiling();
                }
                Some(format!(
                    "{band} at most: no open answer can lift the total above {most}{because}"
                ))
            }
            Kind::Tree => {
                let settled = self.outcome.categories.len() == 1 && !because.is_empty();
                settled.then(|| format!("{}{because}", self.outcome.categories[0]))
            }
        }
    }

    /// Without the questions of Naranjo that HLH hardly lets anyone answer.
    fn practical_ceiling(&self) -> Option<String> {
        if self.instrument.id != "naranjo" {
            return None;
        }
        let hardly = ["q6", "q7", "q8"];
        let most = |row: &AnsweredQuestion| -> Decimal {
            let question = self.instrument.question(&row.question);
            let options = question.into_iter().flat_map(Question::known).filter_map(|o| o.points);
            match row.points.filter(|_| row.answer != UNKNOWN) {
                Some(points) => points,
                None if hardly.contains(&row.question.as_str()) => Decimal::ZERO,
                None => options.max().unwrap_or_default(),
            }
        };
        let total: Decimal = self.rows.iter().map(most).sum();
        let band = self.instrument.band(total)?;
        Some(format!(
            "{band} at most ({total}) without questions 6 to 8, which HLH hardly lets anyone answer"
        ))
    }

    /// Questions without an answer whose answers lead to different categories.
    fn missing(&self) -> Vec<Missing> {
        if !self.applies() {
            return Vec::new();
        }
        let open = self.rows.iter().filter(|row| !self.answers.contains_key(&row.question));
        let reached = |row: &&AnsweredQuestion| {
            self.instrument.kind == Kind::Points || self.outcome.way.contains(&row.question)
        };
        let of = |row: &AnsweredQuestion| {
            let question = self.instrument.question(&row.question)?;
            let mut leads_to: Vec<String> = Vec::new();
            for option in question.known() {
                let mut answers = self.answers.clone();
                answers.insert(question.id.clone(), option.id.clone());
                let then = outcome(self.instrument, &answers);
                let ends = then.category.map_or(then.categories, |category| vec![category]);
                leads_to.extend(
                    ends.into_iter().filter(|end| !leads_to.contains(end)).collect::<Vec<_>>(),
                );
            }
            (leads_to.len() > 1).then(|| Missing {
                instrument: self.instrument.id.clone(),
                question: question.id.clone(),
                text: question.text.clone(),
                leads_to,
            })
        };
        open.filter(reached).filter_map(of).collect()
    }
}

/// The answer of a person, else what the case says, else unknown.
fn answered(
    instrument: &CausalityInstrument,
    question: &Question,
    facts: &DrugFacts<'_>,
) -> AnsweredQuestion {
    let stated = facts.drug.answers.get(group(&instrument.id)).into_iter().flatten();
    let stated = stated.chain(facts.drug.answers.get(&instrument.id).into_iter().flatten());
    let stated = stated.filter(|answer| answer.question == question.id).next_back();
    let row = |answer: &str, by, reason: String, source: Option<String>| {
        let option = question.option(answer);
        let label = option.and_then(|option| option.label.clone());
        AnsweredQuestion {
            question: question.id.clone(),
            text: question.text.clone(),
            answer: answer.to_owned(),
            label: label.unwrap_or_else(|| answer.replace('_', " ")),
            points: option.and_then(|option| option.points),
            by,
            reason,
            source,
        }
    };
    if let Some(answer) = stated {
        let reason = answer.reason.clone().unwrap_or_else(|| "no reason stated".to_owned());
        return row(&answer.answer, AnsweredBy::Stated, reason, answer.source.clone());
    }
    match derive::derive(&instrument.id, &question.id, facts) {
        // An answer that the file does not have is none: the files and this program can only be changed together.
        Some(Derived { answer, reason, source })
            if question.option(answer).is_some() || answer == UNKNOWN =>
        {
            let by = if answer == UNKNOWN { AnsweredBy::Nobody } else { AnsweredBy::Derived };
            row(answer, by, reason, source)
        }
        _ => row(
            UNKNOWN,
            AnsweredBy::Nobody,
            "the case does not say; for a person to answer".to_owned(),
            None,
        ),
    }
}

/// The name under which answers to an instrument may be stated beside its id: both tables of RUCAM share one.
pub(super) fn group(id: &str) -> &str {
    if id.starts_with("rucam-") { "rucam" } else { id }
}

/// Whether an instrument is made for this drug and event.
fn applicability(instrument: &CausalityInstrument, facts: &DrugFacts<'_>) -> Applicability {
    let of = |state, label: &str| Applicability { state, label: label.to_owned() };
    match instrument.id.as_str() {
        "who-aefi" if facts.drug.kind != DrugKind::Vaccine => {
            of(Ternary::NotMet, "for vaccines only")
        }
        "who-aefi" if facts.precedes().state == Ternary::NotMet => {
            of(Ternary::NotMet, "the event came before the vaccination")
        }
        "alden" if !derive::is_skin(&facts.case.event.term) => {
            of(Ternary::NotMet, "for Stevens-Johnson syndrome and toxic epidermal necrolysis only")
        }
        "rucam-hepatocellular" | "rucam-cholestatic" => match derive::rucam::pattern(facts.case) {
            Pattern::Unknown(reason) => of(Ternary::NotMet, &reason),
            Pattern::Hepatocellular(ratio) => of(
                Ternary::known(instrument.id == "rucam-hepatocellular"),
                &format!("{ratio}: hepatocellular; of the liver injury only"),
            ),
            Pattern::Cholestatic(ratio) => of(
                Ternary::known(instrument.id == "rucam-cholestatic"),
                &format!("{ratio}: cholestatic or mixed; of the liver injury only"),
            ),
        },
        _ => of(Ternary::Met, "any drug and event"),
    }
}
