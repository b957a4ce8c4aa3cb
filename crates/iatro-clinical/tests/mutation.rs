//! No comparator, cut-off or point of a data file can be changed without a row of its vectors failing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

#[path = "support/mutants.rs"]
mod mutants;
#[path = "support/rows.rs"]
mod rows;

use iatro_clinical::instrument;

#[test]
fn every_mutant_of_a_data_file_fails_a_row() {
    let mut survivors = Vec::new();
    let mut count = 0;
    for instrument in instrument::all() {
        let id = &instrument.id;
        let file = rows::folder("data/instruments").join(format!("{id}.toml"));
        let text = std::fs::read_to_string(file).unwrap();
        let rows = rows::rows(id);
        for mutant in mutants::of(&text) {
            count += 1;
            // A mutant that does not hold together is refused by the loader: it is found.
            let Ok(changed) = instrument::load(&mutant.text) else { continue };
            if !rows.iter().any(|row| rows::failure(&changed, row).is_some()) {
                survivors.push(format!("{id}, {}", mutant.what));
            }
        }
    }
    assert!(count > 0);
    let lines = survivors.join("\n");
    assert!(
        survivors.is_empty(),
        "{} of {count} mutants pass every row:\n{lines}",
        survivors.len()
    );
}

#[test]
fn mutants_are_what_they_say() {
    let text = "id = \"x\"\nlabel = \"more > 3\"\n[[level]]\nwhen = \"ferritin >= 2000 ng/mL\"\npoints = 35\n";
    let all: Vec<String> = mutants::of(text).into_iter().map(|mutant| mutant.what).collect();
    let line = |inside: &str| format!("line 4: when = \"ferritin {inside} ng/mL\"");
    assert_eq!(
        all,
        [
            line("[>= -> >] 2000"),
            line("[>= -> <=] 2000"),
            line("[>= -> <] 2000"),
            line(">= [2000 -> 1999]"),
            line(">= [2000 -> 2001]"),
            "line 5: points = [35 -> 34]".to_owned(),
            "line 5: points = [35 -> 36]".to_owned(),
        ]
    );
}
