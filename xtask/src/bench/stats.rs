//! The benchmarks of the estimators, with the figures kept beside the code.

use std::fs;
use std::process::Stdio;

use crate::machine::{machine, said};
use crate::steps::say;

/// Crates with benchmarks, and the file that keeps their figures.
const BENCHES: [(&str, &str); 1] = [("iatro-stats", "benches/runs/stats.txt")];

/// Runs every benchmark in release and writes what it printed to `benches/runs`, under a head that
/// says on what machine. Figures of two runs compare only if the machine was the same and idle.
pub(super) fn bench() -> Result<(), String> {
    for (package, path) in BENCHES {
        let arguments = ["bench", "--package", package, "--benches", "--locked"];
        say(&format!("── cargo {}", arguments.join(" ")));
        let output = crate::cargo()
            .args(arguments)
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cargo bench cannot be started ({error})"))?;
        if !output.status.success() {
            return Err(format!("the benchmarks of {package} ended with {}", output.status));
        }
        let figures = figures(&String::from_utf8_lossy(&output.stdout));
        let on = format!("{}, {}", machine(), said("rustc", "--version"));
        let kept = format!("cargo xtask bench\n{on}; every benchmark on one core\n\n{figures}");
        fs::write(path, &kept).map_err(|error| format!("{path}: cannot be written ({error})"))?;
        say(&kept);
        say(&format!("kept in {path}"));
    }
    Ok(())
}

/// The tables that divan prints, without trailing blanks.
fn figures(printed: &str) -> String {
    let mut text = String::new();
    for line in printed.lines().map(str::trim_end) {
        let blank_again = line.is_empty() && (text.is_empty() || text.ends_with("\n\n"));
        if !blank_again {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_the_tables_and_drop_the_blanks() {
        let printed = "\n\na  median  \n╰─ x  1 ms\n\n\n\nb  median\n";
        assert_eq!(figures(printed), "a  median\n╰─ x  1 ms\n\nb  median\n");
    }
}
