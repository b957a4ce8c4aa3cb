//! `iatro stats meta`: proportions or ratios of several studies or databases, pooled.

use std::path::PathBuf;

use clap::ValueEnum;
use iatro_reports::lake::manifest::RESEARCH_USE;
use iatro_review::number::counted;
use iatro_stats::Table2x2;
use iatro_stats::meta::{
    Effect, FixedEffect, IntervalMethod, MetaError, RandomEffects, RandomOptions, Tau2Method,
    fixed_effect, freeman_tukey_inverse, inverse_logit, random_effects,
};
use iatro_stats::special::normal_quantile;
use serde_json::{Value, json};

use crate::answer::{Answer, Cell, Kind, Rows};
use crate::error::CliError;
use crate::global::Global;
use crate::input::{Row, Table};
use crate::output::table;

/// The studies, and how to pool.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// A CSV file with the column study and one of: events,total (a proportion); a,b,c,d (a 2 x 2
    /// table); ratio,lower,upper (a ratio with its 95 % interval); estimate,se (any scale). - is
    /// standard input.
    #[arg(long, value_name = "STUDIES.csv")]
    input: PathBuf,
    /// What is pooled of a 2 x 2 table.
    #[arg(long, value_enum, default_value_t = OfTable::Ror)]
    measure: OfTable,
    /// The scale on which proportions are pooled.
    #[arg(long, value_enum, default_value_t = OfProportion::Logit)]
    scale: OfProportion,
    /// How the variance between studies is estimated.
    #[arg(long, value_enum, default_value_t = Between::Reml)]
    tau2: Between,
    /// How the interval of the random-effects mean is made.
    #[arg(long, value_enum, default_value_t = Interval::HartungKnapp)]
    interval: Interval,
    /// Level of every interval, between 0 and 1.
    #[arg(long, default_value_t = 0.95, value_name = "LEVEL")]
    level: f64,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum OfTable {
    /// The reporting odds ratio.
    Ror,
    /// The proportional reporting ratio.
    Prr,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum OfProportion {
    /// The logit; a study with no event, or nothing but events, gets ½ added to both.
    Logit,
    /// The double arcsine of Freeman and Tukey, turned back with the harmonic mean of the sizes.
    FreemanTukey,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Between {
    /// Restricted maximum likelihood.
    Reml,
    /// Paule and Mandel.
    PauleMandel,
    /// DerSimonian and Laird.
    DersimonianLaird,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Interval {
    /// Hartung and Knapp.
    HartungKnapp,
    /// Hartung and Knapp, never narrower than Wald's.
    HartungKnappAdHoc,
    /// Wald: too narrow with few studies.
    Wald,
}

impl Args {
    fn options(&self) -> RandomOptions {
        RandomOptions {
            tau2: match self.tau2 {
                Between::Reml => Tau2Method::Reml,
                Between::PauleMandel => Tau2Method::PauleMandel,
                Between::DersimonianLaird => Tau2Method::DerSimonianLaird,
            },
            interval: match self.interval {
                Interval::HartungKnapp => IntervalMethod::HartungKnapp,
                Interval::HartungKnappAdHoc => IntervalMethod::HartungKnappAdHoc,
                Interval::Wald => IntervalMethod::Wald,
            },
            level: self.level,
            ..RandomOptions::default()
        }
    }
}

/// What the studies give, and how a pooled value is turned back.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Measure {
    Proportion,
    DoubleArcsine { harmonic_mean: f64 },
    Table(OfTable),
    Ratio,
    AsGiven,
}

impl Measure {
    fn of(table: &Table, args: &Args) -> Result<Self, CliError> {
        let has = |columns: &[&str]| columns.iter().all(|column| table.has(column));
        if has(&["events", "total"]) {
            return match args.scale {
                OfProportion::Logit => Ok(Self::Proportion),
                OfProportion::FreemanTukey => harmonic_mean(table),
            };
        }
        if has(&["a", "b", "c", "d"]) {
            return Ok(Self::Table(args.measure));
        }
        if has(&["ratio", "lower", "upper"]) {
            return Ok(Self::Ratio);
        }
        if has(&["estimate", "se"]) {
            return Ok(Self::AsGiven);
        }
        Err(CliError::bad_data(format!(
            "{}, line 1: the columns give nothing to pool. Expected study and one of: events,total; \
             a,b,c,d; ratio,lower,upper; estimate,se.",
            table.name()
        )))
    }

    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Proportion | Self::DoubleArcsine { .. } => &["study", "events", "total"],
            Self::Table(_) => &["study", "a", "b", "c", "d"],
            Self::Ratio => &["study", "ratio", "lower", "upper"],
            Self::AsGiven => &["study", "estimate", "se"],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Proportion => "proportion (pooled as logit)",
            Self::DoubleArcsine { .. } => "proportion (pooled as double arcsine)",
            Self::Table(OfTable::Ror) => "ROR (pooled as logarithm)",
            Self::Table(OfTable::Prr) => "PRR (pooled as logarithm)",
            Self::Ratio => "ratio (pooled as logarithm)",
            Self::AsGiven => "estimate (pooled as given)",
        }
    }

    /// The effect of a row on the scale of pooling; `None` where it is not defined.
    fn effect(self, row: &Row<'_>) -> Result<Option<Effect>, CliError> {
        match self {
            Self::Proportion => Ok(Effect::logit(row.count("events")?, row.count("total")?)),
            Self::DoubleArcsine { .. } => {
                Ok(Effect::freeman_tukey(row.count("events")?, row.count("total")?))
            }
            Self::Table(measure) => {
                let cell = |name| row.count(name);
                let table = Table2x2::new(cell("a")?, cell("b")?, cell("c")?, cell("d")?);
                let table = table.map_err(|error| row.unfit("a", &error.to_string()))?;
                Ok(match measure {
                    OfTable::Ror => Effect::log_odds_ratio(&table),
                    OfTable::Prr => Effect::log_proportion_ratio(&table),
                })
            }
            Self::Ratio => {
                let [ratio, lower, upper] =
                    [row.number("ratio")?, row.number("lower")?, row.number("upper")?];
                let effect = Effect::of_ratio(ratio, lower, upper, 0.95);
                effect.map(Some).map_err(|error| row.unfit("ratio", &error.to_string()))
            }
            Self::AsGiven => {
                let (effect, se) = (row.number("estimate")?, row.number("se")?);
                Ok((se > 0.0).then_some(Effect { effect, variance: se * se }))
            }
        }
    }

    /// A value on the scale of pooling, turned back.
    fn back(self, value: f64) -> Option<f64> {
        match self {
            Self::Proportion => Some(inverse_logit(value)),
            Self::DoubleArcsine { harmonic_mean } => {
                freeman_tukey_inverse(value, harmonic_mean).ok()
            }
            Self::Table(_) | Self::Ratio => Some(value.exp()).filter(|ratio| ratio.is_finite()),
            Self::AsGiven => Some(value),
        }
    }
}

fn harmonic_mean(table: &Table) -> Result<Measure, CliError> {
    let mut sum = 0.0;
    for row in table.rows() {
        sum += 1.0 / row.count("total")?.max(1) as f64;
    }
    Ok(Measure::DoubleArcsine { harmonic_mean: table.rows().len() as f64 / sum })
}

pub(super) fn answer_of(args: &Args, global: &Global) -> Result<Answer, CliError> {
    if !(args.level > 0.0 && args.level < 1.0) {
        return Err(CliError::usage(format!(
            "--level {}: expected a number between 0 and 1, such as 0.95.",
            args.level
        )));
    }
    let table = Table::read(&args.input, &["study"])?;
    let measure = Measure::of(&table, args)?;
    super::name_unused(&table, measure.columns(), global);
    super::name_repeated(&table, &["study"], global);
    let effects = effects(&table, measure)?;
    let at_study = |error: MetaError| match error {
        MetaError::Effect { study, .. }
        | MetaError::Variance { study, .. }
        | MetaError::Events { study, .. } => {
            // The line stands for the number of the study.
            let said = error.to_string();
            let what = said.strip_prefix(&format!("study {study}: ")).unwrap_or(&said);
            table.at_row(study, what)
        }
        other => CliError::usage(other.to_string()),
    };
    let options = args.options();
    let fixed = fixed_effect(&effects, args.level).map_err(at_study)?;
    let random = random_effects(&effects, &options).map_err(at_study)?;
    let names: Vec<&str> = table.rows().map(|row| row.text("study")).collect();
    let pooled = Pooled { measure, names, effects, fixed, random, level: args.level };
    Ok(pooled.answer(&options))
}

/// The effect of every study. One that is not defined is an error: a study left out without a word
/// would change the pooled value.
fn effects(table: &Table, measure: Measure) -> Result<Vec<Effect>, CliError> {
    let mut effects = Vec::new();
    for row in table.rows() {
        let column = measure.columns().get(1).copied().unwrap_or("study");
        effects.push(measure.effect(&row)?.ok_or_else(|| {
            row.expected(column, "values from which this measure and its variance are defined")
        })?);
    }
    if effects.is_empty() {
        return Err(CliError::bad_data(format!(
            "{}: no study. Expected a row a study.",
            table.name()
        )));
    }
    Ok(effects)
}

/// Everything that the answer shows.
struct Pooled<'a> {
    measure: Measure,
    names: Vec<&'a str>,
    effects: Vec<Effect>,
    fixed: Option<FixedEffect>,
    random: Option<RandomEffects>,
    level: f64,
}

impl Pooled<'_> {
    fn answer(&self, options: &RandomOptions) -> Answer {
        let mut rows = Rows::new(&[
            ("study", Kind::Text),
            ("estimate", Kind::Number),
            ("lower", Kind::Number),
            ("upper", Kind::Number),
            ("weight_fixed", Kind::Number),
            ("weight_random", Kind::Number),
        ]);
        let weight = |weights: Option<&Vec<f64>>, at: usize| -> Cell {
            weights.and_then(|weights| weights.get(at)).copied().into()
        };
        for (at, (name, effect)) in self.names.iter().zip(&self.effects).enumerate() {
            let limits = self.limits(effect);
            let mut row = self.values(name, effect.effect, limits);
            row.push(weight(self.fixed.as_ref().map(|fixed| &fixed.weights), at));
            row.push(weight(self.random.as_ref().map(|random| &random.weights), at));
            rows.push(row);
        }
        let pooled = [
            self.fixed.as_ref().map(|f| ("fixed effect", f.point, Some([f.lower, f.upper]))),
            self.random.as_ref().map(|r| ("random effects", r.point, Some([r.lower, r.upper]))),
            self.random
                .as_ref()
                .and_then(|r| Some(("prediction interval", r.point, Some(r.prediction?)))),
        ];
        for (name, point, limits) in pooled.into_iter().flatten() {
            let mut row = self.values(name, point, limits);
            row.extend([Cell::Missing, Cell::Missing]);
            rows.push(row);
        }
        let document = self.document(&rows, options);
        let text = self.text(&rows);
        Answer { rows, document, text }
    }

    /// Wald limits of one study.
    fn limits(&self, effect: &Effect) -> Option<[f64; 2]> {
        let half = normal_quantile(0.5 + 0.5 * self.level).ok()? * effect.variance.sqrt();
        Some([effect.effect - half, effect.effect + half])
    }

    fn values(&self, name: &str, point: f64, limits: Option<[f64; 2]>) -> Vec<Cell> {
        let back = |value: Option<f64>| -> Cell { value.and_then(|v| self.measure.back(v)).into() };
        vec![
            name.into(),
            back(Some(point)),
            back(limits.map(|limits| limits[0])),
            back(limits.map(|limits| limits[1])),
        ]
    }

    fn document(&self, rows: &Rows, options: &RandomOptions) -> Value {
        let between = self.random.as_ref().map(|r| {
            json!({
                "tau2": r.tau2,
                "tau2_interval": r.tau2_interval,
                "q": r.heterogeneity.q,
                "df": r.heterogeneity.df,
                "p": r.heterogeneity.p,
                "i2": r.heterogeneity.i2,
                "i2_interval": r.i2_interval,
                "h2": r.heterogeneity.h2,
            })
        });
        json!({
            "measure": self.measure.name(),
            "level": self.level,
            "tau2_method": format!("{:?}", options.tau2),
            "interval_method": format!("{:?}", options.interval),
            "rows": rows.to_objects(),
            "between_studies": between,
            "notice": RESEARCH_USE,
        })
    }

    fn text(&self, rows: &Rows) -> String {
        let mut text = format!(
            "{} of {}, intervals {} %\n\n{}\n",
            self.measure.name(),
            counted(self.names.len() as u64, "study", "studies"),
            table::significant(100.0 * self.level),
            table::render(rows),
        );
        match &self.random {
            Some(random) => {
                let between = &random.heterogeneity;
                text.push_str(&format!(
                    "\ntau² {} ({} to {}), I² {:.1} %, Q {} on {} degrees of freedom, p {}\n",
                    table::significant(random.tau2),
                    table::significant(random.tau2_interval[0]),
                    table::significant(random.tau2_interval[1]),
                    100.0 * between.i2,
                    table::significant(between.q),
                    between.df,
                    table::significant(between.p),
                ));
            }
            None => text.push_str("\nRandom effects need two studies.\n"),
        }
        if self.random.as_ref().is_some_and(|random| random.se <= 0.0) {
            text.push_str(
                "The studies agree to the last digit, so the interval of Hartung and Knapp has no \
                 width: --interval hartung-knapp-ad-hoc or wald gives one.\n",
            );
        }
        text.push_str(RESEARCH_USE);
        text
    }
}
