use super::*;
use crate::denoiser::{Branches, Denoiser};
use crate::latents::Latents;
use crate::noise::Stream;
use crate::parameterisation::Parameterisation;
use crate::schedule::{Betas, Level, Schedule};
use crate::testing::{Gaussian, distance, source};

/// One way from `from` to `to` of the whole schedule (1 is all noise), in even steps, without the last jump to clean latents.
fn walk(sampler: Sampler, gaussian: &mut Gaussian, mut x: Latents, from: f64, to: f64, steps: usize) -> Latents {
    let schedule = gaussian.schedule.clone();
    let time = |i: usize| ((from + (to - from) * i as f64 / steps as f64) * schedule.last_time()) as f32;
    let mut clean = |x: &Latents, i: usize| gaussian.predict(x, time(i), Branches::Conditioned).unwrap().conditioned;
    let fresh = Latents::zeros(x.batch(), x.frames(), x.channels()).unwrap();
    let mut before = None;
    for i in 0..steps {
        let (from, to) = (schedule.level(time(i).into()), schedule.level(time(i + 1).into()));
        let of_x = clean(&x, i);
        x = match sampler {
            Sampler::DpmPp2m => dpmpp2m::step(&x, of_x, from, to, &mut before),
            Sampler::Ddim { eta } => ddim::step(&x, &of_x, from, to, eta, &fresh),
            Sampler::Ddpm => ddpm::step(&x, &of_x, from, to, &fresh),
            Sampler::Euler => euler::step(&x, &of_x, from, to),
            Sampler::Heun => {
                let next = euler::step(&x, &of_x, from, to);
                heun::correct(&x, &of_x, from, &next, &clean(&next, i + 1), to)
            }
        };
    }
    x
}

/// log₂ of how much smaller the error gets, on average, each time the steps are doubled from 16 to 128.
fn order(sampler: Sampler, schedule: &Schedule) -> f64 {
    let (from, to) = (0.8, 0.2);
    let mut gaussian = Gaussian { parameterisation: Parameterisation::Clean, ..Gaussian::new(schedule.clone()) };
    let x = source(0..1).normals(Stream::Latents, 64, 4).unwrap();
    let level = |place: f64| schedule.level(f64::from((place * schedule.last_time()) as f32));
    let exact = gaussian.between(&x, level(from), level(to));
    let mut error = |steps| distance(&walk(sampler, &mut gaussian, x.clone(), from, to, steps), &exact);
    (error(16) / error(128)).log2() / 3.0
}

fn schedules() -> [Schedule; 3] {
    [Schedule::Cosine, Schedule::Betas(Betas::linear(1e-4, 0.02).unwrap()), Schedule::Flow]
}

#[test]
fn ddim_and_euler_converge_with_the_first_order() {
    for schedule in schedules() {
        for sampler in [Sampler::Ddim { eta: 0.0 }, Sampler::Euler] {
            let order = order(sampler, &schedule);
            assert!((0.9..1.15).contains(&order), "{sampler} on {schedule:?}: order {order}");
        }
    }
}

#[test]
fn dpm_solver_and_heun_converge_with_the_second_order() {
    for schedule in schedules() {
        for sampler in [Sampler::DpmPp2m, Sampler::Heun] {
            let order = order(sampler, &schedule);
            assert!((1.8..2.4).contains(&order), "{sampler} on {schedule:?}: order {order}");
        }
    }
}

#[test]
fn euler_arrives_where_ddim_without_fresh_noise_does() {
    for schedule in schedules() {
        let mut gaussian = Gaussian { parameterisation: Parameterisation::Clean, ..Gaussian::new(schedule) };
        let x = source(0..1).normals(Stream::Latents, 16, 4).unwrap();
        let ddim = walk(Sampler::Ddim { eta: 0.0 }, &mut gaussian, x.clone(), 0.9, 0.1, 10);
        assert!(distance(&walk(Sampler::Euler, &mut gaussian, x, 0.9, 0.1, 10), &ddim) < 1e-6);
    }
}

#[test]
fn ddpm_is_ddim_with_all_fresh_noise() {
    let [x, clean, fresh] = [0, 1, 2].map(|i| source(i..i + 1).normals(Stream::Latents, 16, 4).unwrap());
    for schedule in schedules() {
        let (from, to) = (schedule.level(0.8 * schedule.last_time()), schedule.level(0.3 * schedule.last_time()));
        let ddim = ddim::step(&x, &clean, from, to, 1.0, &fresh);
        assert!(distance(&ddpm::step(&x, &clean, from, to, &fresh), &ddim) < 1e-6);
    }
}

#[test]
fn a_first_step_from_noise_alone_is_finite() {
    let [x, clean] = [0, 1].map(|i| source(i..i + 1).normals(Stream::Latents, 4, 4).unwrap());
    let (noise, middle, late) = (Level { alpha: 0.0, sigma: 1.0 }, Schedule::Flow.level(0.5), Schedule::Flow.level(0.25));
    let mut before = None;
    let first = dpmpp2m::step(&x, clean.clone(), noise, middle, &mut before);
    assert_eq!(first, Latents::sum([(0.5, &x), (0.5, &clean)]));
    assert!(dpmpp2m::step(&first, clean.clone(), middle, late, &mut before).is_finite());
    assert_eq!(euler::step(&x, &clean, noise, middle), first);
    assert!(heun::correct(&x, &clean, noise, &first, &clean, middle).is_finite());
}

#[test]
fn names_are_read_as_they_are_written() {
    for sampler in Sampler::ALL.into_iter().chain([Sampler::Ddim { eta: 0.25 }]) {
        assert_eq!(sampler.to_string().parse(), Ok(sampler));
    }
    assert_eq!(" DPM++2M ".parse(), Ok(Sampler::default()));
}

#[test]
fn refuses_names_of_no_sampler() {
    for name in ["", "dpm", "ddim:", "ddim:2", "ddim:NaN", "ddim:-0.1", "heun:1"] {
        let message = name.parse::<Sampler>().unwrap_err().to_string();
        assert!(message.contains("dpm++2m"), "{message}");
    }
}
