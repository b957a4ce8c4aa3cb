//! The part of UCUM that laboratories use: prefix and atom, powers, one line of factors and strokes.

use rust_decimal::Decimal;

use super::{Dimension, Unit, synonym};

/// The text is no unit that is read here.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "\"{found}\" is no unit that is read here; expected UCUM, such as ng/mL, 10*9/L, g/dL, U/L or Cel"
)]
pub struct UnitError {
    /// The text.
    pub found: String,
}

/// So many base units, as a fraction of decimals.
#[derive(Clone, Copy)]
struct Scale {
    numerator: Decimal,
    denominator: Decimal,
    dimension: Dimension,
}

const ONE: Scale = Scale { numerator: Decimal::ONE, denominator: Decimal::ONE, dimension: NONE };

const NONE: Dimension = Dimension {
    mass: 0,
    amount: 0,
    arbitrary: 0,
    length: 0,
    time: 0,
    temperature: 0,
    upper_limits: 0,
    baselines: 0,
};

pub(super) fn parse(text: &str) -> Result<Unit, UnitError> {
    let wrong = || UnitError { found: text.chars().take(40).collect() };
    if text.len() > 60 {
        return Err(wrong());
    }
    let ucum = synonym::to_ucum(text);
    if ucum.is_empty() {
        return Err(wrong());
    }
    let unit = |scale: Scale, offset| Unit {
        text: text.trim().to_owned(),
        dimension: scale.dimension,
        numerator: scale.numerator,
        denominator: scale.denominator,
        offset,
    };
    // The only unit with a zero of its own; it stands alone.
    if ucum == "[degF]" {
        let degrees = Dimension { temperature: 1, ..NONE };
        let scale = Scale { numerator: 5.into(), denominator: 9.into(), dimension: degrees };
        return Ok(Unit { offset: 32.into(), ..unit(scale, Decimal::ZERO) });
    }
    let scale = product(&ucum).ok_or_else(wrong)?;
    Ok(unit(scale, Decimal::ZERO))
}

/// Factors in a line: `a.b/c/d`, with a leading stroke for `1/…`.
fn product(text: &str) -> Option<Scale> {
    let mut scale = ONE;
    let mut rest = text;
    let mut above = true;
    if let Some(after) = rest.strip_prefix('/') {
        (rest, above) = (after, false);
    }
    loop {
        let end = end_of_factor(rest);
        let factor = factor(&rest[..end])?;
        scale = if above { times(scale, factor)? } else { times(scale, inverted(factor))? };
        match rest[end..].chars().next() {
            None => return Some(scale),
            Some(sign) => (above, rest) = (sign == '.', &rest[end + 1..]),
        }
    }
}

/// Where the next `.` or `/` outside of brackets is.
fn end_of_factor(text: &str) -> usize {
    let mut depth = 0_u8;
    for (at, c) in text.char_indices() {
        match c {
            '[' | '{' => depth = depth.saturating_add(1),
            ']' | '}' => depth = depth.saturating_sub(1),
            '.' | '/' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// An atom with prefix and exponent, a power of ten, a whole number, or an annotation in braces.
fn factor(text: &str) -> Option<Scale> {
    let text = match text.split_once('{') {
        Some(("", annotation)) if annotation.ends_with('}') => return Some(ONE),
        Some((before, annotation)) if annotation.ends_with('}') => before,
        Some(_) => return None,
        None => text,
    };
    if let Some(exponent) = text.strip_prefix("10*") {
        return power_of_ten(exponent.parse().ok()?);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: u32 = text.parse().ok().filter(|&number| number > 0)?;
        return Some(Scale { numerator: number.into(), ..ONE });
    }
    if text.is_empty() {
        return None;
    }
    let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let exponent =
        if letters.len() < text.len() { text[letters.len()..].parse().ok()? } else { 1 };
    let atom = prefixed(letters)?;
    (1..=3).contains(&exponent).then_some(())?;
    (1..exponent).try_fold(atom, |so_far, _| times(so_far, atom))
}

fn power_of_ten(exponent: i32) -> Option<Scale> {
    (-15..=15).contains(&exponent).then_some(())?;
    let power = Decimal::from_i128_with_scale(10_i128.pow(exponent.unsigned_abs()), 0);
    let scale = Scale { numerator: power, ..ONE };
    Some(if exponent < 0 { inverted(scale) } else { scale })
}

fn prefixed(text: &str) -> Option<Scale> {
    if let Some(atom) = atom(text) {
        return Some(atom);
    }
    let (prefix, rest) = text.split_at_checked(1)?;
    let exponent = match prefix {
        "k" => 3,
        "d" => -1,
        "c" => -2,
        "m" => -3,
        "u" => -6,
        "n" => -9,
        "p" => -12,
        "f" => -15,
        _ => return None,
    };
    if !METRIC.contains(&rest) {
        return None;
    }
    times(power_of_ten(exponent)?, atom(rest)?)
}

/// Atoms that take a prefix.
const METRIC: [&str; 9] = ["g", "mol", "L", "l", "m", "U", "[IU]", "kat", "s"];

fn atom(text: &str) -> Option<Scale> {
    let of = |numerator: Decimal, denominator: Decimal, dimension| {
        Some(Scale { numerator, denominator, dimension })
    };
    let one = Decimal::ONE;
    let seconds = |number: u32| of(number.into(), one, Dimension { time: 1, ..NONE });
    match text {
        "g" => of(one, one, Dimension { mass: 1, ..NONE }),
        "mol" => of(one, one, Dimension { amount: 1, ..NONE }),
        "U" | "[IU]" => of(one, one, Dimension { arbitrary: 1, ..NONE }),
        // 1 kat converts 1 mol/s; 1 U converts 1 umol/min.
        "kat" => of(60_000_000.into(), one, Dimension { arbitrary: 1, ..NONE }),
        "m" => of(one, one, Dimension { length: 1, ..NONE }),
        "L" | "l" => of(one, 1000.into(), Dimension { length: 3, ..NONE }),
        "%" => of(one, 100.into(), NONE),
        "Cel" => of(one, one, Dimension { temperature: 1, ..NONE }),
        "s" => seconds(1),
        "min" => seconds(60),
        "h" => seconds(3_600),
        "d" => seconds(86_400),
        "wk" => seconds(604_800),
        // The mean Julian year and month of UCUM.
        "mo" => seconds(2_629_800),
        "a" => seconds(31_557_600),
        "xULN" => of(one, one, Dimension { upper_limits: 1, ..NONE }),
        "xBASELINE" => of(one, one, Dimension { baselines: 1, ..NONE }),
        _ => None,
    }
}

fn inverted(scale: Scale) -> Scale {
    let d = scale.dimension;
    Scale {
        numerator: scale.denominator,
        denominator: scale.numerator,
        dimension: Dimension {
            mass: -d.mass,
            amount: -d.amount,
            arbitrary: -d.arbitrary,
            length: -d.length,
            time: -d.time,
            temperature: -d.temperature,
            upper_limits: -d.upper_limits,
            baselines: -d.baselines,
        },
    }
}

fn times(a: Scale, b: Scale) -> Option<Scale> {
    let (x, y) = (a.dimension, b.dimension);
    Some(Scale {
        numerator: a.numerator.checked_mul(b.numerator)?,
        denominator: a.denominator.checked_mul(b.denominator)?,
        dimension: Dimension {
            mass: x.mass.checked_add(y.mass)?,
            amount: x.amount.checked_add(y.amount)?,
            arbitrary: x.arbitrary.checked_add(y.arbitrary)?,
            length: x.length.checked_add(y.length)?,
            time: x.time.checked_add(y.time)?,
            temperature: x.temperature.checked_add(y.temperature)?,
            upper_limits: x.upper_limits.checked_add(y.upper_limits)?,
            baselines: x.baselines.checked_add(y.baselines)?,
        },
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn spellings_of_laboratories_mean_what_ucum_says() {
        for (spelling, ucum) in [
            ("x10^9/L", "10*9/L"),
            ("×10⁹/L", "10*9/L"),
            ("10^3/uL", "10*3/uL"),
            ("K/µL", "10*3/uL"),
            ("10E9/L", "10*9/L"),
            ("µg/L", "ug/L"),
            ("g/l", "g/L"),
            ("°C", "Cel"),
            ("IU/mL", "[IU]/mL"),
            ("ng/ml", "ng/mL"),
            ("{cells}/uL", "/uL"),
        ] {
            let (a, b) = (parse(spelling).unwrap(), parse(ucum).unwrap());
            assert_eq!(a.dimension(), b.dimension(), "{spelling}");
            assert_eq!(a.convert(Decimal::ONE, &b), Some(Decimal::ONE), "{spelling}");
        }
    }

    #[test]
    fn what_is_no_unit_is_refused() {
        for text in [
            "", " ", "banana", "ng/", "//L", "ng//mL", "10*99/L", "m9", "{", "kCel", "x", "1e9/L",
            "0/L",
        ] {
            assert!(parse(text).is_err(), "{text:?} became {:?}", parse(text));
        }
        assert!(parse(&"g.".repeat(40)).is_err());
    }
}
