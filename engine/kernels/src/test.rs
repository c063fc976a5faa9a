//! Every kernel against plain loops in f64, with each kind of vectors that the machine has.

mod conv;
pub(crate) mod levels;
mod snake;

use crate::*;
use levels::{at_every_level, levels, pool};
use proptest::prelude::*;
use pulp::{Simd, WithSimd};

/// Deterministic values in −1 … 1.
fn values(n: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    (0..n)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1 << 23) as f32 - 1.0
        })
        .collect()
}

fn close(a: &[f32], b: &[f64], tolerance: f64) {
    assert_eq!(a.len(), b.len());
    let worst = a.iter().zip(b).map(|(a, b)| (f64::from(*a) - b).abs()).fold(0.0, f64::max);
    assert!(worst <= tolerance, "off by {worst}");
}

fn plain_linear(x: &[f32], w: &[f32], n: usize, k: usize) -> Vec<f64> {
    x.chunks(k)
        .flat_map(|x| (0..n).map(move |j| x.iter().zip(&w[j * k..(j + 1) * k]).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()))
        .collect()
}

/// erf by its series, slow and exact; from 4.5 on it is 1 to f32 accuracy, and the series cancels.
fn erf(x: f64) -> f64 {
    if x.abs() > 4.5 {
        return x.signum();
    }
    let (mut sum, mut term) = (x, x);
    for n in 1..200 {
        term *= -x * x / f64::from(n);
        sum += term / f64::from(2 * n + 1);
    }
    (sum * 2.0 / std::f64::consts::PI.sqrt()).clamp(-1.0, 1.0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn linear_layers_agree_with_plain_loops(m in 1usize..40, n in 1usize..70, k in 1usize..50, seed in 0u64..1000) {
        at_every_level(|| {
            let (x, w, b, r) = (values(m * k, seed), values(n * k, seed + 1), values(n, seed + 2), values(m * n, seed + 3));
            let expected: Vec<f64> = plain_linear(&x, &w, n, k).iter().enumerate().map(|(i, y)| {
                let y = y + f64::from(b[i % n]);
                0.5 * y * (1.0 + erf(y / 2f64.sqrt())) + f64::from(r[i])
            }).collect();
            let mut out = vec![0.0; m * n];
            linear(&x, &Packed::from_weight(&w, n, k), Epilogue { bias: Some(&b), gelu: true, residual: Some(&r) }, &mut out);
            close(&out, &expected, 1e-4);
        });
    }

    #[test]
    fn attention_agrees_with_plain_loops(time in 1usize..20, length in 1usize..20, heads in 1usize..4, batch in 1usize..3, seed in 0u64..1000) {
        at_every_level(|| {
            let size = 8;
            let width = heads * size;
            let q = values(batch * time * width, seed);
            let kv: Vec<_> = (0..batch as u64).map(|b| (values(length * width, seed + b + 1), values(length * width, seed + b + 7))).collect();
            let mut expected = vec![0.0; q.len()];
            for (b, (k, v)) in kv.iter().enumerate() {
                for t in 0..time {
                    for h in 0..heads {
                        let at = |s: &[f32], row: usize, d: usize| f64::from(s[row * width + h * size + d]);
                        let score: Vec<f64> = (0..length)
                            .map(|j| ((0..size).map(|d| at(&q, b * time + t, d) * at(k, j, d)).sum::<f64>() / (size as f64).sqrt()).exp())
                            .collect();
                        let total: f64 = score.iter().sum();
                        for d in 0..size {
                            expected[(b * time + t) * width + h * size + d] = (0..length).map(|j| score[j] / total * at(v, j, d)).sum();
                        }
                    }
                }
            }
            let memories: Vec<_> = kv.iter().map(|(k, v)| Memory::new(k, v, length, heads)).collect();
            close(&Attention { heads }.forward(&q, &memories.iter().collect::<Vec<_>>()), &expected, 1e-5);
        });
    }

    #[test]
    fn depthwise_convolution_wraps_around(time in 1usize..12, channels in 1usize..20, batch in 1usize..3, half in 0usize..4, seed in 0u64..1000) {
        at_every_level(|| {
            let kernel = 2 * half + 1;
            let (x, w, b) = (values(batch * time * channels, seed), values(channels * kernel, seed + 1), values(channels, seed + 2));
            let mut expected = vec![0.0; x.len()];
            for (i, e) in expected.iter_mut().enumerate() {
                let (item, t, c) = (i / channels / time, i / channels % time, i % channels);
                *e = f64::from(b[c])
                    + (0..kernel).map(|k| {
                        let source = (t as i64 + k as i64 - half as i64).rem_euclid(time as i64) as usize;
                        f64::from(w[c * kernel + k]) * f64::from(x[(item * time + source) * channels + c])
                    }).sum::<f64>();
            }
            let mut out = vec![0.0; x.len()];
            Depthwise::new(&w, &b).forward(&x, batch, &mut out);
            close(&out, &expected, 1e-5);
        });
    }

    #[test]
    fn norms_agree_with_plain_loops(rows in 1usize..9, n in 2usize..70, batch in 1usize..3, seed in 0u64..1000) {
        at_every_level(|| {
            let (x, film) = (values(batch * rows * n, seed), values(batch * 2 * n, seed + 1));
            let mut expected = vec![];
            for (i, x) in x.chunks(n).enumerate() {
                let mean = x.iter().map(|v| f64::from(*v)).sum::<f64>() / n as f64;
                let variance = x.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / n as f64;
                let film = &film[i / rows * 2 * n..];
                expected.extend(x.iter().enumerate().map(|(c, v)| {
                    (f64::from(*v) - mean) / (variance + 1e-5).sqrt() * (1.0 + f64::from(film[c])) + f64::from(film[n + c])
                }));
            }
            let mut out = vec![0.0; x.len()];
            film_norm(&x, &film, batch, &mut out);
            close(&out, &expected, 2e-3);
            let weight: Vec<f32> = film[..n].iter().map(|s| 1.0 + s).collect();
            layer_norm(&x[..rows * n], &weight, &film[n..2 * n], &mut out[..rows * n]);
            close(&out[..rows * n], &expected[..rows * n], 2e-3);
        });
    }
}

/// `function` of each number, with this thread's kind of vectors.
fn mapped(x: &[f32], function: impl Fn(f32) -> f32) -> Vec<f32> {
    struct Map<'a, F>(&'a [f32], F);
    impl<F: Fn(f32) -> f32> WithSimd for Map<'_, F> {
        type Output = Vec<f32>;

        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> Vec<f32> {
            self.0.iter().map(|x| (self.1)(*x)).collect()
        }
    }
    simd::dispatch(Map(x, function))
}

#[test]
fn gelu_is_the_exact_form() {
    at_every_level(|| {
        let x: Vec<f32> = (-600..=600).map(|i| i as f32 / 100.0).collect();
        for (x, y) in x.iter().zip(mapped(&x, math::gelu)) {
            let exact = 0.5 * f64::from(*x) * (1.0 + erf(f64::from(*x) / 2f64.sqrt()));
            assert!((f64::from(y) - exact).abs() < 2e-6, "gelu({x})");
        }
    });
}

#[test]
fn exp_is_exact_to_a_few_units_in_the_last_place() {
    at_every_level(|| {
        let x: Vec<f32> = (0..8600).map(|i| -i as f32 / 100.0).collect();
        for (x, y) in x.iter().zip(mapped(&x, math::exp)) {
            assert!((f64::from(y) / f64::from(*x).exp() - 1.0).abs() < 1e-6, "exp({x})");
        }
    });
}

#[test]
fn sums_have_one_order_with_every_kind_of_vectors() {
    struct Sums<'a>(&'a [f32]);
    impl WithSimd for Sums<'_> {
        type Output = [f32; 2];

        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> [f32; 2] {
            [math::sum::<false>(self.0, 0.0), math::sum::<true>(self.0, 0.3)]
        }
    }
    let x = values(1003, 1);
    let sums: Vec<_> = levels().into_iter().map(|level| pool(level, 1).install(|| simd::dispatch(Sums(&x)))).collect();
    assert!(sums.iter().all(|s| *s == sums[0]), "{sums:?}");
}

#[test]
fn results_are_the_same_bit_for_bit_with_any_number_of_threads() {
    let (m, n, k) = (61, 200, 130);
    let (x, w) = (values(m * k, 1), values(n * k, 2));
    let shape = ConvShape { inputs: 10, outputs: 24, kernel: 6, stride: 3, dilation: 1, padding: 2 };
    let taps = values(24 * 6 * 10, 3);
    let run = |level, threads| {
        pool(level, threads).install(|| {
            let mut out = vec![0.0; m * n];
            linear(&x, &Packed::from_weight(&w, n, k), Epilogue::default(), &mut out);
            let memory = Memory::new(&w[..50 * 64], &w[64..51 * 64], 50, 2);
            let attended = Attention { heads: 2 }.forward(&x[..61 * 64], &[&memory]);
            let convolved = Conv1d::new(&taps, None, shape).forward(&x[..2 * 391 * 10], 2);
            let transposed = ConvTranspose1d::new(&taps, Some(&w[..24]), shape).forward(&x[..2 * 391 * 10], 2);
            (out, attended, convolved, transposed)
        })
    };
    for level in levels() {
        let one = run(level, 1);
        for threads in [2, 3, 5] {
            assert_eq!(one, run(level, threads), "{level:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn root_mean_square_norms_agree_with_plain_loops(batch in 1usize..3, rows in 1usize..9, n in 1usize..70, seed in 0u64..1000) {
        at_every_level(|| {
            let (x, w, b) = (values(batch * rows * n, seed), values(batch * n, seed + 1), values(batch * n, seed + 2));
            let mut out = vec![0.0; x.len()];
            rms_norm(&x, n, &w, Some(&b), 1e-5, &mut out);
            let expected: Vec<f64> = x.chunks(n).enumerate().flat_map(|(i, row)| {
                let mean = row.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / n as f64;
                let item = i / rows * n;
                let (w, b) = (&w[item..][..n], &b[item..][..n]);
                (0..n).map(move |j| f64::from(row[j]) / (mean + 1e-5).sqrt() * f64::from(w[j]) + f64::from(b[j])).collect::<Vec<_>>()
            }).collect();
            close(&out, &expected, 1e-5);
        });
    }

    #[test]
    fn dynamic_tanh_and_gates_agree_with_plain_loops(rows in 1usize..9, n in 1usize..40, scale in 0.01f32..20.0, seed in 0u64..1000) {
        at_every_level(|| {
            let x: Vec<f32> = values(rows * 2 * n, seed).iter().map(|v| v * scale).collect();
            let (g, b) = (values(2 * n, seed + 1), values(2 * n, seed + 2));
            let mut out = vec![0.0; x.len()];
            dyt(&x, 0.7, &g, &b, &mut out);
            let tanh = |i: usize| f64::from(g[i % (2 * n)]) * (f64::from(0.7f32) * f64::from(x[i])).tanh() + f64::from(b[i % (2 * n)]);
            close(&out, &(0..x.len()).map(tanh).collect::<Vec<_>>(), 1e-6);
            let mut product = vec![0.0; x.len()];
            geglu(&x, &out, &mut product);
            let expected = |i: usize| {
                let g = f64::from(x[i]);
                0.5 * g * (1.0 + ((2.0 / std::f64::consts::PI).sqrt() * (g + 0.044715 * g.powi(3))).tanh()) * f64::from(out[i])
            };
            close(&product, &(0..x.len()).map(expected).collect::<Vec<_>>(), f64::from(scale) * 3e-6 + 1e-6);
            let mut out = vec![0.0; rows * n];
            swiglu(&x, n, &mut out);
            let mut unit = x.clone();
            silu(&mut unit);
            let expected = |x: &f32| f64::from(*x) / (1.0 + (-f64::from(*x)).exp());
            close(&unit, &x.iter().map(expected).collect::<Vec<_>>(), f64::from(scale) * 1e-6 + 1e-6);
            let gate = |i: usize| {
                let (row, j) = (i / n, i % n);
                let (a, g) = (f64::from(x[row * 2 * n + j]), f64::from(x[row * 2 * n + n + j]));
                a * g / (1.0 + (-g).exp())
            };
            close(&out, &(0..rows * n).map(gate).collect::<Vec<_>>(), f64::from(scale * scale) * 1e-6 + 1e-6);
        });
    }

    #[test]
    fn sums_agree_with_plain_loops(batch in 1usize..4, rows in 1usize..6, n in 1usize..20, shared: bool, seed in 0u64..1000) {
        at_every_level(|| {
            let (x, g) = (values(batch * rows * n, seed), values(batch * n, seed + 1));
            let y = values(if shared { rows * n } else { batch * rows * n }, seed + 2);
            let expected = |factor: &dyn Fn(usize) -> f32| -> Vec<f64> {
                (0..x.len()).map(|i| f64::from(x[i]) + f64::from(factor(i)) * f64::from(y[i % y.len()])).collect()
            };
            let mut out = vec![0.0; x.len()];
            add_scaled(&x, &y, Factor::All(-1.0), n, batch, &mut out);
            close(&out, &expected(&|_| -1.0), 1e-6);
            add_scaled(&x, &y, Factor::Rows(&g), n, batch, &mut out);
            close(&out, &expected(&|i| g[i / (rows * n) * n + i % n]), 1e-6);
        });
    }

    #[test]
    fn rotation_keeps_lengths_and_turns_by_the_row_s_angle(rows in 1usize..6, heads in 1usize..4, half in 1usize..9, seed in 0u64..1000) {
        at_every_level(|| {
            let size = 2 * half + 3;
            let x = values(2 * rows * heads * size, seed);
            let angles = values(rows * half, seed + 1);
            let (cos, sin): (Vec<f32>, Vec<f32>) = angles.iter().map(|a| (a.cos(), a.sin())).unzip();
            let mut out = x.clone();
            rotate(&mut out, size, heads, &cos, &sin, half);
            for (i, (a, b)) in x.chunks(size).zip(out.chunks(size)).enumerate() {
                let row = i / heads % rows;
                for j in 0..half {
                    let angle = f64::from(angles[row * half + j]);
                    let (re, im) = (f64::from(a[j]), f64::from(a[j + half]));
                    assert!((f64::from(b[j]) - (re * angle.cos() - im * angle.sin())).abs() < 1e-6);
                    assert!((f64::from(b[j + half]) - (im * angle.cos() + re * angle.sin())).abs() < 1e-6);
                }
                assert_eq!(&a[2 * half..], &b[2 * half..]);
            }
        });
    }
}

#[test]
fn a_key_with_the_logarithm_of_its_count_stands_for_equal_ones() {
    at_every_level(|| {
        let (time, heads, width, count) = (5, 2, 12, 7);
        let (q, k, v) = (values(time * width, 1), values(3 * width, 2), values(3 * width, 3));
        let repeated = |x: &[f32]| [&x[..2 * width], &x[2 * width..].repeat(count)].concat();
        let long = Memory::new(&repeated(&k), &repeated(&v), 2 + count, heads);
        let short = Memory::new(&k, &v, 3, heads).with_bias(&[0.0, 0.0, (count as f32).ln()]);
        let expected: Vec<f64> = Attention { heads }.forward(&q, &[&long]).iter().map(|v| f64::from(*v)).collect();
        close(&Attention { heads }.forward(&q, &[&short]), &expected, 1e-6);
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_query_sees_the_keys_of_its_band_and_no_others(time in 1usize..12, more in 1usize..20, span in 1usize..20, first in 0usize..6, cut in 0usize..6, seed in 0u64..1000) {
        at_every_level(|| {
            let (heads, size, length) = (2, 8, time + more);
            let width = heads * size;
            let (q, k, v) = (values(time * width, seed), values(length * width, seed + 1), values(length * width, seed + 2));
            let end = length - cut.min(more - 1);
            let memory = Memory::new(&k, &v, length, heads).within(span, first..end);
            let out = Attention { heads }.forward(&q, &[&memory]);
            for t in 0..time {
                let (a, b) = (t.max(first), (t + span).min(end));
                let row = &out[t * width..][..width];
                if a >= b {
                    assert!(row.iter().all(|v| *v == 0.0));
                    continue;
                }
                let alone = Memory::new(&k[a * width..b * width], &v[a * width..b * width], b - a, heads);
                let expected = Attention { heads }.forward(&q[t * width..][..width], &[&alone]);
                let expected: Vec<f64> = expected.iter().map(|v| f64::from(*v)).collect();
                close(row, &expected, 1e-6);
            }
        });
    }

    #[test]
    fn gates_of_waves_agree_with_plain_loops(rows in 1usize..9, n in 1usize..40, scale in 0.01f32..200.0, seed in 0u64..1000) {
        at_every_level(|| {
            let x: Vec<f32> = values(rows * 2 * n, seed).iter().map(|v| v * scale).collect();
            let mut out = vec![0.0; rows * n];
            singlu(&x, n, &mut out);
            let expected = |i: usize| {
                let (a, g) = (x[i / n * 2 * n + i % n], x[i / n * 2 * n + n + i % n]);
                f64::from(a) * (std::f64::consts::PI * f64::from(g)).sin()
            };
            close(&out, &(0..out.len()).map(expected).collect::<Vec<_>>(), f64::from(scale) * 3e-7 + 1e-7);
        });
    }
}
