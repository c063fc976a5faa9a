//! What comes of many independent numbers: moments and modes.

use super::*;
use crate::testing::Function;

/// Mean and variance of a channel.
fn moments(latents: &Latents, channel: usize) -> (f64, f64) {
    let numbers: Vec<f64> = latents.data().iter().skip(channel).step_by(latents.channels()).map(|&x| x.into()).collect();
    let n = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / n;
    (mean, numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n)
}

#[test]
fn every_sampler_gives_the_mean_and_variance_of_the_data() {
    const FRAMES: usize = 4096;
    for sampler in Sampler::ALL.into_iter().chain([Sampler::Ddim { eta: 0.5 }, Sampler::Ddim { eta: 1.0 }]) {
        for schedule in [Schedule::Cosine, Schedule::Flow] {
            let mut gaussian = Gaussian { parameterisation: Parameterisation::Clean, ..Gaussian::new(schedule.clone()) };
            let made = run(&mut gaussian, &plain(&schedule, sampler, 128), Start::Noise(noise(1, FRAMES)), &source(0..1)).unwrap();
            for (channel, &(mean, deviation)) in gaussian.channels.iter().enumerate() {
                let (m, v) = moments(&made, channel);
                let (off_mean, off_variance) = ((m - mean) / deviation, v / deviation.powi(2) - 1.0);
                // Four deviations of what 4096 draws give by chance, and 3 % for the finite steps.
                let chance = 4.0 / (FRAMES as f64).sqrt();
                assert!(off_mean.abs() < chance + 0.03, "{sampler} on {schedule:?}, channel {channel}: mean off by {off_mean} deviations");
                assert!(
                    off_variance.abs() < chance * 2f64.sqrt() + 0.03,
                    "{sampler} on {schedule:?}, channel {channel}: variance off by {off_variance}"
                );
            }
        }
    }
}

/// The part of the start noise that is left in what was made: the correlation of the two in channel 0, which has mean 0.
fn memory(sampler: Sampler) -> f64 {
    let (schedule, x) = (Schedule::Cosine, noise(1, 4096));
    let made = run(&mut Gaussian::new(Schedule::Cosine), &plain(&schedule, sampler, 64), Start::Noise(x.clone()), &source(0..1)).unwrap();
    let pairs = x.data().iter().zip(made.data()).step_by(4);
    pairs.map(|(&a, &b)| f64::from(a * b)).sum::<f64>() / 4096.0
}

#[test]
fn fresh_noise_makes_the_start_forgotten() {
    let [none, half, all] = [0.0, 0.5, 1.0].map(|eta| memory(Sampler::Ddim { eta }));
    assert!(none > 0.95, "{none}");
    assert!(half < none - 0.1 && all < half - 0.1, "{none} {half} {all}");
    assert!(all < 0.1, "{all}");
    assert!((memory(Sampler::Ddpm) - all).abs() < 1e-4);
}

#[test]
fn two_modes_are_found_equally_often_and_nothing_between_them() {
    const AT: f64 = 2.0;
    const VARIANCE: f64 = 0.04;
    // Data around +2 and −2: the exact denoiser weighs the two by how likely x is under each.
    let denoise = |x: &Latents, Level { alpha, sigma }: Level| {
        let mut clean = x.clone();
        let variance = alpha * alpha * VARIANCE + sigma * sigma;
        for x in clean.data_mut() {
            let noisy = f64::from(*x);
            let around = |mean: f64| mean + alpha * VARIANCE / variance * (noisy - alpha * mean);
            let plus = 1.0 / (1.0 + (-2.0 * alpha * AT * noisy / variance).exp());
            *x = (plus * around(AT) + (1.0 - plus) * around(-AT)) as f32;
        }
        clean
    };
    for sampler in Sampler::ALL {
        let schedule = Schedule::Cosine;
        let made =
            run(&mut Function(Schedule::Cosine, denoise), &plain(&schedule, sampler, 64), Start::Noise(noise(1, 1024)), &source(0..1))
                .unwrap();
        let n = made.data().len() as f64;
        let near = |mode: f64| made.data().iter().filter(|&&x| (f64::from(x) - mode).abs() < 5.0 * VARIANCE.sqrt()).count() as f64 / n;
        let (plus, minus) = (near(AT), near(-AT));
        assert!(plus + minus > 0.98, "{sampler}: {plus} + {minus}");
        // Five deviations of a fair coin thrown 4096 times are 0.04.
        assert!((plus - minus).abs() < 0.08, "{sampler}: {plus} and {minus}");
    }
}
