//! What the audio thread tells without a ring: that it lives, and which triggers were pulled.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

/// How many triggers there are.
pub const TRIGGERS: usize = Trigger::ALL.len();

/// A parameter that acts when it goes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// Makes a take from the words.
    Generate,
    /// Makes the regions anew.
    Inpaint,
    /// Makes a variation.
    Vary,
    /// The next slot that holds a take.
    Next,
    /// The previous one.
    Previous,
}

impl Trigger {
    /// All of them; where one stands in here is its index everywhere.
    pub const ALL: [Trigger; 5] = [Trigger::Generate, Trigger::Inpaint, Trigger::Vary, Trigger::Next, Trigger::Previous];
}

/// Counts of blocks and of pulled triggers. One side writes, the other compares.
#[derive(Debug, Default)]
pub struct Signals {
    blocks: AtomicU64,
    loads: AtomicU32,
    pulled: [AtomicU32; TRIGGERS],
}

impl Signals {
    /// A block was processed.
    ///
    /// # Realtime safety
    /// Wait-free.
    pub fn block(&self) {
        self.blocks.fetch_add(1, Relaxed);
    }

    /// A trigger went up.
    ///
    /// # Realtime safety
    /// Wait-free.
    pub fn pull(&self, trigger: Trigger) {
        self.pulled[trigger as usize].fetch_add(1, Relaxed);
    }

    /// A project was loaded: triggers that are up since then pull nothing.
    pub(crate) fn load(&self) {
        self.loads.fetch_add(1, Relaxed);
    }

    /// Projects loaded so far.
    ///
    /// # Realtime safety
    /// Wait-free.
    pub fn loads(&self) -> u32 {
        self.loads.load(Relaxed)
    }

    /// Blocks so far.
    pub fn blocks(&self) -> u64 {
        self.blocks.load(Relaxed)
    }

    /// How often each trigger went up so far.
    pub fn pulled(&self) -> [u32; TRIGGERS] {
        std::array::from_fn(|i| self.pulled[i].load(Relaxed))
    }
}

/// Finds the moments at which triggers go up. The first values that it sees are where it starts from: they pull nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Edges {
    last: Option<[bool; TRIGGERS]>,
}

impl Edges {
    /// The triggers that went up since the last call.
    ///
    /// # Realtime safety
    /// Compares only.
    pub fn risen(&mut self, now: [bool; TRIGGERS]) -> impl Iterator<Item = Trigger> + use<> {
        let before = self.last.replace(now).unwrap_or(now);
        Trigger::ALL.into_iter().filter(move |t| now[*t as usize] && !before[*t as usize])
    }

    /// Starts anew from what comes next.
    ///
    /// # Realtime safety
    /// Stores only.
    pub fn forget(&mut self) {
        self.last = None;
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn what_is_up_at_first_pulls_nothing() {
        let mut edges = Edges::default();
        assert_eq!(edges.risen([true; TRIGGERS]).count(), 0);
        assert_eq!(edges.risen([false; TRIGGERS]).count(), 0);
        let risen: Vec<_> = edges.risen([false, true, false, false, true]).collect();
        assert_eq!(risen, [Trigger::Inpaint, Trigger::Previous]);
        assert_eq!(edges.risen([false, true, false, false, true]).count(), 0);
    }

    #[test]
    fn after_forgetting_it_starts_anew() {
        let mut edges = Edges::default();
        edges.risen([false; TRIGGERS]).for_each(drop);
        edges.forget();
        assert_eq!(edges.risen([true; TRIGGERS]).count(), 0);
    }

    #[test]
    fn each_trigger_counts_by_itself() {
        let signals = Signals::default();
        signals.pull(Trigger::Vary);
        signals.pull(Trigger::Vary);
        signals.block();
        assert_eq!((signals.pulled(), signals.blocks()), ([0, 0, 2, 0, 0], 1));
    }
}
