//! Which chords a request means, beat by beat.

use super::shape::Shape;
use crate::{error::JobError, models::embedded::chord_lane};
use inlay_diffusion::{Sequence, Stream};
use inlay_music::{Chord, ChordChart, Request, progression};

/// The chart of a request, if it has chords or a key, in their fields or in its prompt (fields win, chords win). A key without
/// chords means a progression chosen by the seed: the same for all variations, so that they can be exchanged in a song.
pub(super) fn chart(request: &Request) -> Result<Option<ChordChart>, JobError> {
    let understood = request.prompt.understand()?;
    let key = request.key.or(understood.key);
    // a key in its own field is a later decision than chords among the words
    let chart = request.chords.clone().or(understood.chords.filter(|_| request.key.is_none()));
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

/// The lane of a making [T·13].
pub(super) fn lane(chart: &ChordChart, request: &Request, shape: Shape) -> Result<Vec<f32>, JobError> {
    let asked = chart.per_beat(request.bars)?;
    let cells: Vec<Chord> = (0..shape.latents()).map(|t| asked[shape.asked_beat(t).min(asked.len() - 1)]).collect();
    Ok(chord_lane(&cells))
}
