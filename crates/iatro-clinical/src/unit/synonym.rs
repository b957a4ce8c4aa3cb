//! Spellings that laboratories print and UCUM does not know, and what they mean in UCUM.

/// The UCUM expression for a spelling; the spelling itself if it has no other.
pub(super) fn to_ucum(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            'µ' | 'μ' => 'u',
            '×' => 'x',
            '·' => '.',
            '⁹' => '9',
            '⁶' => '6',
            '³' => '3',
            '−' => '-',
            other => other,
        })
        .collect();
    if let Some((_, ucum)) = WHOLE.iter().find(|(spelling, _)| *spelling == plain) {
        return (*ucum).to_owned();
    }
    let powers = plain.strip_prefix('x').filter(|rest| rest.starts_with("10")).unwrap_or(&plain);
    let powers = powers.replace("10^", "10*").replace("10e", "10*").replace("10E", "10*");
    match powers.split_once('/') {
        Some((top, bottom)) if matches!(top, "109" | "103" | "106") => {
            format!("10*{}/{}", &top[2..], litres(bottom))
        }
        Some((top, bottom)) => format!("{top}/{}", litres(bottom)),
        None => powers,
    }
}

/// A volume under the stroke, as often written.
fn litres(text: &str) -> &str {
    match text {
        "l" => "L",
        "ml" => "mL",
        "dl" => "dL",
        "ul" | "cmm" | "mcL" | "mcl" | "mm^3" => "uL",
        other => other,
    }
}

const WHOLE: [(&str, &str); 36] = [
    ("°C", "Cel"),
    ("℃", "Cel"),
    ("C", "Cel"),
    ("degC", "Cel"),
    ("celsius", "Cel"),
    ("°F", "[degF]"),
    ("℉", "[degF]"),
    ("F", "[degF]"),
    ("degF", "[degF]"),
    ("K/uL", "10*3/uL"),
    ("k/uL", "10*3/uL"),
    ("K/mcL", "10*3/uL"),
    ("K/mm3", "10*3/uL"),
    ("K/mm^3", "10*3/uL"),
    ("Thousand/uL", "10*3/uL"),
    ("thou/uL", "10*3/uL"),
    ("M/uL", "10*6/uL"),
    ("Million/uL", "10*6/uL"),
    ("G/L", "10*9/L"),
    ("Gpt/L", "10*9/L"),
    ("cells/uL", "/uL"),
    ("cells/mm3", "/uL"),
    ("IU/L", "[IU]/L"),
    ("IU/l", "[IU]/L"),
    ("IU/mL", "[IU]/mL"),
    ("IU/ml", "[IU]/mL"),
    ("UI/L", "[IU]/L"),
    ("UI/mL", "[IU]/mL"),
    ("mcg/L", "ug/L"),
    ("mcg/dL", "ug/dL"),
    ("year", "a"),
    ("years", "a"),
    ("y", "a"),
    ("months", "mo"),
    ("weeks", "wk"),
    ("days", "d"),
];
