//! The document around the sections: head, style, skip link, footer, script.

use super::{ReviewPage, policy, provenance};
use crate::markup::{Markup, at};

pub(super) const STYLE: &str = include_str!("style.css");
pub(super) const SCRIPT: &str = include_str!("script.js");

pub(super) fn draw(m: &mut Markup, page: &ReviewPage<'_>, sections: impl FnOnce(&mut Markup)) {
    m.raw("<!DOCTYPE html>\n");
    m.within("html", &[at("lang", "en-GB")], |m| {
        m.within("head", &[], |m| head(m, page));
        m.within("body", &[], |m| {
            m.leaf("a", &[at("class", "skip"), at("href", "#main")], "Skip to the content");
            m.within("main", &[at("id", "main")], sections);
            provenance::draw(m, page);
            m.within("script", &[], |m| m.raw(SCRIPT));
        });
    });
}

fn head(m: &mut Markup, page: &ReviewPage<'_>) {
    m.void("meta", &[at("charset", "utf-8")]);
    m.void(
        "meta",
        &[
            at("http-equiv", "Content-Security-Policy"),
            at("content", policy::content_security_policy(SCRIPT)),
        ],
    );
    m.leaf("title", &[], &title(page));
    m.void("meta", &[at("name", "viewport"), at("content", "width=device-width, initial-scale=1")]);
    m.void("meta", &[at("name", "generator"), at("content", provenance::TOOL)]);
    m.void("meta", &[at("name", "color-scheme"), at("content", "light dark")]);
    m.void("link", &[at("rel", "icon"), at("href", "data:,")]);
    m.within("style", &[], |m| m.raw(STYLE));
}

fn title(page: &ReviewPage<'_>) -> String {
    let generated = if page.planted.is_some() { "generated data, " } else { "" };
    format!("{} ({generated}{})", page.study.title, page.run.question.source.title())
}
