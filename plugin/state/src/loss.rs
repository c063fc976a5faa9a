//! What could not be loaded, in sentences.

use inlay_music::{About, Bpm};

/// Something of a saved instance that could not be read. Everything else was.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Loss {
    /// A newer version saved it.
    #[error(
        "this project was saved by a newer version of Inlay (format {0}): what this version knows of it was loaded; update Inlay for the rest"
    )]
    Newer(u32),
    /// A setting or a text.
    #[error("{0} could not be read from the project and was left out: set it again")]
    Setting(&'static str),
    /// A slot's take isn't in the project.
    #[error("the take of slot {} could not be read from the project: the slot is empty now", .0 + 1)]
    Slot(u8),
    /// Takes whose request can't be read: nothing is known of them.
    #[error("a take in the project is damaged and was left out: another copy of the project may still have it")]
    Take,
    /// A take's latents: it sounds as it did.
    #[error("the latents of {0} are damaged: it sounds as it did, but can only be varied or inpainted from its sound")]
    Latents(String),
    /// A take's sound, which can be made again of its latents.
    #[error("the sound of {0} is damaged: it is made again from its latents when it is wanted")]
    Sound(String),
    /// A take's sound, of which there is nothing to make it again.
    #[error("the sound of {0} is damaged and can't be made again from its latents: another copy of the project may still have it")]
    SoundForGood(String),
    /// A take's sound at another tempo than its own.
    #[error("{name} is damaged at {bpm}: it is brought to that tempo again when it is wanted")]
    Voice {
        /// Which take.
        name: String,
        /// The tempo.
        bpm: Bpm,
    },
}

/// Losses as one text that fits where a message stands; None where there are none.
pub fn summary(losses: &[Loss]) -> Option<String> {
    /// Sentences that anybody reads.
    const MOST: usize = 3;
    let mut told: Vec<String> = Vec::new();
    for loss in losses {
        let text = loss.to_string();
        let mut letters = text.chars();
        let first = letters.next()?.to_uppercase();
        let text = format!("{}{}.", first, letters.as_str());
        if !told.contains(&text) {
            told.push(text);
        }
    }
    let more = told.len().saturating_sub(MOST);
    told.truncate(MOST);
    if more > 0 {
        told.push(format!("So it is with {more} more."));
    }
    (!told.is_empty()).then(|| told.join(" "))
}

/// A take as its user knows it.
pub(crate) fn name(about: &About) -> String {
    /// Letters of the words: as many as tell it from others.
    const LETTERS: usize = 40;
    let words = about.request.prompt.as_str();
    let short: String = words.chars().take(LETTERS).collect();
    let dots = if short.len() < words.len() { "…" } else { "" };
    format!("“{short}{dots}” ({} at {})", about.request.bars, about.request.bpm)
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn many_losses_are_told_in_a_few_sentences() {
        assert_eq!(summary(&[]), None);
        let two = summary(&[Loss::Take, Loss::Take, Loss::Slot(7)]).unwrap();
        assert!(two.starts_with("A take in the project is damaged") && two.matches("A take").count() == 1, "{two}");
        assert!(two.ends_with("The take of slot 8 could not be read from the project: the slot is empty now."), "{two}");
        let many: Vec<Loss> = (0..8).map(Loss::Slot).collect();
        assert!(summary(&many).unwrap().ends_with("So it is with 5 more."));
    }
}
