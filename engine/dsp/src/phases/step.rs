//! One iteration of one block.

use super::blocks::{Block, offset};
use super::grid::Grid;
use super::{MOMENTUM, Task};
use crate::circle::make_real;
use realfft::num_complex::Complex;

/// Spectra of the iteration before: of each frame of a block and each bin in use.
pub(crate) type Before = Vec<Complex<f32>>;

/// What a block has to do.
pub(crate) struct Work<'a> {
    pub task: &'a Task,
    pub block: &'a Block,
    pub before: &'a mut Before,
    /// What all blocks overlap-added in the iteration before.
    pub from: &'a [Vec<f32>],
    pub to: &'a mut [f32],
    /// There is no iteration before: begin with the task's phases.
    pub first: bool,
}

/// Buffers of one thread.
pub(crate) struct Scratch {
    audio: Vec<f32>,
    frame: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    forward: Vec<Complex<f32>>,
    inverse: Vec<Complex<f32>>,
}

impl Scratch {
    pub fn new(grid: &Grid) -> Self {
        Self {
            audio: Vec::new(),
            frame: grid.plan.forward.make_input_vec(),
            spectrum: grid.plan.forward.make_output_vec(),
            forward: grid.plan.forward.make_scratch_vec(),
            inverse: grid.plan.inverse.make_scratch_vec(),
        }
    }
}

pub(crate) fn run(work: Work<'_>, scratch: &mut Scratch) {
    pulp::Arch::new().dispatch(
        #[inline(always)]
        || block(work, scratch),
    );
}

#[inline(always)]
fn block(work: Work<'_>, scratch: &mut Scratch) {
    let Work { task, block, before, from, to, first } = work;
    let Scratch { audio, frame, spectrum, forward, inverse } = scratch;
    if !first {
        gather(block, from, audio);
    }
    to.fill(0.0);
    let width = task.bins.len();
    for (k, before) in block.frames.clone().zip(before.chunks_exact_mut(width)) {
        let magnitudes = &task.magnitudes[k * width..(k + 1) * width];
        let window = task.grid.window_of(task.active[k]);
        let place = offset(&task.grid, block.at, task.active[k]);
        if first {
            let phases = &task.phases[k * width..(k + 1) * width];
            let bins = spectrum[task.bins.clone()].iter_mut().zip(phases).zip(magnitudes);
            bins.for_each(|((s, p), m)| *s = p * m);
        } else {
            windowed(&audio[place..place + window.len()], window, frame);
            if task.grid.plan.forward.process_with_scratch(frame, spectrum, forward).is_err() {
                continue;
            }
            correct(&mut spectrum[task.bins.clone()], before, magnitudes);
        }
        spectrum[..task.bins.start].fill(Complex::new(0.0, 0.0));
        spectrum[task.bins.end..].fill(Complex::new(0.0, 0.0));
        make_real(spectrum);
        if task.grid.plan.inverse.process_with_scratch(spectrum, frame, inverse).is_ok() {
            overlap_add(frame, window, &mut to[place..place + window.len()]);
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

#[inline(always)]
fn windowed(audio: &[f32], window: &[f32], frame: &mut [f32]) {
    for ((y, x), w) in frame.iter_mut().zip(audio).zip(window) {
        *y = x * w;
    }
}

#[inline(always)]
fn overlap_add(frame: &[f32], window: &[f32], to: &mut [f32]) {
    for ((y, x), w) in to.iter_mut().zip(frame).zip(window) {
        *y += x * w;
    }
}

/// Fast Griffin-Lim: on from the spectrum in the direction it has moved, then back to the wanted magnitudes. What is too small to
/// have a phase (below any magnitude that sounds) becomes 0 rather than subnormal.
#[inline(always)]
fn correct(spectrum: &mut [Complex<f32>], before: &mut [Complex<f32>], magnitudes: &[f32]) {
    for ((s, b), m) in spectrum.iter_mut().zip(before).zip(magnitudes) {
        let re = s.re + MOMENTUM * (s.re - b.re);
        let im = s.im + MOMENTUM * (s.im - b.im);
        let scale = m / (re * re + im * im + 1e-18).sqrt();
        *b = *s;
        *s = Complex::new(re * scale, im * scale);
    }
}
