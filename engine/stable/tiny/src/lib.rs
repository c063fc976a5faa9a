//! Tiny models from disk with random weights, for tests: rules, not music.
//!
//! They are the fixtures of `inlay-stable` as models of 8 kHz, since their own 640 Hz are no rate for a take.

use std::{fs, path::Path};
use tempfile::TempDir;

/// The rate of the models, in samples per second.
const RATE: u64 = 8000;

/// A model in a folder of its own: `sa3-tiny`, `sao10-tiny` or `sao-small-tiny`.
///
/// # Panics
/// Where there is no such fixture, or the disk is full.
pub fn folder(name: &str) -> TempDir {
    let folder = tempfile::Builder::new().prefix("tiny-").tempdir().expect("a folder for a test");
    put(name, folder.path());
    folder
}

/// The same in a folder that is given.
///
/// # Panics
/// As [`folder`].
pub fn put(name: &str, folder: &Path) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    copy(&fixtures.join(name), folder);
    let three = name == "sa3-tiny";
    if !three {
        copy(&fixtures.join("t5-base"), &folder.join("t5-base"));
    }
    let config = folder.join("model_config.json");
    let mut json: serde_json::Value = serde_json::from_slice(&fs::read(&config).expect("a configuration")).expect("JSON");
    let number = |json: &serde_json::Value, key: &str| json[key].as_u64().expect("a number");
    // whole windows of Stable Audio 3's codec, and at least as many seconds as before; the others always make their whole length
    let size = number(&json, "sample_size") * (RATE.div_ceil(number(&json, "sample_rate"))) / 1024 * 1024;
    json["sample_rate"] = RATE.into();
    if three {
        json["sample_size"] = size.into();
    }
    fs::write(config, json.to_string()).expect("a folder that can be written");
}

/// Copies a folder with all that is in it.
///
/// # Panics
/// Where something can't be read or written.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder that can be written");
    for entry in fs::read_dir(from).expect("a folder that can be read") {
        let path = entry.expect("an entry").path();
        let place = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &place);
        } else {
            fs::copy(&path, place).expect("a file that can be copied");
        }
    }
}
