//! Lists of withdrawn cases: one case id a line, with or without a header line.

use crate::error::{Error, Result};
use crate::input::Member;
use crate::part::Withdrawal;
use crate::quarantine::{Reason, TableLog};
use crate::text::lines::Lines;
use crate::values::identifier;

/// Reads a deletion list.
pub(crate) fn read(member: &Member) -> Result<(Vec<Withdrawal>, TableLog)> {
    member.with_reader(|reader| {
        let mut lines = Lines::new(reader);
        let mut log = TableLog::new(member.name(), "deleted");
        let mut withdrawals = Vec::new();
        while let Some(line) = lines.next().map_err(|e| Error::read(member.place(), e))? {
            if line.cut {
                log.rows += 1;
                log.quarantine(line.number, line.offset, Reason::LineTooLong, &line.bytes);
                continue;
            }
            let text = String::from_utf8_lossy(&line.bytes);
            let text = text.trim().trim_matches('$').trim();
            match identifier(text) {
                Ok(case) => {
                    log.rows += 1;
                    log.stored += 1;
                    withdrawals.push(Withdrawal { case, line: line.number });
                }
                // A first line without any digit is a header: `caseid`, or FDA's ` $`.
                Err(_) if line.number == 1 && !text.bytes().any(|b| b.is_ascii_digit()) => {}
                Err(_) if text.is_empty() => log.blank_lines += 1,
                Err(_) => {
                    log.rows += 1;
                    log.quarantine(line.number, line.offset, Reason::BadIdentifier, &line.bytes);
                }
            }
            lines.recycle(line);
        }
        Ok((withdrawals, log))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::input::discover;

    fn list(text: &str) -> (Vec<u64>, TableLog) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("DELETE19Q1.txt");
        std::fs::write(&path, text).unwrap();
        let member = discover(&[path], &[]).unwrap()[0].members().unwrap().remove(0);
        let (withdrawals, log) = read(&member).unwrap();
        (withdrawals.iter().map(|w| w.case).collect(), log)
    }

    #[test]
    fn with_and_without_a_header_no_id_is_lost() {
        for text in
            [" $\n10153291\n10796583\n", "caseid\n10153291\n10796583", "10153291\r\n10796583"]
        {
            let (cases, log) = list(text);
            assert_eq!(cases, [10_153_291, 10_796_583], "{text:?}");
            assert_eq!((log.rows, log.stored), (2, 2));
        }
    }

    #[test]
    fn the_end_of_a_line_that_is_too_long_is_no_id() {
        let long = "x".repeat(crate::text::lines::LONGEST);
        let (cases, log) = list(&format!("{long}12\n3\n"));
        assert_eq!(cases, [3]);
        assert!(log.is_balanced() && log.quarantined.len() == 2);
    }

    #[test]
    fn what_is_not_an_id_is_set_aside() {
        let (cases, log) = list("1\nabc\n\n2$\n");
        assert_eq!(cases, [1, 2]);
        assert_eq!((log.rows, log.stored, log.quarantined.len()), (3, 2, 1));
        assert!(log.is_balanced());
    }
}
