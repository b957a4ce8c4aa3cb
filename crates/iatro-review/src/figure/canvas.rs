//! Drawing: the few SVG elements that figures are made of.

use super::Svg;
use super::measure::Font;
use super::palette::{Ink, STYLE};
use crate::markup::{Attr, Markup, at, px};

/// Fonts that are there without being sent along; those as wide as the width table first.
const FONTS: &str = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'Nimbus Sans', system-ui, \
                     sans-serif";

/// Which end of a text stands at its place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A line's dash.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Dash {
    Solid,
    Dashed,
}

/// A drawing under construction.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    m: Markup,
}

impl Canvas {
    pub(super) fn text(
        &mut self,
        (x, y): (f64, f64),
        anchor: Anchor,
        font: Font,
        ink: Ink,
        text: &str,
    ) {
        let mut attrs = vec![
            at("class", ink.fill_class()),
            at("x", px(x)),
            at("y", px(y)),
            at("font-size", px(font.size)),
            at("fill", ink.colour()),
        ];
        match anchor {
            Anchor::Start => {}
            Anchor::Middle => attrs.push(at("text-anchor", "middle")),
            Anchor::End => attrs.push(at("text-anchor", "end")),
        }
        if font.bold {
            attrs.push(at("font-weight", "600"));
        }
        self.m.leaf("text", &attrs, text);
    }

    /// Lines of text, the first with its baseline at `y`.
    pub(super) fn lines(
        &mut self,
        (x, y): (f64, f64),
        anchor: Anchor,
        font: Font,
        ink: Ink,
        lines: &[String],
    ) {
        let mut at_y = y;
        for line in lines {
            self.text((x, at_y), anchor, font, ink, line);
            at_y += font.line();
        }
    }

    pub(super) fn rect(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), ink: Ink) {
        self.m.void(
            "rect",
            &[
                at("class", ink.fill_class()),
                at("x", px(x)),
                at("y", px(y)),
                at("width", px(width.max(0.0))),
                at("height", px(height.max(0.0))),
                at("fill", ink.colour()),
            ],
        );
    }

    /// A rectangle that is only an outline.
    pub(super) fn frame(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), ink: Ink) {
        self.m.void(
            "rect",
            &[
                at("class", ink.stroke_class()),
                at("x", px(x)),
                at("y", px(y)),
                at("width", px(width.max(0.0))),
                at("height", px(height.max(0.0))),
                at("fill", "none"),
                at("stroke", ink.colour()),
                at("stroke-dasharray", "3 2"),
            ],
        );
    }

    pub(super) fn line(
        &mut self,
        (x1, y1): (f64, f64),
        (x2, y2): (f64, f64),
        (width, dash): (f64, Dash),
        ink: Ink,
    ) {
        let mut attrs = vec![
            at("class", ink.stroke_class()),
            at("x1", px(x1)),
            at("y1", px(y1)),
            at("x2", px(x2)),
            at("y2", px(y2)),
            at("stroke", ink.colour()),
            at("stroke-width", px(width)),
        ];
        if dash == Dash::Dashed {
            attrs.push(at("stroke-dasharray", "4 3"));
        }
        self.m.void("line", &attrs);
    }

    /// A closed shape: filled with the ink, or hollow with an outline in it.
    pub(super) fn shape(&mut self, path: &str, ink: Ink, hollow: bool) {
        let fill = if hollow { Ink::Paper } else { ink };
        self.m.void(
            "path",
            &[
                at("class", format!("{} {}", fill.fill_class(), ink.stroke_class())),
                at("d", path),
                at("fill", fill.colour()),
                at("stroke", ink.colour()),
                at("stroke-width", "1.5"),
            ],
        );
    }

    /// The `<svg>` element around the drawing.
    pub(super) fn finish(self, id: &str, size: (f64, f64), title: &str, desc: &str) -> Svg {
        let (width, height) = (size.0.ceil(), size.1.ceil());
        let id = plain_id(id);
        let mut m = Markup::default();
        m.within("svg", &svg_attrs(&id, width, height), |m| {
            m.leaf("title", &[at("id", format!("{id}-title"))], title);
            m.leaf("desc", &[at("id", format!("{id}-desc"))], desc);
            m.within("style", &[], |m| m.raw(STYLE));
            let mut ground = Self::default();
            ground.rect((0.0, 0.0), (width, height), Ink::Paper);
            m.append(&ground.m);
            m.append(&self.m);
        });
        Svg { text: m.into_string(), width }
    }
}

fn svg_attrs(id: &str, width: f64, height: f64) -> [Attr; 10] {
    [
        at("xmlns", "http://www.w3.org/2000/svg"),
        at("id", id),
        at("role", "img"),
        at("aria-labelledby", format!("{id}-title {id}-desc")),
        at("width", px(width)),
        at("height", px(height)),
        at("viewBox", format!("0 0 {} {}", px(width), px(height))),
        at("direction", "ltr"),
        at("font-family", FONTS),
        at("style", "font-variant-numeric:tabular-nums lining-nums"),
    ]
}

/// An id of letters, digits and hyphens that begins with a letter.
fn plain_id(id: &str) -> String {
    let plain: String =
        id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    if plain.starts_with(|c: char| c.is_ascii_alphabetic()) { plain } else { format!("f-{plain}") }
}
