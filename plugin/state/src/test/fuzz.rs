//! Whatever the text, loading and opening answer.

use super::make::instance;
use crate::{LIMIT, Saved};
use proptest::prelude::*;
use std::sync::LazyLock;

static VALID: LazyLock<String> = LazyLock::new(|| instance().to_json());

/// Where the words end and the long parts begin: damage belongs more into the words.
static WORDS: LazyLock<usize> = LazyLock::new(|| VALID.find("\"parts\"").unwrap());

/// Loads, opens and saves; nothing to say about the result but that it holds what it promises.
fn survives(text: &str) {
    let Ok(loaded) = Saved::from_json(text) else { return };
    let mut saved = loaded.saved;
    assert!(usize::from(saved.selected) < 8);
    for kept in &saved.takes {
        for parcel in kept.sounding() {
            if let Some(take) = parcel.open().take {
                assert!(take.sound.channels.iter().flat_map(|c| c.iter()).all(|v| (-1.0..1.0).contains(v)));
            }
        }
    }
    saved.trim(LIMIT);
    let again = Saved::from_json(&saved.to_json()).unwrap();
    assert_eq!(again.losses, [], "what was loaded can be saved");
    assert_eq!(again.saved, saved);
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

/// Values to stand in for others.
const ODD: [&str; 18] = [
    "null",
    "true",
    "-1",
    "0",
    "1e308",
    "-0.0",
    "200",
    "4294967296",
    "18446744073709551616",
    "\"\"",
    "\"NaN\"",
    "[]",
    "{}",
    "[[]]",
    "\"\\ud800\"",
    "1e999",
    "\"take-1\"",
    "{\"start\":1e308,\"length\":-1}",
];

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,300}") {
        survives(&text);
    }

    #[test]
    fn any_json_object_is_read(name in "prompt|seed|slots|takes|parts|regions|inlay|compare", value in prop::sample::select(ODD.to_vec())) {
        survives(&format!("{{\"{name}\":{value}}}"));
    }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn other_letters_in_the_words_cost_some_of_it(damage in prop::collection::vec((any::<prop::sample::Index>(), 32u8..127), 1..4)) {
        let mut bytes = VALID.clone().into_bytes();
        for (at, byte) in damage {
            bytes[at.index(*WORDS)] = byte;
        }
        survives(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn other_letters_anywhere_cost_some_of_it(at in any::<prop::sample::Index>(), byte in 32u8..127) {
        let mut bytes = VALID.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        survives(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn a_text_that_ends_early_is_refused(at in any::<prop::sample::Index>()) {
        let cut = String::from_utf8_lossy(&VALID.as_bytes()[..at.index(VALID.len())]).into_owned();
        prop_assert!(Saved::from_json(&cut).is_err());
    }

    #[test]
    fn other_values_cost_themselves(at in any::<prop::sample::Index>(), odd in prop::sample::select(ODD.to_vec())) {
        let colons: Vec<usize> = VALID[..*WORDS].match_indices(':').map(|(at, _)| at + 1).collect();
        let at = colons[at.index(colons.len())];
        let tail = &VALID[at..];
        let end = tail.find([',', '}', ']']).unwrap_or(tail.len());
        survives(&format!("{}{odd}{}", &VALID[..at], &tail[end..]));
    }
}

#[test]
fn texts_that_were_trouble_once_are_no_more() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/trouble");
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        survives(&String::from_utf8_lossy(&std::fs::read(file.unwrap().path()).unwrap()));
        count += 1;
    }
    assert!(count >= 5, "{count} texts");
}
