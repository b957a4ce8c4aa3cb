//! Measures of one 2 x 2 table, over 10,000 tables as a database of 20 million reports has them.

#![allow(missing_docs, clippy::unwrap_used, clippy::cast_sign_loss)]

use divan::{Bencher, black_box};
use iatro_stats::Table2x2;
use iatro_stats::disproportionality::{
    chi2_pearson, chi2_yates, fisher_greater, fisher_less, fisher_mid_p, fisher_mid_p_two_sided,
    fisher_two_sided, g_squared, ic, ic_bcpnn, ic_noren2013, log_likelihood_ratio, prr, ror,
    ror_conditional, ror_conditional_mid_p, rrr,
};

const TABLES: u64 = 10_000;
const REPORTS: u64 = 20_000_000;

fn main() {
    divan::main();
}

/// Numbers that look random and are the same in every run (splitmix64).
fn mixed(k: u64) -> u64 {
    let mut x = k.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// A drug with 100 to 100,000 reports, an event with 50 to 50,000, and fewer than 50 with both.
fn tables() -> Vec<Table2x2> {
    let log_uniform = |k: u64, from: f64| {
        let unit = (mixed(k) >> 11) as f64 / (1_u64 << 53) as f64;
        (from * 1_000_f64.powf(unit)) as u64
    };
    (0..TABLES)
        .map(|k| {
            let (drug, event) = (log_uniform(3 * k, 100.0), log_uniform(3 * k + 1, 50.0));
            let both = (mixed(3 * k + 2) % 50).min(drug).min(event);
            Table2x2::from_margins(both, drug, event, REPORTS).unwrap()
        })
        .collect()
}

fn over_all<T>(bencher: Bencher<'_, '_>, measure: impl Fn(&Table2x2) -> T + Sync) {
    let tables = tables();
    bencher.counter(TABLES).bench(|| {
        for table in &tables {
            black_box(measure(black_box(table)));
        }
    });
}

#[divan::bench]
fn fisher_mid_p_10k(bencher: Bencher<'_, '_>) {
    over_all(bencher, fisher_mid_p);
}

#[divan::bench]
fn fisher_two_sided_10k(bencher: Bencher<'_, '_>) {
    over_all(bencher, fisher_two_sided);
}

#[divan::bench]
fn ror_conditional_10k(bencher: Bencher<'_, '_>) {
    over_all(bencher, ror_conditional);
}

#[divan::bench]
fn ic_10k(bencher: Bencher<'_, '_>) {
    over_all(bencher, ic);
}

/// Everything that needs no sampling.
#[divan::bench(sample_count = 20)]
fn whole_set_10k(bencher: Bencher<'_, '_>) {
    over_all(bencher, |t| {
        black_box((ror(t), prr(t), rrr(t), ic(t), ic_noren2013(t)));
        black_box((chi2_pearson(t), chi2_yates(t), g_squared(t), log_likelihood_ratio(t)));
        black_box((fisher_greater(t), fisher_less(t), fisher_two_sided(t)));
        black_box((fisher_mid_p(t), fisher_mid_p_two_sided(t)));
        black_box((ror_conditional(t), ror_conditional_mid_p(t)));
    });
}

/// One table whose cells are a thousand million: a sum over its width would have 100,000 terms.
#[divan::bench]
fn wide_table_conditional() -> bool {
    let billion = 1_000_000_000;
    let table = Table2x2::new(billion, 2 * billion, 2 * billion, 4 * billion).unwrap();
    ror_conditional(black_box(&table)).is_some()
}

#[divan::bench]
fn wide_table_fisher_two_sided() -> bool {
    let billion = 1_000_000_000;
    let table = Table2x2::new(billion + 30_000, 2 * billion, 2 * billion, 4 * billion).unwrap();
    fisher_two_sided(black_box(&table)).is_some()
}

#[divan::bench(args = [10_000, 100_000])]
fn ic_bcpnn_draws(draws: u32) -> bool {
    let table = Table2x2::new(25, 1_101, 62, 571_385).unwrap();
    ic_bcpnn(black_box(&table), draws, 1).is_ok()
}
