//! Where the program is.

use std::{env, path::PathBuf, time::Duration};

/// The variable that names the program.
pub const PROGRAM: &str = "INLAY_HELPER";

/// A program to start, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its file.
    pub path: PathBuf,
    /// Whether it shall compute on the processor: for trying it out on a machine without a graphics processor.
    pub processor: bool,
    /// How long it may say nothing before it is taken for dead: longer than a driver takes to prepare its code the first time.
    pub patience: Duration,
}

impl Program {
    /// One that computes on the graphics processor.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), processor: false, patience: Duration::from_secs(120) }
    }
}

/// Where the program is looked for: what [`PROGRAM`] names, else `Inlay/inlay-helper` where the system keeps programs' data. It may not be there.
pub fn place() -> Option<PathBuf> {
    match env::var_os(PROGRAM).filter(|path| !path.is_empty()) {
        Some(path) => Some(path.into()),
        None => Some(dirs::data_dir()?.join("Inlay").join(format!("inlay-helper{}", env::consts::EXE_SUFFIX))),
    }
}

/// The program, where there is one.
pub fn installed() -> Option<PathBuf> {
    place().filter(|path| path.is_file())
}
