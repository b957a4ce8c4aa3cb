//! Many looks.
//!
//! Tables 1 to 3 of Kulldorff et al. 2011; the tables and documented examples of the R package
//! Sequential; and a computation of our own in Python that shares no method with the crate's.

use iatro_stats::sequential::{
    BinomialPlan, CriticalValue, PoissonPlan, binomial_llr, cumulative_counts, first_crossing,
    poisson_llr,
};

use crate::row::Family;

const TABLE_1: &str = "Kulldorff et al. 2011, table 1";
const TABLE_2: &str = "Kulldorff et al. 2011, table 2";
const TABLE_3: &str = "Kulldorff et al. 2011, table 3";
const PACKAGE: &str = "R package Sequential, its table of critical values";
const EXAMPLE: &str = "R package Sequential, documented example";
const SUMMED: &str = "sum over all counts at all looks, numpy and scipy 1.17";

/// Critical values at alpha 0.05, 0.01 and 0.001, by the length of the plan.
const CRITICAL: [(f64, [&str; 3]); 12] = [
    (0.1, ["2.044069", "4.119293", "6.579669"]),
    (0.5, ["2.637928", "4.483740", "7.034472"]),
    (1.0, ["2.853937", "4.670428", "7.172614"]),
    (2.0, ["3.046977", "4.862223", "7.341453"]),
    (5.0, ["3.297183", "5.091907", "7.569312"]),
    (10.0, ["3.467952", "5.260513", "7.724863"]),
    (20.0, ["3.628123", "5.414770", "7.877573"]),
    (50.0, ["3.819903", "5.605972", "8.067072"]),
    (100.0, ["3.952321", "5.738974", "8.199403"]),
    (200.0, ["4.074828", "5.862113", "8.322983"]),
    (500.0, ["4.222632", "6.011088", "8.473183"]),
    (1000.0, ["4.324917", "6.114225", "8.577253"]),
];

/// Critical values at alpha 0.05 for M = 2, 3, 4, 6, 8, 10; 14 digits in the source, of which the
/// search there (probability of a false signal within 1e-8) makes six certain.
const MINIMUM: [(f64, [&str; 6]); 3] = [
    (10.0, ["3.238009", "3.064248", "2.921561", "2.690586", "2.484834", "2.281441"]),
    (50.0, ["3.657142", "3.544826", "3.455521", "3.317955", "3.210428", "3.117553"]),
    (200.0, ["3.948930", "3.862762", "3.796835", "3.696511", "3.619825", "3.556799"]),
];

/// Critical values at alpha 0.05 for a first look at D = 1, 2, 3, 4 expected.
const DELAYED: [(f64, [&str; 4]); 2] = [
    (10.0, ["2.799333", "2.591675", "2.484834", "2.298373"]),
    (50.0, ["3.381606", "3.261665", "3.162197", "3.117553"]),
];

/// Power at alpha 0.05 for ratios 1.2, 1.5, 2, 3, 5.
const POWER: [(f64, [&str; 5]); 4] = [
    (1.0, [".070", ".107", ".185", ".379", ".729"]),
    (10.0, [".107", ".280", ".685", ".989", ".9999998"]),
    (50.0, [".225", ".803", ".9996", "1", "1"]),
    (200.0, [".623", ".99990", "1", "1", "1"]),
];

/// Expected time to signal, and expected length, at alpha 0.05 for ratios 1, 1.5, 2, 5.
const TIMES: [(f64, [&str; 4], [&str; 4]); 3] = [
    (1.0, ["0.22", "0.30", "0.35", "0.37"], ["0.96", "0.93", "0.88", "0.54"]),
    (20.0, ["3.48", "8.68", "6.96", "0.91"], ["19.17", "14.91", "8.00", "0.91"]),
    (200.0, ["28.37", "33.00", "9.62", "1.02"], ["191.42", "33.02", "9.62", "1.02"]),
];

fn continuous(length: f64, minimum: u64) -> (PoissonPlan, CriticalValue) {
    let plan = PoissonPlan::continuous(length, minimum).unwrap();
    let critical = plan.critical_value(0.05).unwrap();
    (plan, critical)
}

fn critical_values(family: &mut Family) {
    for (length, expected) in CRITICAL {
        let plan = PoissonPlan::continuous(length, 1).unwrap();
        for (alpha, expected) in [0.05, 0.01, 0.001].into_iter().zip(expected) {
            let got = plan.critical_value(alpha).unwrap().value;
            let number = format!("Poisson MaxSPRT, T = {length}, alpha {alpha}: critical value");
            family.printed(number, TABLE_1, expected, got);
        }
    }
    for (length, expected) in MINIMUM {
        for (minimum, expected) in [2, 3, 4, 6, 8, 10].into_iter().zip(expected) {
            let got = continuous(length, minimum).1.value;
            let number = format!("Poisson MaxSPRT, T = {length}, M = {minimum}: critical value");
            family.printed(number, PACKAGE, expected, got);
        }
    }
    for (length, expected) in DELAYED {
        for (start, expected) in [1.0, 2.0, 3.0, 4.0].into_iter().zip(expected) {
            let plan = PoissonPlan::continuous_from(start, length, 1).unwrap();
            let got = plan.critical_value(0.05).unwrap().value;
            let number = format!("Poisson MaxSPRT, T = {length}, D = {start}: critical value");
            // Where the probability jumps the source stops up to two units above the jump.
            family.within(number, PACKAGE, expected, got, 2e-6);
        }
    }
}

fn performance(family: &mut Family) {
    for (length, expected) in POWER {
        let (plan, critical) = continuous(length, 1);
        for (ratio, expected) in [1.2, 1.5, 2.0, 3.0, 5.0].into_iter().zip(expected) {
            let got = plan.performance(critical.value, ratio).unwrap().power;
            let number = format!("Poisson MaxSPRT, T = {length}, ratio {ratio}: power");
            match expected {
                // A printed 1 stands for anything above 0.9999999.
                "1" => family.within(number, TABLE_2, expected, got, 1e-7),
                _ => family.printed(number, TABLE_2, expected, got),
            }
        }
    }
    for (length, to_signal, lengths) in TIMES {
        let (plan, critical) = continuous(length, 1);
        for (i, ratio) in [1.0, 1.5, 2.0, 5.0].into_iter().enumerate() {
            let got = plan.performance(critical.value, ratio).unwrap();
            let name = |what| format!("Poisson MaxSPRT, T = {length}, ratio {ratio}: {what}");
            let time = got.time_to_signal.unwrap();
            family.printed(name("expected time to signal"), TABLE_3, to_signal[i], time);
            family.printed(name("expected length"), TABLE_3, lengths[i], got.length);
        }
    }
    let (plan, critical) = continuous(10.0, 1);
    let twice = plan.performance(critical.value, 2.0).unwrap();
    let name = |what| format!("Poisson MaxSPRT, T = 10, alpha 0.05, ratio 2: {what}");
    family.printed(name("power"), EXAMPLE, "0.6850634", twice.power);
    let time = twice.time_to_signal.unwrap();
    family.printed(name("expected time to signal"), EXAMPLE, "4.130985", time);
    family.printed(name("expected length"), EXAMPLE, "5.979353", twice.length);
}

fn group_looks(family: &mut Family) {
    let quarters: Vec<f64> = (1..=40).map(|i| 0.5 * f64::from(i)).collect();
    let months: Vec<f64> = (1..=10).map(f64::from).collect();
    for (name, looks, minimum, value, alpha, at_half_more) in [
        (
            "5, 11, 17, 22, 30",
            &[5.0, 11.0, 17.0, 22.0, 30.0][..],
            1,
            "2.131833938",
            "0.046223378969",
            ["0.707901670484", "16.029854491874", "20.110510657898"],
        ),
        (
            "1, 2, ..., 10",
            &months,
            4,
            "2.545177444",
            "0.044144705335",
            ["0.342359319184", "5.323670653892", "8.399015068785"],
        ),
        (
            "0.5, 1, ..., 20, M = 3",
            &quarters,
            3,
            "2.875278408",
            "0.043772724326",
            ["0.517501304232", "9.494480875635", "14.563380151502"],
        ),
    ] {
        let plan = PoissonPlan::group(looks, minimum).unwrap();
        let critical = plan.critical_value(0.05).unwrap();
        let name = |what| format!("Poisson MaxSPRT, looks at {name}: {what}");
        // Ours is 1e-9 above the largest ratio that must not signal.
        family.within(name("critical value"), SUMMED, value, critical.value, 2e-9);
        family.printed(name("probability of a false signal"), SUMMED, alpha, critical.alpha);
        let got = plan.performance(critical.value, 1.5).unwrap();
        let [power, time, length] = at_half_more;
        family.printed(name("power at ratio 1.5"), SUMMED, power, got.power);
        let to_signal = got.time_to_signal.unwrap();
        family.printed(name("expected time to signal at 1.5"), SUMMED, time, to_signal);
        family.printed(name("expected length at 1.5"), SUMMED, length, got.length);
    }
}

fn binomial(family: &mut Family) {
    let every = BinomialPlan::every_event;
    for (name, plan, alpha, source, value, size) in [
        ("N = 25, z = 2, alpha 0.01", every(25, 2.0, 1), 0.01, EXAMPLE, "4.59581", "0.009755004"),
        (
            "N = 25, z = 7/2, looks every 5",
            BinomialPlan::group(&[5, 10, 15, 20, 25], 3.5, 1),
            0.05,
            EXAMPLE,
            "1.98520",
            "0.04775995",
        ),
        (
            "z = 7/2, looks at 10, 20, 35, 50",
            BinomialPlan::group(&[10, 20, 35, 50], 3.5, 1),
            0.05,
            EXAMPLE,
            "1.99202",
            "",
        ),
        ("N = 10, z = 4", every(10, 4.0, 1), 0.05, SUMMED, "3.06495", "0.0491512832"),
        ("N = 20, z = 1.1, M = 3", every(20, 1.1, 3), 0.05, SUMMED, "2.96775", "0.045113081732"),
        ("N = 60, z = 1", every(60, 1.0, 1), 0.05, SUMMED, "3.46574", "0.041445373574"),
        ("N = 200, z = 2, M = 4", every(200, 2.0, 4), 0.05, SUMMED, "3.59470", "0.049913464428"),
    ] {
        let critical = plan.unwrap().critical_value(alpha).unwrap();
        let name = |what| format!("binomial MaxSPRT, {name}: {what}");
        // The source rounds up to the fifth decimal.
        family.within(name("critical value"), source, value, critical.value, 1e-5);
        if !size.is_empty() {
            family.printed(name("probability of a false signal"), source, size, critical.alpha);
        }
    }
    let plan = every(25, 2.0, 1).unwrap();
    let got = plan.performance(4.59581, 5.0).unwrap();
    let number = "binomial MaxSPRT, N = 25, z = 2, alpha 0.01, ratio 5: power";
    family.printed(number, EXAMPLE, "0.8855869", got.power);
    let looks: Vec<u64> = (1..=20).map(|i| 2 * i).collect();
    for (name, plan, critical, power, time, length) in [
        ("N = 30", every(30, 1.0, 1), 2.0, "0.658732", "10.7893", "17.3453"),
        (
            "N = 40, looks every 2",
            BinomialPlan::group(&looks, 1.0, 1),
            2.5,
            "0.6594118",
            "17.18626",
            "24.95635",
        ),
    ] {
        let got = plan.unwrap().performance(critical, 2.0).unwrap();
        let name =
            |what| format!("binomial MaxSPRT, {name}, z = 1, c = {critical}, ratio 2: {what}");
        family.printed(name("power"), EXAMPLE, power, got.power);
        family.printed(
            name("expected events to signal"),
            EXAMPLE,
            time,
            got.time_to_signal.unwrap(),
        );
        family.printed(name("expected events"), EXAMPLE, length, got.length);
    }
}

/// One look at the 5 % level: half the square of the 95 % point of the normal distribution.
const ONE_LOOK: f64 = 1.352_771_727_05;

fn repeated_looks(family: &mut Family) {
    for (length, expected) in [(1.0, "0.1784"), (10.0, "0.2905"), (100.0, "0.4085")] {
        let plan = PoissonPlan::continuous(length, 1).unwrap();
        let got = plan.performance(ONE_LOOK, 1.0).unwrap().power;
        let number = format!("the limit of one look (5 %), looked at until T = {length}: reached");
        family.within(number, REPEATED, expected, got, 3e-3);
    }
}

/// Simulation, 400,000 replicates: standard error below 8e-4.
const REPEATED: &str = "simulated arrival times, numpy, 400,000 replicates";

/// The family.
pub(crate) fn rows(family: &mut Family) {
    critical_values(family);
    performance(family);
    group_looks(family);
    binomial(family);
    repeated_looks(family);
    let ratio = poisson_llr(9, 3.1).unwrap();
    family.printed("Poisson LLR of 9 against 3.1", "mpmath", "3.692402192606", ratio);
    let ratio = binomial_llr(12, 15, 1.1).unwrap();
    family.printed("binomial LLR of 12 in 15, z = 1.1", "mpmath", "3.337093278455", ratio);
}

/// A series with a known crossing, from counts to signal.
#[test]
fn a_series_signals_in_the_quarter_it_should() {
    let observed = [0, 1, 2, 2, 4, 3, 5];
    let expected = [0.5; 7];
    let looks: Vec<f64> = (1..=7).map(|i| 0.5 * f64::from(i)).collect();
    let plan = PoissonPlan::group(&looks, 3).unwrap();
    let critical = plan.critical_value(0.05).unwrap();
    let rows = cumulative_counts(&observed, &expected).unwrap();
    let crossing = first_crossing(rows.iter().map(|row| row.llr), critical.value).unwrap();
    // By hand: 5 of 2 have 1.58, 9 of 2.5 have 5.03.
    assert_eq!(crossing, 4);
    assert!(rows[4].observed >= plan.signal_count(critical.value, rows[4].expected).unwrap());
    assert!(rows[3].observed < plan.signal_count(critical.value, rows[3].expected).unwrap());
}
