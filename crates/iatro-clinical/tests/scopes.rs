//! In whom an instrument may be asked: inside, outside, or not said.
#![allow(clippy::unwrap_used, clippy::panic)]

use iatro_clinical::assess::{Question, assess_one};
use iatro_clinical::case::{Case, FORM};
use iatro_clinical::instrument;
use iatro_clinical::logic::Ternary::{self, Met, NotMet, Unknown};
use iatro_clinical::set;

fn applicability(id: &str, set: &str) -> Ternary {
    let known = instrument::find(id).unwrap_or_else(|| panic!("no instrument {id}"));
    let tokens = set.split("; ").filter(|token| !token.is_empty());
    let observations = tokens.map(|token| set::parse(token).unwrap()).collect();
    let case =
        Case { form: FORM.to_owned(), id: "P-001".to_owned(), observations, ..Case::default() };
    let question = Question { include_unverified: true, ..Question::default() };
    assess_one(&case, known, &question).unwrap().applicability.state
}

#[test]
fn every_scope_has_an_inside_and_an_outside() {
    let rows = [
        ("hlh-2024", "age=15.99 a", "age=16 a"),
        ("hscore", "age=18 a", "age=17.99 a"),
        ("ohi", "hematologic_malignancy=yes", "hematologic_malignancy=no"),
        ("o-hlh-2004", "hematologic_malignancy=yes", "hematologic_malignancy=no"),
        ("mas-2016", "sjia=yes", "sjia=no"),
        ("ms-score", "sjia=yes", "sjia=no"),
        ("ravelli-2005", "sjia=yes", "sjia=no"),
        ("kostik", "sjia=yes", "sjia=no"),
        ("ferritin-esr", "sjia=yes", "sjia=no"),
        ("sle-mas", "juvenile_sle=yes", "juvenile_sle=no"),
        ("iec-hs", "cell_therapy=yes", "cell_therapy=no"),
        ("iec-hs-criteria", "cell_therapy=yes", "cell_therapy=no"),
        ("iec-hs-grade", "cell_therapy=yes", "cell_therapy=no"),
        ("prwcc", "cell_therapy=yes", "cell_therapy=no"),
        ("cartox", "cell_therapy=yes", "cell_therapy=no"),
        ("crs", "cell_therapy=yes", "cell_therapy=no"),
        ("icans", "age=12 a", "age=11.99 a"),
        ("ferritin-paediatric", "age=17.99 a", "age=18 a"),
        ("scd25-adult", "age=18 a", "age=17.99 a"),
    ];
    for (id, inside, outside) in rows {
        assert_eq!(applicability(id, inside), Met, "{id}: {inside}");
        assert_eq!(applicability(id, outside), NotMet, "{id}: {outside}");
        assert_eq!(applicability(id, ""), Unknown, "{id}: nothing said");
    }
    let scoped: Vec<&str> = instrument::all()
        .iter()
        .filter(|one| one.scope.is_some())
        .map(|one| one.id.as_str())
        .collect();
    let tested = |id: &&&str| rows.iter().any(|(known, ..)| *known == **id);
    assert_eq!(scoped.iter().filter(tested).count(), scoped.len(), "{scoped:?}");
}
