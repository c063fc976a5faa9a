//! Takes as they are heard.

use inlay_audio::{
    file::round_all_24,
    rates::resample_loop,
    stereo::{side_of, widen},
};
use inlay_music::{Frames, Rendition, SampleRate, Sound, Take, loop_length};
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::thread::available_parallelism;

/// A take at its own tempo and some rate: two channels of 24-bit values. At the rate of a sound with two channels these are its own,
/// bit for bit.
pub fn render(take: &Take, rate: SampleRate) -> Rendition {
    let request = &take.about.request;
    let frames = loop_length(request.bpm, request.bars.beats(), rate);
    let (left, right) = stereo(&take.sound, take.about.width, rate, frames);
    Rendition { take: take.id.clone(), rate, left: left.into(), right: right.into() }
}

/// [`render`] of several takes, in their order, on all cores: what a project that is opened waits for.
pub fn render_all(takes: &[&Take], rate: SampleRate) -> Vec<Rendition> {
    let mut renditions: Vec<Option<Rendition>> = takes.iter().map(|_| None).collect();
    let threads = available_parallelism().map_or(1, NonZeroUsize::get).min(takes.len());
    let queue = Mutex::new(takes.iter().zip(&mut renditions));
    let work = || {
        let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
        while let Some((take, place)) = next() {
            *place = Some(render(take, rate));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // where the system gives no thread, the others do its share
            let _ = std::thread::Builder::new().name("inlay render".into()).spawn_scoped(scope, work);
        }
        work();
    });
    renditions.into_iter().flatten().collect()
}

/// Left and right of a sound in `frames` frames at `rate`, as 24-bit values.
pub(crate) fn stereo(sound: &Sound, width: f32, rate: SampleRate, frames: Frames) -> (Vec<f32>, Vec<f32>) {
    let (mut left, mut right) = exact(sound, width, rate, frames);
    round_all_24(&mut left);
    round_all_24(&mut right);
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

#[cfg(test)]
mod test {
    use super::*;
    use crate::{
        Source,
        make::test::{make, request},
    };
    use inlay_music::{Request, Seed};

    #[test]
    fn many_takes_are_rendered_as_each_is_in_their_order() {
        let takes: Vec<_> =
            (0..5).map(|seed| make(Request { seed: Seed(seed), ..request("house drums", 1, 130.0) }, Source::Nothing)).collect();
        for rate in [44_100, 48_000, 96_000].map(|rate| SampleRate::new(rate).unwrap()) {
            let all = render_all(&takes.iter().map(|t| &**t).collect::<Vec<_>>(), rate);
            assert_eq!(all, takes.iter().map(|t| render(t, rate)).collect::<Vec<_>>());
        }
        assert!(render_all(&[], SampleRate::CD).is_empty());
    }

    #[test]
    fn a_take_keeps_its_level_and_its_middle_at_another_rate() {
        let take = make(request("warm pad in a minor", 1, 120.0), Source::Nothing);
        let power = |audio: &[f32]| audio.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / audio.len() as f64;
        let [own, other] = [44_100, 96_000].map(|rate| render(&take, SampleRate::new(rate).unwrap()));
        let change = 10.0 * (power(&other.left) / power(&own.left)).log10();
        assert!(change.abs() < 0.02, "{change} dB");
        let mid: Vec<f32> = own.left.iter().zip(own.right.iter()).map(|(l, r)| 0.5 * (l + r)).collect();
        assert!(mid.iter().zip(take.sound.channels[0].iter()).all(|(a, b)| (a - b).abs() < 2.0f32.powi(-22)));
    }
}
