//! What can be observed, as a table.

use iatro_clinical::instrument;
use iatro_clinical::observable::{self, Kind as Holds, Observable};

use super::super::columns::{left, paragraph, row, rule};
use crate::answer::{Answer, Cell, Kind, Rows};

const COLUMNS: [(&str, Kind); 9] = [
    ("observable", Kind::Text),
    ("label", Kind::Text),
    ("holds", Kind::Text),
    ("unit", Kind::Text),
    ("least", Kind::Number),
    ("most", Kind::Number),
    ("values", Kind::Text),
    ("codes", Kind::Text),
    ("instruments", Kind::Text),
];

pub(super) fn answer() -> Answer {
    let mut rows = Rows::new(&COLUMNS);
    for known in observable::all() {
        rows.push(cells(known));
    }
    Answer::of_rows(rows, text())
}

fn cells(known: &Observable) -> Vec<Cell> {
    let number = |decimal| f64::try_from(decimal).map_or(Cell::Missing, Cell::from);
    let text = |text: String| if text.is_empty() { Cell::Missing } else { text.into() };
    let (holds, unit, least, most) = match &known.kind {
        Holds::Quantity(kind) => {
            ("number", kind.unit.text().into(), number(kind.least), number(kind.most))
        }
        Holds::Finding { .. } => ("finding", Cell::Missing, Cell::Missing, Cell::Missing),
        Holds::Choice { .. } => ("choice", Cell::Missing, Cell::Missing, Cell::Missing),
    };
    let codes: Vec<String> =
        known.codes.iter().map(|code| format!("{}:{}", code.system, code.code)).collect();
    vec![
        known.id.as_str().into(),
        known.label.as_str().into(),
        holds.into(),
        unit,
        least,
        most,
        text(values(known)),
        text(codes.join(" ")),
        text(asked_by(known).join(" ")),
    ]
}

/// What may be given where it is no number.
fn values(known: &Observable) -> String {
    match &known.kind {
        Holds::Quantity(_) => String::new(),
        Holds::Finding { sites, .. } if sites.is_empty() => "yes|no|unknown".to_owned(),
        Holds::Finding { sites, .. } => format!("yes|no|unknown @ {}", sites.join("|")),
        Holds::Choice { options } => options.join("|"),
    }
}

fn asked_by(known: &Observable) -> Vec<&'static str> {
    let asks = |one: &&instrument::Instrument| one.observables().contains(&known.id.as_str());
    instrument::all().iter().filter(asks).map(|one| one.id.as_str()).collect()
}

fn text() -> String {
    let header = ["Name", "What it is", "Given as"];
    let line =
        |cells: [&str; 3]| row(0, &[left(cells[0], 27), left(cells[1], 27), left(cells[2], 22)]);
    let mut text = line(header) + &rule();
    for known in observable::all() {
        let given = match &known.kind {
            Holds::Quantity(kind) => {
                format!("{} ({} to {})", kind.unit, kind.least, kind.most)
            }
            Holds::Finding { sites, .. } if sites.is_empty() => "yes, no, unknown".to_owned(),
            Holds::Finding { sites, .. } => format!("yes, no, unknown; @ {}", sites.join(", ")),
            Holds::Choice { options } => options.join(", "),
        };
        text.push_str(&line([&known.id, &known.label, &given]));
    }
    text.push('\n');
    text.push_str(&paragraph(
        "",
        "Limits are those of what is possible at all, no reference ranges; any unit of the same kind is read. Codes \
         and the instruments that ask for each: --format csv.",
    ));
    text
}
