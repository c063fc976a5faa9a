//! Snake against plain loops.

use super::{at_every_level, close, values};
use crate::snake;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn snake_agrees_with_plain_loops(rows in 0usize..9, channels in 1usize..70, scale in 0.01f32..3000.0, seed in 0u64..1000) {
        at_every_level(|| {
            let x: Vec<f32> = values(rows * channels, seed).iter().map(|v| v * scale).collect();
            let (a, b) = (values(channels, seed + 1), values(channels, seed + 2));
            let mut out = x.clone();
            snake(&mut out, &a, &b);
            // the product is rounded as the kernel rounds it
            let expected = |i: usize| {
                let (a, b) = (a[i % channels], b[i % channels]);
                f64::from(x[i]) + f64::from(a * x[i]).sin().powi(2) * f64::from(b)
            };
            close(&out, &(0..x.len()).map(expected).collect::<Vec<_>>(), 2e-6 + f64::from(scale) * 1.2e-7);
        });
    }
}

#[test]
fn snake_agrees_with_plain_loops_near_and_far() {
    at_every_level(|| {
        for scale in [0.1, 3.0, 100.0, 5000.0] {
            let x: Vec<f32> = values(6000, 5).iter().map(|v| v * scale).collect();
            let (a, b) = ([1.0f32, 0.7, 1.9], [1.0f32, 0.3, -2.0]);
            let mut out = x.clone();
            snake(&mut out, &a, &b);
            // the product is rounded as the kernel rounds it
            let expected = |i: usize| f64::from(x[i]) + f64::from(a[i % 3] * x[i]).sin().powi(2) * f64::from(b[i % 3]);
            close(&out, &(0..x.len()).map(expected).collect::<Vec<_>>(), 2e-6 + f64::from(scale) * 1.2e-7);
        }
    });
}
