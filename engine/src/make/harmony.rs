//! Which chords a request means, beat by beat.

use super::shape::Shape;
use crate::{error::JobError, models::embedded::chord_lane};
use inlay_diffusion::{Sequence, Stream};
use inlay_music::{Chord, ChordChart, Key, Request, progression};

/// The chart of a request, if it has chords or a key, in their fields or in its prompt (fields win, chords win). A key without
/// chords means a progression chosen by the seed: the same for all variations, so that they can be exchanged in a song.
pub(super) fn chart(request: &Request) -> Result<Option<ChordChart>, JobError> {
    let understood = request.prompt.understand_at(Some(request.bpm))?;
    let key = request.key.or(understood.key);
    let chart = request.chords.clone().or(understood.chords);
    let chart = match (chart, key) {
        (Some(chart), _) => Some(chart),
        (None, Some(key)) => {
            let chance = Sequence { seed: request.seed.get(), stream: Stream::Chords, variation: 0 };
            Some(progression(key, request.bars, chance.word(0))?)
        }
        (None, None) => None,
    };
    if let Some(chart) = &chart {
        chart.per_beat(request.bars)?;
    }
    Ok(chart)
}

/// The lane of a making `[T·13]`.
pub(super) fn lane(chart: &ChordChart, request: &Request, shape: Shape) -> Result<Vec<f32>, JobError> {
    let asked = chart.per_beat(request.bars)?;
    let cells: Vec<Chord> = (0..shape.latents()).map(|t| asked[shape.asked_beat(t).min(asked.len() - 1)]).collect();
    Ok(chord_lane(&cells))
}

/// The words for the text encoder: a key in its own field takes the place of the one among the words.
pub(super) fn words(request: &Request) -> Result<String, JobError> {
    let understood = request.prompt.understand_at(Some(request.bpm))?;
    let said = |key: Key| format!("in {}", key.to_string().to_lowercase());
    Ok(match (request.key, understood.key) {
        (Some(field), Some(prompt)) => understood.text.replace(&said(prompt), &said(field)),
        _ => understood.text,
    })
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::make::test::request;

    #[test]
    fn chords_among_the_words_stay_when_a_key_is_given() {
        let request = Request { key: Some("Am".parse().unwrap()), ..request("rhodes Am | F | C G", 4, 100.0) };
        assert_eq!(chart(&request).unwrap().unwrap().to_string(), "Am | F | C G");
    }

    #[test]
    fn a_key_in_its_field_replaces_the_one_among_the_words() {
        let asked = request("pad in C# minor", 4, 100.0);
        assert_eq!(words(&asked).unwrap(), "pad in c# minor");
        let given = Request { key: Some("Am".parse().unwrap()), ..asked };
        assert_eq!(words(&given).unwrap(), "pad in a minor");
    }
}
