//! Convolutions against plain loops, with weights as PyTorch stores them.

use super::{at_every_level, close, values};
use crate::{Conv1d, ConvShape, ConvTranspose1d};
use proptest::prelude::*;

/// `x[item, row, channel]`, and zero beyond the edges.
fn at(x: &[f32], time: usize, channels: usize, item: usize, row: isize, channel: usize) -> f64 {
    match usize::try_from(row) {
        Ok(row) if row < time => f64::from(x[(item * time + row) * channels + channel]),
        _ => 0.0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn convolutions_agree_with_plain_loops(
        batch in 1usize..3,
        time in 0usize..40,
        inputs in 1usize..7,
        outputs in 1usize..40,
        kernel in 1usize..8,
        stride in 1usize..4,
        dilation in 1usize..5,
        padding in 0usize..9,
        bias: bool,
        seed in 0u64..1000,
    ) {
        at_every_level(|| {
            let shape = ConvShape { inputs, outputs, kernel, stride, dilation, padding };
            let (x, w, b) = (values(batch * time * inputs, seed), values(outputs * inputs * kernel, seed + 1), values(outputs, seed + 2));
            // PyTorch's [outputs, inputs, kernel] → [outputs, kernel, inputs]
            let taps: Vec<f32> = (0..w.len()).map(|i| {
                let (output, k, input) = (i / inputs / kernel, i / inputs % kernel, i % inputs);
                w[(output * inputs + input) * kernel + k]
            }).collect();
            let reach = dilation * (kernel - 1) + 1;
            let rows = if time + 2 * padding < reach { 0 } else { (time + 2 * padding - reach) / stride + 1 };
            let expected: Vec<f64> = (0..batch * rows * outputs).map(|i| {
                let (item, row, output) = (i / outputs / rows, i / outputs % rows, i % outputs);
                let tap = |k: usize| {
                    let source = (row * stride + k * dilation) as isize - padding as isize;
                    let weight = |c: usize| f64::from(w[(output * inputs + c) * kernel + k]);
                    (0..inputs).map(|c| weight(c) * at(&x, time, inputs, item, source, c)).sum::<f64>()
                };
                (0..kernel).map(tap).sum::<f64>() + if bias { f64::from(b[output]) } else { 0.0 }
            }).collect();
            close(&Conv1d::new(&taps, bias.then_some(b), shape).forward(&x, batch), &expected, 1e-5);
        });
    }

    #[test]
    fn transposed_convolutions_agree_with_plain_loops(
        batch in 1usize..3,
        time in 0usize..30,
        inputs in 1usize..12,
        outputs in 1usize..20,
        stride in 1usize..6,
        padding in 0usize..9,
        bias: bool,
        seed in 0u64..1000,
    ) {
        at_every_level(|| {
            let kernel = 2 * stride;
            let shape = ConvShape { inputs, outputs, kernel, stride, dilation: 1, padding };
            let (x, w, b) = (values(batch * time * inputs, seed), values(inputs * outputs * kernel, seed + 1), values(outputs, seed + 2));
            // PyTorch's [inputs, outputs, kernel] → [stride, outputs, 2, inputs]
            let taps: Vec<f32> = (0..w.len()).map(|i| {
                let (s, output, share, input) = (i / inputs / 2 / outputs, i / inputs / 2 % outputs, i / inputs % 2, i % inputs);
                w[(input * outputs + output) * kernel + share * stride + s]
            }).collect();
            let rows = ((time + 1) * stride).saturating_sub(2 * padding);
            // every input adds its kernel to the output
            let mut all = vec![0.0; batch * (time + 1) * stride * outputs];
            for (i, v) in x.iter().enumerate() {
                let (item, row, input) = (i / inputs / time, i / inputs % time, i % inputs);
                for k in 0..kernel {
                    for output in 0..outputs {
                        let place = item * (time + 1) * stride + row * stride + k;
                        all[place * outputs + output] += f64::from(*v) * f64::from(w[(input * outputs + output) * kernel + k]);
                    }
                }
            }
            let expected: Vec<f64> = (0..batch * rows * outputs).map(|i| {
                let (item, row, output) = (i / outputs / rows, i / outputs % rows, i % outputs);
                all[(item * (time + 1) * stride + padding + row) * outputs + output] + if bias { f64::from(b[output]) } else { 0.0 }
            }).collect();
            close(&ConvTranspose1d::new(&taps, bias.then_some(&b), shape).forward(&x, batch), &expected, 1e-5);
        });
    }
}

#[test]
fn convolutions_agree_with_plain_sums_over_many_tiles() {
    at_every_level(|| {
        // ones everywhere: an output is the number of taps within the edges
        let (time, channels) = (700, 8);
        let shape = ConvShape::same(channels, channels, 7, 9);
        let ones = vec![1.0; 2 * time * channels];
        let out = Conv1d::new(&vec![1.0; channels * 7 * channels], None, shape).forward(&ones, 2);
        let taps = |t: usize| (0..7).filter(|k| (27..time + 27).contains(&(t + 9 * k))).count();
        let expected: Vec<f64> = (0..out.len()).map(|i| (channels * taps(i / channels % time)) as f64).collect();
        close(&out, &expected, 0.0);
        let shape = ConvShape::strided(channels, channels, 3);
        let out = ConvTranspose1d::new(&vec![1.0; 3 * channels * 2 * channels], None, shape).forward(&ones, 2);
        let rows = shape.transposed_rows(time);
        let inputs = |row: usize| if (3..3 * time).contains(&(row + 2)) { 2 } else { 1 };
        let expected: Vec<f64> = (0..out.len()).map(|i| (channels * inputs(i / channels % rows)) as f64).collect();
        close(&out, &expected, 0.0);
    });
}
