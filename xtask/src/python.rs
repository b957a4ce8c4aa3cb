//! Python environments for what is compared with: made once under `target`, from pinned requirements.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::steps::say;

/// The interpreter of an environment that has what a requirements file lists. It is made again when the file changes.
pub(crate) fn environment(requirements: &Path) -> Result<PathBuf, String> {
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    let name = requirements.parent().and_then(Path::file_name).unwrap_or_default();
    let folder = Path::new("target/python").join(name);
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let made_from = folder.join("requirements.txt");
    let wanted = read(requirements);
    if wanted.is_empty() {
        return Err(format!("{}: cannot be read", requirements.display()));
    }
    if python.exists() && read(&made_from) == wanted {
        return Ok(python);
    }
    say(&format!("── Python environment {} from {}", folder.display(), requirements.display()));
    let path = |path: &Path| path.to_string_lossy().into_owned();
    done("python3", &["-m", "venv", "--clear", &path(&folder)])?;
    let quiet = ["-m", "pip", "install", "--quiet", "--requirement", &path(requirements)];
    done(&path(&python), &quiet)?;
    fs::write(&made_from, wanted).map_err(|error| format!("{}: {error}", made_from.display()))?;
    Ok(python)
}

fn done(program: &str, arguments: &[&str]) -> Result<(), String> {
    let line = format!("{program} {}", arguments.join(" "));
    match Command::new(program).args(arguments).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` ended with {status}")),
        Err(error) => Err(format!("`{line}` cannot be started ({error}); Python 3 is needed")),
    }
}
