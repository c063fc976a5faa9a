//! One iteration of one block.
//!
//! Two frames go through one complex transform, one as its real part and one as its imaginary part: that is faster than a real transform of
//! each, and what is to be done between the transforms becomes plain loops over rows of numbers.

use super::blocks::{Block, offset};
use super::grid::Grid;
use super::{MOMENTUM, Task};
use realfft::num_complex::Complex;

/// What a block has to do.
pub(crate) struct Work<'a> {
    pub task: &'a Task,
    pub block: &'a Block,
    /// Spectra of the iteration before: of each frame the real parts of the bins in use, then the imaginary parts.
    pub before: &'a mut [f32],
    /// What all blocks overlap-added in the iteration before.
    pub from: &'a [Vec<f32>],
    pub to: &'a mut [f32],
    /// There is no iteration before: begin with the task's phases.
    pub first: bool,
}

/// Buffers of one thread.
pub(crate) struct Scratch {
    audio: Vec<f32>,
    pair: Vec<Complex<f32>>,
    fourier: Vec<Complex<f32>>,
    /// Real and imaginary parts of two spectra.
    spectra: [Vec<f32>; 4],
}

impl Scratch {
    pub fn new(grid: &Grid, width: usize) -> Self {
        let zero = Complex::new(0.0, 0.0);
        let room = grid.forward.get_inplace_scratch_len().max(grid.inverse.get_inplace_scratch_len());
        Self {
            audio: Vec::new(),
            pair: vec![zero; grid.window],
            fourier: vec![zero; room],
            spectra: std::array::from_fn(|_| vec![0.0; width]),
        }
    }
}

pub(crate) fn run(work: Work<'_>, scratch: &mut Scratch) {
    pulp::Arch::new().dispatch(Step { work, scratch });
}

struct Step<'a, 'b> {
    work: Work<'a>,
    scratch: &'b mut Scratch,
}

impl pulp::NullaryFnOnce for Step<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        block(self.work, self.scratch);
    }
}

#[inline(always)]
fn block(work: Work<'_>, scratch: &mut Scratch) {
    let Work { task, block, before, from, to, first } = work;
    let Scratch { audio, pair, fourier, spectra } = scratch;
    let (width, window) = (task.bins.len(), task.grid.window);
    if !first {
        gather(block, from, audio);
    }
    to.fill(0.0);
    for (one, before) in block.frames.clone().step_by(2).zip(before.chunks_mut(4 * width)) {
        let other = Some(one + 1).filter(|k| block.frames.contains(k));
        let place = |k: usize| offset(&task.grid, block.at, task.active[k]);
        let shape = |k: usize| task.grid.window_of(task.active[k]);
        let [a_re, a_im, b_re, b_im] = spectra;
        if first {
            b_re.fill(0.0);
            b_im.fill(0.0);
            begin(a_re, a_im, &task.turns[one * width..], &task.magnitudes[one * width..]);
            if let Some(b) = other {
                begin(b_re, b_im, &task.turns[b * width..], &task.magnitudes[b * width..]);
            }
        } else {
            load(pair, audio, (place(one), shape(one)), other.map(|b| (place(b), shape(b))));
            task.grid.forward.process_with_scratch(pair, fourier);
            part(pair, task.bins.start, spectra);
            let [a_re, a_im, b_re, b_im] = spectra;
            let mut rows = before.chunks_exact_mut(width);
            if let (Some(re), Some(im)) = (rows.next(), rows.next()) {
                correct(a_re, a_im, re, im, &task.magnitudes[one * width..]);
            }
            if let (Some(re), Some(im), Some(b)) = (rows.next(), rows.next(), other) {
                correct(b_re, b_im, re, im, &task.magnitudes[b * width..]);
            }
        }
        merge(pair, task.bins.start, spectra);
        task.grid.inverse.process_with_scratch(pair, fourier);
        let at = place(one);
        overlap_add(pair.iter().map(|z| z.re), shape(one), &mut to[at..at + window]);
        if let Some(b) = other {
            let at = place(b);
            overlap_add(pair.iter().map(|z| z.im), shape(b), &mut to[at..at + window]);
        }
    }
}

/// The audio under a block's windows.
#[inline(always)]
fn gather(block: &Block, from: &[Vec<f32>], audio: &mut Vec<f32>) {
    audio.clear();
    audio.resize(block.length, 0.0);
    for o in &block.overlaps {
        let part = &from[o.block][o.from..o.from + o.length];
        audio[o.to..o.to + o.length].iter_mut().zip(part).for_each(|(x, y)| *x += y);
    }
    audio.iter_mut().zip(&block.inverse).for_each(|(x, w)| *x *= w);
    block.gates.iter().for_each(|g| g.close(audio));
    if !block.given.is_empty() {
        audio.iter_mut().zip(&block.given).for_each(|(x, g)| *x += g);
    }
}

/// Two frames (where they begin, and their windows) side by side; zeros for a second one that isn't there.
#[inline(always)]
fn load(pair: &mut [Complex<f32>], audio: &[f32], a: (usize, &[f32]), b: Option<(usize, &[f32])>) {
    let n = pair.len();
    let x = audio[a.0..a.0 + n].iter().zip(a.1);
    if let Some(b) = b {
        let y = audio[b.0..b.0 + n].iter().zip(b.1);
        for ((z, (x, v)), (y, w)) in pair.iter_mut().zip(x).zip(y) {
            *z = Complex::new(x * v, y * w);
        }
    } else {
        pair.iter_mut().zip(x).for_each(|(z, (x, v))| *z = Complex::new(x * v, 0.0));
    }
}

/// Takes the spectra of two frames apart, from bin `first` on. They come out twice as large, which doesn't matter for their phases.
#[inline(always)]
fn part(pair: &[Complex<f32>], first: usize, [a_re, a_im, b_re, b_im]: &mut [Vec<f32>; 4]) {
    let (n, width) = (pair.len(), a_re.len());
    // Bin 0 is its own mirror.
    let mirror = |k: usize| pair[(n - k) % n];
    let skip = usize::from(first == 0);
    if first == 0 {
        let (z, y) = (pair[0], mirror(0));
        (a_re[0], a_im[0], b_re[0], b_im[0]) = (z.re + y.re, z.im - y.im, z.im + y.im, y.re - z.re);
    }
    let up = &pair[first + skip..first + width];
    let down = pair[n + 1 - first - width..n + 1 - first - skip].iter().rev();
    let a = a_re[skip..].iter_mut().zip(&mut a_im[skip..]);
    let b = b_re[skip..].iter_mut().zip(&mut b_im[skip..]);
    for (((z, y), (a_re, a_im)), (b_re, b_im)) in up.iter().zip(down).zip(a).zip(b) {
        *a_re = z.re + y.re;
        *a_im = z.im - y.im;
        *b_re = z.im + y.im;
        *b_im = y.re - z.re;
    }
}

/// Puts the spectra of two frames together; all other bins are zero.
#[inline(always)]
fn merge(pair: &mut [Complex<f32>], first: usize, [a_re, a_im, b_re, b_im]: &[Vec<f32>; 4]) {
    let (n, width) = (pair.len(), a_re.len());
    let zero = Complex::new(0.0, 0.0);
    let (up, down) = pair.split_at_mut(n / 2);
    up[..first].fill(zero);
    up[first + width..].fill(zero);
    let half = n - n / 2;
    down[..half + 1 - first - width].fill(zero);
    let skip = usize::from(first == 0);
    if first == 0 {
        up[0] = Complex::new(a_re[0], b_re[0]);
    } else {
        down[half + 1 - first..].fill(zero);
    }
    let up = &mut up[first + skip..first + width];
    let down = down[half + 1 - first - width..half + 1 - first - skip].iter_mut().rev();
    let a = a_re[skip..].iter().zip(&a_im[skip..]);
    let b = b_re[skip..].iter().zip(&b_im[skip..]);
    for (((z, y), (a_re, a_im)), (b_re, b_im)) in up.iter_mut().zip(down).zip(a).zip(b) {
        *z = Complex::new(a_re - b_im, a_im + b_re);
        *y = Complex::new(a_re + b_im, b_re - a_im);
    }
}

#[inline(always)]
fn overlap_add(frame: impl Iterator<Item = f32>, window: &[f32], to: &mut [f32]) {
    for ((y, x), w) in to.iter_mut().zip(frame).zip(window) {
        *y += x * w;
    }
}

/// Magnitudes with the phases to begin with.
#[inline(always)]
fn begin(re: &mut [f32], im: &mut [f32], turns: &[f32], magnitudes: &[f32]) {
    for (((re, im), turn), m) in re.iter_mut().zip(im).zip(turns).zip(magnitudes) {
        let (c, s) = unit(*turn);
        (*re, *im) = (m * c, m * s);
    }
}

/// Cosine and sine of a number of turns, to 1e-4: from a quarter of the circle by polynomials, which vectorise.
#[inline(always)]
fn unit(turn: f32) -> (f32, f32) {
    // Half an angle within ±1/4 turn, then doubled.
    let x = (turn - (turn + 0.5).floor()) * std::f32::consts::PI;
    let q = x * x;
    let s = x * (1.0 - q * (1.0 / 6.0 - q * (1.0 / 120.0 - q * (1.0 / 5040.0 - q / 362_880.0))));
    let c = 1.0 - q * (0.5 - q * (1.0 / 24.0 - q * (1.0 / 720.0 - q * (1.0 / 40_320.0 - q / 3_628_800.0))));
    (c * c - s * s, 2.0 * s * c)
}

/// Fast Griffin-Lim: on from the spectrum in the direction it has moved, then back to the wanted magnitudes. What is too small to
/// have a phase (below any magnitude that sounds) becomes 0 rather than subnormal.
#[inline(always)]
fn correct(re: &mut [f32], im: &mut [f32], before_re: &mut [f32], before_im: &mut [f32], magnitudes: &[f32]) {
    let parts = re.iter_mut().zip(im).zip(before_re.iter_mut().zip(before_im)).zip(magnitudes);
    for (((re, im), (before_re, before_im)), m) in parts {
        let x = *re + MOMENTUM * (*re - *before_re);
        let y = *im + MOMENTUM * (*im - *before_im);
        let scale = m / (x * x + y * y + 1e-18).sqrt();
        (*before_re, *before_im) = (*re, *im);
        (*re, *im) = (x * scale, y * scale);
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn a_number_of_turns_is_a_place_on_the_unit_circle() {
        for i in -2000..2000i16 {
            let turn = f32::from(i) / 1000.0;
            let (c, s) = unit(turn);
            let (sin, cos) = (std::f32::consts::TAU * turn).sin_cos();
            assert!((c - cos).abs() < 1e-4 && (s - sin).abs() < 1e-4, "{turn}: {c} {s}");
        }
    }

    #[test]
    fn two_spectra_put_together_come_apart_again() {
        for first in [0, 3] {
            let row = |seed: f32| (0..5).map(|k| (seed * (k as f32 + 1.3)).sin()).collect::<Vec<f32>>();
            let mut spectra = [row(1.0), row(2.0), row(3.0), row(4.0)];
            if first == 0 {
                // Bin 0 of a real signal is real.
                (spectra[1][0], spectra[3][0]) = (0.0, 0.0);
            }
            let mut pair = vec![Complex::new(9.0, 9.0); 16];
            merge(&mut pair, first, &spectra);
            let mut apart: [Vec<f32>; 4] = std::array::from_fn(|_| vec![0.0; 5]);
            part(&pair, first, &mut apart);
            for (a, b) in spectra.iter().flatten().zip(apart.iter().flatten()) {
                assert!((2.0 * a - b).abs() < 1e-6);
            }
            assert_eq!(pair.iter().filter(|z| z.norm() == 0.0).count(), if first == 0 { 7 } else { 6 });
        }
    }
}
