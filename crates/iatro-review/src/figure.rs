//! Figures as SVG: the same text for the page, for paper and for a file of its own.
//!
//! Every figure has `role="img"`, a title and a description written from its data, real text, and
//! marks that differ in shape and dash as well as in colour (palette of Okabe and Ito). Colours stand
//! as attributes, for programs that read no style sheet; the style sheet inside only turns them over
//! for dark screens and forced colours. A figure lays itself out from a width table, so that text
//! neither overlaps nor is cut, whatever font is there.

mod attribution;
mod axis;
mod canvas;
mod checks;
mod dot_plot;
mod forest;
mod legend;
mod line_plot;
mod linear;
mod measure;
mod palette;
mod waterfall;

use std::fmt;

pub use attribution::{AttributionBar, AttributionFigure, AttributionGroup};
pub use axis::Scale;
pub use checks::{CheckFigure, CheckFigureRow, CheckState};
pub use dot_plot::{DotPlot, DotRow, DotSeries};
pub use forest::{Forest, ForestGroup, ForestRow, Mark};
pub use line_plot::{LinePlot, LineSeries};
pub use linear::Span;
pub use waterfall::{Lengths, WaterfallFigure};

/// A finished figure: one `<svg>` element.
#[derive(Clone, Debug, PartialEq)]
pub struct Svg {
    text: String,
    width: f64,
}

impl Svg {
    /// The element, as it stands in a page.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text of a file of its own.
    pub fn to_file(&self) -> String {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", self.text)
    }

    /// Its width in CSS pixels when it is not scaled.
    pub fn width(&self) -> f64 {
        self.width
    }
}

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
