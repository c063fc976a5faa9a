//! Where renditions stand while the audio thread may need them.
//!
//! Voices and slots name a place on the shelf; only the shelf holds the `Arc`s. So nothing on the audio thread can drop the last
//! one by accident: what nobody names any more is handed back, and stays here while there is no room for it on the way back.

use inlay_music::Rendition;
use std::sync::Arc;

/// Places: for each slot two renditions and two that wait for a boundary, for the voices, and for those on their way back.
pub(crate) const PLACES: usize = 64;

/// A rendition that can be played.
#[derive(Debug)]
pub(crate) struct Standing {
    /// What sounds.
    pub rendition: Arc<Rendition>,
    /// The tempo that it was made for.
    pub bpm: f64,
}

/// A place on the shelf.
pub(crate) type Place = u8;

/// All renditions that the player holds.
#[derive(Debug)]
pub(crate) struct Shelf {
    places: [Option<Standing>; PLACES],
}

impl Shelf {
    /// An empty shelf.
    pub fn new() -> Self {
        Self { places: [const { None }; PLACES] }
    }

    /// Whether `count` renditions can be put down.
    pub fn has_room_for(&self, count: usize) -> bool {
        self.places.iter().filter(|p| p.is_none()).count() >= count
    }

    /// Puts a rendition down, or finds the place where the same one stands. None where the shelf is full: ask first.
    ///
    /// # Realtime safety
    /// Neither allocates nor frees: the `Arc` of a rendition that stands here already isn't the last one.
    pub fn put(&mut self, rendition: Arc<Rendition>, bpm: f64) -> Option<Place> {
        let same = |p: &Option<Standing>| p.as_ref().is_some_and(|s| Arc::ptr_eq(&s.rendition, &rendition) && s.bpm == bpm);
        let place = self.places.iter().position(same).or_else(|| self.places.iter().position(Option::is_none))?;
        match &self.places[place] {
            Some(_) => drop(rendition),
            None => self.places[place] = Some(Standing { rendition, bpm }),
        }
        Place::try_from(place).ok()
    }

    /// What stands at a place.
    pub fn get(&self, place: Place) -> Option<&Standing> {
        self.places.get(usize::from(place))?.as_ref()
    }

    /// Hands back everything that stands at a place whose bit isn't in `named`, as long as `back` has room.
    ///
    /// # Realtime safety
    /// Moves `Arc`s only.
    pub fn clear(&mut self, named: u64, back: &mut rtrb::Producer<crate::control::Spent>) {
        for (i, place) in self.places.iter_mut().enumerate() {
            if named & (1 << i) == 0
                && !back.is_full()
                && let Some(standing) = place.take()
            {
                // There is room: this thread is the only one that fills it.
                let pushed = back.push(crate::control::Spent::Rendition(standing.rendition));
                debug_assert!(pushed.is_ok());
            }
        }
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use inlay_music::{SampleRate, TakeId};

    fn rendition() -> Arc<Rendition> {
        let sound: Arc<[f32]> = vec![0.0; 256].into();
        Arc::new(Rendition { take: TakeId(String::new()), rate: SampleRate::CD, left: Arc::clone(&sound), right: sound })
    }

    #[test]
    fn keeps_what_there_is_no_room_for_on_the_way_back() {
        let mut shelf = Shelf::new();
        let ours: Vec<_> = (0..3).map(|_| rendition()).collect();
        let places: Vec<_> = ours.iter().map(|r| shelf.put(Arc::clone(r), 120.0)).collect();
        assert_eq!(places, [Some(0), Some(1), Some(2)]);
        let (mut give, mut taken) = rtrb::RingBuffer::new(1);
        shelf.clear(1 << 1, &mut give);
        assert!(shelf.get(0).is_none() && shelf.get(2).is_some(), "there was room for one");
        shelf.clear(1 << 1, &mut give);
        assert!(shelf.get(2).is_some(), "it waits here");
        assert!(taken.pop().is_ok());
        shelf.clear(1 << 1, &mut give);
        assert!(shelf.get(2).is_none());
        assert!(shelf.get(1).is_some(), "what is named stays");
    }

    #[test]
    fn one_rendition_stands_at_one_place() {
        let mut shelf = Shelf::new();
        let ours = rendition();
        assert_eq!(shelf.put(Arc::clone(&ours), 120.0), shelf.put(Arc::clone(&ours), 120.0));
        assert_eq!(Arc::strong_count(&ours), 2);
        assert!(shelf.has_room_for(PLACES - 1) && !shelf.has_room_for(PLACES));
    }
}
