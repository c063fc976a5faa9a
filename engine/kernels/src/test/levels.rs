//! The same checks with each of the machine's kinds of vectors, not only the widest.

use pulp::Arch;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::{cell::Cell, sync::LazyLock};

thread_local! {
    /// What this thread uses in place of the widest vectors.
    pub(crate) static LEVEL: Cell<Option<Arch>> = const { Cell::new(None) };
}

/// What the machine has, the widest vectors first.
pub(super) fn levels() -> Vec<Arch> {
    let mut levels = vec![Arch::new()];
    #[cfg(target_arch = "x86_64")]
    if matches!(Arch::new(), Arch::V4(_)) {
        levels.extend(pulp::x86::V3::try_new().map(Arch::V3));
    }
    if !matches!(Arch::new(), Arch::Scalar) {
        levels.push(Arch::Scalar);
    }
    levels
}

/// Threads that use one kind of vectors.
pub(super) fn pool(level: Arch, threads: usize) -> ThreadPool {
    ThreadPoolBuilder::new().num_threads(threads).start_handler(move |_| LEVEL.set(Some(level))).build().unwrap()
}

/// Runs `check` with each kind. What fails says with which.
pub(super) fn at_every_level(check: impl Fn() + Sync) {
    static POOLS: LazyLock<Vec<(Arch, ThreadPool)>> = LazyLock::new(|| levels().into_iter().map(|level| (level, pool(level, 2))).collect());
    for (level, pool) in POOLS.iter() {
        let _said = Said(*level);
        pool.install(&check);
    }
}

/// Says the kind of vectors when a check fails.
struct Said(Arch);

impl Drop for Said {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("with {:?}", self.0);
        }
    }
}

#[test]
fn every_level_has_vectors_of_its_own_width_on_all_its_threads() {
    let widths = levels().into_iter().map(|level| {
        let widths = pool(level, 3).broadcast(|_| crate::pack::lanes());
        assert!(widths.iter().all(|w| *w == widths[0]), "{level:?}: {widths:?}");
        widths[0]
    });
    assert!(widths.is_sorted_by(|a, b| a > b), "the widest first, each once");
}
