//! Holding an instance to a size.

use crate::parcel::Parcel;
use crate::part::{Label, Part};
use crate::saved::{Kept, Saved};
use inlay_engine::redo;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most bytes that an instance takes in a project, but for what is in its slots.
pub const LIMIT: usize = 32 * MB;

const MB: usize = 1_000_000;

/// What a project doesn't keep, since it would grow too large. The instance still has it, until it is closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Notice {
    /// Takes of the history whose latents (and sound, where they came from audio) are left out.
    #[error(
        "the project keeps only the words of the {0} oldest takes in the history, to stay below {limit} MB: choose those that you want to keep as favourites",
        limit = LIMIT / MB
    )]
    History(usize),
    /// Favourites whose sound is left out.
    #[error(
        "the project keeps the sound of the {0} oldest favourites no longer, to stay below {limit} MB: export them, or put them into slots",
        limit = LIMIT / MB
    )]
    Favourites(usize),
    /// The slots alone are larger.
    #[error("the takes in the slots alone need {size} MB in the project, and all of it is kept: saving may take a moment", size = .0 / MB)]
    Slots(usize),
}

impl Saved {
    /// Leaves out what a project doesn't keep: always the sound of takes that are in no slot, no favourites, and can be made again;
    /// beyond `limit` bytes ([`LIMIT`]) also, oldest first, all but the words of takes that are neither in a slot nor a favourite, then
    /// the sound of favourites, those that can be made again first. What is in a slot always stays.
    pub fn trim(&mut self, limit: usize) -> Vec<Notice> {
        let slotted: Vec<bool> = self.takes.iter().map(|k| self.is_in_slot(&k.take.id)).collect();
        let mut loose: Vec<usize> = Vec::new();
        let mut favourites: Vec<usize> = Vec::new();
        for (at, kept) in self.takes.iter_mut().enumerate().filter(|(at, _)| !slotted[*at]) {
            if kept.favourite {
                favourites.push(at);
            } else {
                loose.push(at);
                // what can't be made again keeps its sound
                kept.quiet(kept.take.comes_back());
            }
        }
        // stable: oldest first among equals
        favourites.sort_by_key(|at| !self.takes[*at].take.comes_back());

        let mut weight = Weight::of(self);
        let mut notices = Vec::new();
        let history = self.shrink(&loose, &mut weight, limit, Kept::strip);
        if history > 0 {
            notices.push(Notice::History(history));
        }
        let silenced = self.shrink(&favourites, &mut weight, limit, |kept| kept.quiet(true));
        if silenced > 0 {
            notices.push(Notice::Favourites(silenced));
        }
        if weight.size > limit {
            notices.push(Notice::Slots(weight.size));
        }
        notices
    }

    /// Makes takes smaller until all fit; how many it took.
    fn shrink(&mut self, order: &[usize], weight: &mut Weight, limit: usize, smaller: impl Fn(&mut Kept)) -> usize {
        let mut count = 0;
        for &at in order {
            if weight.size <= limit {
                break;
            }
            let kept = &mut self.takes[at];
            let before = weight.size;
            weight.take_off(kept);
            smaller(kept);
            weight.put_on(kept);
            count += usize::from(weight.size < before);
        }
        count
    }
}

/// What the text will weigh. Parts that several takes share weigh once.
struct Weight {
    size: usize,
    uses: BTreeMap<Label, usize>,
}

impl Weight {
    fn of(saved: &Saved) -> Self {
        let mut weight = Self { size: 0, uses: BTreeMap::new() };
        saved.takes.iter().for_each(|k| weight.put_on(k));
        weight.size = saved.size();
        weight
    }

    fn put_on(&mut self, kept: &Kept) {
        for part in kept.parts() {
            let uses = self.uses.entry(part.label()).or_default();
            *uses += 1;
            if *uses == 1 {
                self.size += part.text().len();
            }
        }
    }

    fn take_off(&mut self, kept: &Kept) {
        for part in kept.parts() {
            let uses = self.uses.entry(part.label()).or_default();
            *uses = uses.saturating_sub(1);
            if *uses == 0 {
                self.size = self.size.saturating_sub(part.text().len());
            }
        }
    }
}

impl Parcel {
    /// Whether its latents bring its sound back.
    fn comes_back(&self) -> bool {
        let about = &self.about;
        match &self.sound {
            Some(sound) => redo::check_sound(about, sound.rate, sound.channels, redo::Kept::Latents).is_ok(),
            None => redo::check(about, redo::Kept::Latents).is_ok(),
        }
    }
}

impl Kept {
    /// All of its parts, one that several voices share as often as they do.
    fn parts(&self) -> impl Iterator<Item = &Part> {
        let others = self.voices.iter().filter(|v| v.id != self.take.id);
        std::iter::once(&self.take).chain(others).flat_map(|p| p.parts())
    }

    /// Without its sound at other tempos, and without its own where `own`.
    fn quiet(&mut self, own: bool) {
        self.voices.retain(|v| !own && v.id == self.take.id);
        if own && self.take.has_sound() {
            self.take = Arc::new(Parcel { sound: None, ..(*self.take).clone() });
        }
    }

    /// Only its words.
    fn strip(&mut self) {
        self.voices.clear();
        if self.take.parts().next().is_some() {
            self.take = Arc::new(Parcel { sound: None, latents: None, ..(*self.take).clone() });
        }
    }
}
