//! One number from outside, and the table of all of them.

/// All families, in the order in which they were added.
#[derive(Default)]
pub(crate) struct Oracles {
    families: Vec<(&'static str, Family)>,
}

/// The numbers of one family.
#[derive(Default)]
pub(crate) struct Family {
    rows: Vec<Row>,
}

/// One number: what it is, who states it and as what, what this crate gives.
pub(crate) struct Row {
    number: String,
    source: &'static str,
    expected: String,
    got: f64,
    tolerance: f64,
}

impl Oracles {
    /// A new family.
    pub(crate) fn family(&mut self, name: &'static str) -> &mut Family {
        self.families.push((name, Family::default()));
        &mut self.families.last_mut().unwrap().1
    }

    /// Families that hold a row, with their rows.
    pub(crate) fn families(&self) -> impl Iterator<Item = (&'static str, &[Row])> {
        let filled = self.families.iter().filter(|(_, family)| !family.rows.is_empty());
        filled.map(|(name, family)| (*name, family.rows.as_slice()))
    }

    /// How many numbers there are.
    pub(crate) fn len(&self) -> usize {
        self.families.iter().map(|(_, family)| family.rows.len()).sum()
    }

    /// Rows further off than their tolerance.
    pub(crate) fn missed(&self) -> impl Iterator<Item = &Row> {
        self.families.iter().flat_map(|(_, family)| &family.rows).filter(|row| !row.holds())
    }
}

impl Family {
    /// A number printed by its source: within half a unit of its last digit.
    pub(crate) fn printed(
        &mut self,
        number: impl Into<String>,
        source: &'static str,
        expected: &str,
        got: f64,
    ) {
        let tolerance = 0.5 * 10_f64.powi(last_digit(expected)) * (1.0 + 1e-9);
        self.within(number, source, expected, got, tolerance);
    }

    /// The same with a tolerance of its own (absolute), which a comment at the call explains.
    pub(crate) fn within(
        &mut self,
        number: impl Into<String>,
        source: &'static str,
        expected: &str,
        got: f64,
        tolerance: f64,
    ) {
        let number = number.into();
        self.rows.push(Row { number, source, expected: expected.to_owned(), got, tolerance });
    }
}

impl Row {
    fn holds(&self) -> bool {
        let expected: f64 = self.expected.parse().unwrap();
        (self.got - expected).abs() <= self.tolerance
    }

    /// The row of the table, with as many digits of what we get as the tolerance speaks about, and one
    /// more: the same text on every platform.
    pub(crate) fn markdown(&self) -> String {
        let Self { number, source, expected, got, tolerance } = self;
        let whole = |digits: f64| format!("{:.0}", digits.ceil().clamp(0.0, 15.0)).parse::<usize>();
        let (decimals, figures) =
            (whole(1.0 - tolerance.log10()), whole(got.abs().log10() - tolerance.log10()));
        let got = if got.abs() < 1e-3 && *got != 0.0 {
            format!("{got:.0$e}", figures.unwrap())
        } else {
            format!("{got:.0$}", decimals.unwrap())
        };
        format!("| {number} | {source} | {expected} | {got} | {tolerance:.0e} |")
    }
}

/// The power of ten of the last digit printed: -3 for `1.250`, -5 for `1.25e-3`, 0 for `12`.
fn last_digit(printed: &str) -> i32 {
    let (mantissa, exponent) = printed.split_once('e').unwrap_or((printed, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    exponent.parse::<i32>().unwrap() - i32::try_from(decimals).unwrap()
}
