//! A helper whose process is known, so that it can be ended from outside as a crash would.

use inlay_helper::Program;
use std::{fs, os::unix::fs::PermissionsExt, process::Command};
use tempfile::TempDir;

pub struct Known {
    folder: TempDir,
    pub program: Program,
}

impl Known {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("helper");
        let text =
            format!("#!/bin/sh\necho $$ >'{}/id'\nexec '{}' --processor\n", folder.path().display(), env!("CARGO_BIN_EXE_inlay-helper"));
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Self { folder, program: Program::new(path) }
    }

    /// The process that was started last.
    #[allow(dead_code, reason = "only some of the tests that share this ask for it")]
    pub fn id(&self) -> String {
        fs::read_to_string(self.folder.path().join("id")).unwrap().trim().to_owned()
    }

    pub fn kill(&self, signal: &str) -> bool {
        Command::new("sh").args(["-c", &format!("kill -{signal} {} 2>/dev/null", self.id())]).status().unwrap().success()
    }

    #[allow(dead_code, reason = "only some of the tests that share this ask for it")]
    pub fn runs(&self) -> bool {
        self.kill("0")
    }
}
