//! Samplers on flows whose end is known. Those of the tiny model are compared with the reference where the model is.

use super::*;
use std::cell::Cell;

/// A flow to one point: the velocity is (x − point) / t, and all of the way is a straight line.
struct ToPoint(f32);

impl Flow for ToPoint {
    fn velocity(&mut self, x: &Latents, t: f32) -> Result<Latents, StableError> {
        let mut v = x.clone();
        v.data_mut().iter_mut().for_each(|x| *x = if t > 0.0 { (*x - self.0) / t } else { 0.0 });
        Ok(v)
    }

    fn cost(&self, _: f32) -> usize {
        1
    }
}

fn noise(step: usize) -> Result<Latents, StableError> {
    Ok(Latents::new(1, 2, 2, vec![0.5 + step as f32, -1.0, 0.25, 2.0])?)
}

fn walk(sampler: Sampler, flow: &mut dyn Flow, progress: Progress<'_>) -> Result<Latents, StableError> {
    let levels = [1.0, 0.9, 0.6, 0.2, 0.0];
    Run { sampler, levels: &levels, flow, noise: &noise, progress }.walk(noise(0)?)
}

#[test]
fn a_straight_flow_leads_to_its_point() {
    for sampler in [Sampler::PingPong, Sampler::Euler, Sampler::DpmPp2m] {
        let made = walk(sampler, &mut ToPoint(3.0), &mut |_| ControlFlow::Continue(())).unwrap();
        assert!(made.data().iter().all(|v| (v - 3.0).abs() < 1e-5), "{sampler}: {:?}", made.data());
    }
}

#[test]
fn progress_counts_evaluations_and_can_stop() {
    for (sampler, total) in [(Sampler::PingPong, 4), (Sampler::Euler, 4), (Sampler::DpmPp2m, 4), (Sampler::Rk4, 16)] {
        let (told, last) = (Cell::new(0), Cell::new(0));
        let mut progress = |step: Step| {
            assert_eq!((step.total, step.done, step.steps), (total, told.get(), 4));
            told.set(told.get() + 1);
            last.set(step.index);
            ControlFlow::Continue(())
        };
        walk(sampler, &mut ToPoint(0.0), &mut progress).unwrap();
        assert_eq!((told.get(), last.get()), (total, 3));
        let mut stop = |step: Step| if step.done == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        assert_eq!(walk(sampler, &mut ToPoint(0.0), &mut stop).unwrap_err(), StableError::Cancelled);
    }
}

#[test]
fn numbers_that_are_none_are_told_with_their_step() {
    struct Broken;
    impl Flow for Broken {
        fn velocity(&mut self, x: &Latents, t: f32) -> Result<Latents, StableError> {
            let mut v = x.clone();
            v.data_mut().iter_mut().for_each(|x| *x = if t < 0.7 { f32::NAN } else { 0.0 });
            Ok(v)
        }
        fn cost(&self, _: f32) -> usize {
            1
        }
    }
    let error = walk(Sampler::Euler, &mut Broken, &mut |_| ControlFlow::Continue(())).unwrap_err();
    assert_eq!(error, StableError::NotFinite { index: 2, steps: 4 });
    assert!(error.to_string().contains("step 3 of 4"));
}

#[test]
fn samplers_are_known_by_their_names() {
    for sampler in Sampler::ALL {
        assert_eq!(sampler.to_string().parse::<Sampler>().unwrap(), sampler);
    }
    assert_eq!("DPMPP2M".parse::<Sampler>().unwrap(), Sampler::DpmPp2m);
    assert_eq!("pingpong".parse::<Sampler>().unwrap(), Sampler::PingPong);
    assert!("ddim".parse::<Sampler>().unwrap_err().to_string().contains("choose ping-pong"));
}
