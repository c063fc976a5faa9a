//! Names of files for which nobody gave one: prompt, tempo, key, seed. Only the words; files are somebody else's.

use crate::key::Key;
use crate::time::Bpm;

/// The longest part of a name that comes from the prompt, in bytes.
const MOST: usize = 60;

/// `dusty-boom-bap-drums_92bpm_Am_seed7`: without folder and extension. With `variation` (counted from 1) `_v2` follows.
///
/// Only letters without accents, digits, `-`, `_`, `.` and the `#` of a key are in it, so that it is a name on every system.
pub fn stem(prompt: &str, bpm: Bpm, key: Option<Key>, seed: u64, variation: Option<usize>) -> String {
    let key = key.map(|key| format!("_{}", key.short())).unwrap_or_default();
    let variation = variation.map(|v| format!("_v{v}")).unwrap_or_default();
    format!("{}_{}bpm{key}_seed{seed}{variation}", words(prompt), bpm.get())
}

/// The words of a prompt joined by hyphens, whole words as far as there is room.
fn words(prompt: &str) -> String {
    let plain = deunicode::deunicode_with_tofu(prompt, " ").to_ascii_lowercase();
    let mut name = String::new();
    for word in plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if name.is_empty() {
            name.extend(word.chars().take(MOST));
        } else if name.len() + 1 + word.len() <= MOST {
            name.push('-');
            name.push_str(word);
        } else {
            break;
        }
    }
    if name.is_empty() { "loop".into() } else { name }
}

#[cfg(test)]
mod test {
    use super::*;
    use proptest::prelude::*;

    fn bpm(bpm: f64) -> Bpm {
        Bpm::new(bpm).unwrap()
    }

    #[test]
    fn a_name_says_prompt_tempo_key_and_seed() {
        let key = "A minor".parse().unwrap();
        assert_eq!(stem("Dusty boom-bap drums!", bpm(92.0), Some(key), 7, None), "dusty-boom-bap-drums_92bpm_Am_seed7");
        assert_eq!(stem("acid 303", bpm(92.5), None, 0, Some(2)), "acid-303_92.5bpm_seed0_v2");
    }

    #[test]
    fn accents_are_left_off_and_symbols_part_words() {
        assert_eq!(words("Röyksopp / café: \"pad\""), "royksopp-cafe-pad");
        assert_eq!(words("../../etc/passwd"), "etc-passwd");
        assert_eq!(words("…"), "loop");
    }

    #[test]
    fn long_prompts_end_at_a_word() {
        let name = words(&"warm rhodes electric piano chords ".repeat(9));
        assert_eq!(name, "warm-rhodes-electric-piano-chords-warm-rhodes-electric-piano");
        assert_eq!(words(&"a".repeat(999)).len(), MOST);
    }

    proptest! {
        #[test]
        fn every_prompt_has_a_name_that_every_system_takes(prompt in ".{0,200}", seed: u64) {
            let name = stem(&prompt, bpm(120.0), None, seed, Some(9));
            prop_assert!(name.len() < 120);
            prop_assert!(name.starts_with(|c: char| c.is_ascii_alphanumeric()));
            prop_assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)));
        }
    }
}
