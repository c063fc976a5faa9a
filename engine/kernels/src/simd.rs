//! Which of the machine's vector instructions the kernels use.

use pulp::{Arch, WithSimd};

/// Runs `work` with the widest vectors that the machine has. Weights are packed for them, so there is one answer in a process.
#[inline(always)]
pub(crate) fn dispatch<W: WithSimd>(work: W) -> W::Output {
    arch().dispatch(work)
}

#[inline(always)]
fn arch() -> Arch {
    #[cfg(test)]
    if let Some(level) = crate::test::levels::LEVEL.get() {
        return level;
    }
    Arch::new()
}
