//! The eight places of an instance.

use inlay_music::TakeId;
use inlay_player::SLOTS;

/// One of the eight.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Place {
    pub take: Option<TakeId>,
    pub pinned: bool,
}

/// All eight.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Slots(pub [Place; SLOTS]);

impl Slots {
    pub fn get(&self, slot: u8) -> Option<&Place> {
        self.0.get(usize::from(slot))
    }

    pub fn get_mut(&mut self, slot: u8) -> Option<&mut Place> {
        self.0.get_mut(usize::from(slot))
    }

    pub fn take(&self, slot: u8) -> Option<&TakeId> {
        self.get(slot)?.take.as_ref()
    }

    pub fn takes(&self) -> impl Iterator<Item = &TakeId> {
        self.0.iter().filter_map(|p| p.take.as_ref())
    }

    /// The first slot that holds a take.
    pub fn place_of(&self, take: &TakeId) -> Option<u8> {
        self.find(|_, p| p.take.as_ref() == Some(take))
    }

    /// Where a new take goes that was asked for while `wanted` was selected: there, unless it is pinned; then into the first empty one,
    /// else the first that neither is pinned nor plays. None: there is no place.
    pub fn place_for(&self, wanted: u8, plays: Option<u8>) -> Option<u8> {
        if self.get(wanted).is_some_and(|p| !p.pinned) {
            return Some(wanted);
        }
        self.first_empty().or_else(|| self.find(|slot, p| !p.pinned && Some(slot) != plays))
    }

    /// The first that holds nothing and isn't kept free.
    pub fn first_empty(&self) -> Option<u8> {
        self.find(|_, p| !p.pinned && p.take.is_none())
    }

    /// The next one that holds a take, or the previous, around the end.
    pub fn step(&self, from: u8, forward: bool) -> Option<u8> {
        let count = SLOTS as u8;
        let nth = |n: u8| if forward { (from + n) % count } else { (from + count - n) % count };
        (1..count).map(nth).find(|slot| self.take(*slot).is_some())
    }

    fn find(&self, wanted: impl Fn(u8, &Place) -> bool) -> Option<u8> {
        self.0.iter().zip(0..).find(|(p, slot)| wanted(*slot, p)).map(|(_, slot)| slot)
    }
}

#[cfg(test)]
mod test {
    use super::*;

    fn slots(text: &str) -> Slots {
        let mut slots = Slots::default();
        for (place, c) in slots.0.iter_mut().zip(text.chars()) {
            *place = Place { take: (c != '.' && c != '!').then(|| TakeId(c.into())), pinned: c.is_ascii_uppercase() || c == '!' };
        }
        slots
    }

    #[test]
    fn a_new_take_replaces_the_one_that_was_selected() {
        assert_eq!(slots("ab......").place_for(1, Some(1)), Some(1));
    }

    #[test]
    fn a_pinned_slot_is_never_overwritten() {
        assert_eq!(slots("A.......").place_for(0, Some(0)), Some(1));
        assert_eq!(slots("Abcdefgh").place_for(0, Some(1)), Some(2));
        assert_eq!(slots("A!cdefgh").place_for(0, Some(2)), Some(3));
        assert_eq!(slots("ABCDEFGH").place_for(3, None), None);
    }

    #[test]
    fn steps_to_what_holds_a_take_around_the_end() {
        assert_eq!(slots("a..d....").step(0, true), Some(3));
        assert_eq!(slots("a..d....").step(3, true), Some(0));
        assert_eq!(slots("a..d....").step(0, false), Some(3));
        assert_eq!(slots("a.......").step(0, true), None);
    }
}
