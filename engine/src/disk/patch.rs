//! Inpainting by a model from disk: new sound in some regions; every other sample stays as it was.

use super::{Bench, From, Making, fit::wrapped, hear::hear};
use crate::{
    error::JobError,
    make::{
        check_length, finish,
        patch::{as_heard, pasted},
    },
    progress::Stage,
};
use inlay_audio::rates::resample_loop;
use inlay_dsp::{Span, spans};
use inlay_music::{About, Region, Sound, Take, merge_regions};
use inlay_stable::Stereo;

/// A take with new music in `regions` of `parent`, whose sound is heard as `heard`.
pub(super) fn inpaint(
    bench: &mut Bench<'_, '_>,
    variation: u32,
    parent: &Take,
    heard: &Sound,
    regions: &[Region],
) -> Result<Take, JobError> {
    let place = (variation as usize, bench.order.variations as usize);
    let bars = bench.request().bars;
    check_length(bench.request(), heard)?;
    let regions = merge_regions(regions, bars);
    let known = hear(bench, heard, Some(parent))?;
    let beats: Vec<(f64, f64)> = regions.iter().map(|r| (r.start(), r.end())).collect();
    let (rate, length) = (f64::from(bench.rate().get()), known.audio[0].len());
    let spans = spans(&beats, bars.beat_count() as usize, length);
    let most = (bench.loaded.seconds * rate) as usize;
    // nothing is kept: a loop from words
    if spans.first().is_some_and(|(_, count)| *count == length) {
        let fresh = super::fresh(bench, variation, place)?;
        return Ok(finished(bench, place.0, (parent, heard), (fresh, known.gain), &regions));
    }
    let window = Window::around(&spans, length, most).ok_or(JobError::LongPart { most: bench.loaded.seconds })?;

    let turned: Stereo = known.audio.each_ref().map(|c| wrapped(c, length - window.first % length, window.length));
    let latent = bench.loaded.latent;
    let seconds = window.length as f64 / rate;
    let asked: Vec<_> = spans
        .iter()
        .map(|(start, count)| {
            // a latent is made anew whose first sample is in the region: the one that the region begins in, too
            let from = (start + length - window.first) % length;
            (from / latent * latent) as f64 / rate..(((from + count) as f64 + 0.5) / rate).min(seconds)
        })
        .collect();
    let source = From::Inpaint { audio: &turned, regions: &asked };
    // what is kept needs no decoding, but for that between two regions
    let within = spans.iter().map(|(start, count)| ((start + length - window.first) % length, count));
    let (from, to) = within.fold((window.length, 0), |(from, to), (start, count)| (from.min(start), to.max(start + count)));
    let samples = from..to.min(window.length).max(from);
    let made =
        bench.make(Making { seconds, samples: Some(samples), source, variation, pass: 0 }, [Stage::Sampling, Stage::Decoding], place)?;
    bench.watch.enter_take(Stage::Fitting, place)?;
    let mut whole = known.audio;
    for (channel, made) in whole.iter_mut().zip(&made) {
        for (i, sample) in made.iter().enumerate() {
            channel[(window.first + from + i) % length] = *sample;
        }
    }
    Ok(finished(bench, place.0, (parent, heard), (whole, known.gain), &regions))
}

/// The parent's sound as it is heard, with the regions from what was made at the model's rate and level.
fn finished(
    bench: &Bench<'_, '_>,
    variation: usize,
    (parent, heard): (&Take, &Sound),
    (made, gain): (Stereo, f32),
    regions: &[Region],
) -> Take {
    let heard = as_heard(parent, heard);
    let made = match heard.channels.len() {
        1 => vec![made[0].iter().zip(&made[1]).map(|(l, r)| 0.5 * (l + r)).collect()],
        _ => Vec::from(made),
    };
    let at_level = |channel: &Vec<f32>| resample_loop(channel, heard.frames()).into_iter().map(|v| v * gain).collect();
    let made = bench.pools.run(|| made.iter().map(at_level).collect());
    let sound = pasted(&heard, made, regions, bench.request().bars.beat_count() as usize);
    let old = &parent.about;
    let about = bench.about(variation, Some(parent.id.clone()));
    let about = About { gain, width: old.width, from_audio: old.from_audio, chords: old.chords.clone(), ..about };
    finish(about, vec![], sound)
}

/// The part of a loop that the model works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    first: usize,
    length: usize,
}

impl Window {
    /// The whole loop of `n` samples, cut open in the middle of what is kept for longest; or, where that is more than `most`, the regions with as
    /// much on either side as there may be. None where not even they fit.
    fn around(spans: &[Span], n: usize, most: usize) -> Option<Self> {
        // what is kept behind each region: where it begins and how long it is
        let gaps = spans.iter().enumerate().map(|(i, (start, count))| {
            let next = spans[(i + 1) % spans.len()].0;
            let end = start + count;
            ((n + next - end % n) % n, end % n)
        });
        let (gap, after) = gaps.max().unwrap_or((0, 0));
        let fixed = n - gap;
        if n <= most {
            return Some(Self { first: (after + gap / 2) % n, length: n });
        }
        let side = most.checked_sub(fixed)? / 2;
        Some(Self { first: (after + gap + n - side.min(gap / 2)) % n, length: (fixed + 2 * side).min(n) })
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn a_loop_is_cut_open_where_it_is_kept_for_longest() {
        assert_eq!(Window::around(&[(100, 50)], 400, 1000), Some(Window { first: 325, length: 400 }));
        assert_eq!(Window::around(&[(10, 50), (300, 50)], 400, 1000), Some(Window { first: 180, length: 400 }));
        assert_eq!(Window::around(&[(350, 100)], 400, 1000), Some(Window { first: 200, length: 400 }));
        assert_eq!(Window::around(&[(0, 400)], 400, 1000), Some(Window { first: 0, length: 400 }));
    }

    #[test]
    fn of_a_loop_that_is_too_long_the_regions_are_heard_with_both_sides() {
        assert_eq!(Window::around(&[(100, 50)], 400, 150), Some(Window { first: 50, length: 150 }));
        assert_eq!(Window::around(&[(350, 100)], 400, 150), Some(Window { first: 325, length: 150 }));
        assert_eq!(Window::around(&[(0, 200)], 400, 150), None);
    }
}
