//! A FAERS quarter from a few rows: the files and headers of its era, and the values a test sets.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use zip::write::{SimpleFileOptions, ZipWriter};

/// Every table that a quarter has, the deletion list aside.
pub const TABLES: [&str; 7] = ["demo", "drug", "reac", "indi", "outc", "rpsr", "ther"];

/// Names of today, and what earlier eras called the same column.
const OLDER: [(&str, &str); 8] = [
    ("primaryid", "isr"),
    ("caseid", "case"),
    ("i_f_code", "i_f_cod"),
    ("sex", "gndr_cod"),
    ("lot_num", "lot_nbr"),
    ("outc_cod", "outc_code"),
    ("dsg_drug_seq", "drug_seq"),
    ("indi_drug_seq", "drug_seq"),
];

/// A quarter in the making.
#[derive(Clone, Debug)]
pub struct Quarter {
    year: u16,
    number: u8,
    /// The bytes of each file, by table.
    files: BTreeMap<String, Vec<u8>>,
    /// Files that are no table, by name.
    extra: BTreeMap<String, Vec<u8>>,
}

impl Quarter {
    /// A quarter such as `2020Q1`, all its tables with a header and no row.
    pub fn new(period: &str) -> Self {
        let (year, number) = period.split_once('Q').unwrap();
        let (year, number) = (year.parse().unwrap(), number.parse().unwrap());
        let mut quarter = Self { year, number, files: BTreeMap::new(), extra: BTreeMap::new() };
        for table in TABLES {
            let header = format!("{}\n", quarter.era_header(table));
            quarter.files.insert(table.to_owned(), header.into_bytes());
        }
        quarter
    }

    fn since(&self, year: u16, number: u8) -> bool {
        (self.year, self.number) >= (year, number)
    }

    pub fn is_legacy(&self) -> bool {
        !self.since(2012, 4)
    }

    fn era_header(&self, table: &str) -> &'static str {
        let (legacy, modern, first) = (self.is_legacy(), self.since(2014, 3), !self.since(2013, 1));
        match table {
            "demo" if !self.since(2005, 3) => DEMO_2004,
            "demo" if legacy => DEMO_2005,
            "demo" if modern => DEMO_2014,
            "demo" if self.since(2013, 2) => DEMO_2013,
            "demo" => DEMO_2012,
            "drug" if legacy => DRUG_2004,
            "drug" if modern => DRUG_2014,
            "drug" if first => DRUG_2012,
            "drug" => DRUG_2013,
            "reac" if legacy => "ISR$PT",
            "reac" if modern => "primaryid$caseid$pt$drug_rec_act",
            "reac" => "primaryid$caseid$pt",
            "indi" if legacy => "ISR$DRUG_SEQ$INDI_PT",
            "indi" => "primaryid$caseid$indi_drug_seq$indi_pt",
            "outc" if legacy => "ISR$OUTC_COD",
            "outc" if first => "primaryid$caseid$outc_code",
            "outc" => "primaryid$caseid$outc_cod",
            "rpsr" if legacy => "ISR$RPSR_COD",
            "rpsr" => "primaryid$caseid$rpsr_cod",
            "ther" if legacy => "ISR$DRUG_SEQ$START_DT$END_DT$DUR$DUR_COD",
            "ther" => "primaryid$caseid$dsg_drug_seq$start_dt$end_dt$dur$dur_cod",
            other => panic!("no table {other}"),
        }
    }

    /// The bytes of a row with these values (`drugname=ASPIRIN 81 MG, role_cod=PS`), all else blank,
    /// ending as rows of the era do; no line break.
    pub fn row_text(&self, table: &str, values: &str) -> String {
        let header = self.header(table);
        let names: Vec<String> =
            header.split('$').map(|name| name.trim().to_ascii_lowercase()).collect();
        let mut cells = vec![""; names.len()];
        for (name, value) in values.split(", ").filter_map(|pair| pair.split_once('=')) {
            let older = OLDER.iter().filter(|(today, _)| *today == name).map(|(_, older)| *older);
            let at =
                std::iter::once(name).chain(older).find_map(|n| names.iter().position(|c| c == n));
            cells[at.unwrap_or_else(|| panic!("no column {name} in {header}"))] = value;
        }
        let end = if self.is_legacy() { "$" } else { "" };
        format!("{}{end}", cells.join("$"))
    }

    fn header(&self, table: &str) -> String {
        let line = self.files[table].split(|&b| b == b'\n').next().unwrap_or_default();
        String::from_utf8_lossy(line).trim_start_matches('\u{feff}').to_owned()
    }

    /// Adds a row; see [`row_text`](Self::row_text).
    pub fn row(self, table: &str, values: &str) -> Self {
        let text = self.row_text(table, values);
        self.line(table, text)
    }

    /// Adds a line as it stands.
    pub fn line(self, table: &str, line: impl AsRef<[u8]>) -> Self {
        self.raw(table, line).raw(table, "\n")
    }

    /// Adds bytes as they stand, without a line break.
    pub fn raw(mut self, table: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.files.entry(table.to_owned()).or_default().extend_from_slice(bytes.as_ref());
        self
    }

    /// Replaces a table by these bytes.
    pub fn file(mut self, table: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.files.insert(table.to_owned(), bytes.as_ref().to_vec());
        self
    }

    /// Replaces the header, and with it all rows so far.
    pub fn with_header(self, table: &str, header: &str) -> Self {
        self.file(table, format!("{header}\n"))
    }

    pub fn without(mut self, table: &str) -> Self {
        self.files.remove(table);
        self
    }

    /// Adds a file that is no table.
    pub fn extra(mut self, name: &str, bytes: &str) -> Self {
        self.extra.insert(name.to_owned(), bytes.as_bytes().to_vec());
        self
    }

    /// Adds a report with one drug (sequence number 1) and one reaction.
    pub fn report(self, id: u64, case: u64, version: u32, received: &str) -> Self {
        let version =
            if self.is_legacy() { String::new() } else { format!(", caseversion={version}") };
        self.row("demo", &format!("primaryid={id}, caseid={case}{version}, fda_dt={received}"))
            .row("drug", &format!("primaryid={id}, drug_seq=1, role_cod=PS, drugname=ASPIRIN"))
            .row("reac", &format!("primaryid={id}, pt=Rash"))
    }

    /// The bytes of a table.
    pub fn bytes(&self, table: &str) -> &[u8] {
        &self.files[table]
    }

    /// `DEMO20Q1.txt`, `DELETE20Q1.txt`.
    pub fn file_name(&self, table: &str) -> String {
        let stem =
            if table == "deleted" { "DELETE".to_owned() } else { table.to_ascii_uppercase() };
        format!("{stem}{:02}Q{}.txt", self.year % 100, self.number)
    }

    /// Writes the files into a new folder under `folder` and returns it.
    pub fn unpacked(&self, folder: &Path) -> PathBuf {
        let target = folder.join(format!("{}Q{}", self.year, self.number));
        fs::create_dir_all(&target).unwrap();
        for (table, bytes) in &self.files {
            fs::write(target.join(self.file_name(table)), bytes).unwrap();
        }
        for (name, bytes) in &self.extra {
            fs::write(target.join(name), bytes).unwrap();
        }
        target
    }

    /// Writes a zip as FDA does and returns its path.
    pub fn zip(&self, folder: &Path) -> PathBuf {
        let stem = if self.is_legacy() { "aers" } else { "faers" };
        let name = format!("{stem}_ascii_{}q{}.zip", self.year, self.number);
        self.zip_as(&folder.join(name), |file| format!("ASCII/{file}"))
    }

    /// Writes a zip with the members named by `inner` from today's file names.
    pub fn zip_as(&self, path: &Path, inner: impl Fn(&str) -> String) -> PathBuf {
        let mut writer = ZipWriter::new(fs::File::create(path).unwrap());
        let tables = self.files.iter().map(|(table, bytes)| (self.file_name(table), bytes));
        let extra = self.extra.iter().map(|(name, bytes)| (name.clone(), bytes));
        for (name, bytes) in tables.chain(extra) {
            writer.start_file(inner(&name), SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap();
        path.to_path_buf()
    }
}

const DEMO_2004: &str = "ISR$CASE$I_F_COD$FOLL_SEQ$IMAGE$EVENT_DT$MFR_DT$FDA_DT$REPT_COD$MFR_NUM$\
    MFR_SNDR$AGE$AGE_COD$GNDR_COD$E_SUB$WT$WT_COD$REPT_DT$OCCP_COD$DEATH_DT$TO_MFR$CONFID";
const DEMO_2005: &str = "ISR$CASE$I_F_COD$FOLL_SEQ$IMAGE$EVENT_DT$MFR_DT$FDA_DT$REPT_COD$MFR_NUM$\
    MFR_SNDR$AGE$AGE_COD$GNDR_COD$E_SUB$WT$WT_COD$REPT_DT$OCCP_COD$DEATH_DT$TO_MFR$CONFID$\
    REPORTER_COUNTRY";
const DEMO_2012: &str = "primaryid$caseid$caseversion$i_f_code$event_dt$mfr_dt$init_fda_dt$fda_dt$\
    rept_cod$mfr_num$mfr_sndr$age$age_cod$gndr_cod$e_sub$wt$wt_cod$ rept_dt$to_mfr$occp_cod$\
    reporter_country$occr_country";
const DEMO_2013: &str = "primaryid$caseid$caseversion$i_f_code$event_dt$mfr_dt$init_fda_dt$fda_dt$\
    rept_cod$mfr_num$mfr_sndr$age$age_cod$gndr_cod$e_sub$wt$wt_cod$rept_dt$to_mfr$occp_cod$\
    reporter_country$occr_country";
const DEMO_2014: &str = "primaryid$caseid$caseversion$i_f_code$event_dt$mfr_dt$init_fda_dt$fda_dt$\
    rept_cod$auth_num$mfr_num$mfr_sndr$lit_ref$age$age_cod$age_grp$sex$e_sub$wt$wt_cod$rept_dt$\
    to_mfr$occp_cod$reporter_country$occr_country";
const DRUG_2004: &str = "ISR$DRUG_SEQ$ROLE_COD$DRUGNAME$VAL_VBM$ROUTE$DOSE_VBM$DECHAL$RECHAL$\
    LOT_NUM$EXP_DT$NDA_NUM";
const DRUG_2012: &str = "\u{feff}primaryid$caseid$drug_seq$role_cod$drugname$val_vbm$route$dose_vbm$\
    cum_dose_chr$cum_dose_unit$dechal$rechal$lot_nbr$exp_dt$nda_num$dose_amt$dose_unit$dose_form$\
    dose_freq";
const DRUG_2013: &str = "primaryid$caseid$drug_seq$role_cod$drugname$val_vbm$route$dose_vbm$\
    cum_dose_chr$cum_dose_unit$dechal$rechal$lot_num$exp_dt$nda_num$dose_amt$dose_unit$dose_form$\
    dose_freq";
const DRUG_2014: &str = "primaryid$caseid$drug_seq$role_cod$drugname$prod_ai$val_vbm$route$dose_vbm$\
    cum_dose_chr$cum_dose_unit$dechal$rechal$lot_num$exp_dt$nda_num$dose_amt$dose_unit$dose_form$\
    dose_freq";
