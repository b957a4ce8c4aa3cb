//! Limits of a proportion.

use iatro_stats::DomainError;
use iatro_stats::proportion::{Proportion, clopper_pearson, jeffreys, wilson, wilson_corrected};

use crate::row::Family;

type Method = fn(u64, u64, f64) -> Result<Option<Proportion>, DomainError>;

/// Events, n, level, lower, upper.
type Line = (u64, u64, f64, &'static str, &'static str);

const PROP_TEST: &str = "R 4.2.2, prop.test(correct = FALSE)";
const WILSON: [Line; 7] = [
    (3, 100, 0.95, "0.0102545240240389", "0.0845193642905276"),
    (122, 791, 0.95, "0.130741970184976", "0.181070475014367"),
    (0, 20, 0.95, "0", "0.161125158052819"),
    (20, 20, 0.95, "0.838874841947181", "1"),
    (81, 263, 0.95, "0.255288519878274", "0.3662095769828"),
    (1, 29, 0.95, "0.00611321429276266", "0.171755218793203"),
    (7, 30, 0.9, "0.131760244538038", "0.379026053128682"),
];

const PROP_TEST_CORRECTED: &str = "R 4.2.2, prop.test(correct = TRUE)";
const CORRECTED: [Line; 7] = [
    (3, 100, 0.95, "0.00777983499613233", "0.0915130870953254"),
    (122, 791, 0.95, "0.130154760504634", "0.181741232150711"),
    (0, 20, 0.95, "0", "0.200453345013487"),
    (20, 20, 0.95, "0.799546654986513", "1"),
    (15, 148, 0.95, "0.0597782084284981", "0.164449779364837"),
    (1, 29, 0.95, "0.00180264021327967", "0.196281751009759"),
    (7, 30, 0.9, "0.119318138466303", "0.396928907589386"),
];

const BINOM_TEST: &str = "R 4.2.2, binom.test";
const EXACT: [Line; 8] = [
    (3, 100, 0.95, "0.0062299715383064", "0.08517605297428"),
    (122, 791, 0.95, "0.129759677737506", "0.181319251472799"),
    (0, 20, 0.95, "0", "0.168433470983085"),
    (20, 20, 0.95, "0.831566529016915", "1"),
    (7, 30, 0.9, "0.114986895569739", "0.393947422522363"),
    (7, 30, 0.99, "0.0729228590840526", "0.479875051926413"),
    (81, 263, 0.95, "0.252736745585271", "0.367621922601351"),
    (1_500, 1_000_000, 0.95, "0.0014250951858127", "0.00157781558565242"),
];

const STATSMODELS: &str = "statsmodels 0.15.0, proportion_confint(method = \"jeffreys\")";
const JEFFREYS: [Line; 4] = [
    (3, 100, 0.95, "0.00852028310740358", "0.0778875694264026"),
    (122, 791, 0.95, "0.130347403538866", "0.180647513273181"),
    (7, 30, 0.9, "0.127460438643318", "0.37560522353629"),
    (7, 30, 0.99, "0.0827295306626481", "0.461501347613996"),
];

/// To 1e-13: 13 digits of a number below 1, of which the quantile has 12 or 13.
fn lines(family: &mut Family, name: &str, source: &'static str, method: Method, lines: &[Line]) {
    for &(events, n, level, lower, upper) in lines {
        let got = method(events, n, level).unwrap().unwrap();
        let name = format!("{events} of {n}, {name} {}", level * 100.0);
        family.within(format!("{name} % lower"), source, lower, got.lower, 1e-13);
        family.within(format!("{name} % upper"), source, upper, got.upper, 1e-13);
    }
}

/// The family.
pub(crate) fn rows(family: &mut Family) {
    lines(family, "Wilson", PROP_TEST, wilson, &WILSON);
    lines(family, "Wilson corrected", PROP_TEST_CORRECTED, wilson_corrected, &CORRECTED);
    lines(family, "Clopper-Pearson", BINOM_TEST, clopper_pearson, &EXACT);
    lines(family, "Jeffreys", STATSMODELS, jeffreys, &JEFFREYS);
}
