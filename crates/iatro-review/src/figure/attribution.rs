//! Attributed cases: for every substance and trigger the part of its event reports that it is left with, as
//! a bar in a track that is all of them, with the credible interval.

use super::Svg;
use super::canvas::{Anchor, Canvas, Dash};
use super::forest::Mark;
use super::legend;
use super::measure::Font;
use super::palette::Ink;
use crate::number::{counted, decimals};

const TEXT: Font = Font::plain(13.0);
const BOLD: Font = Font::bold(13.0);
const SMALL: Font = Font::plain(12.0);
const HEAD: Font = Font::bold(12.0);
const MARGIN: f64 = 6.0;
const GAP: f64 = 14.0;
const NAME_LEAST: f64 = 130.0;
const NAME_MOST: f64 = 260.0;
const PLOT: f64 = 300.0;
const OTHERS: f64 = 250.0;
const PADDING: f64 = 5.0;
const GROUP_HEIGHT: f64 = 28.0;

/// A substance, a trigger, or the background.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttributionBar {
    /// Its name.
    pub name: String,
    /// Whether its name is bold.
    pub bold: bool,
    /// Event reports that name it.
    pub n: f64,
    /// Those attributed to it.
    pub attributed: Option<f64>,
    /// The credible interval; `None` if the chains do not agree.
    pub interval: Option<(f64, f64)>,
    /// Where its other cases go, in words.
    pub others: String,
}

/// Rows of one kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttributionGroup {
    /// What they are: the header.
    pub title: String,
    /// The shape at the end of their bars.
    pub mark: Mark,
    /// The rows.
    pub rows: Vec<AttributionBar>,
}

/// An attribution to be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttributionFigure {
    /// The id of the element; unique in a page.
    pub id: String,
    /// The title.
    pub title: String,
    /// Groups of rows, in order.
    pub groups: Vec<AttributionGroup>,
}

struct Layout {
    name_width: f64,
    n: f64,
    plot: f64,
    attributed: f64,
    others: f64,
    right: f64,
}

impl AttributionFigure {
    /// Draws the figure.
    pub fn svg(&self) -> Svg {
        let layout = self.layout();
        let mut canvas = Canvas::default();
        let top = header(&mut canvas, &layout);
        let mut y = top;
        for group in self.groups.iter().filter(|group| !group.rows.is_empty()) {
            if !group.title.is_empty() {
                let place = (MARGIN + 2.0, y + GROUP_HEIGHT - 9.0);
                canvas.text(place, Anchor::Start, BOLD, Ink::Text, &group.title);
                y += GROUP_HEIGHT;
            }
            for row in &group.rows {
                let height = layout.height(row);
                layout.draw(&mut canvas, group.mark, row, (y, height));
                y += height;
            }
        }
        if y <= top {
            let place = (MARGIN, top + 25.0);
            canvas.text(place, Anchor::Start, TEXT, Ink::Muted, "Nothing to show.");
            y += 40.0;
        }
        let foot = axis(&mut canvas, &layout, (top, y));
        let below = legend::draw(&mut canvas, &self.legend(), (MARGIN, foot), layout.right);
        let size = (layout.right + MARGIN, below + MARGIN);
        canvas.finish(&self.id, size, &self.title, &self.described())
    }

    fn rows(&self) -> impl Iterator<Item = &AttributionBar> {
        self.groups.iter().flat_map(|group| &group.rows)
    }

    fn layout(&self) -> Layout {
        let names = self.rows().map(|row| name_font(row).width(&row.name));
        let name_width = names.fold(0.0, f64::max).clamp(NAME_LEAST, NAME_MOST);
        let widest = |text: &dyn Fn(&AttributionBar) -> String, least: &str| {
            self.rows().map(|row| TEXT.width(&text(row))).fold(HEAD.width(least), f64::max)
        };
        let n = MARGIN + name_width + GAP + widest(&|row| reports(row.n), "Event reports");
        let plot = n + GAP * 1.25;
        let attributed = plot + PLOT + GAP * 1.25;
        let others = attributed + widest(&numbers, "Attributed (95 %)") + GAP;
        Layout { name_width, n, plot, attributed, others, right: others + OTHERS }
    }

    fn legend(&self) -> Vec<legend::Entry> {
        let groups = self.groups.iter().filter(|group| !group.rows.is_empty());
        let mut entries: Vec<legend::Entry> =
            groups.map(|group| legend::Entry::mark(group.mark, &group.title)).collect();
        if !entries.is_empty() {
            entries.push(legend::Entry::words(
                "band: all event reports that name it; bar and mark: the part attributed to it; line: 95 % \
                 credible interval; no line: the chains do not agree",
            ));
        }
        entries
    }

    fn described(&self) -> String {
        let count = self.rows().count() as u64;
        if count == 0 {
            return "Figure without rows: nothing was attributed.".to_owned();
        }
        let mut text = format!(
            "{}: for each the part of its event reports attributed to it, from 0 to 100 %.",
            counted(count, "row", "rows")
        );
        for row in self.rows() {
            text.push_str(&format!(" {}: {} of {}.", row.name, numbers(row), reports(row.n)));
        }
        text
    }
}

fn name_font(row: &AttributionBar) -> Font {
    if row.bold { BOLD } else { TEXT }
}

/// A number of reports: with a decimal if weights made it a fraction.
fn reports(n: f64) -> String {
    let is_whole = (n - n.round()).abs() < 1e-9;
    decimals(n, usize::from(!is_whole))
}

fn numbers(row: &AttributionBar) -> String {
    use crate::prose::cases;
    match (row.attributed, row.interval) {
        (None, _) => "–".to_owned(),
        (Some(x), Some((low, high))) => format!("{} ({}–{})", cases(x), cases(low), cases(high)),
        (Some(x), None) => format!("{} (no interval)", cases(x)),
    }
}

fn header(canvas: &mut Canvas, layout: &Layout) -> f64 {
    let y = MARGIN + HEAD.size;
    let mut put = |x: f64, anchor, text: &str| canvas.text((x, y), anchor, HEAD, Ink::Text, text);
    put(MARGIN, Anchor::Start, "Substance or trigger");
    put(layout.n, Anchor::End, "Event reports");
    put(layout.attributed, Anchor::Start, "Attributed (95 %)");
    put(layout.others, Anchor::Start, "Its other cases go");
    let rule = y + 7.0;
    canvas.line((MARGIN, rule), (layout.right, rule), (1.5, Dash::Solid), Ink::Text);
    rule
}

/// The foot of the axis: lines at quarters, and what they mean.
fn axis(canvas: &mut Canvas, layout: &Layout, (top, bottom): (f64, f64)) -> f64 {
    canvas.line((MARGIN, bottom), (layout.right, bottom), (1.0, Dash::Solid), Ink::Text);
    for quarter in 0..=4_u32 {
        let x = layout.plot + PLOT * f64::from(quarter) / 4.0;
        canvas.line((x, top), (x, bottom + 5.0), (0.6, Dash::Solid), Ink::Rule);
        let label = format!("{} %", quarter * 25);
        canvas.text((x, bottom + 19.0), Anchor::Middle, SMALL, Ink::Text, &label);
    }
    let middle = layout.plot + PLOT / 2.0;
    let name = "part of its event reports";
    canvas.text((middle, bottom + 37.0), Anchor::Middle, SMALL, Ink::Text, name);
    bottom + 48.0
}

impl Layout {
    fn names(&self, row: &AttributionBar) -> Vec<String> {
        name_font(row).wrap(&row.name, self.name_width, 5)
    }

    fn height(&self, row: &AttributionBar) -> f64 {
        let others = SMALL.wrap(&row.others, OTHERS, 3).len() as f64 * SMALL.line();
        let names = self.names(row).len().max(1) as f64 * TEXT.line();
        names.max(others) + 2.0 * PADDING
    }

    fn draw(
        &self,
        canvas: &mut Canvas,
        mark: Mark,
        row: &AttributionBar,
        (top, height): (f64, f64),
    ) {
        let middle = top + height / 2.0;
        let centred = |lines: usize, font: Font| {
            middle - lines.max(1) as f64 * font.line() / 2.0 + font.size * 0.98
        };
        let names = self.names(row);
        let place = (MARGIN + 2.0, centred(names.len(), TEXT));
        canvas.lines(place, Anchor::Start, name_font(row), Ink::Text, &names);
        let y = middle + TEXT.size * 0.34;
        canvas.text((self.n, y), Anchor::End, TEXT, Ink::Text, &reports(row.n));
        canvas.text((self.attributed, y), Anchor::Start, TEXT, Ink::Text, &numbers(row));
        let others = SMALL.wrap(&row.others, OTHERS, 3);
        let place = (self.others, centred(others.len(), SMALL));
        canvas.lines(place, Anchor::Start, SMALL, Ink::Muted, &others);
        self.draw_bar(canvas, mark, row, middle);
    }

    fn draw_bar(&self, canvas: &mut Canvas, mark: Mark, row: &AttributionBar, y: f64) {
        let at = |cases: f64| {
            let share = if row.n > 0.0 { cases / row.n } else { 0.0 };
            let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
            self.plot + PLOT * share
        };
        canvas.rect((self.plot, y - 5.0), (PLOT, 10.0), Ink::Rule);
        let Some(attributed) = row.attributed else { return };
        let x = at(attributed);
        canvas.rect((self.plot, y - 3.0), (x - self.plot, 6.0), mark.ink());
        if let Some((low, high)) = row.interval {
            let (from, to) = (at(low), at(high));
            canvas.line((from, y), (to, y), (1.5, Dash::Solid), Ink::Text);
            for end in [from, to] {
                canvas.line((end, y - 6.0), (end, y + 6.0), (1.5, Dash::Solid), Ink::Text);
            }
        }
        canvas.shape(&mark.path((x, y), 9.0), mark.ink(), false);
    }
}
