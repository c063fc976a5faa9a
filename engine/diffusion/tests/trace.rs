//! The default sampler does what the reference does: a trace of its 16 steps (`data/trace.safetensors`, cut by `data/cut.py`), without the network.

use inlay_diffusion::*;
use safetensors::SafeTensors;
use std::collections::VecDeque;
use std::ops::ControlFlow;

/// Of the reference: max|a − b| ≤ tolerance · max(1, max|reference|).
const TOLERANCE: f32 = 1e-4;

struct Trace(Vec<u8>);

impl Trace {
    fn read() -> Self {
        Self(std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/trace.safetensors")).unwrap())
    }

    fn numbers(&self, name: &str) -> Vec<f32> {
        let file = SafeTensors::deserialize(&self.0).unwrap();
        file.tensor(name).unwrap().data().chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect()
    }

    fn time(&self, step: usize) -> f32 {
        self.numbers(&format!("sample.step{step}.t"))[0]
    }

    fn latents(&self, name: &str) -> Latents {
        Latents::new(2, 8, 64, self.numbers(name)).unwrap()
    }

    fn step(&self, step: usize, part: &str) -> Latents {
        self.latents(&format!("sample.step{step}.{part}"))
    }
}

fn assert_agree(what: &str, found: &Latents, reference: &Latents) {
    let largest = reference.data().iter().fold(1f32, |a, b| a.max(b.abs()));
    let off = found.data().iter().zip(reference.data()).map(|(a, b)| (a - b).abs()).fold(0f32, f32::max);
    assert!(off <= TOLERANCE * largest, "{what} is off by {off}, of {largest}");
}

/// Gives the stored predictions, one after the other, and keeps what it was asked.
struct Replay {
    predictions: VecDeque<Latents>,
    asked: Vec<(Latents, f32)>,
}

impl Replay {
    fn new(predictions: impl IntoIterator<Item = Latents>) -> Self {
        Self { predictions: predictions.into_iter().collect(), asked: Vec::new() }
    }
}

impl Denoiser for Replay {
    type Error = &'static str;

    fn parameterisation(&self) -> Parameterisation {
        Parameterisation::V
    }

    fn predict(&mut self, x: &Latents, time: f32, _: Branches) -> Result<Predictions, &'static str> {
        self.asked.push((x.clone(), time));
        let conditioned = self.predictions.pop_front().ok_or("the trace ends here")?;
        Ok(Predictions { conditioned, unconditioned: None })
    }
}

fn sample_16(replay: &mut Replay, steps: usize, start: Start) -> Result<Latents, SampleError<&'static str>> {
    // The stored predictions are guided already.
    let sampling = Sampling { schedule: &Schedule::Cosine, sampler: Sampler::DpmPp2m, steps, guidance: Guidance::NONE, inpaint: None };
    sample(replay, &sampling, start, &NoiseSource::variations(0, 0..2), &mut |_| ControlFlow::Continue(()))
}

#[test]
fn sixteen_steps_go_through_the_times_of_the_reference() {
    let trace = Trace::read();
    let times = Schedule::Cosine.times(1.0, 16);
    for step in [0, 1, 8, 15] {
        assert!((times[step] - trace.time(step)).abs() <= 1e-3, "step {step} is at {}", times[step]);
    }
}

#[test]
fn the_first_step_arrives_where_the_reference_does() {
    let trace = Trace::read();
    let mut replay = Replay::new([trace.step(0, "v")]);
    let end = sample_16(&mut replay, 16, Start::Noise(trace.step(0, "x")));
    assert_eq!(end, Err(SampleError::Denoiser("the trace ends here")));
    let (x, time) = &replay.asked[1];
    assert!((time - trace.time(1)).abs() <= 1e-3);
    assert_agree("x of step 1", x, &trace.step(1, "x"));
}

#[test]
fn clean_latents_come_of_every_prediction_as_in_the_reference() {
    let trace = Trace::read();
    for step in [0, 1, 8, 15] {
        // A run of a single step that starts at the time and the x of this one: nothing of clean latents, all of noise.
        let amount = f64::from(trace.time(step)) / Schedule::Cosine.last_time();
        let sigma = Schedule::Cosine.level(f64::from(trace.time(step))).sigma;
        let x = trace.step(step, "x");
        let noise = x.data().iter().map(|&x| (f64::from(x) / sigma) as f32).collect();
        let start = Start::From { latents: Latents::zeros(2, 8, 64).unwrap(), amount, noise: Latents::new(2, 8, 64, noise).unwrap() };
        let clean = sample_16(&mut Replay::new([trace.step(step, "v")]), 1, start).unwrap();
        assert_agree(&format!("clean of step {step}"), &clean, &trace.step(step, "clean"));
    }
}

/// The reference's `sample`, line by line, for a network that sees one number of clean latents as the sine of x.
fn reference_sample(noise: f64, steps: usize) -> f64 {
    let alpha_bar = |t: f64| ((t / 1000.0 + 0.008) / 1.008 * std::f64::consts::FRAC_PI_2).cos().powi(2);
    let times: Vec<f64> = (0..=steps).map(|i| 999.0 * (1.0 - i as f64 / steps as f64)).collect();
    let (mut x, mut old) = (noise, None);
    for i in 0..steps {
        let (a, b) = (alpha_bar(times[i] + 0.5), alpha_bar(times[i + 1] + 0.5));
        let clean = x.sin();
        if i == steps - 1 {
            return clean;
        }
        let lam = |q: f64| 0.5 * (q / (1.0 - q)).ln();
        let h = lam(b) - lam(a);
        let d = old.map_or(clean, |(old, old_h)| clean + (clean - old) * h / (2.0 * old_h));
        x = ((1.0 - b) / (1.0 - a)).sqrt() * x - b.sqrt() * (-h).exp_m1() * d;
        old = Some((clean, h));
    }
    x
}

struct Sine;

impl Denoiser for Sine {
    type Error = ShapeError;

    fn parameterisation(&self) -> Parameterisation {
        Parameterisation::Clean
    }

    fn predict(&mut self, x: &Latents, _: f32, _: Branches) -> Result<Predictions, ShapeError> {
        let [batch, frames, channels] = x.shape();
        let conditioned = Latents::new(batch, frames, channels, x.data().iter().map(|x| x.sin()).collect())?;
        Ok(Predictions { conditioned, unconditioned: None })
    }
}

#[test]
fn all_steps_follow_the_formulas_of_the_reference() {
    let source = NoiseSource::variations(3, 0..1);
    let noise = source.normals(Stream::Latents, 8, 8).unwrap();
    for steps in [1, 2, 8, 16] {
        let sampling = Sampling { schedule: &Schedule::Cosine, sampler: Sampler::DpmPp2m, steps, guidance: Guidance::NONE, inpaint: None };
        let made = sample(&mut Sine, &sampling, Start::Noise(noise.clone()), &source, &mut |_| ControlFlow::Continue(())).unwrap();
        let reference = noise.data().iter().map(|&x| reference_sample(f64::from(x), steps) as f32).collect();
        assert_agree(&format!("the end of {steps} steps"), &made, &Latents::new(1, 8, 8, reference).unwrap());
    }
}
