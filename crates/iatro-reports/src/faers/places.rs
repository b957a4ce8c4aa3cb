//! Where the reports of a quarter stand in the part, for the rows of other tables that belong to them.

use hashbrown::HashMap;

use crate::quarantine::Reason;

/// How many reports behind the one found last are looked at before the identifier is looked up: tables
/// list reports in the same order, and not every report has rows in each.
const NEAR: usize = 8;

/// The reports of a quarter by their identifier.
#[derive(Debug, Default)]
pub(crate) struct ReportPlaces {
    by_id: HashMap<u64, Places, foldhash::fast::FixedState>,
    /// The identifiers by place; 0 where an identifier has several reports.
    in_order: Vec<u64>,
}

/// The reports of one identifier: nearly always one, but some were given to two cases.
#[derive(Clone, Debug)]
enum Places {
    One(u64, u32),
    Several(Vec<(u64, u32)>),
}

impl ReportPlaces {
    /// Adds the next report. Of two rows with the same identifier and case the one that stands for the
    /// case has the child rows: an earlier one stays only if it `outranks` the new one.
    pub(crate) fn add(&mut self, id: u64, case: u64, outranks: impl Fn(u32) -> bool) {
        let place = u32::try_from(self.in_order.len()).unwrap_or(u32::MAX);
        let Some(known) = self.by_id.get_mut(&id) else {
            self.by_id.insert(id, Places::One(case, place));
            return self.in_order.push(id);
        };
        if let Places::One(_, first) = known {
            self.in_order.get_mut(*first as usize).into_iter().for_each(|id| *id = 0);
        }
        known.add(case, place, outranks);
        self.in_order.push(0);
    }

    /// The report of a child row.
    ///
    /// `last`: the report of the row before. `case`: reads the row's case; asked only where it decides.
    pub(crate) fn find(
        &self,
        id: u64,
        last: u32,
        case: impl FnOnce() -> Option<u64>,
    ) -> Result<u32, Reason> {
        let near = self.in_order.get(last as usize..).unwrap_or_default();
        if let Some(distance) = (0_u32..).zip(near).take(NEAR).find(|(_, known)| **known == id) {
            return Ok(last + distance.0);
        }
        self.by_id.get(&id).ok_or(Reason::NoReport)?.find(case)
    }
}

impl Places {
    fn add(&mut self, case: u64, place: u32, outranks: impl Fn(u32) -> bool) {
        let mut all = match self {
            Self::One(first_case, first) => vec![(*first_case, *first)],
            Self::Several(all) => std::mem::take(all),
        };
        match all.iter_mut().find(|(known, _)| *known == case) {
            Some((_, known)) if !outranks(*known) => *known = place,
            Some(_) => {}
            None => all.push((case, place)),
        }
        *self = match all.as_slice() {
            [(case, place)] => Self::One(*case, *place),
            _ => Self::Several(all),
        };
    }

    /// The report of a child row; its case decides where an id was given twice. Rows of the legacy
    /// era state no case, so that there the report stays open.
    fn find(&self, case: impl FnOnce() -> Option<u64>) -> Result<u32, Reason> {
        let all = match self {
            Self::One(_, place) => return Ok(*place),
            Self::Several(all) => all,
        };
        let case = case().ok_or(Reason::AmbiguousReport)?;
        let of_case = all.iter().find(|(known, _)| *known == case);
        of_case.map(|(_, place)| *place).ok_or(Reason::NoReport)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_row_takes_the_place_unless_the_first_outranks_it() {
        let mut places = Places::One(7, 0);
        places.add(7, 1, |_| false);
        assert_eq!((places.find(|| Some(7)), places.find(|| None)), (Ok(1), Ok(1)));
        places.add(7, 2, |known| known == 1);
        assert_eq!(places.find(|| None), Ok(1));
    }

    #[test]
    fn an_identifier_of_several_cases_needs_the_case() {
        let mut places = Places::One(7, 0);
        assert_eq!(places.find(|| Some(8)), Ok(0), "one report is found by its identifier alone");
        places.add(8, 1, |_| false);
        places.add(7, 2, |_| false);
        assert_eq!((places.find(|| Some(7)), places.find(|| Some(8))), (Ok(2), Ok(1)));
        assert_eq!(places.find(|| Some(9)), Err(Reason::NoReport));
        assert_eq!(places.find(|| None), Err(Reason::AmbiguousReport));
    }

    #[test]
    fn a_report_is_the_same_wherever_the_row_before_belongs() {
        let mut places = ReportPlaces::default();
        // Reports 3 and 5 share an identifier and a case, 8 and 9 an identifier only.
        let reports = [1, 2, 3, 40, 5, 40, 7, 8, 90, 90, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20];
        for (at, id) in reports.into_iter().enumerate() {
            places.add(id, if id == 90 { at as u64 } else { id }, |_| false);
        }
        for last in (0..25).chain([u32::MAX]) {
            for (id, found) in [(1, Ok(0)), (40, Ok(5)), (20, Ok(19)), (21, Err(Reason::NoReport))]
            {
                assert_eq!(places.find(id, last, || Some(id)), found, "{id} from {last}");
            }
            assert_eq!(places.find(90, last, || Some(8)), Ok(8));
            assert_eq!(places.find(90, last, || Some(9)), Ok(9));
            assert_eq!(places.find(90, last, || None), Err(Reason::AmbiguousReport));
        }
    }
}
