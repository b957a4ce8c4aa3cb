//! One 2 x 2 table.
//!
//! The rows come from an independent computation of the published formulas; the first two tables
//! are those of Singhal et al. 2015 (table 16, as used by the R package pharmsignal) and Noren et
//! al. 2006 (table III).

mod exact;

use iatro_stats::disproportionality::{
    chi2_pearson, chi2_yates, ic, ic_noren2013, ic_observed_expected, names, prr, ror, rrr,
};
use iatro_stats::{Estimate, Table2x2};

use crate::row::Family;

const FORMULA: &str = "published formula, computed independently";

fn table(cells: [u64; 4]) -> Table2x2 {
    let [a, b, c, d] = cells;
    Table2x2::new(a, b, c, d).unwrap()
}

fn number(family: &mut Family, number: &str, expected: &str, got: f64) {
    match expected {
        // 0.265826185756...: the eighth decimal is cut in the source.
        "0.26582618" => family.within(number, FORMULA, expected, got, 1e-8),
        // Fewer than six decimals: the value is exact.
        _ if expected.split_once('.').is_none_or(|(_, decimals)| decimals.len() < 6) => {
            family.within(number, FORMULA, expected, got, 1e-12);
        }
        _ => family.printed(number, FORMULA, expected, got),
    }
}

/// Point and limits; a dash stands for a number that the source does not give.
fn interval(family: &mut Family, oracle: &str, expected: [&'static str; 3], got: Estimate) {
    let parts = [("point", got.point), ("lower", got.lower), ("upper", got.upper)];
    for ((part, got), expected) in parts.into_iter().zip(expected) {
        if expected != "-" {
            number(family, &format!("{oracle}, {part}"), expected, got);
        }
    }
}

/// The numbers that oracles give for a whole table.
struct Published {
    cells: [u64; 4],
    expected: &'static str,
    ror: [&'static str; 3],
    prr: [&'static str; 3],
    chi2: [&'static str; 2],
    ic: [&'static str; 3],
    ic_noren2013: [&'static str; 3],
}

const PUBLISHED: [Published; 3] = [
    Published {
        cells: [122, 1_320, 381, 31_341],
        expected: "21.870884",
        ror: ["7.602804", "6.155362", "9.390613"],
        prr: ["7.044175", "5.784965", "8.577477"],
        chi2: ["486.629238", "481.781355"],
        ic: ["2.453088", "2.185608", "2.697591"],
        ic_noren2013: ["2.453088", "2.153455", "2.669561"],
    },
    Published {
        cells: [25, 1_101, 62, 571_385],
        expected: "0.171091",
        ror: ["209.261742", "131.038422", "334.180431"],
        prr: ["204.637813", "-", "-"],
        chi2: ["3610.849624", "3466.884688"],
        ic: ["5.247845", "4.626870", "5.757635"],
        ic_noren2013: ["5.247845", "4.578816", "5.719233"],
    },
    Published {
        cells: [3, 97, 47, 19_853],
        expected: "0.25",
        ror: ["13.064049", "3.998010", "42.688583"],
        prr: ["12.702128", "4.020017", "40.135162"],
        chi2: ["30.478206", "20.402766"],
        ic: ["2.222392", "0.171949", "3.416188"],
        ic_noren2013: ["2.222392", "0.153027", "3.428886"],
    },
];

fn whole_table(family: &mut Family, published: &Published) {
    let t = table(published.cells);
    let [a, b, c, d] = published.cells;
    let name = |estimator: &str| format!("({a}, {b}, {c}, {d}) {estimator}");
    number(family, &name("E"), published.expected, t.expected().unwrap());
    interval(family, &name(names::ROR), published.ror, ror(&t).unwrap());
    interval(family, &name(names::PRR), published.prr, prr(&t).unwrap());
    number(family, &name(names::CHI2_PEARSON), published.chi2[0], chi2_pearson(&t).unwrap());
    number(family, &name(names::CHI2_YATES), published.chi2[1], chi2_yates(&t).unwrap());
    interval(family, &name(names::IC), published.ic, ic(&t).unwrap());
    let approximate = ic_noren2013(&t).unwrap();
    interval(family, &name(names::IC_NOREN_2013), published.ic_noren2013, approximate);
}

/// The family.
pub(crate) fn rows(family: &mut Family) {
    for published in &PUBLISHED {
        whole_table(family, published);
    }
    number(family, "(3, 97, 47, 19853) RRR", "12", rrr(&table([3, 97, 47, 19_853])).unwrap());
    let ten_of_five = ic_observed_expected(10, 5.0).unwrap();
    let expected = ["0.93288580", "-0.09725664", "1.68945678"];
    interval(family, "observed 10, expected 5: IC (exact gamma 95 %)", expected, ten_of_five);
    let one_of_one = ic_observed_expected(1, 1.0).unwrap();
    let expected = ["0", "-3.79722727", "1.63975752"];
    interval(family, "observed 1, expected 1: IC (exact gamma 95 %)", expected, one_of_one);
    // 10 of 1,000 reports with the drug, 200 of 10,000 without.
    let halved = prr(&table([10, 990, 200, 9_800])).unwrap();
    let expected = ["0.5", "0.26582618", "0.94046416"];
    interval(family, "(10, 990, 200, 9800) PRR (log-normal 95 %)", expected, halved);
    let small = ror(&table([10, 20, 200, 10_000])).unwrap();
    let expected = ["25", "11.553499", "54.096165"];
    interval(family, "(10, 20, 200, 10000) ROR (Wald 95 %)", expected, small);
    exact::rows(family);
}

/// The points that the source states exactly are exact here.
#[test]
fn exact_points() {
    assert_eq!(ic_observed_expected(1, 1.0).unwrap().point, 0.0);
    assert_eq!(prr(&table([10, 990, 200, 9_800])).unwrap().point, 0.5);
    assert_eq!(ror(&table([10, 20, 200, 10_000])).unwrap().point, 25.0);
}
