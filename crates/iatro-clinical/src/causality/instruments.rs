//! The instruments, asked of one drug.

use rust_decimal::Decimal;

use super::CausalityQuestion;
use super::definition::{CausalityInstrument, Kind, Question, UNKNOWN};
use super::derive::{self, Derived, rucam::Pattern};
use super::facts::DrugFacts;
use super::load;
use super::result::{AnswerRow, Ask, Basis, CategoryRow, InstrumentAnswer, Points};
use super::walk::{Answers, Outcome, outcome};
use crate::case::DrugKind;
use crate::logic::Ternary;

pub(super) const NOT_VALIDATED: &str = "not validated for iatrogenic HLH";

/// Every instrument that is asked for, with the answers that there are.
pub(super) fn asked<'a>(facts: &DrugFacts<'_>, question: &CausalityQuestion) -> Vec<Asked<'a>> {
    let wanted = |one: &&CausalityInstrument| {
        question.asks_for(one.family()) && one.evidence_status.usable(question.include_unverified)
    };
    let in_use = load::all().iter().filter(wanted);
    let in_use = in_use.filter(|one| in_edition(one, question) && fits(one, facts));
    in_use.map(|one| Asked::new(one, facts)).collect()
}

/// The edition asked for, else the first that there is.
fn in_edition(one: &CausalityInstrument, question: &CausalityQuestion) -> bool {
    let asked = question.variants.iter().rev().find(|(family, _)| family == one.family());
    let first = || load::all().iter().find(|other| other.family() == one.family());
    match asked {
        Some((_, edition)) => one.edition.as_ref() == Some(edition),
        None => first().is_some_and(|first| first.edition == one.edition),
    }
}

/// Of an instrument with two forms, the one that fits the case; that for hepatocellular injury where neither does.
fn fits(one: &CausalityInstrument, facts: &DrugFacts<'_>) -> bool {
    let cholestatic = matches!(derive::rucam::pattern(facts.case), Pattern::Cholestatic(_));
    match one.form.as_deref() {
        Some("cholestatic") => cholestatic,
        Some(_) => !cholestatic,
        None => true,
    }
}

/// An instrument with the answers that there are.
pub(super) struct Asked<'a> {
    pub(super) instrument: &'a CausalityInstrument,
    pub(super) rows: Vec<AnswerRow>,
    pub(super) answers: Answers,
    pub(super) outcome: Outcome,
    applicable: (Ternary, String),
}

impl<'a> Asked<'a> {
    fn new(instrument: &'a CausalityInstrument, facts: &DrugFacts<'_>) -> Self {
        let row = |question: &Question| answered(instrument, question, facts);
        let mut rows: Vec<AnswerRow> = instrument.questions.iter().map(row).collect();
        let known = rows.iter().filter(|row| row.basis != Basis::Unknown);
        let answers: Answers = known.map(|row| (row.id.clone(), row.answer.clone())).collect();
        let outcome = outcome(instrument, &answers);
        for row in &mut rows {
            row.asked = instrument.kind == Kind::Points || outcome.way.contains(&row.id);
        }
        let applicable = applicability(instrument, facts);
        Self { instrument, rows, answers, outcome, applicable }
    }

    /// Whether it may be asked of this drug and event.
    pub(super) fn applies(&self) -> bool {
        self.applicable.0 != Ternary::NotMet
    }

    /// Whether the way to the category came past a question; of points, every question counts.
    pub(super) fn is_on_the_way(&self, question: &str) -> bool {
        self.instrument.kind == Kind::Points || self.outcome.way.iter().any(|id| id == question)
    }

    /// What it answers.
    pub(super) fn answer(&self, facts: &DrugFacts<'_>) -> InstrumentAnswer {
        let one = self.instrument;
        let found = self.applies().then_some(&self.outcome);
        let (applicable, applicability) = self.applicable.clone();
        let variant: Vec<&str> = one.edition.iter().chain(&one.form).map(String::as_str).collect();
        InstrumentAnswer {
            id: one.family().to_owned(),
            name: one.name.clone(),
            purpose: one.purpose.clone(),
            variant: (!variant.is_empty()).then(|| variant.join(", ")),
            applicable,
            applicability,
            category: found.and_then(|found| found.category.as_deref()).map(category),
            reachable: found
                .map(|found| found.categories.iter().map(|one| category(one)).collect())
                .unwrap_or_default(),
            points: found.and_then(|_| self.points(facts)),
            decided_by: found.map(|_| self.decided_by()).unwrap_or_default(),
            questions: self.rows.clone(),
            viewpoints: Vec::new(),
            population: one.population.clone(),
            not_validated: NOT_VALIDATED,
            evidence_status: one.evidence_status,
            caveats: one.caveats.clone(),
            sources: one.sources.clone(),
            citation: one.citation.clone(),
        }
    }

    /// Of a tree, the answers on the way; of points, the answers that gave some.
    fn decided_by(&self) -> Vec<String> {
        let counts = |row: &&AnswerRow| match self.instrument.kind {
            Kind::Tree => row.asked,
            Kind::Points => row.basis != Basis::Unknown && row.points != Some(Decimal::ZERO),
        };
        let said = |row: &AnswerRow| match row.points {
            Some(points) => format!("{} {} ({points:+}): {}", row.id, row.label, row.reason),
            None => format!("{} {}: {}", row.text, row.label, row.reason),
        };
        self.rows.iter().filter(counts).map(said).collect()
    }

    fn points(&self, facts: &DrugFacts<'_>) -> Option<Points> {
        let (range, as_published) = (self.outcome.range?, self.outcome.total?);
        let ceiling = self.ceiling();
        let band = self.instrument.band(ceiling)?;
        Some(Points {
            as_published,
            min: range.min,
            max: range.max,
            ceiling,
            ceiling_category: category(band),
            ceiling_reason: self.ceiling_reason(facts),
        })
    }

    /// The most that can be reached: questions that HLH hardly lets anyone answer stay open.
    fn ceiling(&self) -> Decimal {
        let most = |row: &AnswerRow| {
            let own = row.points.filter(|_| row.basis != Basis::Unknown);
            let question = self.instrument.question(&row.id);
            let open = || {
                if self.hardly_answerable(&row.id) {
                    return question?.option(UNKNOWN)?.points;
                }
                question.into_iter().flat_map(Question::known).filter_map(|o| o.points).max()
            };
            own.or_else(open).unwrap_or_default()
        };
        self.rows.iter().map(most).sum()
    }

    /// Placebo, toxic concentration and dose response (questions 6 to 8 of Naranjo).
    fn hardly_answerable(&self, question: &str) -> bool {
        self.instrument.id == "naranjo" && matches!(question, "q6" | "q7" | "q8")
    }

    fn ceiling_reason(&self, facts: &DrugFacts<'_>) -> String {
        let open: Vec<&str> = self
            .rows
            .iter()
            .filter(|row| row.basis == Basis::Unknown && self.hardly_answerable(&row.id))
            .map(|row| row.id.as_str())
            .collect();
        let mut reasons = Vec::new();
        if !open.is_empty() {
            reasons
                .push(format!("{} left open: HLH hardly lets anyone answer them", open.join(", ")));
        }
        let alternative = facts.alternative();
        if alternative.state == Ternary::Met {
            reasons.push(format!("other possible causes: {}", alternative.reason));
        }
        if reasons.is_empty() {
            reasons.push("every open answer would have to speak for the drug".to_owned());
        }
        reasons.join("; ")
    }
}

/// A category with its id.
pub(super) fn category(label: &str) -> CategoryRow {
    let head = label.split(':').next().unwrap_or(label).trim().to_lowercase();
    CategoryRow { id: head.replace(' ', "-"), label: label.to_owned() }
}

/// The answer of a person, else what the case says, else unknown.
fn answered(
    instrument: &CausalityInstrument,
    question: &Question,
    facts: &DrugFacts<'_>,
) -> AnswerRow {
    let stated = facts.drug.answers.get(instrument.family()).into_iter().flatten();
    // The last one said, where a question was answered twice.
    let stated = stated.filter(|answer| answer.question == question.id).reduce(|_, later| later);
    let mut row = unanswered(question);
    if let Some(answer) = stated {
        row.basis = Basis::Stated;
        row.reason = answer.reason.clone().unwrap_or_else(|| "no reason stated".to_owned());
        row.row = facts.row(&format!("answers.{}", instrument.family()));
        row.source.clone_from(&answer.source);
        set(&mut row, question, &answer.answer);
        return row;
    }
    if let Some(Derived { answer, reason, row: at }) =
        derive::derive(instrument.family(), &question.id, facts)
    {
        row.reason = reason;
        row.row = at.unwrap_or_default();
        if answer != UNKNOWN && question.option(answer).is_some() {
            row.basis = Basis::Derived;
            set(&mut row, question, answer);
        }
    }
    row
}

fn set(row: &mut AnswerRow, question: &Question, answer: &str) {
    let option = question.option(answer);
    answer.clone_into(&mut row.answer);
    row.label = label(answer, option.and_then(|option| option.label.as_deref()));
    row.points = option.and_then(|option| option.points);
}

fn label(id: &str, label: Option<&str>) -> String {
    label.map_or_else(|| id.replace('_', " "), str::to_owned)
}

fn unanswered(question: &Question) -> AnswerRow {
    let option = |option: &super::definition::Answer| Ask {
        id: option.id.clone(),
        label: label(&option.id, option.label.as_deref()),
    };
    AnswerRow {
        id: question.id.clone(),
        text: question.text.clone(),
        answer: UNKNOWN.to_owned(),
        label: UNKNOWN.to_owned(),
        basis: Basis::Unknown,
        points: question.option(UNKNOWN).and_then(|option| option.points),
        asked: true,
        reason: "the case does not say; for a person to answer".to_owned(),
        row: String::new(),
        source: None,
        options: question.options.iter().map(option).collect(),
        evidence_status: question.evidence_status,
    }
}

/// Whether an instrument is made for this drug and event.
fn applicability(instrument: &CausalityInstrument, facts: &DrugFacts<'_>) -> (Ternary, String) {
    let of = |state, label: &str| (state, label.to_owned());
    match instrument.family() {
        "who-aefi" if facts.drug.kind != DrugKind::Vaccine => {
            of(Ternary::NotMet, "for vaccines only")
        }
        "who-aefi" if facts.precedes().state == Ternary::NotMet => {
            of(Ternary::NotMet, "the event came before the vaccination")
        }
        "alden" if !derive::is_skin(&facts.case.event.term) => {
            of(Ternary::NotMet, "for Stevens-Johnson syndrome and toxic epidermal necrolysis only")
        }
        "rucam" => match derive::rucam::pattern(facts.case) {
            Pattern::Unknown(reason) => of(Ternary::NotMet, &reason),
            Pattern::Hepatocellular(ratio) => of(
                Ternary::Met,
                &format!("{ratio}, hepatocellular: of the liver injury only, not of HLH"),
            ),
            Pattern::Cholestatic(ratio) => of(
                Ternary::Met,
                &format!("{ratio}, cholestatic or mixed: of the liver injury only, not of HLH"),
            ),
        },
        _ => of(Ternary::Met, "any drug and event"),
    }
}
