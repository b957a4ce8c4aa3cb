//! Coded values of a report: drug role, sex, outcomes, report sources.

/// The role a report gives a drug.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Role {
    /// Primary suspect.
    PrimarySuspect,
    /// Secondary suspect.
    SecondarySuspect,
    /// Interacting; read as suspect.
    Interacting,
    /// Concomitant.
    Concomitant,
    /// Not administered: never an exposure.
    NotAdministered,
}

impl Role {
    /// Every role, in the order of FAERS' documentation.
    pub const ALL: [Self; 5] = [
        Self::PrimarySuspect,
        Self::SecondarySuspect,
        Self::Interacting,
        Self::Concomitant,
        Self::NotAdministered,
    ];

    /// The roles in which a drug can be an exposure.
    pub const EXPOSURES: [Self; 4] =
        [Self::PrimarySuspect, Self::SecondarySuspect, Self::Interacting, Self::Concomitant];

    /// The FAERS code: `PS`, `SS`, `I`, `C` or `DN`.
    pub fn code(self) -> &'static str {
        match self {
            Self::PrimarySuspect => "PS",
            Self::SecondarySuspect => "SS",
            Self::Interacting => "I",
            Self::Concomitant => "C",
            Self::NotAdministered => "DN",
        }
    }

    /// The role of a FAERS code, in any case.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code().eq_ignore_ascii_case(code))
    }

    /// This role as one bit of a set.
    pub fn bit(self) -> u8 {
        match self {
            Self::PrimarySuspect => 1,
            Self::SecondarySuspect => 2,
            Self::Interacting => 4,
            Self::Concomitant => 8,
            Self::NotAdministered => 16,
        }
    }

    /// The set of roles that suspect the drug: PS, SS and I.
    pub const SUSPECT: u8 = 1 | 2 | 4;
}

/// One outcome of a report; a report may have several.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Outcome {
    /// The FAERS code.
    pub code: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Its bit in the report's `outcomes` column.
    pub bit: u16,
}

/// FAERS' outcome codes and VAERS' further ones, with their bits.
pub const OUTCOMES: [Outcome; 10] = [
    Outcome { code: "DE", meaning: "death", bit: 1 },
    Outcome { code: "LT", meaning: "life-threatening", bit: 2 },
    Outcome { code: "HO", meaning: "hospitalisation", bit: 4 },
    Outcome { code: "DS", meaning: "disability", bit: 8 },
    Outcome { code: "CA", meaning: "congenital anomaly", bit: 16 },
    Outcome { code: "RI", meaning: "required intervention", bit: 32 },
    Outcome { code: "OT", meaning: "other serious", bit: 64 },
    Outcome { code: "ER", meaning: "emergency visit", bit: 128 },
    Outcome { code: "OV", meaning: "office visit", bit: 256 },
    Outcome { code: "RC", meaning: "recovered", bit: 512 },
];

/// The bit of an outcome code, in any case.
pub fn outcome_bit(code: &str) -> Option<u16> {
    OUTCOMES.iter().find(|o| o.code.eq_ignore_ascii_case(code)).map(|o| o.bit)
}

/// The meanings of a set of outcome bits, in the order of [`OUTCOMES`].
pub fn outcome_names(bits: u16) -> Vec<&'static str> {
    OUTCOMES.iter().filter(|o| bits & o.bit != 0).map(|o| o.meaning).collect()
}

/// FAERS' report source codes, each with its bit by position.
pub const REPORT_SOURCES: [&str; 9] = ["FGN", "SDY", "LIT", "CSM", "HP", "UF", "CR", "DT", "OTH"];

/// The bit of a report source code, in any case.
pub fn report_source_bit(code: &str) -> Option<u16> {
    let at = REPORT_SOURCES.iter().position(|known| known.eq_ignore_ascii_case(code))?;
    Some(1 << at)
}

/// What a code column says after the known junk is told apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Coded<T> {
    /// A known code.
    Known(T),
    /// Blank, or a code that documents "unknown".
    Unknown,
    /// Something no documentation lists.
    Junk,
}

/// Sex: `F` or `M`; UNK and NS document "unknown", all else is junk.
pub fn sex(text: &str) -> Coded<&'static str> {
    match text.to_ascii_uppercase().as_str() {
        "F" => Coded::Known("F"),
        "M" => Coded::Known("M"),
        "" | "U" | "UNK" | "NS" => Coded::Unknown,
        _ => Coded::Junk,
    }
}

/// Report type: EXP (expedited; 15-day), PER (periodic), DIR (direct); 30DAY and 5DAY are expedited.
pub fn report_type(text: &str) -> Coded<&'static str> {
    match text.to_ascii_uppercase().as_str() {
        "EXP" | "30DAY" | "5DAY" => Coded::Known("EXP"),
        "PER" => Coded::Known("PER"),
        "DIR" => Coded::Known("DIR"),
        "" => Coded::Unknown,
        _ => Coded::Junk,
    }
}

/// Reporter: MD physician, PH pharmacist, HP or OT other health professional, LW lawyer,
/// CN consumer, RN nurse.
pub fn reporter(text: &str) -> Coded<&'static str> {
    match text.to_ascii_uppercase().as_str() {
        "MD" => Coded::Known("MD"),
        "PH" => Coded::Known("PH"),
        "HP" => Coded::Known("HP"),
        "OT" => Coded::Known("OT"),
        "LW" => Coded::Known("LW"),
        "CN" => Coded::Known("CN"),
        "RN" => Coded::Known("RN"),
        "" => Coded::Unknown,
        _ => Coded::Junk,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_administered_is_a_role_but_never_suspect() {
        assert_eq!(Role::from_code("dn"), Some(Role::NotAdministered));
        assert_eq!(Role::NotAdministered.bit() & Role::SUSPECT, 0);
        assert_eq!(Role::Interacting.bit() & Role::SUSPECT, 4);
        assert_eq!(Role::from_code("X"), None);
    }

    #[test]
    fn junk_is_told_from_unknown() {
        assert_eq!(sex("UNK"), Coded::Unknown);
        assert_eq!(sex("YR"), Coded::Junk);
        assert_eq!(report_type("30DAY"), Coded::Known("EXP"));
        assert_eq!(reporter("HP"), Coded::Known("HP"));
    }

    #[test]
    fn outcome_bits_are_distinct() {
        let all = OUTCOMES.iter().fold(0, |bits, o| bits | o.bit);
        assert_eq!(all.count_ones() as usize, OUTCOMES.len());
        assert_eq!(outcome_names(5), ["death", "hospitalisation"]);
        assert_eq!(outcome_bit("ca"), Some(16));
    }
}
