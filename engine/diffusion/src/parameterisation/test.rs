use super::*;

const CLEAN: f64 = 0.7;
const NOISE: f64 = -1.3;

fn one(number: f64) -> Latents {
    Latents::new(1, 1, 1, vec![number as f32]).unwrap()
}

#[test]
fn every_prediction_gives_back_the_clean_latents_it_was_made_of() {
    for level in [Level { alpha: 0.6, sigma: 0.8 }, Level { alpha: 0.75, sigma: 0.25 }, Level { alpha: 1.0, sigma: 3.0 }] {
        let Level { alpha, sigma } = level;
        let predictions = [
            (Parameterisation::V, alpha * NOISE - sigma * CLEAN),
            (Parameterisation::Epsilon, NOISE),
            (Parameterisation::Clean, CLEAN),
            (Parameterisation::Velocity, NOISE - CLEAN),
        ];
        for (parameterisation, prediction) in predictions {
            let clean = parameterisation.clean(&one(alpha * CLEAN + sigma * NOISE), &one(prediction), level);
            let off = (f64::from(clean.data()[0]) - CLEAN).abs();
            assert!(off < 2e-6, "{parameterisation:?} at {level:?} is off by {off}");
        }
    }
}
