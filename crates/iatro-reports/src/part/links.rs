//! Which drug of a report a row means that names it by its sequence number.

use super::children::Drugs;

/// The drugs of a part by report and sequence number.
#[derive(Debug, Default)]
pub(crate) struct DrugIndex {
    /// Rows of drugs by report, then sequence number, then row.
    order: Vec<u32>,
    /// Where the drugs of each report begin in `order`; the last is the end of all.
    begins: Vec<u32>,
    /// The sequence numbers in the order of `order`.
    sequences: Vec<u64>,
}

impl DrugIndex {
    /// The index of the drugs of so many reports.
    pub(crate) fn new(drugs: &Drugs, reports: usize) -> Self {
        let (owners, sequences) = (drugs.owners(), drugs.sequences());
        let key = |row: &u32| {
            let at = *row as usize;
            (owners.get(at).copied(), sequences.get(at).copied(), *row)
        };
        let mut order: Vec<u32> = (0_u32..).take(owners.len()).collect();
        // As rows stand in files they are sorted already.
        if !order.is_sorted_by_key(key) {
            order.sort_unstable_by_key(key);
        }
        let mut begins = vec![0_u32; reports + 1];
        for &owner in owners {
            if let Some(count) = begins.get_mut(owner as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for begin in &mut begins {
            sum += *begin;
            *begin = sum;
        }
        let sequences =
            order.iter().filter_map(|&row| sequences.get(row as usize).copied()).collect();
        Self { order, begins, sequences }
    }

    /// The row of the first drug of a report with a sequence number; none has 0.
    pub(crate) fn find(&self, report: u32, sequence: u64) -> Option<usize> {
        let report = report as usize;
        let begin = *self.begins.get(report)? as usize;
        let end = *self.begins.get(report + 1)? as usize;
        let of_report = self.sequences.get(begin..end)?;
        let at = of_report.partition_point(|&known| known < sequence);
        let found = sequence != 0 && of_report.get(at) == Some(&sequence);
        self.order.get(begin + at).filter(|_| found).map(|&row| row as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::part::DrugRow;

    #[test]
    fn the_first_row_of_a_report_with_the_number_is_found_in_whatever_order_they_stand() {
        let mut drugs = Drugs::default();
        let rows = [
            (2, Some(1)),
            (0, Some(2)),
            (0, Some(1_004_492_716)),
            (2, None),
            (0, Some(1)),
            (2, Some(1)),
            (0, Some(2)),
        ];
        for (owner, seq) in rows {
            drugs.push(owner, &DrugRow { seq, ..DrugRow::default() });
        }
        let index = DrugIndex::new(&drugs, 3);
        for (report, seq, expected) in [
            (0, 1, Some(4)),
            (0, 2, Some(1)),
            (0, 1_004_492_716, Some(2)),
            (2, 1, Some(0)),
            (0, 3, None),
            (1, 1, None),
            (2, 0, None),
            (3, 1, None),
            (u32::MAX, 1, None),
        ] {
            assert_eq!(index.find(report, seq), expected, "{report} {seq}");
        }
        assert_eq!(DrugIndex::default().find(0, 1), None);
    }
}
