//! Takes as they are heard.

use inlay_audio::{
    file::round_24,
    rates::resample_loop,
    stereo::{side_of, widen},
};
use inlay_music::{Frames, Rendition, SampleRate, Sound, Take, loop_length};

/// A take at its own tempo and some rate: two channels of 24-bit values. At the rate of a sound with two channels these are its own,
/// bit for bit.
pub fn render(take: &Take, rate: SampleRate) -> Rendition {
    let request = &take.about.request;
    let frames = loop_length(request.bpm, request.bars.beats(), rate);
    let (left, right) = stereo(&take.sound, take.about.width, rate, frames);
    Rendition { take: take.id.clone(), rate, left: left.into(), right: right.into() }
}

/// Left and right of a sound in `frames` frames at `rate`, as 24-bit values.
pub(crate) fn stereo(sound: &Sound, width: f32, rate: SampleRate, frames: Frames) -> (Vec<f32>, Vec<f32>) {
    let (mut left, mut right) = exact(sound, width, rate, frames);
    left.iter_mut().chain(&mut right).for_each(|v| *v = round_24(*v));
    (left, right)
}

/// The same before rounding: what passes full scale can be told.
pub(crate) fn exact(sound: &Sound, width: f32, rate: SampleRate, frames: Frames) -> (Vec<f32>, Vec<f32>) {
    let at_rate =
        |channel: &[f32]| if rate == sound.rate && frames == sound.frames() { channel.to_vec() } else { resample_loop(channel, frames) };
    match sound.channels.as_slice() {
        [left, right] => (at_rate(left), at_rate(right)),
        [mid] if width > 0.0 => widen(&at_rate(mid), &at_rate(&side_of(mid)), width),
        [mid] => (at_rate(mid), at_rate(mid)),
        _ => (vec![0.0; frames.get()], vec![0.0; frames.get()]),
    }
}
