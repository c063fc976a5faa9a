//! Projects with takes of a known sound, so that what plays can be compared with what should.
#![allow(dead_code, reason = "each test takes what it needs")]

use inlay_host::Rig;
use inlay_music::{About, Bars, Bpm, Feel, Prompt, Request, SampleRate, Seed, Sound, Take, TakeId, Task, loop_length};
use inlay_state::{Kept, Parcel, Saved, Slot};
use std::sync::Arc;

/// A sample as 24 bit can hold it.
pub fn held(sample: f64) -> f32 {
    let scale = f64::from(1 << 23);
    ((sample * scale).round() / scale) as f32
}

/// A take of `bars` that sounds as `make` says, frame by frame, left as right.
pub fn take(name: &str, bars: u32, bpm: f64, rate: u32, make: impl Fn(usize) -> f64) -> Take {
    let (bars, bpm, rate) = (Bars::new(bars).unwrap(), Bpm::new(bpm).unwrap(), SampleRate::new(rate).unwrap());
    let frames = loop_length(bpm, bars.beats(), rate).get();
    let channel: Arc<[f32]> = (0..frames).map(|i| held(make(i))).collect();
    let request = Request {
        task: Task::Generate,
        prompt: Prompt::new("a known sound").unwrap(),
        negative: None,
        bars,
        bpm,
        key: None,
        chords: None,
        feel: Feel::Normal,
        seed: Seed(1),
        variation: 0,
        steps: 4,
        guidance: 3.0,
        sampler: "dpm++2m".into(),
    };
    let about = About {
        request,
        chords: None,
        parent: None,
        made_at: None,
        model: "none".into(),
        codec: "none".into(),
        gain: 1.0,
        width: 0.0,
        from_audio: true,
        made_by: None,
    };
    Take { id: TakeId(name.into()), about, latents: Arc::new([]), sound: Sound { rate, channels: vec![channel] } }
}

/// White noise in ±0.5, another for each seed.
pub fn noise(seed: u64) -> impl Fn(usize) -> f64 {
    move |i| {
        let mut x = (i as u64 ^ (seed << 40)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        x = (x ^ (x >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (x >> 40) as f64 / f64::from(1 << 24) - 0.5
    }
}

/// A sine of about `hertz` and amplitude 0.5 that closes over `frames`.
pub fn tone(frames: usize, rate: u32, hertz: f64) -> impl Fn(usize) -> f64 {
    let periods = (hertz * frames as f64 / f64::from(rate)).round();
    move |i| 0.5 * (std::f64::consts::TAU * periods * i as f64 / frames as f64 + 0.4).sin()
}

/// A take's sound.
pub fn sound(take: &Take) -> &[f32] {
    &take.sound.channels[0]
}

/// The text of a project whose slots hold these takes, from the first on.
pub fn project(takes: &[Take]) -> serde_json::Value {
    let mut saved = Saved { ahead: false, ..Saved::default() };
    for (slot, take) in saved.slots.iter_mut().zip(takes) {
        *slot = Slot { take: Some(take.id.clone()), pinned: false };
        saved.takes.push(Kept::new(Arc::new(Parcel::pack(take).unwrap())));
    }
    serde_json::from_str(&saved.to_json()).unwrap()
}

/// A rig that loaded these takes, and is active.
pub fn opened(id: &str, rate: u32, takes: &[Take]) -> Rig {
    let mut rig = crate::common::rig(id);
    rig.edit(|own| *own = project(takes)).unwrap();
    rig.activate(f64::from(rate), 4096).unwrap();
    rig.song.tempo = takes.first().map_or(120.0, |t| t.about.request.bpm.get());
    rig
}
