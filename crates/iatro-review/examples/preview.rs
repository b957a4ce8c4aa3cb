//! Writes pages and figures from made-up data into a folder, to look at them.
//!
//! `cargo run -p iatro-review --example preview -- FOLDER`

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../tests/made_up/data.rs"]
mod data;

use std::fs;
use std::path::PathBuf;

use iatro_review::prose::{signal_in_english, study_in_english, waterfall_lines};

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "preview".to_owned()));
    fs::create_dir_all(&folder).unwrap();
    let pages = [
        ("realistic", data::realistic()),
        ("generated", data::generated()),
        ("extreme", data::extreme()),
        ("empty", data::empty()),
        ("many", data::many()),
    ];
    for (name, data) in &pages {
        let html = data.page().render();
        fs::write(folder.join(format!("{name}.html")), &html).unwrap();
        println!("{name}: {} bytes", html.len());
    }
    let data = &pages[0].1;
    println!("\n{}", study_in_english(&data.study, None));
    println!("{}\n", waterfall_lines(&data.run.waterfall).join("\n"));
    for signal in data.run.signals.iter().take(3) {
        println!("{}", signal_in_english(signal));
    }
}
