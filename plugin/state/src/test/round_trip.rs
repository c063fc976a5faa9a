//! What comes back is what was saved.

use super::make::{instance, parcel, take, take_at, voice};
use crate::{Kept, Parcel, Saved, open};
use half::f16;
use inlay_music::Take;
use std::sync::Arc;

fn loaded(json: &str) -> Saved {
    let loaded = Saved::from_json(json).unwrap();
    assert_eq!(loaded.losses, []);
    loaded.saved
}

#[test]
fn an_instance_comes_back_as_it_was() {
    let saved = instance();
    assert_eq!(loaded(&saved.to_json()), saved);
    assert_eq!(loaded(&Saved::default().to_json()), Saved::default());
}

#[test]
fn the_same_instance_gives_the_same_text_before_and_after_loading() {
    let json = instance().to_json();
    assert_eq!(instance().to_json(), json);
    assert_eq!(loaded(&json).to_json(), json);
    assert_eq!(instance().size(), json.len());
    assert_eq!(Saved::default().size(), Saved::default().to_json().len());
}

#[test]
fn takes_come_back_bit_for_bit() {
    for take in [take(0, 1), take(5, 2), take_at(6, 1, 133.333_328_247_070_3)] {
        let json = Saved { takes: vec![Kept::new(parcel(&take))], ..Saved::default() }.to_json();
        let opened = loaded(&json).takes[0].take.open();
        assert_eq!(opened.losses, []);
        // equality of floats takes −0 for 0, so the bits are compared
        let bits = |t: &Take| t.sound.channels.iter().flat_map(|c| c.iter().map(|v| v.to_bits())).collect::<Vec<_>>();
        let back = opened.take.unwrap();
        assert_eq!(bits(&back), bits(&take));
        assert_eq!(*back, take);
    }
}

#[test]
fn every_kind_of_latent_comes_back() {
    let mut take = take(0, 1);
    let odd = [f16::MIN_POSITIVE_SUBNORMAL, f16::NEG_ZERO, f16::from_f32(99.0), f16::from_f32(-99.0), f16::EPSILON];
    take.latents = odd.iter().cycle().take(32 * 64).copied().collect();
    let bits = |latents: &[f16]| latents.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&parcel(&take).open().latents.unwrap()), bits(&take.latents));
}

#[test]
fn a_voice_comes_back_as_a_take_of_its_own_and_shares_the_latents() {
    let first = take(0, 1);
    let other = voice(&first, 187.5);
    let own = parcel(&first);
    let with = Kept { voices: vec![parcel(&other), Arc::clone(&own)], ..Kept::new(own) };
    let json = Saved { takes: vec![with], ..Saved::default() }.to_json();
    let saved = loaded(&json);
    let kept = &saved.takes[0];
    assert!(Arc::ptr_eq(&kept.voices[1], &kept.take), "the take itself is a voice");
    assert_eq!(*kept.voices[0].open().take.unwrap(), other);
    assert_eq!(json.matches("\"part\":0,").count(), 2, "both have the same latents");
}

#[test]
fn takes_are_opened_in_their_order_on_any_number_of_threads() {
    let takes: Vec<Take> = (0..5).map(|n| take(n, 1)).collect();
    let parcels: Vec<Arc<Parcel>> = takes.iter().map(parcel).collect();
    let refs: Vec<&Parcel> = parcels.iter().map(|p| &**p).collect();
    for threads in [0, 1, 2, 9] {
        let opened = open(&refs, threads);
        assert_eq!(opened.iter().map(|o| o.take.as_deref().unwrap()).collect::<Vec<_>>(), takes.iter().collect::<Vec<_>>());
    }
    assert_eq!(open(&[], 2), []);
}

#[test]
fn slots_give_their_takes_once_with_the_selected_one_first() {
    let mut saved = instance();
    saved.slots[5] = saved.slots[3].clone();
    let ids: Vec<&str> = saved.in_slots().map(|k| k.take.id().0.as_str()).collect();
    assert_eq!(ids, ["take-0", "take-1"]);
}

#[test]
fn a_take_of_another_length_than_its_bars_is_not_packed() {
    let mut take = take(0, 1);
    take.sound.channels = vec![take.sound.channels[0][1..].into()];
    assert_eq!(
        Parcel::pack(&take).unwrap_err().to_string(),
        "this take can't be kept in the project: it has 7999 frames instead of 8000; make it again"
    );
}
