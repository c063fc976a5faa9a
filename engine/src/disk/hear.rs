//! Sounds as a model from disk hears them: two channels at its rate, its level and the request's tempo.

use super::Bench;
use crate::{error::JobError, make::patch::as_heard};
use inlay_audio::{rates::resample_loop, stretch::stretch_loop};
use inlay_music::{Sound, Take, loop_length};
use inlay_stable::Stereo;

/// Peak at which a sound is heard that the model didn't make.
const PEAK: f32 = 0.9;

/// A sound as the model hears it.
pub(super) struct Heard {
    pub audio: Stereo,
    /// From the model's level to the sound's.
    pub gain: f32,
}

/// Brings a loop to what the model hears. `take` is the take that it is a sound of.
pub(super) fn hear(bench: &Bench<'_, '_>, sound: &Sound, take: Option<&Take>) -> Result<Heard, JobError> {
    let request = bench.request();
    let sound = take.map_or_else(|| sound.clone(), |take| as_heard(take, sound));
    let (Some(left), Some(right)) = (sound.channels.first(), sound.channels.last()) else { return Err(JobError::Silent) };
    let at_tempo = loop_length(request.bpm, request.bars.beats(), sound.rate);
    let length = bench.length();
    let [left, right] = bench.pools.run(|| {
        // at another tempo the pitch stays
        let channels = match at_tempo == sound.frames() {
            true => vec![left.to_vec(), right.to_vec()],
            false => stretch_loop(&[left, right], at_tempo, sound.rate)?,
        };
        Ok::<_, JobError>([0, 1].map(|i| resample_loop(&channels[i], length)))
    })?;
    let peak = left.iter().chain(&right).fold(0.0f32, |peak, v| peak.max(v.abs()));
    if peak < 1e-6 {
        return Err(JobError::Silent);
    }
    let known = take.filter(|take| take.about.codec == bench.loaded.identity.codec).map(|take| take.about.gain);
    let gain = known.filter(|gain| *gain > 0.0).unwrap_or(peak / PEAK);
    let audio = [left, right].map(|channel| channel.into_iter().map(|v| (v / gain).clamp(-1.0, 1.0)).collect());
    Ok(Heard { audio, gain })
}
