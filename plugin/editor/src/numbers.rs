//! Tempos as they are typed and shown.

use inlay_music::Bpm;
use inlay_session::sentence;

/// A tempo as typed.
///
/// # Errors
/// Why it is none, as a sentence.
pub(crate) fn tempo(text: &str) -> Result<Bpm, String> {
    let typed = text.trim();
    let number: f64 = typed.replace(',', ".").parse().map_err(|_| format!("{typed:?} is no tempo: type a number from 40 to 240"))?;
    Bpm::new(number).map_err(|e| sentence(&e.to_string()))
}

/// A tempo in a field.
pub(crate) fn shown(bpm: f64) -> String {
    format!("{}", (bpm * 100.0).round() / 100.0)
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn what_is_no_tempo_is_told_in_a_sentence() {
        assert_eq!(tempo(" 92,5 ").unwrap().get(), 92.5);
        assert_eq!(tempo("300").unwrap_err(), "A tempo of 300 BPM can't be made: choose one from 40 to 240");
        assert_eq!(tempo("abc").unwrap_err(), "\"abc\" is no tempo: type a number from 40 to 240");
        assert!(tempo("").is_err() && tempo("NaN").is_err());
    }

    #[test]
    fn a_tempo_is_shown_as_short_as_it_can_be() {
        assert_eq!([120.0, 92.5, 93.456].map(shown), ["120", "92.5", "93.46"]);
    }
}
