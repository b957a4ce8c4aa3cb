//! The page of the bias bench and its code say the same.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use iatro_signals::bench::{CHECKS, FewLeft, Verdict};
use iatro_signals::study::Study;

const PAGE: &str = include_str!("../../../docs/methods/bias_bench.md");

/// The rows of the table under a heading line, as their cells.
fn table(header: &str) -> Vec<Vec<String>> {
    let lines = PAGE.lines().skip_while(|line| *line != header).skip(2);
    let rows = lines.take_while(|line| line.starts_with('|'));
    let cells = |line: &str| {
        let inner = line.trim_start_matches("| ").trim_end_matches(" |");
        inner.split(" | ").map(str::to_owned).collect()
    };
    rows.map(cells).collect()
}

#[test]
fn the_table_of_checks_is_the_list_in_the_code() {
    let few_left = |few: FewLeft| match few {
        FewLeft::Ends => "ends",
        FewLeft::Weighed => "weighed",
        FewLeft::WeighedByRatio => "weighed by ratio",
    };
    let expected: Vec<Vec<String>> = CHECKS
        .iter()
        .map(|check| {
            let id = format!("`{}`", check.id);
            [&id, check.title, check.rationale, check.bias, few_left(check.few_left)]
                .map(str::to_owned)
                .to_vec()
        })
        .collect();
    assert_eq!(table("| id | what is counted | why | bias | few left |"), expected);
}

#[test]
fn the_table_of_verdicts_has_the_rules_and_thresholds_of_the_code() {
    let expected: Vec<Vec<String>> = Verdict::ALL
        .iter()
        .map(|verdict| vec![format!("`{}`", verdict.name()), verdict.rule()])
        .collect();
    let lines: Vec<String> =
        expected.iter().map(|row| format!("| {} | {} |", row[0], row[1])).collect();
    assert_eq!(table("| verdict | rule |"), expected, "expected:\n{}", lines.join("\n"));
}

#[test]
fn the_built_in_study_declares_every_check_and_each_has_one_sentence() {
    let study = Study::embedded("hlh").unwrap();
    let ids: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
    assert_eq!(study.checks, ids);
    for check in CHECKS {
        assert!(check.rationale.ends_with('.'), "{}", check.id);
        assert_eq!(check.rationale.matches(". ").count(), 0, "{}", check.id);
        let text = format!("{} {} {}", check.title, check.rationale, check.bias).to_lowercase();
        for word in ["risk", "incidence", "caused", "causes", " safe "] {
            assert!(!text.contains(word), "{}: {word}", check.id);
        }
    }
}
