//! Holding an instance to a size.

use super::make::{model_take, parcel, silent, take, voice};
use crate::{Kept, LIMIT, Notice, Parcel, Saved, Slot};
use inlay_music::{About, Take};
use std::sync::Arc;

/// Two takes in slots (one with a voice), two favourites, three of the history.
fn full() -> Saved {
    let takes: Vec<Take> = (0..7).map(model_take).collect();
    let kept = |n: usize| Kept::new(parcel(&takes[n]));
    let slotted = Kept { voices: vec![parcel(&voice(&takes[0], 120.0))], ..kept(0) };
    let favourite = |n| Kept { favourite: true, ..kept(n) };
    let mut saved = Saved { takes: vec![kept(2), slotted, favourite(3), kept(4), kept(1), favourite(5), kept(6)], ..Saved::default() };
    saved.slots[0] = Slot { take: Some(takes[0].id.clone()), pinned: false };
    saved.slots[4] = Slot { take: Some(takes[1].id.clone()), pinned: false };
    saved
}

/// What of each take is there: sound, latents.
fn there(saved: &Saved) -> String {
    let letter = |k: &Kept| match (k.take.has_sound(), k.take.has_latents()) {
        (true, true) => 'S',
        (true, false) => 's',
        (false, true) => 'l',
        (false, false) => '.',
    };
    saved.takes.iter().map(letter).collect()
}

#[test]
fn what_can_be_made_again_is_kept_without_sound() {
    let mut saved = full();
    assert_eq!(saved.trim(LIMIT), []);
    assert_eq!(there(&saved), "lSSlSSl");
    assert_eq!(saved.takes[1].voices.len(), 1);
    assert!(saved.takes[0].voices.is_empty());
}

#[test]
fn the_sound_of_a_file_is_kept_in_the_history_too_since_nothing_makes_it_again() {
    let mut saved = full();
    let heard = Take { about: About { from_audio: true, ..take(8, 2).about }, ..take(8, 2) };
    saved.takes.push(Kept { voices: vec![parcel(&voice(&heard, 120.0))], ..Kept::new(parcel(&heard)) });
    assert_eq!(saved.trim(LIMIT), []);
    assert_eq!(there(&saved), "lSSlSSlS");
    assert!(saved.takes[7].voices.is_empty(), "it can be stretched again");
}

#[test]
fn a_take_that_was_read_from_a_file_keeps_the_file_s_sound() {
    let mut saved = Saved { takes: vec![Kept::new(parcel(&take(0, 2))), Kept::new(parcel(&take(1, 1)))], ..Saved::default() };
    assert_eq!(saved.trim(LIMIT), []);
    assert_eq!(there(&saved), "SS", "in stereo, and at another rate than the model's");
}

#[test]
fn beyond_the_limit_the_oldest_of_the_history_go_first_then_favourites_and_slots_never() {
    let all = {
        let mut saved = full();
        saved.trim(LIMIT);
        saved.size()
    };
    let latents = silent(&model_take(0)).size();
    let sound = parcel(&model_take(3)).size() - latents;
    let trimmed = |limit: usize| {
        let mut saved = full();
        let notices = saved.trim(limit);
        if !matches!(notices.last(), Some(Notice::Slots(_))) {
            assert!(saved.size() <= limit && saved.to_json().len() == saved.size());
        }
        (there(&saved), notices)
    };
    assert_eq!(trimmed(all), ("lSSlSSl".into(), vec![]));
    assert_eq!(trimmed(all - 1), (".SSlSSl".into(), vec![Notice::History(1)]));
    assert_eq!(trimmed(all - latents - 1), (".SS.SSl".into(), vec![Notice::History(2)]));
    assert_eq!(trimmed(all - 3 * latents - 1), (".Sl.SS.".into(), vec![Notice::History(3), Notice::Favourites(1)]));
    assert_eq!(trimmed(all - 3 * latents - sound - 9_000).0, ".Sl.Sl.");
    let (left, notices) = trimmed(1000);
    assert_eq!(left, ".Sl.Sl.");
    assert!(matches!(notices[..], [Notice::History(3), Notice::Favourites(2), Notice::Slots(_)]), "{notices:?}");
}

#[test]
fn favourites_that_can_be_made_again_lose_their_sound_before_those_that_can_not() {
    let of_file = |n| Take { about: About { from_audio: true, ..model_take(n).about }, ..model_take(n) };
    let favourite = |take: &Take| Kept { favourite: true, ..Kept::new(parcel(take)) };
    let mut saved = Saved { takes: vec![favourite(&of_file(0)), favourite(&model_take(1))], ..Saved::default() };
    let limit = saved.size() - 1;
    assert_eq!(saved.trim(limit), [Notice::Favourites(1)]);
    assert_eq!(there(&saved), "Sl");
}

#[test]
fn parts_that_takes_share_count_once() {
    // the same sound and latents under two requests
    let first = parcel(&model_take(0));
    let second = Parcel { id: inlay_music::TakeId("twin".into()), ..(*first).clone() };
    let favourite = |parcel| Kept { favourite: true, ..Kept::new(parcel) };
    let mut saved = Saved { takes: vec![favourite(first), favourite(Arc::new(second))], ..Saved::default() };
    let limit = saved.size() - 1;
    assert_eq!(saved.trim(limit), [Notice::Favourites(1)], "only the second use of the sound frees it");
    assert!(saved.size() <= limit);
    assert_eq!(there(&saved), "ll");
}

#[test]
fn notices_say_what_to_do() {
    assert_eq!(
        Notice::History(3).to_string(),
        "the project keeps only the words of the 3 oldest takes in the history, to stay below 32 MB: choose those that you want to keep as favourites"
    );
    assert!(Notice::Slots(40_500_000).to_string().contains("need 40 MB"));
}
