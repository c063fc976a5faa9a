use super::*;

const MANY: usize = 1 << 18;

fn sequence(stream: Stream, variation: u32) -> Sequence {
    Sequence { seed: 0x0123_4567_89ab_cdef, stream, variation }
}

fn moment(numbers: &[f32], power: i32) -> f64 {
    numbers.iter().map(|&x| f64::from(x).powi(power)).sum::<f64>() / numbers.len() as f64
}

fn correlation(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum::<f64>() / a.len() as f64
}

#[test]
fn words_follow_the_documented_packing() {
    let words = philox([0x89ab_cdef, 0x0123_4567], [0x5, 0x2, 3, 7]);
    let index = 4 * ((2u64 << 32) + 5);
    let drawn: Vec<u32> = (0..4).map(|i| sequence(Stream::Chords, 7).word(index + i)).collect();
    assert_eq!(drawn, words);
}

#[test]
fn numbers_are_the_same_whatever_the_chunking() {
    let s = sequence(Stream::Phases, 1);
    let (normals, uniforms) = (s.normals(3..1003), s.uniforms(3..1003));
    for size in [1u64, 2, 3, 5, 64] {
        let chunks: Vec<_> = (3..1003).step_by(size as usize).map(|i| i..(i + size).min(1003)).collect();
        assert_eq!(chunks.iter().cloned().flat_map(|c| s.normals(c)).collect::<Vec<_>>(), normals);
        assert_eq!(chunks.into_iter().flat_map(|c| s.uniforms(c)).collect::<Vec<_>>(), uniforms);
    }
}

#[test]
fn normals_have_the_moments_of_a_normal_distribution() {
    let numbers = sequence(Stream::Latents, 0).normals(0..MANY as u64);
    let n = MANY as f64;
    // Deviations of the sample moments: 1/√n, √2/√n, √15/√n, √96/√n; five of each are allowed.
    for (power, expected, deviation) in [(1, 0.0, 1.0), (2, 1.0, 2f64.sqrt()), (3, 0.0, 15f64.sqrt()), (4, 3.0, 96f64.sqrt())] {
        let off = (moment(&numbers, power) - expected).abs();
        assert!(off < 5.0 * deviation / n.sqrt(), "moment {power} is off by {off}");
    }
    // P(|x| > 3) = 0.0027
    let tail = numbers.iter().filter(|x| x.abs() > 3.0).count() as f64 / n;
    assert!((tail - 0.0027).abs() < 5.0 * (0.0027 / n).sqrt(), "tail {tail}");
}

#[test]
fn uniforms_fill_the_interval_evenly() {
    let numbers = sequence(Stream::Phases, 0).uniforms(0..MANY as u64);
    let mut counts = [0f64; 16];
    for &x in &numbers {
        assert!((0.0..1.0).contains(&x));
        counts[(x * 16.0) as usize] += 1.0;
    }
    let expected = MANY as f64 / 16.0;
    let chi_squared: f64 = counts.iter().map(|c| (c - expected).powi(2) / expected).sum();
    // 15 degrees of freedom: beyond 45 lies one case in 10 000.
    assert!(chi_squared < 45.0, "chi² {chi_squared}");
}

#[test]
fn neighbours_streams_variations_and_seeds_are_independent() {
    let range = 0..MANY as u64;
    let numbers = sequence(Stream::Latents, 0).normals(range.clone());
    let bound = 5.0 / (MANY as f64).sqrt();
    for lag in 1..9 {
        assert!(correlation(&numbers[lag..], &numbers).abs() < 1.01 * bound);
    }
    for stream in [Stream::Sampler, Stream::Phases, Stream::Chords, Stream::APrime, Stream::ADoublePrime] {
        assert!(correlation(&numbers, &sequence(stream, 0).normals(range.clone())).abs() < bound);
    }
    for variation in 1..4 {
        assert!(correlation(&numbers, &sequence(Stream::Latents, variation).normals(range.clone())).abs() < bound);
    }
    let next_seed = Sequence { seed: sequence(Stream::Latents, 0).seed + 1, ..sequence(Stream::Latents, 0) };
    assert!(correlation(&numbers, &next_seed.normals(range)).abs() < bound);
}

#[test]
fn the_smallest_word_gives_a_finite_normal() {
    let (x, y) = box_muller(0, 0);
    assert!(x > 6.7 && x < 6.8 && y == 0.0);
}

#[test]
fn box_and_muller_give_the_radius_and_the_angle() {
    // Half way round the circle, at the median radius √(2 ln 2).
    let (x, y) = box_muller(0x7fff_ffff, 0x8000_0000);
    assert!((f64::from(x) + (2.0 * 2f64.ln()).sqrt()).abs() < 1e-6 && y.abs() < 1e-6);
}

#[test]
fn four_normals_come_of_the_two_halves_of_a_block() {
    let s = sequence(Stream::Latents, 0);
    let [a, b, c, d] = s.block(5);
    let ((x, y), (z, w)) = (box_muller(a, b), box_muller(c, d));
    assert_eq!(s.normals(20..24), [x, y, z, w]);
}

#[test]
fn choices_are_even_and_in_range() {
    let s = sequence(Stream::Chords, 0);
    let mut counts = [0; 7];
    (0..7000).for_each(|i| counts[s.choose(i, 7) as usize] += 1);
    assert!(counts.iter().all(|&c| (850..1150).contains(&c)), "{counts:?}");
    assert_eq!(s.choose(0, 0), 0);
}

#[test]
fn an_item_has_the_same_noise_in_any_batch() {
    let batch = NoiseSource::variations(9, 0..3).normals(Stream::Latents, 4, 3).unwrap();
    for variation in 0..3 {
        let alone = NoiseSource::new([(9, variation)]).normals(Stream::Latents, 4, 3).unwrap();
        assert_eq!(batch.single(variation as usize), Some(alone));
    }
}

#[test]
fn another_pass_draws_other_numbers() {
    let source = NoiseSource::new([(9, 0)]);
    let first = source.normals(Stream::Sampler, 4, 3).unwrap();
    assert_ne!(source.with_pass(1).normals(Stream::Sampler, 4, 3).unwrap(), first);
}
