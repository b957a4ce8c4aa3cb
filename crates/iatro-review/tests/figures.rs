//! Figures on small data as they are drawn, and on any data: whole, finite, the same every time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "made_up/xml.rs"]
mod xml;

use iatro_review::figure::{
    AttributionBar, AttributionFigure, AttributionGroup, CheckFigure, CheckFigureRow, CheckState,
    DotPlot, DotRow, DotSeries, Forest, ForestGroup, ForestRow, Lengths, LinePlot, LineSeries,
    Mark, Scale, Span, Svg, WaterfallFigure,
};
use iatro_review::interval::Interval;
use iatro_review::wording;
use iatro_signals::waterfall::{Step, Waterfall};
use proptest::prelude::{Strategy, any, prop, proptest};

fn interval(point: f64, lower: f64, upper: f64) -> Interval {
    Interval { point: Some(point), lower: Some(lower), upper: Some(upper) }
}

fn row(name: &str, cases: u64, expected: f64, ror: Interval, ic: Interval) -> ForestRow {
    ForestRow {
        name: name.to_owned(),
        note: String::new(),
        signal: ic.lower.is_some_and(|limit| limit > 0.0),
        cases,
        expected: Some(expected),
        ror,
        ic,
    }
}

fn group(title: &str, mark: Mark, rows: Vec<ForestRow>) -> ForestGroup {
    ForestGroup { title: title.to_owned(), mark, rows }
}

fn forest(groups: Vec<ForestGroup>, scale: Scale) -> Forest {
    Forest { id: "f".to_owned(), title: "Forest plot".to_owned(), groups, scale }
}

/// What every figure must be.
fn check(svg: &Svg) {
    let found = xml::elements(svg.as_str());
    assert_eq!(found[0].tag, "svg");
    assert_eq!(found[0].attr("role"), Some("img"));
    let tags: Vec<&str> = found.iter().map(|element| element.tag.as_str()).collect();
    assert_eq!(tags[1..3], ["title", "desc"]);
    assert!(!found[1].text.is_empty() && !found[2].text.is_empty());
    let labels = found[0].attr("aria-labelledby").unwrap();
    assert!(labels.split(' ').eq([found[1].attr("id").unwrap(), found[2].attr("id").unwrap()]));
    for element in &found {
        for (name, value) in &element.attrs {
            assert!(!value.contains("NaN") && !value.contains("inf"), "{name}={value}");
        }
    }
    let (width, height) = (number(&found[0], "width"), number(&found[0], "height"));
    for rect in found.iter().filter(|element| element.tag == "rect") {
        assert!(number(rect, "x") >= 0.0 && number(rect, "x") + number(rect, "width") <= width);
        assert!(number(rect, "y") + number(rect, "height") <= height);
    }
    for text in found.iter().filter(|element| element.tag == "text") {
        assert!((0.0..=width).contains(&number(text, "x")));
        assert!((0.0..=height).contains(&number(text, "y")));
        assert!(number(text, "font-size") >= 12.0);
    }
    assert_eq!(wording::check(&wording::text_of_markup(svg.as_str())), []);
}

fn number(element: &xml::Element, name: &str) -> f64 {
    element.attr(name).unwrap().parse().unwrap()
}

#[test]
fn a_small_forest() {
    let agents = vec![
        row("lamotrigine", 16, 3.03, interval(5.46, 3.31, 9.01), interval(2.22, 1.43, 2.85)),
        row("sulfamethoxazole", 9, 2.92, interval(3.08, 1.67, 5.68), interval(1.47, 0.42, 2.2)),
    ];
    let therapies =
        vec![row("emapalumab", 2, 0.04, interval(60.0, 14.0, 9e6), interval(2.2, -0.4, 3.6))];
    let groups = vec![
        group("Listed agents", Mark::Circle, agents),
        group("Other substances", Mark::Square, Vec::new()),
        group("Therapies of the event", Mark::Triangle, therapies),
    ];
    let svg = forest(groups, Scale::Auto).svg();
    check(&svg);
    insta::assert_snapshot!("forest_small", svg.as_str());
}

#[test]
fn a_forest_with_what_is_not_defined() {
    let bare = Interval { point: Some(0.0), ..Interval::default() };
    let rows = vec![
        row("no point", 3, 0.1, Interval::default(), Interval::default()),
        row("no interval", 0, 1.5, bare, interval(0.0, -9.99, 2.33)),
        row("leaves at both ends", 1, 1.0, interval(1.0, 1e-9, 1e9), interval(0.0, -3.0, 2.0)),
    ];
    let svg = forest(vec![group("", Mark::Square, rows)], Scale::Log10).svg();
    check(&svg);
    let text = wording::text_of_markup(svg.as_str());
    assert!(text.contains("not defined") && text.contains("(not defined)"));
    assert!(text.contains("hollow:") && text.contains("beyond the axis"));
    insta::assert_snapshot!("forest_undefined", svg.as_str());
}

#[test]
fn no_row_and_sixty_rows() {
    let empty = forest(Vec::new(), Scale::Auto).svg();
    check(&empty);
    assert!(empty.as_str().contains("No substance to show."));
    let name = "a substance with a name of sixty characters and no less, 60.";
    let rows: Vec<_> = (1..=60)
        .map(|n| row(name, n, 1.0, interval(1e3, 1e-3, 1e6), interval(1.0, 0.0, 2.0)))
        .collect();
    let svg = forest(vec![group("Other substances", Mark::Square, rows)], Scale::Log2).svg();
    check(&svg);
    let pieces = "with a name of sixty";
    assert!(svg.as_str().matches(pieces).count() >= 60, "names are whole");
}

#[test]
fn the_label_is_the_one_of_papers() {
    let row = row("x", 1_234, 1.0, interval(3.08, 1.67, 5.68), Interval::default());
    assert_eq!(row.label(), "3.08 (1.67–5.68) [1,234]");
}

fn step(label: &str, left: u64, removed: u64, why: &str) -> Step {
    Step { label: label.to_owned(), left, removed, why: why.to_owned() }
}

fn waterfall(steps: Vec<Step>, lengths: Lengths) -> Svg {
    let waterfall = Waterfall { steps };
    WaterfallFigure { id: "w", title: "Waterfall", waterfall: &waterfall, lengths }.svg()
}

#[test]
fn a_small_waterfall() {
    let steps = vec![
        step("report rows in 3 files", 284_901, 0, "read from the files"),
        step("current reports", 284_840, 61, "superseded by a later version"),
        step("that report the event: the cases", 80, 284_760, "do not report the event"),
    ];
    let svg = waterfall(steps, Lengths::Auto);
    check(&svg);
    assert!(svg.as_str().contains("square root"));
    insta::assert_snapshot!("waterfall_small", svg.as_str());
}

fn check_row(label: &str, state: CheckState, cases: Option<u64>) -> CheckFigureRow {
    CheckFigureRow {
        label: label.to_owned(),
        state,
        words: "holds (background without lamotrigine)".to_owned(),
        cases,
        ror: if cases.is_some() { interval(3.0, 1.5, 6.0) } else { Interval::default() },
        ic025: cases.map(|_| 0.4),
    }
}

#[test]
fn checks_of_every_outcome() {
    use CheckState::{Absent, Appears, Ends, Holds, NotAssessable, Primary};
    let states = [Primary, Holds, Ends, Appears, Absent, NotAssessable];
    let mut rows: Vec<_> =
        states.into_iter().map(|state| check_row("a check with a name", state, Some(7))).collect();
    rows.push(check_row("without a count", NotAssessable, None));
    let figure = CheckFigure { id: "c".to_owned(), title: "x under the checks".to_owned(), rows };
    let svg = figure.svg();
    check(&svg);
    let text = wording::text_of_markup(svg.as_str());
    for said in
        ["holds (filled)", "ends (hollow, struck)", "appears (triangle)", "not assessable (dash)"]
    {
        assert!(text.contains(said), "{said}");
    }
    // Every mark is a shape of its own: no two outcomes differ by colour alone.
    let marks = |state: CheckState| {
        let rows = vec![check_row("x", state, Some(7))];
        let svg = CheckFigure { id: "c".to_owned(), title: "x".to_owned(), rows }.svg();
        let found = xml::elements(svg.as_str());
        let shape =
            |e: &xml::Element| format!("{:?} {:?} {:?}", e.tag, e.attr("d"), e.attr("class"));
        let drawn = found.iter().filter(|e| e.tag == "path" || e.tag == "line");
        drawn.map(shape).collect::<Vec<_>>()
    };
    for (place, one) in states.iter().enumerate() {
        assert!(states[place + 1..].iter().all(|other| marks(*one) != marks(*other)));
    }
}

#[test]
fn an_attribution_with_what_has_no_interval_and_one_without_rows() {
    let bar = |name: &str, attributed, interval| AttributionBar {
        name: name.to_owned(),
        bold: true,
        n: 12.0,
        attributed,
        interval,
        others: "to lamotrigine 5.3; background 1.1".to_owned(),
    };
    let rows = vec![
        bar("whole", Some(11.0), Some((9.0, 12.0))),
        bar("chains do not agree", Some(4.0), None),
        bar("given with others", None, None),
    ];
    let groups =
        vec![AttributionGroup { title: "Substances".to_owned(), mark: Mark::Circle, rows }];
    let figure = AttributionFigure { id: "a".to_owned(), title: "Attributed".to_owned(), groups };
    check(&figure.svg());
    let text = wording::text_of_markup(figure.svg().as_str());
    assert!(text.contains("11.0 (9.0–12.0)") && text.contains("4.0 (no interval)"));
    let empty =
        AttributionFigure { title: "Attributed".to_owned(), ..AttributionFigure::default() };
    check(&empty.svg());
}

#[test]
fn a_waterfall_without_steps_or_reports() {
    check(&waterfall(Vec::new(), Lengths::Auto));
    let nothing = vec![step("a", 0, 0, ""), step("b", 0, 0, "x")];
    check(&waterfall(nothing, Lengths::Linear));
}

#[test]
fn a_file_of_its_own_says_what_it_is() {
    let svg = forest(Vec::new(), Scale::Auto).svg();
    assert!(svg.to_file().starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns="));
    assert!(svg.width() > 300.0);
}

const MARKS: [Mark; 5] = [Mark::Square, Mark::Triangle, Mark::Diamond, Mark::Wedge, Mark::Circle];

fn dot_plot(rows: Vec<DotRow>) -> DotPlot {
    let series = |mark: Mark| DotSeries { name: format!("{mark:?}"), mark };
    DotPlot {
        id: "d".to_owned(),
        title: "Dot plot".to_owned(),
        axis: "area under the precision-recall curve".to_owned(),
        span: Span::UNIT.with_reference(0.95),
        series: MARKS.map(series).to_vec(),
        rows,
    }
}

fn dots(name: &str, dots: [Interval; 5]) -> DotRow {
    DotRow { name: name.to_owned(), dots: dots.to_vec() }
}

#[test]
fn a_small_dot_plot() {
    let whole = interval(0.6, 0.5, 0.7);
    let beyond = interval(1.4, 0.9, 2.0);
    let rows = vec![
        dots(
            "nothing at all",
            [whole, whole, Interval::default(), beyond, interval(1.0, 1.0, 1.0)],
        ),
        dots(
            "a row with a name that is so long that it does not fit into the width of a single line",
            [interval(0.0, -0.1, 0.2); 5],
        ),
    ];
    let svg = dot_plot(rows).svg();
    check(&svg);
    let found = xml::elements(svg.as_str());
    let paths = found.iter().filter(|element| element.tag == "path").count();
    assert_eq!(paths, 9 + 5 + 1, "a mark a value, five in the legend, one for what is beyond");
    assert!(svg.as_str().contains("hollow: beyond the axis"));
    insta::assert_snapshot!("dot_plot_small", svg.as_str());
}

#[test]
fn a_dot_plot_of_nothing() {
    let svg = dot_plot(Vec::new()).svg();
    check(&svg);
    assert!(svg.as_str().contains("Nothing to show."));
}

fn line_plot(points: Vec<Vec<(f64, Interval)>>) -> LinePlot {
    let series =
        |(mark, points): (Mark, Vec<_>)| LineSeries { name: format!("{mark:?}"), mark, points };
    LinePlot {
        id: "l".to_owned(),
        title: "Line plot".to_owned(),
        across: "expected cases, logarithmic axis".to_owned(),
        upwards: "share called (Wilson 95 %)".to_owned(),
        span: Span::UNIT,
        series: MARKS.into_iter().zip(points).map(series).collect(),
    }
}

#[test]
fn a_small_line_plot() {
    let rising = [(3.0, 0.2), (10.0, 0.7), (300.0, 1.0)];
    let points = rising.map(|(x, y)| (x, interval(y, y - 0.1, y + 0.1))).to_vec();
    let gap = vec![(3.0, interval(0.5, 0.4, 0.6)), (10.0, Interval::default())];
    let svg = line_plot(vec![points, gap]).svg();
    check(&svg);
    let text = wording::text_of_markup(svg.as_str());
    assert!(text.contains("0.20 at 3.00, 0.70 at 10.0, 1.00 at 300"), "{text}");
    insta::assert_snapshot!("line_plot_small", svg.as_str());
    check(&line_plot(Vec::new()).svg());
}

fn value() -> impl Strategy<Value = Option<f64>> {
    prop::option::of(prop::num::f64::ANY)
}

fn any_interval() -> impl Strategy<Value = Interval> {
    (value(), value(), value()).prop_map(|(point, lower, upper)| Interval { point, lower, upper })
}

fn any_row() -> impl Strategy<Value = ForestRow> {
    (".{0,90}", any::<u64>(), value(), any_interval(), any_interval()).prop_map(
        |(name, cases, expected, ror, ic)| ForestRow {
            name,
            note: String::new(),
            signal: cases % 2 == 0,
            cases,
            expected,
            ror,
            ic,
        },
    )
}

proptest! {
    #[test]
    fn any_forest_is_whole(
        rows in prop::collection::vec(any_row(), 0..12),
        scale in prop::sample::select(vec![Scale::Auto, Scale::Log2, Scale::Log10]),
    ) {
        // Names are any text, so their words are not checked here.
        let plot = forest(vec![group("Other substances", Mark::Triangle, rows)], scale);
        let svg = plot.svg();
        let found = xml::elements(svg.as_str());
        for (_, value) in found.iter().flat_map(|element| &element.attrs) {
            assert!(!value.contains("NaN") && !value.contains("inf"), "{value}");
        }
        assert_eq!(svg, plot.svg());
    }

    #[test]
    fn any_checks_and_any_attribution_are_whole(
        names in prop::collection::vec(".{0,60}", 1..6),
        ror in any_interval(),
        n in prop::num::f64::ANY,
        attributed in value(),
        limits in prop::option::of((prop::num::f64::ANY, prop::num::f64::ANY)),
    ) {
        let states = [CheckState::Primary, CheckState::Ends, CheckState::NotAssessable];
        let rows = names.iter().zip(states.into_iter().cycle());
        let rows = rows.map(|(name, state)| CheckFigureRow {
            ror,
            ic025: attributed,
            ..check_row(name, state, Some(3))
        });
        let checks = CheckFigure { id: "c".to_owned(), title: "x".to_owned(), rows: rows.collect() };
        let bars = names.iter().map(|name| AttributionBar {
            name: name.clone(), bold: false, n, attributed, interval: limits, others: name.clone(),
        });
        let group = AttributionGroup { rows: bars.collect(), ..AttributionGroup::default() };
        let attribution = AttributionFigure { groups: vec![group], ..AttributionFigure::default() };
        for svg in [checks.svg(), attribution.svg()] {
            for (_, value) in xml::elements(svg.as_str()).iter().flat_map(|element| &element.attrs) {
                assert!(!value.contains("NaN") && !value.contains("inf"), "{value}");
            }
        }
    }

    #[test]
    fn any_dot_plot_and_line_plot_is_whole(
        values in prop::collection::vec(any_interval(), 5),
        places in prop::collection::vec(prop::num::f64::ANY, 5),
        name in ".{0,80}",
    ) {
        let row = DotRow { name, dots: values.clone() };
        let points = places.into_iter().zip(values).collect();
        for svg in [dot_plot(vec![row]).svg(), line_plot(vec![points]).svg()] {
            let found = xml::elements(svg.as_str());
            for (_, value) in found.iter().flat_map(|element| &element.attrs) {
                assert!(!value.contains("NaN") && !value.contains("inf"), "{value}");
            }
        }
    }

    #[test]
    fn any_waterfall_is_whole(steps in prop::collection::vec((".{0,80}", any::<u64>(), any::<u64>(), ".{0,80}"), 0..8)) {
        let steps: Vec<_> = steps.iter().map(|(l, left, gone, why)| step(l, *left, *gone, why)).collect();
        let svg = waterfall(steps.clone(), Lengths::Auto);
        xml::elements(svg.as_str());
        assert!(!svg.as_str().contains("NaN"));
        assert_eq!(svg, waterfall(steps, Lengths::Auto));
    }
}
