//! Log-rank tests.

use iatro_stats::survival::{Cohort, log_rank};

use super::data::{Drawn, aml, freireich};
use super::{R, numbers};
use crate::row::Family;

/// What `survdiff` prints: observed, expected, chi-squared.
struct Printed<'a> {
    observed: &'a [&'a str],
    expected: &'a [&'a str],
    chi_squared: &'a str,
}

fn compare(
    family: &mut Family,
    name: &str,
    (cohort, groups, strata, rho): (&Cohort, &[usize], Option<&[usize]>, f64),
    printed: &Printed<'_>,
) {
    let got = log_rank(cohort, groups, strata, rho).unwrap();
    let name = |what: &str| format!("{name}, rho {rho}: {what}");
    let observed: Vec<f64> = got.groups.iter().map(|group| group.observed).collect();
    numbers(family, &name("observed"), R, printed.observed, &observed);
    let expected: Vec<f64> = got.groups.iter().map(|group| group.expected).collect();
    numbers(family, &name("expected"), R, printed.expected, &expected);
    let test = got.test.unwrap();
    assert_eq!(test.df, got.groups.len() - 1);
    numbers(family, &name("chi-squared"), R, &[printed.chi_squared], &[test.chi_squared]);
}

fn two_groups(family: &mut Family) {
    let (cohort, groups) = aml();
    let data = |rho| (&cohort, groups.as_slice(), None, rho);
    let printed = Printed {
        observed: &["7", "11"],
        expected: &["10.68933599", "7.310664008"],
        chi_squared: "3.396388699",
    };
    compare(family, "aml", data(0.0), &printed);
    let p = log_rank(&cohort, &groups, None, 0.0).unwrap().test.unwrap().p;
    numbers(family, "aml: p", R, &["0.06533932204"], &[p]);
    let printed = Printed {
        observed: &["3.845410628", "7.181504486"],
        expected: &["6.142857143", "4.884057971"],
        chi_squared: "2.779279545",
    };
    compare(family, "aml", data(1.0), &printed);
    let (cohort, groups) = freireich();
    let data = |rho| (&cohort, groups.as_slice(), None, rho);
    let printed = Printed {
        observed: &["9", "21"],
        expected: &["19.25050095", "10.74949905"],
        chi_squared: "16.79294099",
    };
    compare(family, "Freireich", data(0.0), &printed);
    let printed = Printed {
        observed: &["5.12151464", "14.55285169"],
        expected: &["11.99855968", "7.675806654"],
        chi_squared: "14.45715082",
    };
    compare(family, "Freireich", data(1.0), &printed);
}

fn three_groups(family: &mut Family) {
    let d = Drawn::new();
    let cohort = d.cohort(false, false);
    for (rho, observed, expected, chi_squared) in [
        (0.0, ["35", "33", "30"], ["29.21768033", "32.07058212", "36.71173756"], "2.468288173"),
        (
            1.0,
            ["23.85376562", "19.87037361", "17.77714041"],
            ["18.47981205", "20.73343274", "22.28803485"],
            "3.569068619",
        ),
        (
            0.5,
            ["28.2583721", "25.04955777", "22.57133872"],
            ["22.6983146", "25.31858638", "27.86236761"],
            "3.013318841",
        ),
    ] {
        let printed = Printed { observed: &observed, expected: &expected, chi_squared };
        compare(family, "drawn, sites", (&cohort, &d.site, None, rho), &printed);
    }
    let treat: Vec<usize> = d.treat.iter().map(|&t| usize::from(t > 0.5)).collect();
    for (rho, observed, expected, chi_squared) in [
        (0.0, ["35", "33", "30"], ["34.68737987", "32.26257453", "31.0500456"], "0.06164499581"),
        (
            1.0,
            ["22.77309521", "20.06528284", "18.45641332"],
            ["19.89276288", "20.79447715", "20.60755133"],
            "1.039873098",
        ),
        (
            0.5,
            ["27.14541081", "25.13075502", "23.09764604"],
            ["25.23682213", "25.3132092", "24.82378054"],
            "0.3781546749",
        ),
    ] {
        let printed = Printed { observed: &observed, expected: &expected, chi_squared };
        let data = (&cohort, d.site.as_slice(), Some(treat.as_slice()), rho);
        compare(family, "drawn, sites within arms", data, &printed);
    }
}

/// With late entries: the score test of `coxph(ties = "exact")`, which is the log-rank test.
fn late_entries(family: &mut Family) {
    let d = Drawn::new();
    let got = log_rank(&d.cohort(true, false), &d.site, None, 0.0).unwrap().test.unwrap();
    let name = "drawn, sites, late entries: chi-squared";
    numbers(family, name, R, &["1.64806396"], &[got.chi_squared]);
}

/// The family's part.
pub(super) fn rows(family: &mut Family) {
    two_groups(family);
    three_groups(family);
    late_entries(family);
}
