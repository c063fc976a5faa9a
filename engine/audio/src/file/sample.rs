//! 24-bit samples as numbers.

/// Steps of a 24-bit sample from silence to full scale.
const STEPS: f32 = 8_388_608.0;

/// The 24-bit integer nearest to `sample` (±1 is full scale), held at −2²³ and 2²³ − 1. NaN becomes 0.
#[inline]
pub fn to_24(sample: f32) -> i32 {
    // The product is exact (a power of two), so halves are rounded once, away from zero; the cast saturates.
    ((sample * STEPS).round() as i32).clamp(-8_388_608, 8_388_607)
}

/// A 24-bit integer as a sample in [−1, 1): exact.
#[inline]
pub fn from_24(value: i32) -> f32 {
    value as f32 / STEPS
}

/// `sample` as it will be after a 24-bit file: the nearest 24-bit value.
#[inline]
pub fn round_24(sample: f32) -> f32 {
    from_24(to_24(sample))
}

/// [`round_24`] of every sample, faster.
pub fn round_all_24(samples: &mut [f32]) {
    // the same function, compiled for registers that can round
    pulp::Arch::new().dispatch(|| samples.iter_mut().for_each(|v| *v = round_24(*v)));
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn many_are_rounded_as_each_is() {
        let halves = (-20_000..20_000).map(|i| (i as f32 + 0.5) / STEPS);
        let special = [f32::NAN, f32::INFINITY, -f32::INFINITY, 1.0, -1.0, -0.0, 1e-30, 0.499_999_97 / STEPS, 0.999_999_94];
        let any = (0..100_000u32).map(|i| f32::from_bits(i.wrapping_mul(2_654_435_769)));
        let mut samples: Vec<f32> = halves.chain(special).chain(any).collect();
        let each: Vec<u32> = samples.iter().map(|v| round_24(*v).to_bits()).collect();
        round_all_24(&mut samples);
        assert!(samples.iter().map(|v| v.to_bits()).eq(each));
    }

    #[test]
    fn every_kind_of_24_bit_value_survives() {
        for value in [-8_388_608, -8_388_607, -8_388_605, -1, 0, 1, 2, 8_388_605, 8_388_606, 8_388_607] {
            assert_eq!(to_24(from_24(value)), value);
        }
    }

    #[test]
    fn holds_what_is_too_loud_at_full_scale() {
        assert_eq!(to_24(1.0), 8_388_607);
        assert_eq!(to_24(f32::INFINITY), 8_388_607);
        assert_eq!(to_24(-7.0), -8_388_608);
        assert_eq!(to_24(f32::NAN), 0);
    }
}
