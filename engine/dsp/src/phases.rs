//! Phases for magnitudes: iterations between frames and audio, both bands at once, over any number of threads.
//!
//! Fast Griffin-Lim (Perraudin, Balazs and Søndergaard 2013) goes back and forth between spectra with the wanted magnitudes and
//! audio that could have them. Here a block of frames does the whole way at once: it gathers the audio it needs from what its
//! neighbours made in the iteration before, transforms, corrects and overlap-adds. Blocks don't depend on the number of threads
//! and are summed in a fixed order, so neither does the audio.

pub(crate) mod blocks;
pub(crate) mod gate;
pub(crate) mod grid;
pub(crate) mod onsets;
pub(crate) mod start;
mod step;

use crate::synthesise::{Cancelled, Synthesis};
use blocks::Block;
use grid::Grid;
use onsets::Onset;
use std::ops::Range;
use std::sync::Mutex;
use step::{Scratch, Work};

/// What one band has to find phases for.
pub(crate) struct Task {
    pub grid: Grid,
    /// Frames to be made, in ascending order: all of them, or those that touch what is made anew.
    pub active: Vec<usize>,
    /// Bins that hold something.
    pub bins: Range<usize>,
    /// Of each active frame and each of `bins`.
    pub magnitudes: Vec<f32>,
    /// Phases to begin with, in the same order, in turns.
    pub turns: Vec<f32>,
    /// Samples around the circle that are given, and where they are not (1 there, else 0).
    pub given: Option<Given>,
    /// Before these it is as quiet as it was.
    pub onsets: Vec<Onset>,
    pub iterations: usize,
}

/// Audio around the circle of which a part is to be made.
pub(crate) struct Given {
    pub audio: Vec<f32>,
    pub made: Vec<f32>,
}

/// How much of the last step is taken again: Perraudin's alpha.
const MOMENTUM: f32 = 0.99;

/// A task on its way.
struct State {
    task: Task,
    blocks: Vec<Block>,
    /// Spectra of the iteration before, of each block.
    before: Vec<Vec<f32>>,
    /// What each block overlap-added in the iteration before, and the room for this one.
    made: [Vec<Vec<f32>>; 2],
}

impl State {
    fn new(task: Task) -> Self {
        let blocks = blocks::lay_out(&task.grid, &task.active, task.given.as_ref(), &task.onsets);
        let room: Vec<Vec<f32>> = blocks.iter().map(|b| vec![0.0; b.length]).collect();
        let width = task.bins.len();
        let before = blocks.iter().map(|b| vec![0.0; 2 * b.frames.len() * width]).collect();
        Self { task, blocks, before, made: [room.clone(), room] }
    }

    /// Everything that is to do in iteration `i`, where 0 only brings the first phases into time.
    fn work(&mut self, i: usize) -> impl Iterator<Item = Work<'_>> {
        let [even, odd] = &mut self.made;
        let (from, to) = if i.is_multiple_of(2) { (&*odd, even) } else { (&*even, odd) };
        let due = i <= self.task.iterations;
        let (task, blocks) = (&self.task, &self.blocks);
        let parts = blocks.iter().zip(&mut self.before).zip(to).filter(move |_| due);
        parts.map(move |((block, before), to)| Work { task, block, before, from, to, first: i == 0 })
    }

    fn audio(self) -> Vec<f32> {
        let last = &self.made[self.task.iterations % 2];
        blocks::join(&self.task.grid, &self.blocks, last, self.task.given, &self.task.onsets)
    }
}

/// Audio around the circles of both tasks.
///
/// # Errors
/// [`Cancelled`] as soon as `how` says so.
pub(crate) fn solve(tasks: [Task; 2], how: &Synthesis) -> Result<(Vec<f32>, Vec<f32>), Cancelled> {
    let mut states = tasks.map(State::new);
    let mut scratches: Vec<Vec<Scratch>> =
        (0..how.threads.max(1)).map(|_| states.iter().map(|s| Scratch::new(&s.task.grid, s.task.bins.len())).collect()).collect();
    let last = states.iter().map(|s| s.task.iterations).max().unwrap_or(0);
    for i in 0..=last {
        if !(how.proceed)() {
            return Err(Cancelled);
        }
        let work = states.iter_mut().enumerate().flat_map(|(band, state)| state.work(i).map(move |work| (band, work)));
        let queue = Mutex::new(work);
        let drain = |scratches: &mut Vec<Scratch>| {
            let next = || queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
            while let Some((band, work)) = next() {
                step::run(work, &mut scratches[band]);
            }
        };
        if let [first, others @ ..] = &mut scratches[..] {
            rayon::in_place_scope(|scope| {
                for other in others {
                    scope.spawn(|_| drain(other));
                }
                drain(first);
            });
        }
    }
    let [a, b] = states.map(State::audio);
    Ok((a, b))
}
