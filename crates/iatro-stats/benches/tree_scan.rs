//! Scan statistics over a hierarchy.

#![allow(missing_docs, clippy::unwrap_used, clippy::cast_sign_loss)]

use divan::{Bencher, black_box};
use iatro_stats::tree_scan::{
    BernoulliNull, BernoulliRow, PoissonNull, PoissonRow, ScanOptions, Tree, TreeScan,
};

fn main() {
    divan::main();
}

const LEAVES: usize = 16_000;

/// 18,168 nodes in five levels: 27 classes, 340 groups, 1,800 terms, 16,000 leaves.
fn hierarchy() -> String {
    let mut text = String::from("all,\n");
    let level = |text: &mut String, (name, size): (&str, usize), (above, of): (&str, usize)| {
        for i in 0..size {
            text.push_str(&format!("{name}{i},{above}{}\n", i * of / size));
        }
    };
    for i in 0..27 {
        text.push_str(&format!("class{i},all\n"));
    }
    level(&mut text, ("group", 340), ("class", 27));
    level(&mut text, ("high", 1_800), ("group", 340));
    level(&mut text, ("term", LEAVES), ("high", 1_800));
    text
}

fn leaves() -> Vec<String> {
    (0..LEAVES).map(|i| format!("term{i}")).collect()
}

/// Reports of a term fall as 1 / rank; the scale gives about 3,000 cases.
fn expected(i: usize) -> f64 {
    3_000.0 / 10.26 / ((i * 7_919 % LEAVES) + 1) as f64
}

fn poisson(null: PoissonNull) -> TreeScan {
    let (tree, names) = (Tree::parse(&hierarchy()).unwrap(), leaves());
    let nodes: Vec<[&str; 1]> = names.iter().map(|name| [name.as_str()]).collect();
    let row = |(i, nodes)| {
        let expected = expected(i);
        PoissonRow { nodes, cases: expected.round() as u64, expected }
    };
    let rows: Vec<_> = nodes.iter().map(|n| &n[..]).enumerate().map(row).collect();
    TreeScan::poisson(&tree, &rows, null, &ScanOptions::default()).unwrap()
}

fn bernoulli(null: BernoulliNull) -> TreeScan {
    let (tree, names) = (Tree::parse(&hierarchy()).unwrap(), leaves());
    let nodes: Vec<[&str; 1]> = names.iter().map(|name| [name.as_str()]).collect();
    let row = |(i, nodes)| {
        let cases = expected(i).round() as u64;
        BernoulliRow { nodes, cases, controls: (expected(i) * 500.0) as u64 }
    };
    let rows: Vec<_> = nodes.iter().map(|n| &n[..]).enumerate().map(row).collect();
    TreeScan::bernoulli(&tree, &rows, null, &ScanOptions::default()).unwrap()
}

#[divan::bench]
fn parse_18_000_nodes(bencher: Bencher<'_, '_>) {
    let text = hierarchy();
    bencher.bench(|| Tree::parse(black_box(&text)).unwrap());
}

#[divan::bench(sample_count = 3, args = [999, 9_999])]
fn poisson_given_the_total(bencher: Bencher<'_, '_>, replicates: u32) {
    let scan = poisson(PoissonNull::Total);
    bencher.bench(|| scan.run(black_box(replicates), 1).unwrap());
}

#[divan::bench(sample_count = 3, args = [999])]
fn poisson_expected_counts(bencher: Bencher<'_, '_>, replicates: u32) {
    let scan = poisson(PoissonNull::Expected);
    bencher.bench(|| scan.run(black_box(replicates), 1).unwrap());
}

#[divan::bench(sample_count = 3, args = [999, 9_999])]
fn bernoulli_given_the_total(bencher: Bencher<'_, '_>, replicates: u32) {
    let scan = bernoulli(BernoulliNull::Total);
    bencher.bench(|| scan.run(black_box(replicates), 1).unwrap());
}
