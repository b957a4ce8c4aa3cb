//! Tree scan.

use iatro_stats::tree_scan::{
    BernoulliNull, BernoulliRow, NodeResult, PoissonNull, PoissonRow, ScanOptions, ScanResult,
    Tree, TreeScan,
};

use crate::row::Family;

/// Test snapshot of the R package TreeMineR (p = 1/11): exposed, unexposed, printed ratio.
const TREE_MINER: [(u64, u64, &str); 12] = [
    (122, 669, "16.187145"),
    (132, 782, "13.657855"),
    (241, 1_687, "12.268163"),
    (210, 1_438, "11.957318"),
    (133, 822, "11.797748"),
    (306, 2_281, "10.806142"),
    (207, 1_452, "10.423109"),
    (114, 712, "9.711722"),
    (109, 690, "8.803335"),
    (49, 360, "1.8956802"),
    (27, 215, "0.5867027"),
    (73, 496, "4.3174359"),
];

const SNAPSHOT: &str = "R package TreeMineR, its test snapshot";
const ENUMERATION: &str = "full enumeration of the outcomes, scipy 1.17.1";
const FORMULA: &str = "published formula, computed independently";

/// Ratio, and p by full enumeration, of each node in the order of [`NODES`].
type Expected = [(&'static str, &'static str); 7];

const NODES: [&str; 7] = ["all", "A", "B", "a1", "a2", "b1", "c"];

/// Four leaves; `c` stands under both groups.
fn tree() -> Tree {
    Tree::parse("all,\nA,all\nB,all\na1,A\na2,A\nb1,B\nc,A\nc,B\n").unwrap()
}

const LEAVES: [&[&str]; 4] = [&["a1"], &["a2"], &["b1"], &["c"]];

fn bernoulli(null: BernoulliNull) -> TreeScan {
    let counts = [(4, 3), (2, 4), (1, 6), (3, 5)];
    let rows: Vec<BernoulliRow<'_>> = LEAVES
        .iter()
        .zip(counts)
        .map(|(nodes, (cases, controls))| BernoulliRow { nodes, cases, controls })
        .collect();
    TreeScan::bernoulli(&tree(), &rows, null, &ScanOptions::default()).unwrap()
}

fn poisson(null: PoissonNull) -> TreeScan {
    let counts = [(6, 1.5), (2, 2.0), (1, 2.5), (4, 3.0)];
    let rows: Vec<PoissonRow<'_>> = LEAVES
        .iter()
        .zip(counts)
        .map(|(nodes, (cases, expected))| PoissonRow { nodes, cases, expected })
        .collect();
    TreeScan::poisson(&tree(), &rows, null, &ScanOptions::default()).unwrap()
}

fn node<'a>(result: &'a ScanResult, name: &str) -> &'a NodeResult {
    result.nodes.iter().find(|node| node.node == name).unwrap()
}

/// Ratios to 1e-12; p within four standard errors of a share of 99,999 replicates.
fn enumerated(family: &mut Family, model: &str, scan: &TreeScan, expected: Expected) {
    let replicates = 99_999;
    let result = scan.run(replicates, 20_260_101).unwrap();
    for (name, (llr, p)) in NODES.into_iter().zip(expected) {
        let got = node(&result, name);
        let Some(got_llr) = got.llr else {
            assert_eq!(llr, "-", "{model}, {name}");
            continue;
        };
        family.within(format!("{model}, {name}: LLR"), FORMULA, llr, got_llr, 1e-12);
        let share: f64 = p.parse().unwrap();
        let error = (share * (1.0 - share) / f64::from(replicates)).sqrt();
        let tolerance = 4.0 * error + 1.0 / f64::from(replicates);
        family.within(format!("{model}, {name}: p"), ENUMERATION, p, got.p.unwrap(), tolerance);
    }
}

/// The family.
pub(crate) fn rows(family: &mut Family) {
    for (cases, controls, expected) in TREE_MINER {
        let rows = [BernoulliRow { nodes: &["all"], cases, controls }];
        let null = BernoulliNull::Probability(1.0 / 11.0);
        let scan = TreeScan::bernoulli(&tree(), &rows, null, &ScanOptions::default()).unwrap();
        let got = node(&scan.result(Vec::new()), "all").llr.unwrap();
        let number = format!("Bernoulli, p = 1/11, {cases} cases, {controls} controls: LLR");
        family.printed(number, SNAPSHOT, expected, got);
    }
    let total = bernoulli(BernoulliNull::Total);
    enumerated(
        family,
        "Bernoulli, given the total",
        &total,
        [
            ("0", "1"),
            ("1.03729928610551", "0.359137049"),
            ("0", "1"),
            ("0.905165619640584", "0.571239592"),
            ("0", "1"),
            ("-", "-"),
            ("0.00774502687777723", "1"),
        ],
    );
    let probability = bernoulli(BernoulliNull::Probability(0.25));
    enumerated(
        family,
        "Bernoulli, p = 0.25",
        &probability,
        [
            ("0.792037202496674", "0.402728826"),
            ("1.58776392079048", "0.216642193"),
            ("0.0109526701776397", "0.928273202"),
            ("1.6278669289316", "0.207013080"),
            ("0.104232002278028", "0.792709553"),
            ("-", "-"),
            ("0.30478754035472", "0.677548193"),
        ],
    );
    let total = poisson(PoissonNull::Total);
    enumerated(
        family,
        "Poisson, given the total",
        &total,
        [
            ("0", "1"),
            ("1.66054080113362", "0.267622036"),
            ("0", "1"),
            ("3.05439392468156", "0.068252687"),
            ("0", "1"),
            ("-", "-"),
            ("0", "1"),
        ],
    );
    let expected = poisson(PoissonNull::Expected);
    enumerated(
        family,
        "Poisson, expected counts",
        &expected,
        [
            ("0.780422141629125", "0.316861444"),
            ("1.85725367463691", "0.100271996"),
            ("0", "1"),
            ("3.81776616671934", "0.013534511"),
            ("0", "1"),
            ("-", "-"),
            ("0.150728289807123", "0.731630276"),
        ],
    );
}
