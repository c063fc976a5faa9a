//! What the audio thread tells without a ring: that it lives, which triggers were pulled, and what of the parameters it acted on.

use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed};

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

const DOWN: u8 = 0;
const UNSEEN: u8 = 2;

/// What the audio thread and the session tell each other by numbers: blocks, pulled triggers, and which values of parameters were acted
/// on already, by whichever of the two looked first.
#[derive(Debug)]
pub struct Signals {
    blocks: AtomicU64,
    pulled: [AtomicU32; TRIGGERS],
    levels: [AtomicU8; TRIGGERS],
    slot: AtomicU8,
}

impl Default for Signals {
    fn default() -> Self {
        let levels = std::array::from_fn(|_| AtomicU8::new(UNSEEN));
        Self { blocks: AtomicU64::default(), pulled: Default::default(), levels, slot: AtomicU8::default() }
    }
}

impl Signals {
    /// A block was processed.
    ///
    /// # Realtime safety
    /// Wait-free.
    pub fn block(&self) {
        self.blocks.fetch_add(1, Relaxed);
    }

    /// A trigger was pulled, for the session to obey.
    ///
    /// # Realtime safety
    /// Wait-free.
    pub fn pull(&self, trigger: Trigger) {
        self.pulled[trigger as usize].fetch_add(1, Relaxed);
    }

    /// The triggers that went up since somebody last looked. What is up when nobody has looked yet pulls nothing.
    ///
    /// # Realtime safety
    /// Wait-free.
    pub fn risen(&self, now: [bool; TRIGGERS]) -> impl Iterator<Item = Trigger> {
        Trigger::ALL.into_iter().filter(move |t| {
            let up = now[*t as usize];
            let before = self.levels[*t as usize].swap(up.into(), Relaxed);
            up && before == DOWN
        })
    }

    /// Whether the slot parameter names another slot than when somebody last looked.
    ///
    /// # Realtime safety
    /// Wait-free.
    pub fn slot_moved(&self, now: u8) -> bool {
        self.slot.swap(now, Relaxed) != now
    }

    /// The next look at the triggers is the first.
    pub(crate) fn forget_triggers(&self) {
        self.levels.iter().for_each(|level| level.store(UNSEEN, Relaxed));
    }

    /// A project was loaded, and the slot parameter with it: neither it nor triggers that are up do anything.
    pub(crate) fn load(&self, slot: u8) {
        self.forget_triggers();
        self.slot.store(slot, Relaxed);
    }

    /// Blocks so far.
    pub fn blocks(&self) -> u64 {
        self.blocks.load(Relaxed)
    }

    /// How often each trigger was pulled so far.
    pub fn pulled(&self) -> [u32; TRIGGERS] {
        std::array::from_fn(|i| self.pulled[i].load(Relaxed))
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn what_is_up_at_first_pulls_nothing() {
        let signals = Signals::default();
        assert_eq!(signals.risen([true; TRIGGERS]).count(), 0);
        assert_eq!(signals.risen([false; TRIGGERS]).count(), 0);
        let risen: Vec<_> = signals.risen([false, true, false, false, true]).collect();
        assert_eq!(risen, [Trigger::Inpaint, Trigger::Previous]);
        assert_eq!(signals.risen([false, true, false, false, true]).count(), 0);
    }

    #[test]
    fn what_a_project_brings_does_nothing() {
        let signals = Signals::default();
        signals.risen([false; TRIGGERS]).for_each(drop);
        assert!(signals.slot_moved(3) && !signals.slot_moved(3));
        signals.load(5);
        assert_eq!(signals.risen([true; TRIGGERS]).count(), 0);
        assert!(!signals.slot_moved(5) && signals.slot_moved(0));
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
