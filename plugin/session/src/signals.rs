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

/// See [`Signals::seen`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    levels: [u8; TRIGGERS],
    slot: u8,
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

    /// Which values of the parameters were acted on. For who isn't the audio thread: it asks for this first, reads the parameters
    /// then, and finds out with it what moved and was not acted on by the audio thread in the meantime.
    pub(crate) fn seen(&self) -> Seen {
        Seen { levels: std::array::from_fn(|i| self.levels[i].load(Relaxed)), slot: self.slot.load(Relaxed) }
    }

    /// [`Signals::risen`] since then.
    pub(crate) fn risen_since(&self, seen: Seen, now: [bool; TRIGGERS]) -> impl Iterator<Item = Trigger> {
        Trigger::ALL.into_iter().filter(move |t| {
            let (before, up) = (seen.levels[*t as usize], now[*t as usize]);
            self.levels[*t as usize].compare_exchange(before, up.into(), Relaxed, Relaxed).is_ok() && up && before == DOWN
        })
    }

    /// [`Signals::slot_moved`] since then.
    pub(crate) fn slot_moved_since(&self, seen: Seen, now: u8) -> bool {
        self.slot.compare_exchange(seen.slot, now, Relaxed, Relaxed).is_ok() && seen.slot != now
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
    fn one_edge_is_acted_on_by_one_side() {
        let signals = Signals::default();
        signals.risen([false; TRIGGERS]).for_each(drop);
        // the session looks, then the audio thread is faster
        let seen = signals.seen();
        assert_eq!(signals.risen([true; TRIGGERS]).count(), TRIGGERS);
        assert!(signals.slot_moved(3));
        assert_eq!(signals.risen_since(seen, [false; TRIGGERS]).count(), 0);
        assert!(!signals.slot_moved_since(seen, 0));
        assert_eq!(signals.risen([true; TRIGGERS]).count(), 0, "they are still up");
        signals.risen([false; TRIGGERS]).for_each(drop);
        assert_eq!(signals.risen_since(signals.seen(), [true; TRIGGERS]).count(), TRIGGERS);
        assert!(signals.slot_moved_since(signals.seen(), 4) && !signals.slot_moved(4));
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
