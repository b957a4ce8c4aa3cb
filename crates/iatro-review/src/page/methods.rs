//! Methods: every estimator and rule by name, with formula and source.

use iatro_signals::bench::Verdict;

use super::caption::Captions;
use super::table::{Kind, header, row_name, text};
use super::{ReviewPage, paragraph, section};
use crate::markup::Markup;
use crate::number::{counted, significant};
use crate::prose::{comparator_in_english, roles_in_english, verdict_name};

pub(super) const SECTION: (&str, &str) = ("methods", "Methods");

/// Name, formula, interval, when it is defined, source.
pub(super) const ESTIMATORS: [[&str; 5]; 7] = [
    [
        "Expected",
        "E = (a + b)(a + c) / n, n = a + b + c + d",
        "none",
        "n > 0",
        "independence of the margins",
    ],
    [
        "ROR (Wald 95 %)",
        "a d / (b c)",
        "ROR exp(∓ z √(1/a + 1/b + 1/c + 1/d))",
        "all cells above 0; the point alone if b and c are",
        "Woolf 1955, Ann Hum Genet 19:251; Rothman 2004, Pharmacoepidemiol Drug Saf 13:519",
    ],
    [
        "PRR (log-normal 95 %)",
        "(a / (a + b)) / (c / (c + d))",
        "PRR exp(∓ z √(1/a − 1/(a + b) + 1/c − 1/(c + d)))",
        "a, c and b + d above 0; the point alone if a + b and c are",
        "Evans 2001, Pharmacoepidemiol Drug Saf 10:483; Katz 1978, Biometrics 34:469",
    ],
    [
        "chi-squared (Yates)",
        "n max(|a d − b c| − n/2, 0)² / ((a + b)(c + d)(a + c)(b + d))",
        "none",
        "all margins above 0",
        "Yates 1934, Suppl J R Stat Soc 1:217",
    ],
    [
        "IC (exact gamma 95 %)",
        "log2((a + ½) / (E + ½))",
        "log2(G(p; a + ½) / (E + ½)), p = 0.025 and 0.975",
        "n > 0",
        "Noren 2013, Stat Methods Med Res 22:57",
    ],
    [
        "EBGM (EB05–EB95)",
        "geometric mean of the posterior of λ: N ~ Poisson(λ E), λ from a mixture of two gammas fitted to every pair of \
         a substance and a preferred term on the eligible reports with N ≥ 1",
        "EB05 and EB95, the 5 % and 95 % quantiles of the posterior: a 90 % interval",
        "E > 0; not against a named comparator",
        "DuMouchel 1999, Am Stat 53:177; DuMouchel and Pregibon 2001, KDD '01:67",
    ],
    [
        "q (mid-P)",
        "Benjamini-Hochberg over the substances of the run, of the mid-P of Fisher's exact test (one-sided: more cases \
         than expected)",
        "none",
        "all margins above 0",
        "Lancaster 1961, J Am Stat Assoc 56:223; Benjamini and Hochberg 1995, J R Stat Soc B 57:289",
    ],
];

/// Column of the table, rule, source.
const RULES: [[&str; 3]; 4] = [
    ["N", "at least 3 cases", "Evans 2001"],
    [
        "PRR",
        "PRR ≥ 2, chi-squared (Yates) ≥ 4 and N ≥ 3",
        "Evans 2001, Pharmacoepidemiol Drug Saf 10:483",
    ],
    [
        "ROR",
        "lower Wald 95 % limit of the ROR above 1 and N ≥ 3",
        "van Puijenbroek 2002, Pharmacoepidemiol Drug Saf 11:3",
    ],
    [
        "IC",
        "lower exact gamma 95 % limit of the IC above 0",
        "Bate 1998, Eur J Clin Pharmacol 54:315; Noren 2013",
    ],
];

pub(super) fn draw(m: &mut Markup, page: &ReviewPage<'_>, captions: &mut Captions) {
    section(m, SECTION, |m| {
        paragraph(m, &design(page));
        captions.table(
            m,
            ("estimators", "methods"),
            |m| m.text("Estimators. z = 1.95996; G(p; s) is the p quantile of a gamma variable with shape s and \
                 unit scale. An estimate that is not defined is left out, never set to 0."),
            |m| rows(m, &["Name", "Formula", "Limits", "Defined when", "Source"], &ESTIMATORS),
        );
        judging(m, page, captions);
        captions.table(
            m,
            ("rules", "methods"),
            |m| m.text("Decision rules. They were made for screening; meeting one says that a pair is reported out of \
                 proportion, and nothing about why."),
            |m| rows(m, &["Name", "Rule", "Source"], &RULES),
        );
    });
}

/// The rules of the verdicts, and the model of the attribution.
fn judging(m: &mut Markup, page: &ReviewPage<'_>, captions: &mut Captions) {
    if page.run.checks.is_empty() {
        return;
    }
    let first = "Attribution: the chance that a report names the event is 1 − exp(−(λ₀ θ + Σ λ)), the sum over its \
        suspect substances and triggers; the background λ₀ is multiplied by θ for the levels of age band, sex, period \
        and region. The λ of substances and of triggers each come from a mixture of an active and a null part that is \
        learned from the same reports.";
    paragraph(m, first);
    captions.table(
        m,
        ("verdict-rules", "methods"),
        |m| m.text("Rules of the verdicts, in the order in which they are asked; the first that holds is given."),
        |m| {
            let rules = Verdict::ALL
                .map(|verdict| [verdict_name(verdict).to_owned(), verdict.rule().replace('`', "")]);
            header(m, &[("Verdict", Kind::Text), ("Rule", Kind::Text)]);
            m.within("tbody", &[], |m| {
                for [name, rule] in &rules {
                    m.within("tr", &[], |m| {
                        row_name(m, name, &[]);
                        text(m, rule);
                    });
                }
            });
        },
    );
}

fn design(page: &ReviewPage<'_>) -> String {
    let question = &page.run.question;
    format!(
        "Disproportionality analysis of {} from {}, one 2 × 2 table for each substance. Exposure: {}. Comparator: {}. \
         Reports of several sources are not counted together. The forest plot shows substances from {} on. Every count \
         is checked against totals computed in another way before an estimate is made. {} {}",
        counted(page.run.reports, "eligible report", "eligible reports"),
        question.source.title(),
        roles_in_english(&question.roles),
        comparator_in_english(&question.comparator),
        counted(page.study.minimum_cases, "case", "cases"),
        prior(page),
        randomness(page),
    )
}

/// What is drawn at random, with its seed.
fn randomness(page: &ReviewPage<'_>) -> String {
    match &page.run.attribution {
        None => "Nothing in this page is random.".to_owned(),
        Some(attribution) => format!(
            "Nothing in this page is random but the sampler of the attribution, which starts from seed {} and gives the \
             same numbers every time.",
            attribution.seed
        ),
    }
}

/// The prior behind EBGM, with its numbers.
fn prior(page: &ReviewPage<'_>) -> String {
    let Some(prior) = &page.run.prior else {
        return "EBGM is not given, for no prior was fitted.".to_owned();
    };
    let numbers = [prior.alpha1, prior.beta1, prior.alpha2, prior.beta2, prior.p].map(significant);
    let remark = match prior.location {
        "interior" => "",
        _ => "; it lies at a bound or is flat, so the data ask for a simpler prior",
    };
    format!(
        "EBGM: prior fitted to {} (α1, β1, α2, β2, p: {}{remark}).",
        counted(prior.pairs, "pair", "pairs"),
        numbers.join(", "),
    )
}

fn rows<const N: usize>(m: &mut Markup, columns: &[&str; N], rows: &[[&str; N]]) {
    let columns: Vec<(&str, Kind)> = columns.iter().map(|name| (*name, Kind::Text)).collect();
    header(m, &columns);
    m.within("tbody", &[], |m| {
        for row in rows {
            m.within("tr", &[], |m| {
                for (place, cell) in row.iter().enumerate() {
                    if place == 0 { row_name(m, cell, &[]) } else { text(m, cell) }
                }
            });
        }
    });
}
