//! The order of the layers: a crate may use only crates above it in the list.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// From the bottom up; a crate uses only crates of a lower layer.
const LAYERS: [(&str, u8); 10] = [
    ("iatro-stats", 0),
    // Beside the reports, not above or below them: neither may reach the other.
    ("iatro-clinical", 0),
    ("iatro-reports", 1),
    ("iatro-signals", 2),
    ("iatro-review", 3),
    // Beside the pages: sessions on engines that read SQL.
    ("iatro-engines", 3),
    ("iatro-cli", 4),
    // Beside the layers: the generator is used by the surface only, and uses nothing.
    ("iatro-synth", 0),
    ("iatro-validation", 9),
    ("xtask", 9),
];

/// What a pure crate must not use: I/O formats, async, clocks.
const NEVER: [(&str, &[&str]); 3] = [
    // A causality category is never derived from a number about reports.
    (
        "iatro-clinical",
        &[
            "iatro-stats",
            "iatro-reports",
            "iatro-signals",
            "arrow-array",
            "parquet",
            "tokio",
            "ureq",
        ],
    ),
    ("iatro-stats", &["arrow-array", "parquet", "serde_json", "tokio", "ureq", "csv", "jiff"]),
    ("iatro-review", &["arrow-array", "parquet", "ureq", "csv", "iatro-stats"]),
];

fn layer(name: &str) -> Option<u8> {
    LAYERS.iter().find(|(known, _)| *known == name).map(|(_, layer)| *layer)
}

fn packages() -> Vec<Package> {
    MetadataCommand::new().no_deps().exec().unwrap().packages
}

/// The edges that go against the order.
fn edges_against(packages: &[(String, Vec<String>)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, uses) in packages {
        let Some(own) = layer(name) else {
            wrong.push(format!("{name} has no layer"));
            continue;
        };
        for used in uses {
            let against = layer(used).is_some_and(|of_used| of_used >= own);
            let from_beside = used == "iatro-synth" && own < 4;
            if against || from_beside {
                wrong.push(format!("{name} uses {used}"));
            }
        }
    }
    wrong
}

fn uses(package: &Package) -> Vec<String> {
    let normal = package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal);
    normal.map(|dependency| dependency.name.clone()).collect()
}

#[test]
fn no_crate_uses_a_layer_above_it() {
    let packages: Vec<_> = packages().iter().map(|p| (p.name.to_string(), uses(p))).collect();
    assert!(packages.len() >= 10);
    assert_eq!(edges_against(&packages), Vec::<String>::new());
}

#[test]
fn the_check_finds_an_edge_against_the_order() {
    let planted = [
        ("iatro-stats".to_owned(), vec!["iatro-signals".to_owned()]),
        ("iatro-reports".to_owned(), vec!["iatro-synth".to_owned()]),
        ("iatro-new".to_owned(), vec![]),
    ];
    assert_eq!(
        edges_against(&planted),
        [
            "iatro-stats uses iatro-signals",
            "iatro-reports uses iatro-synth",
            "iatro-new has no layer"
        ]
    );
}

#[test]
fn pure_crates_stay_pure() {
    for package in packages() {
        let never = NEVER.iter().find(|(name, _)| *name == package.name.as_str());
        for used in uses(&package) {
            let wrong = never.is_some_and(|(_, list)| list.contains(&used.as_str()));
            assert!(!wrong, "{} uses {used}", package.name);
        }
    }
}

#[test]
fn versions_stand_in_the_workspace_only() {
    for package in packages() {
        let text = std::fs::read_to_string(&package.manifest_path).unwrap();
        let own = text.lines().filter(|line| line.contains("version = \""));
        assert_eq!(own.count(), 0, "{} names a version of its own", package.name);
    }
}
