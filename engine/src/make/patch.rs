//! Inpainting: new latents and new sound in some regions, everything else as it was.

use super::{Bench, check_length, finish, latents::Run, latents::rounded, listen, shape::Shape, sound};
use crate::{error::JobError, render};
use inlay_audio::{
    file::round_24,
    loudness::{CEILING, Span, limit_regions},
    rates::resample_loop,
    stereo::{side_of, widen},
};
use inlay_dsp::{inpaint_audio, paste, spans};
use inlay_music::{About, Frames, Region, Sound, Take, merge_regions};

/// Takes with new music in `regions` of `parent`, whose sound is heard as `heard`: outside of the regions every sample is its own.
pub(super) fn inpaint(bench: &mut Bench<'_, '_>, parent: &Take, heard: &Sound, regions: &[Region]) -> Result<Vec<Take>, JobError> {
    let request = &bench.order.request;
    check_length(request, heard)?;
    let heard = as_heard(parent, heard);
    let shape = Shape::of_take(request, parent)?;
    let regions = merge_regions(regions, request.bars);
    let known = listen::known(bench, request, parent, shape)?;
    let run = Run::new(bench, shape)?;
    let batch = run.remake(&known.latents, &shape.mask(&regions), None, bench.watch)?;
    let middle = listen::middle(request, &heard);
    let width = if parent.about.sound_is_its_own() { super::width(request)? } else { parent.about.width };
    let beats: Vec<(f64, f64)> = regions.iter().map(|r| shape.beats_of(r)).collect();

    let take = |(i, made)| {
        let about = super::about(bench.model, request, i, run.chart.clone(), Some(parent.id.clone()), parent.about.width);
        let about = About { gain: known.gain, from_audio: parent.about.from_audio, made_by: parent.about.made_by.clone(), ..about };
        let (latents, place) = (rounded(made), (i, batch.batch()));
        let features = sound::leveled(&sound::decode(bench, &latents, place)?, about.gain)?;
        let mid = sound::with_phases(bench, &about, shape, place, |how| inpaint_audio(&middle, &features, &beats, shape.beats(), how))?;
        let sound = pasted(&heard, as_channels(&heard, &mid, width), &regions, request.bars.beat_count() as usize);
        Ok(finish(about, latents, sound))
    };
    batch.items().enumerate().map(take).collect()
}

/// The channels that somebody hears: mid alone becomes left and right, unless the take has no side at all.
pub(crate) fn as_heard(parent: &Take, heard: &Sound) -> Sound {
    if heard.channels.len() == 1 && parent.about.width > 0.0 {
        let (left, right) = render::stereo(heard, parent.about.width, heard.rate, heard.frames());
        return Sound { rate: heard.rate, channels: vec![left.into(), right.into()] };
    }
    heard.clone()
}

/// `mid`, a loop at the model's rate, at the rate and with the channels of `parent`.
fn as_channels(parent: &Sound, mid: &[f32], width: f32) -> Vec<Vec<f32>> {
    let frames = parent.frames();
    match parent.channels.len() {
        1 => vec![resample_loop(mid, frames)],
        _ => {
            let (left, right) = widen(&resample_loop(mid, frames), &resample_loop(&side_of(mid), frames), width);
            vec![left, right]
        }
    }
}

/// `parent` with `regions` from `made`, which has its rate, length and channels.
pub(crate) fn pasted(parent: &Sound, mut made: Vec<Vec<f32>>, regions: &[Region], beats: usize) -> Sound {
    let frames = parent.frames();
    let regions: Vec<(f64, f64)> = regions.iter().map(|r| (r.start(), r.end())).collect();
    for (made, heard) in made.iter_mut().zip(&parent.channels) {
        *made = paste(heard, made, &regions, beats, parent.rate.get());
    }
    // where the parent itself is louder, its own peak is the limit: the edges must not step
    let ceiling = parent.channels.iter().flat_map(|c| c.iter()).fold(CEILING, |peak, v| peak.max(v.abs()));
    let loudest: Vec<f32> = (0..frames.get()).map(|i| made.iter().fold(0.0f32, |peak, c| peak.max(c[i].abs()))).collect();
    let spans: Vec<Span> = spans(&regions, beats, frames.get())
        .into_iter()
        .map(|(start, length)| Span { start: Frames(start), length: Frames(length) })
        .collect();
    let mut parts: Vec<&mut [f32]> = made.iter_mut().map(Vec::as_mut_slice).collect();
    limit_regions(&mut parts, &loudest, &spans, ceiling, parent.rate);
    let channels = made.into_iter().map(|c| c.into_iter().map(round_24).collect()).collect();
    Sound { rate: parent.rate, channels }
}
