//! Elementary functions as plain arithmetic, so that loops over them become vector code.

/// e^x for x ≤ 0, as softmax needs it. Relative error below 3e-7; below −87 it stays at e^−87.
///
/// x = i·ln 2 + r with |r| ≤ ln 2 / 2; e^r by its Taylor polynomial of degree 7; 2^i put together from bits.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    // adding 1.5 · 2^23 leaves the rounded integer in the lowest bits of the sum
    const MAGIC: f32 = 12_582_912.0;
    let x = x.max(-87.0);
    let shifted = x.mul_add(std::f32::consts::LOG2_E, MAGIC);
    let whole = shifted - MAGIC;
    // i·ln 2 in two parts; the first has few bits, so that its product is exact
    let r = whole.mul_add(-0.693_359_4, x);
    let r = whole.mul_add(2.121_944_4e-4, r);
    let mut y = 1.0 / 5040.0_f32;
    for c in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        y = y.mul_add(r, c);
    }
    y * f32::from_bits(shifted.to_bits().wrapping_add(127) << 23)
}

/// 1 / (1 + e^−x), from e^−|x|, which can't overflow.
#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    let e = exp(-x.abs());
    let top = if x < 0.0 { e } else { 1.0 };
    top / (1.0 + e)
}

/// tanh x. Below 1/2 it is x + x³·P(x²), a fit for the least maximal error, above (1 − e) / (1 + e) with e = e^−2|x|, where nothing
/// cancels any more. Relative error below 4e-7.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    const P: [f32; 5] = [-6.942_942e-3, 2.147_068_3e-2, -5.393_346_9e-2, 0.133_332_25, -0.333_333_3];
    let u = x * x;
    let mut p = P[0];
    for c in &P[1..] {
        p = p.mul_add(u, *c);
    }
    let small = (x * u).mul_add(p, x);
    let e = exp(-2.0 * x.abs());
    let large = ((1.0 - e) / (1.0 + e)).copysign(x);
    if u < 0.25 { small } else { large }
}

/// sin x for −π/2 ≤ x ≤ π/2.
#[inline(always)]
pub(crate) fn sin(x: f32) -> f32 {
    let u = x * x;
    let mut p: f32 = -2.408_019e-8;
    for c in [2.753_646_4e-6, -1.984_108_7e-4, 8.333_333e-3, -1.666_666_7e-1] {
        p = p.mul_add(u, c);
    }
    (x * u).mul_add(p, x)
}

/// sin π x. Absolute error below 3e-7 for |x| below 2^21.
#[inline(always)]
pub(crate) fn sin_pi(x: f32) -> f32 {
    // adding 1.5 · 2^23 leaves the rounded integer in the lowest bits of the sum; an odd one turns the sign
    const MAGIC: f32 = 12_582_912.0;
    let shifted = x + MAGIC;
    let r = x - (shifted - MAGIC);
    let y = sin(r * std::f32::consts::PI);
    f32::from_bits(y.to_bits() ^ (shifted.to_bits() << 31))
}

/// The error function: x·P(x²)/Q(x²) on [−4, 4], fitted for the least maximal error (Lawson's iteration on a rational least-squares
/// fit); absolute error below 4e-7 in f32. Beyond ±4 it is ±1 to f32 accuracy.
#[inline(always)]
pub(crate) fn erf(x: f32) -> f32 {
    const P: [f32; 7] =
        [-1.366_678_9e-8, 4.780_540_7e-6, 3.826_922_5e-4, 3.839_528e-3, 5.433_259e-2, 1.847_103_3e-1, std::f32::consts::FRAC_2_SQRT_PI];
    const Q: [f32; 6] = [6.400_928e-5, 1.309_578_9e-3, 1.545_351_4e-2, 1.138_263e-1, 4.970_288e-1, 1.0];
    let x = x.clamp(-4.0, 4.0);
    let u = x * x;
    let mut p = P[0];
    for c in &P[1..] {
        p = p.mul_add(u, *c);
    }
    let mut q = Q[0];
    for c in &Q[1..] {
        q = q.mul_add(u, *c);
    }
    x * p / q
}

/// Gaussian error linear unit in its exact form (Hendrycks & Gimpel 2016), which is PyTorch's default.
#[inline(always)]
pub(crate) fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

/// The sum of `values`, or of the squares of their distances to `centre`, in sixteen interleaved partial sums: one order of summation
/// on every machine.
#[inline(always)]
pub(crate) fn sum<const SQUARES: bool>(values: &[f32], centre: f32) -> f32 {
    const LANES: usize = 16;
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [0.0_f32; LANES];
    for chunk in chunks {
        for i in 0..LANES {
            let d = chunk[i] - centre;
            lanes[i] += if SQUARES { d * d } else { d };
        }
    }
    let mut tail = 0.0;
    for v in rest {
        let d = v - centre;
        tail += if SQUARES { d * d } else { d };
    }
    let mut width = LANES / 2;
    while width > 0 {
        for i in 0..width {
            lanes[i] += lanes[i + width];
        }
        width /= 2;
    }
    lanes[0] + tail
}
