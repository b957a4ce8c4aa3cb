//! Strata: one small number for every report, from what it says of patient, place and time.

mod levels;

use iatro_reports::{Error, Place};
use rayon::prelude::*;

use self::levels::LevelsOf;
use super::Corpus;
use super::facts::{AgeBand, Fact, Sex};
use super::region::{REGIONS, region_of};

/// What reports are stratified by. A report that does not say is in a level of its own.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Factor {
    /// Age bands, the first year of life apart.
    AgeGroup,
    /// Sex.
    Sex,
    /// The year of receipt.
    Year,
    /// The year of receipt in periods of five years.
    Period,
    /// The region of the country.
    Region,
}

impl Factor {
    /// Every factor.
    pub const ALL: [Self; 5] = [Self::AgeGroup, Self::Sex, Self::Year, Self::Period, Self::Region];

    /// The name in a study file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AgeGroup => "age_group",
            Self::Sex => "sex",
            Self::Year => "year",
            Self::Period => "period",
            Self::Region => "region",
        }
    }

    /// What it means in words.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::AgeGroup => "age of the patient in bands, the first and the second year apart",
            Self::Sex => "sex of the patient",
            Self::Year => "year in which the report was received",
            Self::Period => "year in which the report was received, in periods of five years",
            Self::Region => "region of the country",
        }
    }

    /// The factor of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.name() == name)
    }

    /// A number for the level of a report: the same level, the same number, in the order of levels.
    fn level(self, fact: &Fact<'_>) -> i16 {
        match self {
            Self::AgeGroup => fact.age as i16,
            Self::Sex => fact.sex as i16,
            Self::Year => year_level(fact.year()),
            Self::Period => period_level(fact.year()),
            Self::Region => i16::from(region_of(fact.country.as_deref())),
        }
    }

    /// A level in words.
    fn level_name(self, level: i16) -> String {
        let at = usize::try_from(level).unwrap_or(usize::MAX);
        let known = |names: Option<&str>| names.unwrap_or("unknown").to_owned();
        match self {
            Self::AgeGroup => known(AgeBand::ALL.get(at).map(|band| band.name())),
            Self::Sex => known(Sex::ALL.get(at).map(|sex| sex.name())),
            Self::Year | Self::Period if level == i16::MAX => "year unknown".to_owned(),
            Self::Year => level.to_string(),
            Self::Period => format!("{level}-{}", level + 4),
            Self::Region => known(REGIONS.get(at).copied()),
        }
    }
}

/// The strata of a corpus: the combinations of levels that occur.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Strata {
    /// What the reports are stratified by.
    pub factors: Vec<Factor>,
    /// By factor, the names of the levels that occur, in their order; unknown last.
    pub levels: Vec<Vec<String>>,
    /// By stratum, the place of its level in `levels`, one a factor.
    pub cells: Vec<Vec<usize>>,
    /// By report, its stratum.
    pub of: Vec<u32>,
}

impl Strata {
    /// Reads the strata of every report. Without factors every report is in the one stratum.
    ///
    /// # Errors
    /// What the lake says if it is damaged.
    pub fn read(corpus: &Corpus, factors: &[Factor]) -> Result<Self, Error> {
        let facts = corpus.facts()?;
        let mut strata = Self { factors: factors.to_vec(), ..Self::default() };
        let mut codes = vec![0_u32; corpus.reports()];
        let mut combinations = 1;
        for factor in factors {
            let levels = LevelsOf::new(*factor, facts);
            let occurring = levels.occurring();
            combinations = next_combinations(combinations, occurring.len())?;
            levels.append_to(&mut codes, &occurring)?;
            strata.levels.push(occurring.iter().map(|level| factor.level_name(*level)).collect());
        }
        strata.number(codes, combinations);
        Ok(strata)
    }

    /// Gives the combinations that occur their numbers, in the order of their levels, whatever the order of the
    /// reports.
    fn number(&mut self, mut codes: Vec<u32>, combinations: usize) {
        let mut numbers = vec![NONE; combinations];
        codes.iter().for_each(|code| numbers[*code as usize] = 0);
        for (code, number) in numbers.iter_mut().enumerate().filter(|(_, n)| **n != NONE) {
            *number = u32::try_from(self.cells.len()).unwrap_or(NONE);
            let mut left = code;
            let mut cell: Vec<usize> = Vec::with_capacity(self.levels.len());
            for levels in self.levels.iter().rev() {
                cell.push(left % levels.len());
                left /= levels.len();
            }
            cell.reverse();
            self.cells.push(cell);
        }
        codes.par_iter_mut().for_each(|code| *code = numbers[*code as usize]);
        self.of = codes;
    }

    /// By factor, the place among `levels` of what `fact` says; `None` where no report says that.
    pub fn levels_of(&self, fact: &Fact<'_>) -> Vec<Option<usize>> {
        let place = |(factor, names): (&Factor, &Vec<String>)| {
            let name = factor.level_name(factor.level(fact));
            names.iter().position(|known| *known == name)
        };
        self.factors.iter().zip(&self.levels).map(place).collect()
    }

    /// The name of a stratum: its levels in words.
    pub fn name(&self, stratum: usize) -> String {
        let levels = self.cells.get(stratum).into_iter().flatten().zip(&self.levels);
        let names: Vec<&str> = levels.map(|(at, names)| names[*at].as_str()).collect();
        if names.is_empty() { "all reports".to_owned() } else { names.join(", ") }
    }
}

/// In place of the number of a combination that does not occur.
const NONE: u32 = u32::MAX;
/// So many numbers are held for combinations of levels, most of which do not occur.
const MOST_COMBINATIONS: usize = 1 << 24;

fn next_combinations(before: usize, levels: usize) -> Result<usize, Error> {
    let all = before.checked_mul(levels).filter(|all| *all <= MOST_COMBINATIONS);
    all.ok_or_else(|| {
        Error::usage(
            Place::from(std::path::Path::new("strata")),
            "the levels of the factors multiply to more than 16,777,216 strata",
            "Stratify by fewer factors.",
        )
    })
}

fn year_level(year: Option<i16>) -> i16 {
    year.unwrap_or(i16::MAX)
}

fn period_level(year: Option<i16>) -> i16 {
    year.map_or(i16::MAX, |year| year - year.rem_euclid(5))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::facts::Reporter;
    use super::super::memory::MemoryReport;
    use super::*;

    fn report(age: Option<f64>, day: Option<i32>, country: Option<&str>) -> MemoryReport {
        let fact = Fact {
            age: AgeBand::of(age),
            sex: Sex::Female,
            received: day,
            event_date: None,
            country: country.map(|country| country.to_owned().into()),
            reporter: Reporter::Unknown,
            outcomes: 0,
            duplicate_cluster: None,
        };
        MemoryReport { fact, drugs: Vec::new(), events: Vec::new() }
    }

    #[test]
    fn strata_are_the_combinations_that_occur_and_unknown_is_one() {
        let reports = [
            report(Some(40.0), Some(19_000), Some("JP")),
            report(Some(0.2), Some(11_000), Some("FR")),
            report(None, None, None),
            report(Some(41.0), Some(19_100), Some("JP")),
        ];
        let corpus = Corpus::of_reports(&reports);
        let factors = [Factor::AgeGroup, Factor::Period, Factor::Region];
        let strata = Strata::read(&corpus, &factors).unwrap();
        assert_eq!(strata.of, [1, 0, 2, 1]);
        assert_eq!(strata.name(0), "0 years, 2000-2004, Europe");
        assert_eq!(strata.name(1), "18-44 years, 2020-2024, Japan");
        assert_eq!(strata.name(2), "age unknown, year unknown, region unknown");
        assert_eq!(strata.levels_of(&reports[3].fact), [Some(1), Some(1), Some(1)]);
        let elsewhere = report(Some(70.0), None, Some("BR")).fact;
        assert_eq!(strata.levels_of(&elsewhere), [None, Some(2), None]);
        let all = Strata::read(&corpus, &[]).unwrap();
        assert_eq!((all.of, all.cells), (vec![0; 4], vec![Vec::new()]));
    }
}
