//! Numbers as people read them: thousands parted by a comma, three significant digits, a true minus.
//!
//! Never for CSV or JSON, where a number stands as the machine writes it.

/// What stands where an estimate does not exist.
pub const NOT_DEFINED: &str = "not defined";

/// From here on, and below its inverse times ten, a number is written with a power of ten.
const LARGE: f64 = 1e7;
const SMALL: f64 = 1e-3;

/// Returns a count with its thousands parted by a comma: `1,234,567`.
pub fn thousands(count: u64) -> String {
    grouped(&count.to_string())
}

/// Returns a count with its noun, in the singular for 1: `1 report`, `1,204 reports`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { many })
}

/// Returns a number to three significant digits, but never fewer than its whole part: `0.0123`,
/// `3.08`, `61.2`, `12,345`; from 10⁷ on and below 0.001 with a power of ten. A number that is not
/// finite is [`NOT_DEFINED`].
pub fn significant(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        return NOT_DEFINED.to_owned();
    }
    if size == 0.0 {
        return "0".to_owned();
    }
    if !(SMALL..LARGE).contains(&size) {
        return with_power(value);
    }
    let whole_digits = exponent(size) + 1;
    let places = usize::try_from(3 - whole_digits).unwrap_or(0);
    decimals(value, places)
}

/// Returns a number at or above 0 to two significant digits, but never fewer than its whole part, where three
/// take too much room: `0.03`, `3.1`, `61`, `12,345`; below 0.01 as `<0.01`.
pub fn short(value: f64) -> String {
    let size = value.abs();
    match size {
        _ if size == 0.0 || (9.95..LARGE).contains(&size) => decimals(value, 0),
        _ if (0.995..9.95).contains(&size) => decimals(value, 1),
        _ if (0.00995..0.995).contains(&size) => decimals(value, 2),
        _ if value > 0.0 && size < 0.00995 => "<0.01".to_owned(),
        _ => significant(value),
    }
}

/// Returns a number with this many decimals: `0.60`, `−0.42`, `1,204.5`.
pub fn decimals(value: f64, places: usize) -> String {
    if !value.is_finite() {
        return NOT_DEFINED.to_owned();
    }
    if value.abs() >= 1e12 {
        return with_power(value);
    }
    let text = format!("{:.places$}", value.abs());
    let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sign = if value < 0.0 && !is_zero { "−" } else { "" };
    match text.split_once('.') {
        Some((whole, fraction)) => format!("{sign}{}.{fraction}", grouped(whole)),
        None => format!("{sign}{}", grouped(&text)),
    }
}

/// Returns a power as it is written: `10⁶`, `2⁻⁴`.
pub(crate) fn power(base: u32, exponent: i32) -> String {
    format!("{base}{}", superscript(exponent))
}

/// The power of ten of the first digit once the number is rounded to three digits.
fn exponent(size: f64) -> i32 {
    let text = format!("{size:.2e}");
    text.split_once('e').and_then(|(_, digits)| digits.parse().ok()).unwrap_or(0)
}

fn with_power(value: f64) -> String {
    let text = format!("{:.2e}", value.abs());
    let sign = if value < 0.0 { "−" } else { "" };
    match text.split_once('e') {
        Some((digits, exponent)) => {
            format!("{sign}{digits} × {}", power(10, exponent.parse().unwrap_or(0)))
        }
        None => format!("{sign}{text}"),
    }
}

fn superscript(number: i32) -> String {
    let digit = |c: char| match c {
        '-' => '⁻',
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        _ => '⁹',
    };
    number.to_string().chars().map(digit).collect()
}

fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn thousands_are_parted() {
        for (count, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (284_840, "284,840"),
            (u64::MAX, "18,446,744,073,709,551,615"),
        ] {
            assert_eq!(thousands(count), text);
        }
        assert_eq!(counted(1, "case", "cases"), "1 case");
        assert_eq!(counted(0, "case", "cases"), "0 cases");
    }

    #[test]
    fn three_digits_count() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (3.084, "3.08"),
            (9.995_1, "10.0"),
            (0.012_34, "0.0123"),
            (0.999_6, "1.00"),
            (61.25, "61.2"),
            (486.6, "487"),
            (12_345.4, "12,345"),
            (-0.424, "−0.424"),
            (1.2e7, "1.20 × 10⁷"),
            (0.000_123_4, "1.23 × 10⁻⁴"),
            (f64::NAN, NOT_DEFINED),
            (f64::INFINITY, NOT_DEFINED),
        ] {
            assert_eq!(significant(value), text, "{value}");
        }
    }

    #[test]
    fn two_digits_where_three_take_too_much_room() {
        for (value, text) in [
            (0.0, "0"),
            (0.004, "<0.01"),
            (0.034, "0.03"),
            (0.9, "0.90"),
            (0.999, "1.0"),
            (9.94, "9.9"),
            (9.96, "10"),
            (1234.4, "1,234"),
            (2.5e8, "2.50 × 10⁸"),
            (-0.000_1, "−1.00 × 10⁻⁴"),
            (f64::NAN, NOT_DEFINED),
        ] {
            assert_eq!(short(value), text, "{value}");
        }
    }

    #[test]
    fn decimals_are_fixed() {
        assert_eq!(decimals(-0.001, 2), "0.00");
        assert_eq!(decimals(-1.5, 2), "−1.50");
        assert_eq!(decimals(123_456.78, 1), "123,456.8");
        assert_eq!(decimals(1e15, 1), "1.00 × 10¹⁵");
    }
}
