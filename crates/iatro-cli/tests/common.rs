//! What the tests of the command line share.

#![allow(dead_code, missing_docs, clippy::unwrap_used, unreachable_pub)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;

/// Runs `iatro` with these arguments.
pub fn iatro<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Output {
    Command::cargo_bin("iatro").unwrap().args(arguments).output().unwrap()
}

/// `iatro` without what this shell says of object storage.
pub fn without_aws() -> Command {
    let mut command = Command::cargo_bin("iatro").unwrap();
    for (name, _) in std::env::vars_os() {
        let upper = name.to_string_lossy().to_uppercase();
        if upper.starts_with("AWS_") || upper.ends_with("_PROXY") {
            command.env_remove(name);
        }
    }
    command
}

/// `iatro ingest faers PATH --lake LAKE`.
pub fn ingest_faers(path: &Path, lake: &Path) -> Output {
    let flag = std::ffi::OsStr::new("--lake");
    iatro(&["ingest".as_ref(), "faers".as_ref(), path.as_os_str(), flag, lake.as_os_str()])
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub fn json(output: &Output) -> serde_json::Value {
    assert!(output.status.success(), "{}", stderr(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A quarter of three reports, two of them with HLH on lamotrigine.
pub fn quarter(folder: &Path, name: &str) -> PathBuf {
    let folder = folder.join(name);
    fs::create_dir_all(&folder).unwrap();
    let tables = [
        (
            "DEMO22Q4.txt",
            "primaryid$caseid$caseversion$fda_dt$event_dt$age$age_cod$sex$wt$wt_cod\n\
             1001$100$1$20221001$20220901$34$YR$F$60$KG\n\
             1011$101$1$20221002$202209$7$DEC$M$$\n\
             1021$102$1$20221003$$3$MON$UNK$6$KG\n",
        ),
        (
            "DRUG22Q4.txt",
            "primaryid$caseid$drug_seq$role_cod$drugname$prod_ai\n\
             1001$100$1$PS$LAMICTAL$LAMOTRIGINE\n\
             1011$101$1$PS$LAMOTRIGINE$LAMOTRIGINE\n\
             1011$101$2$C$ASPIRIN$ASPIRIN\n\
             1021$102$1$PS$ASPIRIN$ASPIRIN\n",
        ),
        (
            "REAC22Q4.txt",
            "primaryid$caseid$pt\n\
             1001$100$Haemophagocytic lymphohistiocytosis\n\
             1011$101$HAEMOPHAGOCYTIC LYMPHOHISTIOCYTOSIS\n\
             1021$102$Pyrexia\n",
        ),
    ];
    for (name, text) in tables {
        fs::write(folder.join(name), text).unwrap();
    }
    folder
}

/// Every file below a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
