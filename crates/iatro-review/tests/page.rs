//! The page on realistic and on extreme data: well-formed, accessible, self-contained, in plain words.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "made_up/data.rs"]
mod data;
#[path = "made_up/xml.rs"]
mod xml;

use std::collections::BTreeSet;

use data::MadeUp;
use iatro_review::wording;

fn pages() -> Vec<(&'static str, MadeUp)> {
    vec![
        ("realistic", data::realistic()),
        ("generated", data::generated()),
        ("extreme", data::extreme()),
        ("empty", data::empty()),
        ("many", data::many()),
        ("without checks", data::without_checks()),
    ]
}

fn text_of(data: &MadeUp) -> String {
    let text = wording::text_of_markup(&data.page().render());
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_page_is_well_formed_and_accessible() {
    for (name, data) in pages() {
        let html = data.page().render();
        let found = xml::elements(&html);
        let ids: Vec<&str> = found.iter().filter_map(|element| element.attr("id")).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{name}: ids are unique");
        for element in &found {
            for label in ["aria-labelledby", "aria-describedby"] {
                for id in element.attr(label).into_iter().flat_map(|ids| ids.split(' ')) {
                    assert!(ids.contains(&id), "{name}: {label} {id}");
                }
            }
            if let Some(target) = element.attr("href").and_then(|href| href.strip_prefix('#')) {
                assert!(ids.contains(&target), "{name}: #{target}");
            }
        }
        check_headings(&found, name);
        check_tables(&found, name);
        assert_eq!(found[0].attr("lang"), Some("en-GB"));
    }
}

/// One h1, and no level is left out on the way down.
fn check_headings(found: &[xml::Element], name: &str) {
    let levels: Vec<u32> = found
        .iter()
        .filter_map(|element| element.tag.strip_prefix('h').and_then(|level| level.parse().ok()))
        .collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{name}");
    assert_eq!(levels[0], 1, "{name}");
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{name}: {levels:?}");
}

/// Every table has a caption first, and every header cell a scope.
fn check_tables(found: &[xml::Element], name: &str) {
    for (place, table) in found.iter().enumerate().filter(|(_, element)| element.tag == "table") {
        assert_eq!(found[place + 1].tag, "caption", "{name}");
        assert!(table.attr("id").is_some());
    }
    let headers = found.iter().filter(|element| element.tag == "th");
    assert!(headers.into_iter().all(|th| th.attr("scope").is_some()), "{name}");
}

#[test]
fn a_page_needs_nothing_beside_it() {
    for (name, data) in pages() {
        let html = data.page().render();
        for element in xml::elements(&html) {
            assert!(element.attr("src").is_none(), "{name}: <{}>", element.tag);
            let link = element.attr("href").unwrap_or("#");
            assert!(link.starts_with('#') || link == "data:,", "{name}: {link}");
            assert!(element.attrs.iter().all(|(attr, _)| !attr.starts_with("on")), "{name}");
        }
        assert!(!html.contains("@import") && !html.contains("url("), "{name}");
        let script = html.split_once("<script>").unwrap().1.split_once("</script>").unwrap().0;
        assert!(script.len() < 6_000);
    }
}

#[test]
fn no_sentence_says_more_than_disproportionality_can() {
    for (name, data) in pages() {
        assert_eq!(wording::check(&text_of(&data)), [], "{name}");
    }
}

#[test]
fn the_notice_stands_on_every_page() {
    for (name, data) in pages() {
        let text = text_of(&data);
        let notice = "Research use. Not a medical device. Spontaneous reports cannot establish causality, \
            incidence or comparative risk.";
        assert!(text.matches(notice).count() >= 2, "{name}");
        for id in [&data.run.dataset_id, &data.run.run_id, &data.study.content_id()] {
            assert!(text.contains(id.as_str()), "{name}");
        }
    }
}

#[test]
fn the_same_data_give_the_same_bytes() {
    for (_, data) in pages() {
        assert_eq!(data.page().render(), data.page().render());
    }
}

#[test]
fn names_from_reports_stay_names() {
    let data = data::extreme();
    let html = data.page().render();
    assert!(html.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;"));
    assert!(!html.contains("alert(\"x\")") && !html.contains("onerror=alert(1)>"));
    assert!(html.contains("<bdi>דוגמה של שם ארוך (תערובת)</bdi>"));
    assert!(html.contains("👩🏽\u{200d}⚕️"));
    assert!(html.contains("Title with &lt;b&gt;markup&lt;/b&gt;"));
    assert!(!html.contains('\u{202e}') && !html.contains('\u{0}'));
}

#[test]
fn the_summary_gives_the_numbers() {
    let text = text_of(&data::realistic());
    let summary = "In 1,240,331 eligible reports of FAERS/AEMS, 412 report haemophagocytic lymphohistiocytosis by \
        the narrow definition (3 names). 30 substances are reported with it more often than expected (IC025 > 0).";
    assert!(text.contains(summary));
    assert!(text.contains(
        "The 25 substances with the highest IC025, of 39 with at least 3 cases; the other 14"
    ));
    assert!(text.contains("ROR (Wald 95 %)") && text.contains("IC (exact gamma 95 %)"));
    assert!(text.contains(
        "former name of Haemophagocytic lymphohistiocytosis, until dictionary version 21.0"
    ));
}

#[test]
fn a_page_without_reports_says_so() {
    let text = text_of(&data::empty());
    assert!(text.contains("In 0 eligible reports of VAERS, 0 report haemophagocytic"));
    assert!(text.contains("No substance has at least 3 cases; there is nothing to draw."));
    assert!(text.contains("No substance has a case, so there is no table of signals."));
    assert!(text.contains("The manifest names no file of this source."));
}

#[test]
fn what_is_left_out_is_said() {
    let text = text_of(&data::many());
    assert!(text.contains("of 60 with at least 3 cases; the other 35 are not drawn"));
    assert!(text.contains("The first 300 are listed; 760 with a lower IC025 are not"));
}

#[test]
fn generated_data_are_told_apart() {
    let data = data::generated();
    let text = text_of(&data);
    assert!(text.contains("Generated data. Synthetic data: every report is generated"));
    assert!(text.contains(
        "Of 4 substances with a planted hazard, plain disproportionality finds 3 and misses 1 \
        (allopurinol)."
    ));
    assert!(text.contains(
        "It flags 4 substances without one as well: 1 of 2 bystanders, 1 of 2 channelled drugs \
        and 2 of 3 therapies."
    ));
    assert!(text.contains("on no eligible report"));
    assert!(!text_of(&data::realistic()).contains("Generated"));
}

#[test]
fn every_signal_has_its_verdict_in_words_and_its_rows() {
    let data = data::realistic();
    let html = data.page().render();
    let text = text_of(&data);
    for verdict in &data.run.verdicts {
        let name = iatro_review::prose::verdict_name(verdict.verdict);
        assert!(text.contains(&verdict.substance) && text.contains(name));
    }
    // A row of a fold for each check that could be made, and none for one that could not.
    let made = data.run.checks.iter().filter(|check| check.not_assessable.is_none());
    let fold = html.split_once("<details class=\"wide stand\"").unwrap().1;
    let fold = wording::text_of_markup(fold.split_once("</details>").unwrap().0);
    let fold = fold.split_whitespace().collect::<Vec<_>>().join(" ");
    for check in made {
        assert!(text.contains(check.rationale) && text.contains(check.bias), "{}", check.id);
        assert!(fold.contains(check.title), "{}: {fold}", check.id);
    }
    assert!(!fold.contains(data.run.checks[9].title));
    assert!(text.contains("(the reports do not say): fewer than half of the cases say it."));
    for said in ["explained", "fragile", "robust", "not assessable: too few cases left to tell"] {
        assert!(text.contains(said), "{said}");
    }
}

#[test]
fn the_attribution_stands_with_what_it_takes_for_granted() {
    let data = data::realistic();
    let text = text_of(&data);
    for assumption in data.run.attribution.as_ref().unwrap().assumptions {
        assert!(text.contains(assumption), "{assumption}");
    }
    assert!(text.contains("attribution of reporting under a stated model"));
    assert!(text.contains("(no interval: the chains do not agree)"));
    assert!(text.contains("on the same event reports, which cannot tell them apart"));
    assert!(text.contains("Set aside as no exposures, because the event was there first"));
    assert!(
        text.contains("one side has no report") && text.contains("3.08 (1.67–5.68) FAERS 2004Q1")
    );
}

#[test]
fn a_run_without_checks_says_so_and_gives_no_verdict() {
    let text = text_of(&data::without_checks());
    assert!(text.contains("No attribution was made: the run left the checks out."));
    assert!(
        text.contains("Plain disproportionality cannot tell which of the two the cases belong to")
    );
    assert!(
        !text.contains("Rules of the verdicts")
            && !text.contains("Contrasts with published values")
    );
    let whole = text_of(&data::realistic());
    assert!(!whole.contains("cannot tell which of the two"));
    assert!(whole.contains("The attribution tells the two apart only where"));
}

#[test]
fn steps_that_do_not_belong_to_the_run_are_named() {
    let mut data = data::realistic();
    data.run.reports += 1;
    assert!(text_of(&data).contains("they do not belong together"));
    assert!(!text_of(&data::realistic()).contains("they do not belong together"));
}

#[test]
fn estimators_have_the_names_of_the_crate_that_computes_them() {
    use iatro_stats::disproportionality::names::{CHI2_YATES, IC, PRR, ROR};
    let text = text_of(&data::realistic());
    for name in [ROR, PRR, CHI2_YATES, IC] {
        assert!(text.contains(name), "{name}");
    }
}

#[test]
fn figures_are_those_of_the_page() {
    let data = data::generated();
    let html = data.page().render();
    let figures = data.page().figures();
    assert_eq!(
        figures.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        ["waterfall", "forest", "attribution"]
    );
    assert!(figures.iter().all(|(_, svg)| html.contains(svg.as_str())));
}
