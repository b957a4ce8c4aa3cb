//! The three tables and their columns.

use crate::csv_rows::TableSpec;

/// A table of a period.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum VaersTable {
    /// One row a report.
    Data,
    /// Up to five terms a row.
    Symptoms,
    /// One row a vaccine.
    Vax,
}

/// The column that all tables share.
pub(super) const ID: &str = "vaers_id";
/// Tells the reports about one case apart; absent before 2025.
pub(super) const ORDER: &str = "order";
/// Terms and the MedDRA version of each.
pub(super) const TERMS: [(&str, &str); 5] = [
    ("symptom1", "symptomversion1"),
    ("symptom2", "symptomversion2"),
    ("symptom3", "symptomversion3"),
    ("symptom4", "symptomversion4"),
    ("symptom5", "symptomversion5"),
];
/// Free texts of DATA, with the names that narratives have in the lake.
pub(super) const TEXTS: [(&str, &str); 7] = [
    ("symptom_text", "SYMPTOM_TEXT"),
    ("lab_data", "LAB_DATA"),
    ("other_meds", "OTHER_MEDS"),
    ("cur_ill", "CUR_ILL"),
    ("history", "HISTORY"),
    ("prior_vax", "PRIOR_VAX"),
    ("allergies", "ALLERGIES"),
];

const DATA: TableSpec = TableSpec {
    table: "data",
    delimiters: b",",
    required: &[ID, "recvdate"],
    known: &[
        ORDER,
        "state",
        "age_yrs",
        "cage_yr",
        "cage_mo",
        "sex",
        "symptom_text",
        "died",
        "l_threat",
        "er_visit",
        "hospital",
        "x_stay",
        "disable",
        "recovd",
        "vax_date",
        "onset_date",
        "lab_data",
        "other_meds",
        "cur_ill",
        "history",
        "prior_vax",
        "splttype",
        "birth_defect",
        "ofc_visit",
        "er_ed_visit",
        "allergies",
        // Known and not kept.
        "rpt_date",
        "datedied",
        "hospdays",
        "numdays",
        "v_adminby",
        "v_fundby",
        "form_vers",
        "todays_date",
    ],
    expected: "Expected the header of a VAERS DATA table, such as 1990VAERSDATA.csv. \
               Check that the file is one, and whole.",
};

const SYMPTOMS: TableSpec = TableSpec {
    table: "symptoms",
    delimiters: b",",
    required: &[ID, "symptom1"],
    known: &[
        ORDER,
        "symptomversion1",
        "symptom2",
        "symptomversion2",
        "symptom3",
        "symptomversion3",
        "symptom4",
        "symptomversion4",
        "symptom5",
        "symptomversion5",
    ],
    expected: "Expected the header of a VAERS SYMPTOMS table, such as 1990VAERSSYMPTOMS.csv. \
               Check that the file is one, and whole.",
};

const VAX: TableSpec = TableSpec {
    table: "vax",
    delimiters: b",",
    required: &[ID, "vax_type"],
    known: &[
        ORDER,
        "vax_manu",
        "vax_lot",
        "vax_dose_series",
        "vax_dose",
        "vax_route",
        "vax_name",
        // Known and not kept.
        "vax_site",
    ],
    expected: "Expected the header of a VAERS VAX table, such as 1990VAERSVAX.csv. \
               Check that the file is one, and whole.",
};

impl VaersTable {
    pub(super) const ALL: [Self; 3] = [Self::Data, Self::Symptoms, Self::Vax];

    /// Its name on pages and in file names.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Data => "DATA",
            Self::Symptoms => "SYMPTOMS",
            Self::Vax => "VAX",
        }
    }

    pub(super) fn spec(self) -> &'static TableSpec {
        match self {
            Self::Data => &DATA,
            Self::Symptoms => &SYMPTOMS,
            Self::Vax => &VAX,
        }
    }

    /// The table of a file name and what stands before `VAERS` in it: `1990VAERSDATA.csv` is DATA of
    /// `1990`.
    pub(super) fn in_file_name(name: &str) -> Option<(Self, &str)> {
        if name.starts_with('.') || !crate::input::has_extension(name, "csv") {
            return None;
        }
        let upper = name.to_ascii_uppercase();
        Self::ALL.into_iter().find_map(|table| {
            let words = format!("VAERS{}", table.name());
            let at = upper.find(&words)?;
            let behind = upper.as_bytes().get(at + words.len())?;
            let prefix = name.get(..at)?;
            (!behind.is_ascii_alphanumeric()).then_some((table, prefix))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_known_by_their_file_names() {
        let table = VaersTable::in_file_name;
        assert_eq!(table("1990VAERSDATA.csv"), Some((VaersTable::Data, "1990")));
        assert_eq!(table("nondomesticvaersvax.CSV"), Some((VaersTable::Vax, "nondomestic")));
        assert_eq!(table("VAERSSymptoms (1).csv"), Some((VaersTable::Symptoms, "")));
        for other in ["1990VAERSData.zip", "VAERSDATAX.csv", "._1990VAERSVAX.csv", "VAX.csv"] {
            assert_eq!(table(other), None, "{other}");
        }
    }

    #[test]
    fn every_term_and_text_is_a_known_column() {
        let symptoms = VaersTable::Symptoms.spec();
        let known =
            |name: &str| symptoms.required.contains(&name) || symptoms.known.contains(&name);
        assert!(TERMS.iter().all(|(term, version)| known(term) && known(version)));
        assert!(TEXTS.iter().all(|(column, _)| VaersTable::Data.spec().known.contains(column)));
    }
}
