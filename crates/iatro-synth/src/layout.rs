//! The seven tables and their columns, quarter by quarter.
//!
//! A header is the only list of columns: rows are written by asking for each column of the header
//! in turn, so that a row cannot disagree with it. Source: the documentation of the quarterly
//! files, and their headers.

use crate::quarter::{Era, Quarter};

/// A table of a quarter.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum TableKind {
    Demo,
    Drug,
    Reac,
    Indi,
    Outc,
    Rpsr,
    Ther,
}

impl TableKind {
    pub(crate) const ALL: [Self; 7] =
        [Self::Demo, Self::Drug, Self::Reac, Self::Indi, Self::Outc, Self::Rpsr, Self::Ther];

    /// As in file names.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Demo => "DEMO",
            Self::Drug => "DRUG",
            Self::Reac => "REAC",
            Self::Indi => "INDI",
            Self::Outc => "OUTC",
            Self::Rpsr => "RPSR",
            Self::Ther => "THER",
        }
    }

    /// As in `truth.json`.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Drug => "drug",
            Self::Reac => "reac",
            Self::Indi => "indi",
            Self::Outc => "outc",
            Self::Rpsr => "rpsr",
            Self::Ther => "ther",
        }
    }
}

/// The columns of a table in a quarter, as its header spells them (legacy headers are written in
/// capitals; here every name is lower case).
pub(crate) fn columns(table: TableKind, quarter: Quarter) -> Vec<&'static str> {
    let text = match (table, quarter.era()) {
        (TableKind::Demo, Era::Legacy) => {
            "isr case i_f_cod foll_seq image event_dt mfr_dt fda_dt rept_cod mfr_num mfr_sndr age \
             age_cod gndr_cod e_sub wt wt_cod rept_dt occp_cod death_dt to_mfr confid \
             reporter_country"
        }
        (TableKind::Demo, Era::Early) => {
            "primaryid caseid caseversion i_f_code event_dt mfr_dt init_fda_dt fda_dt rept_cod \
             mfr_num mfr_sndr age age_cod gndr_cod e_sub wt wt_cod rept_dt to_mfr occp_cod \
             reporter_country occr_country"
        }
        (TableKind::Demo, Era::Modern) => {
            "primaryid caseid caseversion i_f_code event_dt mfr_dt init_fda_dt fda_dt rept_cod \
             auth_num mfr_num mfr_sndr lit_ref age age_cod age_grp sex e_sub wt wt_cod rept_dt \
             to_mfr occp_cod reporter_country occr_country"
        }
        (TableKind::Drug, Era::Legacy) => {
            "isr drug_seq role_cod drugname val_vbm route dose_vbm dechal rechal lot_num exp_dt \
             nda_num"
        }
        (TableKind::Drug, Era::Early) => {
            "primaryid caseid drug_seq role_cod drugname val_vbm route dose_vbm cum_dose_chr \
             cum_dose_unit dechal rechal lot_num exp_dt nda_num dose_amt dose_unit dose_form \
             dose_freq"
        }
        (TableKind::Drug, Era::Modern) => {
            "primaryid caseid drug_seq role_cod drugname prod_ai val_vbm route dose_vbm \
             cum_dose_chr cum_dose_unit dechal rechal lot_num exp_dt nda_num dose_amt dose_unit \
             dose_form dose_freq"
        }
        (TableKind::Reac, Era::Legacy) => "isr pt",
        (TableKind::Reac, Era::Early) => "primaryid caseid pt",
        (TableKind::Reac, Era::Modern) => "primaryid caseid pt drug_rec_act",
        (TableKind::Indi, Era::Legacy) => "isr drug_seq indi_pt",
        (TableKind::Indi, _) => "primaryid caseid indi_drug_seq indi_pt",
        (TableKind::Outc, Era::Legacy) => "isr outc_cod",
        (TableKind::Outc, _) => "primaryid caseid outc_cod",
        (TableKind::Rpsr, Era::Legacy) => "isr rpsr_cod",
        (TableKind::Rpsr, _) => "primaryid caseid rpsr_cod",
        (TableKind::Ther, Era::Legacy) => "isr drug_seq start_dt end_dt dur dur_cod",
        (TableKind::Ther, _) => "primaryid caseid dsg_drug_seq start_dt end_dt dur dur_cod",
    };
    let mut columns: Vec<&str> = text.split_whitespace().collect();
    apply_exceptions(&mut columns, table, quarter);
    columns
}

/// The slips of single quarters.
fn apply_exceptions(columns: &mut Vec<&'static str>, table: TableKind, quarter: Quarter) {
    let first = quarter == Quarter::fixed(2012, 4);
    let replace = |columns: &mut Vec<&'static str>, from: &str, to: &'static str| {
        for column in columns.iter_mut().filter(|column| **column == from) {
            *column = to;
        }
    };
    match table {
        TableKind::Demo if first || quarter == Quarter::fixed(2013, 1) => {
            replace(columns, "rept_dt", " rept_dt");
        }
        TableKind::Demo if quarter < Quarter::fixed(2005, 3) => {
            columns.retain(|column| *column != "reporter_country");
        }
        TableKind::Drug if first => replace(columns, "lot_num", "lot_nbr"),
        TableKind::Outc if first => replace(columns, "outc_cod", "outc_code"),
        _ => {}
    }
}

/// Whether the file opens with a UTF-8 byte order mark.
pub(crate) fn has_byte_order_mark(table: TableKind, quarter: Quarter) -> bool {
    table == TableKind::Drug && quarter == Quarter::fixed(2012, 4)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn count(table: TableKind, quarter: &str) -> usize {
        columns(table, quarter.parse().unwrap()).len()
    }

    #[test]
    fn column_counts_are_those_of_the_published_files() {
        assert_eq!(count(TableKind::Demo, "2004Q1"), 22);
        assert_eq!(count(TableKind::Demo, "2005Q3"), 23);
        assert_eq!(count(TableKind::Demo, "2012Q4"), 22);
        assert_eq!(count(TableKind::Demo, "2014Q3"), 25);
        assert_eq!(count(TableKind::Drug, "2012Q3"), 12);
        assert_eq!(count(TableKind::Drug, "2013Q1"), 19);
        assert_eq!(count(TableKind::Drug, "2014Q3"), 20);
        assert_eq!(count(TableKind::Reac, "2014Q2"), 3);
        assert_eq!(count(TableKind::Reac, "2014Q3"), 4);
        assert_eq!(count(TableKind::Ther, "2012Q3"), 6);
        assert_eq!(count(TableKind::Ther, "2012Q4"), 7);
    }

    #[test]
    fn slips_of_single_quarters_are_there() {
        let has = |table, quarter: &str, name: &str| {
            columns(table, quarter.parse().unwrap()).contains(&name)
        };
        assert!(has(TableKind::Demo, "2012Q4", " rept_dt"));
        assert!(has(TableKind::Demo, "2013Q1", " rept_dt"));
        assert!(has(TableKind::Demo, "2013Q2", "rept_dt"));
        assert!(has(TableKind::Drug, "2012Q4", "lot_nbr"));
        assert!(has(TableKind::Outc, "2012Q4", "outc_code"));
        assert!(has(TableKind::Outc, "2013Q1", "outc_cod"));
        assert!(has(TableKind::Demo, "2014Q2", "gndr_cod"));
        assert!(has(TableKind::Demo, "2014Q3", "sex"));
    }
}
