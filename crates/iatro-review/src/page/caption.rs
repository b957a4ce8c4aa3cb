//! Numbers of figures and tables, their captions, and the box in which a wide one scrolls.

use crate::figure::Svg;
use crate::markup::{Attr, Markup, at};

/// Counts figures and tables.
#[derive(Debug, Default)]
pub(super) struct Captions {
    figures: u32,
    tables: u32,
}

impl Captions {
    /// A figure with its caption below.
    pub(super) fn figure(
        &mut self,
        m: &mut Markup,
        (id, svg): (&'static str, &Svg),
        caption: impl FnOnce(&mut Markup),
    ) {
        self.figures += 1;
        let label = format!("Figure {}.", self.figures);
        let caption_id = format!("{id}-cap");
        m.within("figure", &[at("id", id), at("class", "wide")], |m| {
            scroll_box(m, &caption_id, "scroll plot", |m| m.figure(svg));
            m.within("figcaption", &[at("id", &caption_id)], |m| {
                m.leaf("strong", &[], &label);
                m.text(" ");
                caption(m);
            });
        });
    }

    /// A figure without a caption, in a part of the page that says what it is; `name` says it to those who
    /// come by keyboard.
    pub(super) fn bare_figure(&mut self, m: &mut Markup, id: &str, name: &str, svg: &Svg) {
        self.figures += 1;
        let caption_id = format!("{id}-cap");
        let label = format!("Figure {}.", self.figures);
        m.within("figure", &[at("id", id), at("class", "wide")], |m| {
            scroll_box(m, &caption_id, "scroll plot", |m| m.figure(svg));
            m.within("figcaption", &[at("id", &caption_id)], |m| {
                m.leaf("strong", &[], &label);
                m.text(" ");
                m.name(name);
                m.text(" under the checks.");
            });
        });
    }

    /// A table with its caption above, in a box of its own.
    pub(super) fn table(
        &mut self,
        m: &mut Markup,
        (id, class): (&'static str, &'static str),
        caption: impl FnOnce(&mut Markup),
        fill: impl FnOnce(&mut Markup),
    ) {
        self.tables += 1;
        let label = format!("Table {}.", self.tables);
        table_box(m, (id, class), &label, caption, fill);
    }
}

/// The table behind a figure, folded away on screens.
pub(super) fn data_table(
    m: &mut Markup,
    (id, class): (&'static str, &'static str),
    caption: &str,
    fill: impl FnOnce(&mut Markup),
) {
    m.within("details", &[at("class", "wide")], |m| {
        m.leaf("summary", &[], "Show the numbers of this figure as a table");
        table_box(m, (id, class), "Data.", |m| m.text(caption), fill);
    });
}

fn table_box(
    m: &mut Markup,
    (id, class): (&'static str, &'static str),
    label: &str,
    caption: impl FnOnce(&mut Markup),
    fill: impl FnOnce(&mut Markup),
) {
    let caption_id = format!("{id}-cap");
    m.within("div", &[at("class", "wide tablebox")], |m| {
        scroll_box(m, &caption_id, "scroll", |m| {
            m.within("table", &[at("id", id), at("class", class)], |m| {
                m.within("caption", &[at("id", &caption_id)], |m| {
                    // The span stays in view when the table scrolls sideways.
                    m.within("span", &[], |m| {
                        m.leaf("strong", &[], label);
                        m.text(" ");
                        caption(m);
                    });
                });
                fill(m);
            });
        });
    });
}

/// A box that scrolls by touch and by keyboard when its content is too wide.
fn scroll_box(m: &mut Markup, label: &str, class: &str, fill: impl FnOnce(&mut Markup)) {
    let attrs: [Attr; 4] = [
        at("class", class),
        at("role", "region"),
        at("tabindex", "0"),
        at("aria-labelledby", label),
    ];
    m.within("div", &attrs, fill);
}
