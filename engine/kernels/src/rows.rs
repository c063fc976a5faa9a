//! How work is split: over rows, in as many parts as there are threads.

use rayon::prelude::*;

/// Work below this many floating-point operations isn't worth waking a thread for.
const WORTH_A_THREAD: usize = 200_000;

/// Calls `work(first_row, rows)` for parts of `out` [_, width], together covering it. `cost` is the number of operations of one row.
/// Parts are multiples of `grain` rows (the last excepted), so that full tiles stay full.
pub(crate) fn split(out: &mut [f32], width: usize, cost: usize, grain: usize, work: impl Fn(usize, &mut [f32]) + Sync) {
    let rows = out.len() / width;
    let threads = rayon::current_num_threads();
    if threads < 2 || rows < 2 * grain || rows * cost < WORTH_A_THREAD {
        work(0, out);
        return;
    }
    let part = rows.div_ceil(threads).div_ceil(grain) * grain;
    out.par_chunks_mut(part * width).enumerate().for_each(|(i, rows)| work(i * part, rows));
}
