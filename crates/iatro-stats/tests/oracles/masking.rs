//! Masking.

use iatro_stats::Table2x2;
use iatro_stats::masking::{Axis, Removal, masking_ratios, unmask};

use crate::row::Family;

const FORMULA: &str = "ratio of the published measures, computed in Python 3.11";

/// Pair, masker, then the ratios of PRR, its lower limit, ROR and RRR without the background of a
/// substance, without that of an event, and without all reports of the masker.
struct Published {
    pair: [u64; 4],
    masker: [u64; 4],
    substance: [&'static str; 4],
    event: [&'static str; 4],
    everywhere: [&'static str; 4],
}

const PUBLISHED: [Published; 3] = [
    Published {
        pair: [12, 1_988, 2_400, 395_600],
        masker: [0, 0, 1_900, 4_100],
        substance: ["4.7276381910", "4.7024018471", "4.7502527806", "4.6402734375"],
        event: ["0.9896984925", "0.9896985804", "0.9896359960", "0.9897500000"],
        everywhere: ["4.7276381910", "4.7024018471", "4.7502527806", "4.6402734375"],
    },
    Published {
        pair: [12, 1_988, 2_400, 395_600],
        masker: [2, 298, 38, 8_662],
        substance: ["0.9938770908", "0.9938546524", "0.9938399447", "0.9939085931"],
        event: ["1.1495137261", "1.1498558863", "1.1505745807", "1.1487661575"],
        everywhere: ["0.9743893047", "0.9233758398", "0.9742375790", "0.9744940978"],
    },
    Published {
        pair: [30, 970, 500, 98_500],
        masker: [5, 600, 20, 300],
        substance: ["1.0382996633", "1.0378425374", "1.0384940778", "1.0358901961"],
        event: ["2.4924242424", "2.5125019542", "2.6136369872", "2.4775000000"],
        everywhere: ["2.1905056188", "2.1329494382", "2.2687821070", "2.1936646196"],
    },
];

fn table([a, b, c, d]: [u64; 4]) -> Table2x2 {
    Table2x2::new(a, b, c, d).unwrap()
}

/// The family.
pub(crate) fn rows(family: &mut Family) {
    for published in &PUBLISHED {
        let (pair, masker) = (table(published.pair), table(published.masker));
        for (what, axis, removal, expected) in [
            ("substance, background", Axis::Substance, Removal::Background, published.substance),
            ("event, background", Axis::Event, Removal::Background, published.event),
            ("everywhere", Axis::Substance, Removal::Everywhere, published.everywhere),
        ] {
            let without = unmask(&pair, &masker, axis, removal).unwrap();
            let got = masking_ratios(&pair, &without);
            let numbers = [got.prr, got.prr_lower, got.ror, got.rrr];
            let measures = ["PRR", "PRR lower limit", "ROR", "RRR"];
            for ((measure, expected), got) in measures.into_iter().zip(expected).zip(numbers) {
                let [a, b, c, d] = published.pair;
                let [w, x, y, z] = published.masker;
                let name = format!(
                    "({a}, {b}, {c}, {d}) without ({w}, {x}, {y}, {z}), {what}: masking ratio, \
                     {measure}"
                );
                family.printed(name, FORMULA, expected, got.unwrap());
            }
        }
    }
}
