//! A helper whose process is known, so that it can be ended from outside as a crash would.

use inlay_helper::Program;
use std::{fs, os::unix::fs::PermissionsExt, process::Command};
use tempfile::TempDir;

pub struct Known {
    folder: TempDir,
    pub program: Program,
}

/// A folder with a program `helper` that is a script.
pub fn script(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("helper");
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

impl Known {
    pub fn new() -> Self {
        let folder = script(&format!("echo $$ >\"$0.id\"\nexec '{}' --processor", env!("CARGO_BIN_EXE_inlay-helper")));
        Self { program: Program::new(folder.path().join("helper")), folder }
    }

    /// The process that was started last.
    #[allow(dead_code, reason = "only some of the tests that share this ask for it")]
    pub fn id(&self) -> String {
        fs::read_to_string(self.folder.path().join("helper.id")).unwrap().trim().to_owned()
    }

    pub fn kill(&self, signal: &str) -> bool {
        Command::new("sh").args(["-c", &format!("kill -{signal} {} 2>/dev/null", self.id())]).status().unwrap().success()
    }

    #[allow(dead_code, reason = "only some of the tests that share this ask for it")]
    pub fn runs(&self) -> bool {
        self.kill("0")
    }
}
