//! How much comes into the spectrum, frame by frame.

use super::Listen;
use inlay_music::SampleRate;
use realfft::RealFftPlanner;

/// Frames a second.
const FRAMES: f64 = 200.0;

/// Spectral flux at 200 frames a second.
pub(super) struct Flux {
    /// Seconds from one frame to the next.
    pub(super) hop: f64,
    pub(super) values: Vec<f32>,
    round: bool,
}

/// Sums what rises in each band of the log spectrum from 10 ms before to 10 ms after each frame's time.
pub(super) fn flux(mono: &[f32], rate: SampleRate, listen: Listen) -> Flux {
    let hertz = f64::from(rate.get());
    // 23 ms see hits, 46 ms tell bass from the rest.
    let seconds = if listen.below.is_some() { 0.0464 } else { 0.0232 };
    let window = ((seconds * hertz) as usize).next_multiple_of(2).max(16);
    let count = ((mono.len() as f64 / hertz) * FRAMES).round() as usize;
    let n = mono.len();
    if n == 0 || count == 0 {
        return Flux { hop: 1.0 / FRAMES, values: Vec::new(), round: listen.round };
    }
    // Frames of a loop lie evenly around it.
    let hop = if listen.round { n as f64 / count as f64 } else { hertz / FRAMES };

    let fft = RealFftPlanner::<f32>::new().plan_fft_forward(window);
    let (mut frame, mut spectrum) = (fft.make_input_vec(), fft.make_output_vec());
    let mut scratch = fft.make_scratch_vec();
    let hann: Vec<f32> =
        (0..window).map(|i| (0.5 - 0.5 * (std::f64::consts::TAU * (i as f64 + 0.5) / window as f64).cos()) as f32).collect();
    let edges = match listen.below {
        // At least the two bins that a 46 ms window can tell from its neighbours.
        Some(limit) => vec![1, ((limit * window as f64 / hertz) as usize).clamp(3, window / 2)],
        None => edges(window, hertz),
    };
    let loudest = mono.iter().fold(0.0f32, |a, v| if v.is_finite() { a.max(v.abs()) } else { a }).max(1e-9);
    let scale = 4.0 / (window as f32 * loudest);

    let mut bands: Vec<Vec<f32>> = Vec::with_capacity(count);
    for f in 0..count {
        let from = (f as f64 * hop).round() as isize - window as isize / 2;
        for (i, v) in frame.iter_mut().enumerate() {
            let at = from + i as isize;
            let sample = match listen.round {
                true => mono[at.rem_euclid(n as isize) as usize],
                false => usize::try_from(at).ok().and_then(|at| mono.get(at)).copied().unwrap_or(0.0),
            };
            *v = if sample.is_finite() { sample * hann[i] } else { 0.0 };
        }
        // Lengths are those of the plan, so this can't fail; a frame that did would count as silence.
        if fft.process_with_scratch(&mut frame, &mut spectrum, &mut scratch).is_err() {
            spectrum.fill(Default::default());
        }
        let band = |w: &[usize]| {
            let power: f32 = spectrum[w[0]..w[1]].iter().map(|c| c.norm_sqr()).sum();
            scale * power.sqrt()
        };
        bands.push(edges.windows(2).map(band).collect());
    }
    // Logarithms make faint hits count. In the bass, one band against its own loudest moment: what leaks into it from above isn't bass.
    let (gain, loudest) = match listen.below {
        Some(_) => (10.0, bands.iter().flatten().copied().fold(1e-9, f32::max)),
        None => (100.0, 1.0),
    };
    bands.iter_mut().flatten().for_each(|b| *b = (1.0 + gain * *b / loudest).ln());

    let lag = 2;
    let at = |f: isize| match listen.round {
        true => Some(&bands[f.rem_euclid(count as isize) as usize]),
        false => usize::try_from(f).ok().and_then(|f| bands.get(f)),
    };
    let value = |f: usize| {
        let (Some(after), f) = (at(f as isize + lag), f as isize) else { return 0.0 };
        match at(f - lag) {
            Some(before) => after.iter().zip(before).map(|(a, b)| (a - b).max(0.0)).sum(),
            // Before a file there is silence.
            None => after.iter().sum::<f32>(),
        }
    };
    Flux { hop: hop / hertz, values: (0..count).map(value).collect(), round: listen.round }
}

/// Bins at which bands begin: a third of an octave each up to 16 kHz, and single bins where those are wider.
fn edges(window: usize, hertz: f64) -> Vec<usize> {
    let top = ((16_000.0 * window as f64 / hertz) as usize).clamp(2, window / 2);
    let mut edges = vec![1];
    while let Some(&last) = edges.last().filter(|&&last| last < top) {
        let wide = (last as f64 * 2f64.powf(1.0 / 3.0)).round() as usize;
        edges.push(wide.max(last + 1).min(top));
    }
    edges
}

impl Flux {
    /// Seconds from the first sample.
    pub(super) fn time(&self, frame: usize) -> f64 {
        frame as f64 * self.hop
    }

    /// Frames that are the largest within 30 ms and stand out of the half second around them, with their flux.
    pub(super) fn peaks(&self) -> Vec<(usize, f32)> {
        let n = self.values.len() as isize;
        let at = |f: isize| match self.round {
            true => self.values[f.rem_euclid(n) as usize],
            false => usize::try_from(f).ok().and_then(|f| self.values.get(f)).copied().unwrap_or(0.0),
        };
        let most = self.values.iter().copied().fold(0.0, f32::max);
        let stands_out = |&f: &isize| {
            let here = at(f);
            let mean = (f - 50..=f + 50).map(at).sum::<f32>() / 101.0;
            // The first term is a rise by a third in one band: less isn't heard as an onset.
            here > 0.3
                && here > 0.12 * most
                && here > 1.8 * mean
                && (f - 6..f).all(|other| at(other) < here)
                && (f + 1..=f + 6).all(|other| at(other) <= here)
        };
        (0..n).filter(stands_out).map(|f| (f as usize, at(f))).collect()
    }
}
