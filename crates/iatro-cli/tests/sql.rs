//! `iatro sql` as a user calls it: every form, only reading, clear errors; and without the feature, how to get it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use std::path::Path;
use std::process::Output;

use common::{files, iatro, quarter, stderr, stdout};

/// A lake in a folder whose name holds what others read as a pattern.
fn lake(folder: &Path) -> String {
    let lake = folder.join("a lake [1]*é%20");
    assert!(common::ingest_faers(&quarter(folder, "q"), &lake).status.success());
    lake.to_str().unwrap().to_owned()
}

fn sql(lake: &str, query: &str, more: &[&str]) -> Output {
    iatro(&[&["sql", "--lake", lake, query][..], more].concat())
}

#[cfg(not(feature = "sql"))]
#[test]
fn without_the_feature_it_says_how_to_build_it() {
    let folder = tempfile::tempdir().unwrap();
    let output = sql(&lake(folder.path()), "select 1", &[]);
    assert_eq!(output.status.code(), Some(2));
    let text = stderr(&output);
    assert!(text.contains("--features sql,spark,s3") && text.contains("select 1"), "{text}");
    assert_eq!(sql("no/such/lake", "select 1", &[]).status.code(), Some(3));
    assert!(files(folder.path()).len() > 3);
    assert_eq!(stdout(&output), "");
}

#[cfg(feature = "sql")]
mod with_the_feature {
    use super::*;

    const BY_SUBSTANCE: &str = "select substance, count(*) as reports, -1 as below, null as nothing \
        from exposure join substance using (substance_id) group by substance order by substance";

    #[test]
    fn every_form_has_the_rows() {
        let folder = tempfile::tempdir().unwrap();
        let lake = lake(folder.path());
        let ask = |form: &str| {
            let output = sql(&lake, BY_SUBSTANCE, &["--format", form]);
            assert!(output.status.success(), "{form}: {}", stderr(&output));
            stdout(&output)
        };
        let csv = "substance,reports,below,nothing\naspirin,2,-1,\nlamotrigine,2,-1,\n";
        assert_eq!(ask("csv"), csv);
        let row = |substance: &str| {
            format!("{{\"substance\":\"{substance}\",\"reports\":2,\"below\":-1,\"nothing\":null}}")
        };
        assert_eq!(ask("ndjson"), format!("{}\n{}\n", row("aspirin"), row("lamotrigine")));
        assert_eq!(ask("json"), format!("[{},{}]\n", row("aspirin"), row("lamotrigine")));
        assert!(ask("table").contains("lamotrigine"));
        assert!(ask("markdown").contains("| aspirin | 2 | -1 | – |"), "{}", ask("markdown"));
        for form in ["table", "markdown"] {
            assert!(ask(form).contains("Not a medical device"), "{form}");
        }
    }

    #[test]
    fn a_file_keeps_the_types_of_the_lake() {
        let folder = tempfile::tempdir().unwrap();
        let lake = lake(folder.path());
        let path = folder.path().join("rows.parquet");
        let query = "select report_id, received, substance_ids from report \
            join drug using (report_id) join name using (name_id)";
        let output = sql(&lake, query, &["--output", path.to_str().unwrap()]);
        assert!(output.status.success(), "{}", stderr(&output));
        let file = std::fs::File::open(path).unwrap();
        let reader =
            parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        let types: Vec<String> =
            reader.schema().fields().iter().map(|field| field.data_type().to_string()).collect();
        assert_eq!(&types[..2], ["UInt64", "Date32"]);
        assert!(types[2].starts_with("List"), "{types:?}");
        assert_eq!(reader.metadata().file_metadata().num_rows(), 4);
    }

    #[test]
    fn tables_are_listed_and_described_and_history_is_apart() {
        let folder = tempfile::tempdir().unwrap();
        let lake = lake(folder.path());
        let ask = |query: &str| stdout(&sql(&lake, query, &["--format", "csv"]));
        let tables = ask("show tables");
        for table in ["report", "drug", "exposure", "reaction", "history_report", "value_issue"] {
            assert!(tables.contains(&format!(",{table},")), "{table}\n{tables}");
        }
        assert!(ask("describe exposure").contains("substance_id"));
        assert!(ask("select count(*) as n from report").ends_with("\n3\n"));
        assert!(ask("select count(*) as n from history_report").ends_with("\n0\n"));
    }

    #[test]
    fn only_the_first_rows_are_shown_to_people() {
        let folder = tempfile::tempdir().unwrap();
        let lake = lake(folder.path());
        let query = "select report_id from report order by report_id";
        let text = stdout(&sql(&lake, query, &["--top", "2"]));
        assert!(text.contains("more rows") && !text.contains("\n         2"), "{text}");
        assert!(!stdout(&sql(&lake, query, &["--top", "3"])).contains("more rows"));
    }

    #[test]
    fn nothing_is_changed_whatever_is_asked() {
        let folder = tempfile::tempdir().unwrap();
        let lake = lake(folder.path());
        let before: Vec<_> =
            files(folder.path()).iter().map(|f| (f.clone(), std::fs::read(f).unwrap())).collect();
        let elsewhere = folder.path().join("stolen.csv");
        for query in [
            "drop table report",
            "create table x as select 1",
            "create external table x stored as csv location '/etc/passwd'",
            "insert into substance values (9, 'x', null, 1)",
            "delete from report",
            "update report set line = 0",
            &format!("copy report to '{}'", elsewhere.display()),
            &format!("copy (select 1) to '{}'", elsewhere.display()),
            "set datafusion.execution.batch_size = 1",
            "explain analyze insert into substance values (9, 'x', null, 1)",
            "select * from '/etc/passwd'",
            "begin transaction",
        ] {
            let output = sql(&lake, query, &[]);
            assert_eq!(output.status.code(), Some(2), "{query}: {}", stderr(&output));
            assert_eq!(stdout(&output), "", "{query}");
        }
        let after: Vec<_> =
            files(folder.path()).iter().map(|f| (f.clone(), std::fs::read(f).unwrap())).collect();
        assert!(before == after);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let lake = lake(folder.path());
        let said = |query: &str, code: i32| {
            let output = sql(&lake, query, &["--format", "csv"]);
            assert_eq!(output.status.code(), Some(code), "{query}: {}", stderr(&output));
            let text = stderr(&output);
            assert!(!text.contains("panicked") && text.lines().count() == 1, "{text}");
            text
        };
        assert!(said("select * from reports", 2).contains("show tables"));
        assert!(said("selec 1", 2).contains("selec"));
        assert!(said("select ages from report", 2).contains("ages"));
        said("", 2);
        said("select 1; select 2", 2);
        let deep = format!("select {}1{}", "(".repeat(5_000), ")".repeat(5_000));
        said(&deep, 2);
        let broad = |terms: usize| format!("select 1{}", "+1".repeat(terms - 1));
        let output = sql(&lake, &broad(1_000), &["--format", "csv"]);
        assert!(output.status.success(), "{:?} {}", output.status, stderr(&output));
        assert!(stdout(&output).ends_with("\n1000\n"));
        assert!(said(&broad(10_000), 2).contains("at most 16384"));
        assert_eq!(iatro(&["sql", "--lake", "none", "select 1"]).status.code(), Some(3));
        let small = sql(&lake, "select 1", &["--memory", "lots"]);
        assert!(stderr(&small).contains("2GiB"));
    }

    #[test]
    fn a_division_by_zero_ends_the_answer_and_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let lake = lake(folder.path());
        let path = folder.path().join("rows.csv");
        let query = "select 1 / (report_id - 1) as x from report order by report_id";
        let output = sql(&lake, query, &["--output", path.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        assert!(!path.exists());
        let others = files(folder.path());
        assert!(others.iter().all(|file| !file.to_string_lossy().contains(".part")));
    }

    #[test]
    fn a_sort_within_too_little_memory_is_whole_or_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let lake = lake(folder.path());
        let query =
            "select value from generate_series(1, 400000) order by sqrt(value % 1013), value desc";
        for (memory, must) in [("1GiB", true), ("4MiB", false)] {
            let output = sql(&lake, query, &["--memory", memory, "--format", "csv"]);
            if must || output.status.success() {
                let text = stdout(&output);
                let mut lines = text.lines().skip(1).map(|line| line.parse::<u64>().unwrap());
                assert_eq!(lines.next(), Some(400_000 / 1_013 * 1_013));
                assert_eq!(lines.count(), 399_999);
            } else {
                assert_eq!(output.status.code(), Some(1));
                assert!(stderr(&output).contains("--memory"), "{}", stderr(&output));
            }
        }
    }
}
