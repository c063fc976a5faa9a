//! Known latents held in place, for denoisers that aren't trained for it.

use super::*;
use crate::inpaint::Keep;
use crate::testing::Function;

fn known() -> Inpaint {
    let latents = source(5..6).normals(Stream::APrime, 8, 4).unwrap();
    Inpaint::new(latents, Keep::except(8, &[1..3, 6..7]).unwrap()).unwrap()
}

#[test]
fn kept_latents_stay_bit_for_bit_and_others_are_made_by_every_sampler() {
    let (inpaint, schedule) = (known(), Schedule::Cosine);
    for sampler in Sampler::ALL {
        let sampling = Sampling { inpaint: Some(&inpaint), ..plain(&schedule, sampler, 6) };
        let made = run(&mut Gaussian::new(Schedule::Cosine), &sampling, Start::Noise(noise(2, 8)), &source(0..2)).unwrap();
        let free =
            run(&mut Gaussian::new(Schedule::Cosine), &plain(&schedule, sampler, 6), Start::Noise(noise(2, 8)), &source(0..2)).unwrap();
        for item in 0..2 {
            for (t, &kept) in inpaint.keep().mask().iter().enumerate() {
                // Latents of these data don't depend on each other: what is made is what would be made without known ones.
                let expected = if kept { inpaint.known().window(t..t + 1) } else { free.single(item).unwrap().window(t..t + 1) };
                let found = made.single(item).unwrap().window(t..t + 1);
                assert_eq!(found.map(|l| bits(&l)), expected.map(|l| bits(&l)), "{sampler}, item {item}, latent {t}");
            }
        }
    }
}

#[test]
fn the_denoiser_sees_the_known_latents_at_the_level_of_each_step() {
    let (inpaint, schedule, x) = (known(), Schedule::Cosine, noise(1, 8));
    for sampler in Sampler::ALL {
        let mut evaluations = 0;
        let look = |seen: &Latents, Level { alpha, sigma }: Level| {
            let expected = Latents::sum([(alpha, inpaint.known()), (sigma, &x)]);
            for (t, &kept) in inpaint.keep().mask().iter().enumerate() {
                assert!(!kept || seen.window(t..t + 1) == expected.window(t..t + 1), "{sampler}, latent {t}");
            }
            evaluations += 1;
            Latents::sum([(0.5, seen)])
        };
        let sampling = Sampling { inpaint: Some(&inpaint), ..plain(&schedule, sampler, 6) };
        run(&mut Function(Schedule::Cosine, look), &sampling, Start::Noise(x.clone()), &source(0..1)).unwrap();
        assert!(evaluations >= 6);
    }
}

#[test]
fn refuses_known_latents_of_another_shape() {
    let (inpaint, schedule) = (known(), Schedule::Cosine);
    let sampling = Sampling { inpaint: Some(&inpaint), ..plain(&schedule, Sampler::DpmPp2m, 6) };
    let made = run(&mut Gaussian::new(Schedule::Cosine), &sampling, Start::Noise(noise(1, 9)), &source(0..1));
    assert!(matches!(made, Err(SampleError::Shape(_))));
}
