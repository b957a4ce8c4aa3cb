//! Text and ground of the page differ enough to be read: WCAG 2.2, level AA.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

const STYLE: &str = include_str!("../src/page/style.css");

/// The value of a variable, light or dark.
fn colour(name: &str, dark: bool) -> [f64; 3] {
    let block = STYLE.split(":root {").nth(if dark { 2 } else { 1 }).unwrap();
    let value = block.split(&format!("--{name}: #")).nth(1).unwrap();
    [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&value[at..at + 2], 16).unwrap()) / 255.0)
}

fn luminance(colour: [f64; 3]) -> f64 {
    let linear =
        colour.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_can_be_read_on_every_ground() {
    for dark in [false, true] {
        for ground in ["paper", "band", "warn-band"] {
            for text in ["ink", "muted", "accent", "warn"] {
                let ratio = contrast(colour(text, dark), colour(ground, dark));
                assert!(ratio >= 4.5, "{text} on {ground}, dark {dark}: {ratio:.2}");
            }
        }
    }
}
