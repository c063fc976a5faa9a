//! What holds for every sampler, on problems with known answers.

use super::*;
use crate::denoiser::{Branches, Predictions};
use crate::noise::Stream;
use crate::parameterisation::Parameterisation;
use crate::schedule::Betas;
use crate::testing::{Gaussian, distance, plain, run, source};

mod inpainting;
mod statistics;

fn noise(batch: u32, frames: usize) -> Latents {
    source(0..batch).normals(Stream::Latents, frames, 4).unwrap()
}

fn schedules() -> [Schedule; 3] {
    [Schedule::Cosine, Schedule::Betas(Betas::linear(1e-4, 0.02).unwrap()), Schedule::Flow]
}

fn bits(latents: &Latents) -> Vec<u32> {
    latents.data().iter().map(|x| x.to_bits()).collect()
}

#[test]
fn samplers_without_fresh_noise_follow_the_probability_flow() {
    let x = noise(1, 64);
    for schedule in schedules() {
        // Measured: at most 0.064, 0.012 and 0.013; the deviations of the data are 0.25 to 2.
        for (sampler, bound) in [(Sampler::Euler, 0.08), (Sampler::DpmPp2m, 0.015), (Sampler::Heun, 0.015)] {
            let mut gaussian = Gaussian::new(schedule.clone());
            let made = run(&mut gaussian, &plain(&schedule, sampler, 32), Start::Noise(x.clone()), &source(0..1)).unwrap();
            let error = distance(&made, &gaussian.flow(&x, schedule.level(schedule.last_time()), 0.0));
            assert!(error < bound, "{sampler} on {schedule:?}: {error}");
        }
    }
}

#[test]
fn every_parameterisation_gives_the_same_latents() {
    let x = noise(1, 16);
    for schedule in [Schedule::Cosine, Schedule::Betas(Betas::linear(1e-4, 0.02).unwrap())] {
        let made = |parameterisation| {
            let mut gaussian = Gaussian { parameterisation, ..Gaussian::new(schedule.clone()) };
            run(&mut gaussian, &plain(&schedule, Sampler::DpmPp2m, 16), Start::Noise(x.clone()), &source(0..1)).unwrap()
        };
        let clean = made(Parameterisation::Clean);
        for other in [Parameterisation::V, Parameterisation::Epsilon, Parameterisation::Velocity] {
            let error = distance(&made(other), &clean);
            assert!(error < 1e-4, "{other:?} on {schedule:?}: {error}");
        }
    }
}

#[test]
fn a_batch_gives_the_bits_of_its_items_alone() {
    for sampler in Sampler::ALL.into_iter().chain([Sampler::Ddim { eta: 0.5 }]) {
        let schedule = Schedule::Cosine;
        let sampling = Sampling { guidance: Guidance::EMBEDDED, ..plain(&schedule, sampler, 7) };
        let made = |variations: std::ops::Range<u32>| {
            let source = source(variations);
            let x = source.normals(Stream::Latents, 8, 4).unwrap();
            run(&mut Gaussian { unconditioned: 0.3, ..Gaussian::new(Schedule::Cosine) }, &sampling, Start::Noise(x), &source).unwrap()
        };
        let batch = made(0..3);
        for i in 0..3 {
            assert_eq!(batch.single(i as usize), Some(made(i..i + 1)), "{sampler}, item {i}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_bits_and_another_pass_other_noise() {
    let schedule = Schedule::Cosine;
    let made = |source: &NoiseSource| {
        run(&mut Gaussian::new(Schedule::Cosine), &plain(&schedule, Sampler::Ddpm, 5), Start::Noise(noise(1, 8)), source).unwrap()
    };
    assert_eq!(bits(&made(&source(0..1))), bits(&made(&source(0..1))));
    assert_ne!(made(&source(0..1)), made(&source(0..1).with_pass(1)));
}

#[test]
fn amount_zero_gives_back_the_bits_and_asks_nothing_of_the_denoiser() {
    let latents = Latents::new(1, 1, 4, vec![-0.0, f32::MIN_POSITIVE / 3.0, 1.0, -7.25]).unwrap();
    let mut gaussian = Gaussian::new(Schedule::Cosine);
    let start = Start::From { latents: latents.clone(), amount: 0.0, noise: noise(1, 1) };
    let made = run(&mut gaussian, &plain(&Schedule::Cosine, Sampler::DpmPp2m, 8), start, &source(0..1)).unwrap();
    assert_eq!(bits(&made), bits(&latents));
    assert!(gaussian.seen.is_empty());
}

#[test]
fn a_partial_start_follows_the_flow_from_its_level() {
    let (latents, noise, schedule) =
        (Latents::sum([(2.0, &noise(1, 64))]), source(1..2).normals(Stream::Latents, 64, 4).unwrap(), Schedule::Cosine);
    for amount in [0.01, 0.3, 0.6] {
        let mut gaussian = Gaussian::new(schedule.clone());
        let level = schedule.level(f64::from(schedule.times(amount, 1)[0]));
        let x = Latents::sum([(level.alpha, &latents), (level.sigma, &noise)]);
        let start = Start::From { latents: latents.clone(), amount, noise: noise.clone() };
        let made = run(&mut gaussian, &plain(&schedule, Sampler::DpmPp2m, 32), start, &source(0..1)).unwrap();
        let error = distance(&made, &gaussian.flow(&x, level, 0.0));
        assert!(error < 3e-3, "amount {amount}: {error}");
        assert!((f64::from(gaussian.seen[0].0) - amount * 999.0).abs() < 1e-3);
    }
}

#[test]
fn the_smallest_amounts_stay_finite() {
    for schedule in schedules() {
        for sampler in Sampler::ALL {
            for amount in [1e-300, 1e-40, 1e-6, 1e-5] {
                let start = Start::From { latents: noise(1, 4), amount, noise: noise(1, 4) };
                let made = run(&mut Gaussian::new(schedule.clone()), &plain(&schedule, sampler, 1000), start, &source(0..1)).unwrap();
                assert!(made.is_finite(), "{sampler}, amount {amount} on {schedule:?}");
            }
        }
    }
}

#[test]
fn guidance_moves_the_means_as_far_as_it_says() {
    // Guiding N(μ, s²) against N(μ + d, s²) with strength g is sampling from N(μ + (1 − g) d, s²).
    let guidance = Guidance { strength: 2.5, interval: 0.0..=1000.0, rescale: 0.0 };
    for schedule in schedules() {
        let x = noise(1, 64);
        let mut gaussian = Gaussian { unconditioned: 0.4, ..Gaussian::new(schedule.clone()) };
        let sampling = Sampling { guidance: guidance.clone(), ..plain(&schedule, Sampler::Heun, 64) };
        let made = run(&mut gaussian, &sampling, Start::Noise(x.clone()), &source(0..1)).unwrap();
        let error = distance(&made, &gaussian.flow(&x, schedule.level(schedule.last_time()), -1.5 * 0.4));
        assert!(error < 6e-3, "{schedule:?}: {error}");
    }
}

#[test]
fn both_branches_are_asked_for_inside_of_the_interval_only() {
    let mut gaussian = Gaussian::new(Schedule::Cosine);
    let sampling = Sampling { guidance: Guidance::EMBEDDED, ..plain(&Schedule::Cosine, Sampler::DpmPp2m, 16) };
    run(&mut gaussian, &sampling, Start::Noise(noise(1, 1)), &source(0..1)).unwrap();
    for (time, branches) in gaussian.seen {
        assert_eq!(branches == Branches::Both, (100.0..=800.0).contains(&time), "at {time}");
    }
}

#[test]
fn progress_counts_every_prediction_before_it_is_made() {
    for sampler in Sampler::ALL {
        let schedule = Schedule::Cosine;
        let sampling = Sampling { guidance: Guidance::EMBEDDED, ..plain(&schedule, sampler, 16) };
        let (mut gaussian, mut told) = (Gaussian::new(Schedule::Cosine), Vec::new());
        let mut progress = |step| {
            told.push(step);
            ControlFlow::Continue(())
        };
        sample(&mut gaussian, &sampling, Start::Noise(noise(1, 1)), &source(0..1), &mut progress).unwrap();
        let evaluations = if sampler == Sampler::Heun { 31 } else { 16 };
        assert_eq!((told.len(), gaussian.seen.len()), (evaluations, evaluations));
        let mut done = 0;
        for (step, (time, branches)) in told.iter().zip(&gaussian.seen) {
            assert_eq!((step.done, step.time, step.steps), (done, *time, 16));
            done += if *branches == Branches::Both { 2 } else { 1 };
        }
        assert!(told.iter().all(|step| step.total == done));
        assert_eq!(told.last().map(|step| step.index), Some(15));
    }
}

#[test]
fn cancelling_stops_before_the_next_evaluation() {
    for sampler in Sampler::ALL {
        let mut gaussian = Gaussian::new(Schedule::Cosine);
        let mut left = 3;
        let mut progress = |_| {
            left -= 1;
            if left < 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let made = sample(&mut gaussian, &plain(&Schedule::Cosine, sampler, 16), Start::Noise(noise(1, 1)), &source(0..1), &mut progress);
        assert_eq!(made, Err(SampleError::Cancelled));
        assert_eq!(gaussian.seen.len(), 3);
    }
}

#[test]
fn refuses_settings_that_make_no_sense() {
    let schedule = Schedule::Cosine;
    let try_out = |sampling: &Sampling, amount| {
        let start = Start::From { latents: noise(1, 1), amount, noise: noise(1, 1) };
        run(&mut Gaussian::new(Schedule::Cosine), sampling, start, &source(0..1)).unwrap_err()
    };
    let good = plain(&schedule, Sampler::DpmPp2m, 4);
    assert_eq!(try_out(&Sampling { steps: 0, ..good.clone() }, 0.5), SettingsError::Steps(0).into());
    assert_eq!(try_out(&Sampling { steps: usize::MAX, ..good.clone() }, 0.5), SettingsError::Steps(usize::MAX).into());
    assert_eq!(try_out(&good, 1.01), SettingsError::Amount(1.01).into());
    assert!(matches!(try_out(&good, f64::NAN), SampleError::Settings(SettingsError::Amount(_))));
    assert_eq!(try_out(&Sampling { sampler: Sampler::Ddim { eta: -1.0 }, ..good.clone() }, 0.5), SettingsError::Eta(-1.0).into());
    let guided = |strength, rescale| Sampling { guidance: Guidance { strength, rescale, ..Guidance::EMBEDDED }, ..good.clone() };
    assert!(matches!(try_out(&guided(f64::NAN, 1.0), 0.5), SampleError::Settings(SettingsError::Strength(_))));
    assert_eq!(try_out(&guided(3.0, 2.0), 0.5), SettingsError::Rescale(2.0).into());
}

#[test]
fn refuses_noise_of_another_shape_or_batch() {
    let schedule = Schedule::Cosine;
    let sampling = plain(&schedule, Sampler::DpmPp2m, 4);
    let start = Start::From { latents: noise(1, 2), amount: 0.5, noise: noise(1, 3) };
    let made = run(&mut Gaussian::new(Schedule::Cosine), &sampling, start, &source(0..1));
    assert!(matches!(made, Err(SampleError::Shape(ShapeError::Different { .. }))));
    let made = run(&mut Gaussian::new(Schedule::Cosine), &sampling, Start::Noise(noise(2, 2)), &source(0..1));
    assert_eq!(made, Err(SampleError::Batch { expected: 2, found: 1 }));
}

/// Answers every question with the same predictions.
struct Stubborn(Result<Predictions, &'static str>);

impl Denoiser for Stubborn {
    type Error = &'static str;

    fn parameterisation(&self) -> Parameterisation {
        Parameterisation::V
    }

    fn predict(&mut self, _: &Latents, _: f32, _: Branches) -> Result<Predictions, &'static str> {
        self.0.clone()
    }
}

#[test]
fn a_denoiser_that_fails_fails_the_run_with_its_reason() {
    let schedule = Schedule::Cosine;
    let sampling = Sampling { guidance: Guidance { interval: 0.0..=1000.0, ..Guidance::EMBEDDED }, ..plain(&schedule, Sampler::Euler, 4) };
    let made = |answer| run(&mut Stubborn(answer), &sampling, Start::Noise(noise(1, 2)), &source(0..1)).unwrap_err();
    let only = |conditioned| Ok(Predictions { conditioned, unconditioned: None });
    assert_eq!(made(Err("no memory")), SampleError::Denoiser("no memory"));
    assert_eq!(made(only(noise(1, 2))), SampleError::Unguided);
    assert!(matches!(made(only(noise(1, 3))), SampleError::Shape(_)));
    let broken = Latents::new(1, 2, 4, vec![f32::NAN; 8]).unwrap();
    let lost = SampleError::NotFinite { index: 0, steps: 4 };
    assert_eq!(made(Ok(Predictions { conditioned: broken.clone(), unconditioned: Some(noise(1, 2)) })), lost);
    assert_eq!(made(Ok(Predictions { conditioned: noise(1, 2), unconditioned: Some(broken) })), lost);
}
