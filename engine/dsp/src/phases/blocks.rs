//! Runs of neighbouring frames that are worked on together.

use super::Given;
use super::gate::{self, Gate};
use super::grid::Grid;
use super::onsets::Onset;
use crate::circle::{read, wrap};
use std::ops::Range;

/// Frames of a block: few enough that its spectra stay in a core's cache.
const FRAMES: usize = 32;

/// Neighbouring frames and the stretch of the circle under their windows.
pub(crate) struct Block {
    /// Which of the active frames.
    pub frames: Range<usize>,
    /// First sample on the circle.
    pub at: usize,
    /// Samples; more than the circle has where that is short.
    pub length: usize,
    /// Where the audio of this stretch comes from.
    pub overlaps: Vec<Overlap>,
    /// The grid's `weight` along the stretch, 0 where samples are given.
    pub inverse: Vec<f32>,
    /// Given samples along the stretch, 0 where they are made; empty without any.
    pub given: Vec<f32>,
    pub gates: Vec<Gate>,
}

/// `length` samples from `from` on of another block (or the same) lie at `to` of this one.
pub(crate) struct Overlap {
    pub block: usize,
    pub from: usize,
    pub to: usize,
    pub length: usize,
}

/// Blocks of the frames in `active`.
pub(crate) fn lay_out(grid: &Grid, active: &[usize], given: Option<&Given>, onsets: &[Onset]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut first = 0;
    while first < active.len() {
        let run = (first + 1..active.len().min(first + FRAMES)).find(|&i| active[i] != active[i - 1] + 1);
        let end = run.unwrap_or(active.len().min(first + FRAMES));
        let at = grid.starts[active[first]];
        let length = offset(grid, at, active[end - 1]) + grid.window;
        let mut inverse = vec![0.0; length];
        read(&grid.weight, at, &mut inverse);
        let mut samples = Vec::new();
        if let Some(given) = given {
            let mut made = vec![0.0; length];
            read(&given.made, at, &mut made);
            inverse.iter_mut().zip(&made).for_each(|(x, m)| *x *= m);
            samples = vec![0.0; length];
            read(&given.audio, at, &mut samples);
            samples.iter_mut().zip(&made).for_each(|(x, m)| *x *= 1.0 - m);
        }
        blocks.push(Block {
            frames: first..end,
            at,
            length,
            overlaps: Vec::new(),
            inverse,
            given: samples,
            gates: gate::along(grid, at, length, onsets),
        });
        first = end;
    }
    let all: Vec<Vec<Overlap>> = blocks.iter().map(|b| overlaps(grid.samples, b, &blocks)).collect();
    blocks.iter_mut().zip(all).for_each(|(block, overlaps)| block.overlaps = overlaps);
    blocks
}

/// Samples from `at` to the start of a frame that follows.
pub(crate) fn offset(grid: &Grid, at: usize, frame: usize) -> usize {
    wrap(grid.starts[frame] as i64 - at as i64, grid.samples)
}

/// Every way round the circle in which a block reaches into `block`.
fn overlaps(samples: usize, block: &Block, blocks: &[Block]) -> Vec<Overlap> {
    let mut found = Vec::new();
    for (index, other) in blocks.iter().enumerate() {
        // `other` begins at this place of `block`, and once more after every turn.
        let ahead = wrap(other.at as i64 - block.at as i64, samples) as i64;
        let turns = other.length.div_ceil(samples) as i64;
        let mut place = ahead - turns * samples as i64;
        while place < block.length as i64 {
            let (from, to) = ((-place).max(0) as usize, place.max(0) as usize);
            let length = other.length.saturating_sub(from).min(block.length - to);
            if length > 0 {
                found.push(Overlap { block: index, from, to, length });
            }
            place += samples as i64;
        }
    }
    found
}

/// The whole circle out of what the blocks overlap-added.
pub(crate) fn join(grid: &Grid, blocks: &[Block], made: &[Vec<f32>], given: Option<Given>, onsets: &[Onset]) -> Vec<f32> {
    let mut audio = vec![0.0f32; grid.samples];
    for (block, made) in blocks.iter().zip(made) {
        let mut at = block.at;
        for x in made {
            audio[at] += x;
            at = if at + 1 == grid.samples { 0 } else { at + 1 };
        }
    }
    audio.iter_mut().zip(&grid.weight).for_each(|(x, w)| *x *= w);
    gate::close_all(grid, &mut audio, onsets);
    if let Some(given) = given {
        let parts = given.audio.iter().zip(&given.made);
        audio.iter_mut().zip(parts).for_each(|(x, (g, m))| *x = if *m > 0.0 { *x } else { *g });
    }
    audio
}
