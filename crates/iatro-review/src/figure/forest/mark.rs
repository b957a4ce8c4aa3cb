//! The mark of a row: shape by group, area by cases, arrows where the interval leaves the axis.

use super::ForestRow;
use crate::figure::axis::{Axis, Place};
use crate::figure::canvas::{Canvas, Dash};
use crate::figure::palette::Ink;
use crate::interval::Interval;
use crate::markup::px;

/// The side of the mark with the most cases, as a square, and the least that can be seen.
const LARGEST: f64 = 15.0;
const SMALLEST: f64 = 6.0;

/// A shape, with its colour.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Mark {
    /// A grey square.
    #[default]
    Square,
    /// A blue circle.
    Circle,
    /// A vermilion triangle.
    Triangle,
    /// A green diamond.
    Diamond,
    /// A purple triangle that stands on its tip.
    Wedge,
}

impl Mark {
    /// What the shape is called in a sentence.
    pub(in crate::figure) fn name(self) -> &'static str {
        match self {
            Self::Square => "square",
            Self::Circle => "circle",
            Self::Triangle => "triangle",
            Self::Diamond => "diamond",
            Self::Wedge => "wedge",
        }
    }

    pub(in crate::figure) fn ink(self) -> Ink {
        match self {
            Self::Square => Ink::Grey,
            Self::Circle => Ink::Blue,
            Self::Triangle => Ink::Vermilion,
            Self::Diamond => Ink::Green,
            Self::Wedge => Ink::Purple,
        }
    }

    /// The shape around a place, with the area of a square of this side.
    pub(in crate::figure) fn path(self, (x, y): (f64, f64), side: f64) -> String {
        match self {
            Self::Square => {
                let half = side / 2.0;
                format!("M{} {}h{s}v{s}h-{s}z", px(x - half), px(y - half), s = px(side))
            }
            Self::Circle => {
                let r = side / std::f64::consts::PI.sqrt();
                let (r2, two) = (px(r), px(2.0 * r));
                format!(
                    "M{} {}a{r2} {r2} 0 1 0 {two} 0a{r2} {r2} 0 1 0 -{two} 0z",
                    px(x - r),
                    px(y)
                )
            }
            Self::Triangle | Self::Wedge => {
                // Equilateral with area side²: edge = side · 2 / 3^(1/4).
                let edge = side * 2.0 / 3.0_f64.sqrt().sqrt();
                let way = if self == Self::Triangle { 1.0 } else { -1.0 };
                let height = way * edge * 3.0_f64.sqrt() / 2.0;
                let tip = y - height * 0.6;
                format!(
                    "M{} {}l{} {h}h-{}z",
                    px(x),
                    px(tip),
                    px(edge / 2.0),
                    px(edge),
                    h = px(height)
                )
            }
            Self::Diamond => {
                let half = side / 2.0_f64.sqrt();
                format!("M{} {}l{h} {h}l-{h} {h}l-{h} -{h}z", px(x), px(y - half), h = px(half))
            }
        }
    }
}

/// Whether an interval goes on beyond the axis, at either end.
pub(super) fn leaves(axis: &Axis, ror: Interval) -> bool {
    let outside = |value: f64| !matches!(axis.place(value), Place::At(_));
    ror.limits().is_some_and(|(lower, upper)| outside(lower) || outside(upper))
        || ror.value().is_some_and(outside)
}

/// Draws interval and mark of a row at a height.
pub(super) fn draw(
    canvas: &mut Canvas,
    axis: &Axis,
    row: &ForestRow,
    mark: Mark,
    (y, most_cases): (f64, u64),
) {
    let Some(point) = row.ror.value() else { return };
    if let Some((lower, upper)) = row.ror.limits() {
        draw_interval(canvas, axis, (lower, upper), y, mark.ink());
    }
    match axis.place(point) {
        Place::At(x) => {
            let path = mark.path((x, y), side(row.cases, most_cases));
            canvas.shape(&path, mark.ink(), row.is_hollow());
        }
        Place::Below => arrow(canvas, (axis.left(), y), -1.0, mark.ink()),
        Place::Above => arrow(canvas, (axis.right(), y), 1.0, mark.ink()),
    }
}

/// The side of a square whose area grows with the cases.
fn side(cases: u64, most_cases: u64) -> f64 {
    if most_cases == 0 {
        return SMALLEST;
    }
    // Only the size of a mark: a rounding of counts above 2^53 cannot be seen.
    let share = cases as f64 / most_cases as f64;
    (LARGEST * share.sqrt()).max(SMALLEST)
}

fn draw_interval(canvas: &mut Canvas, axis: &Axis, (lower, upper): (f64, f64), y: f64, ink: Ink) {
    let end = |canvas: &mut Canvas, value: f64| match axis.place(value) {
        Place::At(x) => {
            canvas.line((x, y - 3.5), (x, y + 3.5), (1.5, Dash::Solid), ink);
            x
        }
        Place::Below => {
            arrow(canvas, (axis.left(), y), -1.0, ink);
            axis.left()
        }
        Place::Above => {
            arrow(canvas, (axis.right(), y), 1.0, ink);
            axis.right()
        }
    };
    let (from, to) = (end(canvas, lower), end(canvas, upper));
    canvas.line((from, y), (to, y), (1.5, Dash::Solid), ink);
}

/// An arrow head with its tip at a place, pointing left (-1) or right (1).
pub(in crate::figure) fn arrow(canvas: &mut Canvas, (x, y): (f64, f64), way: f64, ink: Ink) {
    let back = px(x - way * 6.0);
    let path = format!("M{} {}L{back} {}L{back} {}z", px(x), px(y), px(y - 4.0), px(y + 4.0));
    canvas.shape(&path, ink, false);
}
