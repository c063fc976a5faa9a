//! Takes and instances to test with.

use crate::{Kept, Parcel, Saved, Slot};
use half::f16;
use inlay_music::{About, Bars, Bpm, Feel, Prompt, Region, Request, SampleRate, Seed, Sound, Take, TakeId, Task, loop_length};
use std::sync::Arc;

/// A take of one bar at 240 BPM: a second long; different for each `number`.
pub fn take(number: u32, channels: usize) -> Take {
    take_at(number, channels, 240.0)
}

pub fn take_at(number: u32, channels: usize, bpm: f64) -> Take {
    take_of(number, channels, bpm, SampleRate::new(8000).unwrap())
}

/// The same at the model's own rate.
pub fn model_take(number: u32) -> Take {
    take_of(number, 1, 240.0, SampleRate::CD)
}

fn take_of(number: u32, channels: usize, bpm: f64, rate: SampleRate) -> Take {
    let request = Request {
        task: Task::Generate,
        prompt: Prompt::new(&format!("dusty drums {number} “häppy”")).unwrap(),
        negative: Some(Prompt::new("muffled").unwrap()),
        bars: Bars::new(1).unwrap(),
        bpm: Bpm::new(bpm).unwrap(),
        key: Some("Am".parse().unwrap()),
        chords: Some("Am F".parse().unwrap()),
        feel: Feel::Normal,
        seed: Seed(u64::MAX - u64::from(number)),
        variation: 0,
        steps: 16,
        guidance: 3.0,
        sampler: "dpm++2m".into(),
    };
    let frames = loop_length(request.bpm, request.bars.beats(), rate).get();
    let about = About {
        chords: request.chords.clone(),
        request,
        parent: (number > 0).then(|| TakeId(format!("take-{}", number - 1))),
        made_at: None,
        model: "m".into(),
        codec: "c".into(),
        gain: 0.1 + number as f32 / 7.0,
        width: 0.35,
        from_audio: false,
        made_by: None,
    };
    let mut state = number.wrapping_mul(77) + 1;
    let mut next = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    // a triangle: the same on every system, as a sine is not
    let triangle = |phase: f32| (phase.fract() * 4.0 - 2.0).abs() - 1.0;
    let mut tone = |pitch: f32| -> Arc<[f32]> {
        (0..frames).map(|n| inlay_audio::file::round_24(0.5 * triangle(n as f32 * pitch) + 0.001 * next())).collect()
    };
    let channels = (0..channels).map(|c| tone(0.01 + c as f32 / 128.0)).collect();
    let latents = (0..32 * 64).map(|n| f16::from_f32(triangle(n as f32 / 32.0 + number as f32 / 7.0) * 3.0)).collect();
    Take { id: TakeId(format!("take-{number}")), about, latents, sound: Sound { rate, channels } }
}

/// The same music for another tempo.
pub fn voice(of: &Take, bpm: f64) -> Take {
    let mut voice = take_at(99, of.sound.channels.len(), bpm);
    voice.about = About {
        request: Request { task: Task::Retime, bpm: Bpm::new(bpm).unwrap(), ..of.about.request.clone() },
        parent: Some(of.id.clone()),
        made_at: Some(of.about.request.bpm),
        ..of.about.clone()
    };
    Take { id: TakeId(format!("{}-at-{}", of.id.0, bpm.floor())), latents: Arc::clone(&of.latents), ..voice }
}

pub fn parcel(take: &Take) -> Arc<Parcel> {
    Arc::new(Parcel::pack(take).unwrap())
}

/// What a take without sound is kept as.
pub fn silent(take: &Take) -> Arc<Parcel> {
    Arc::new(Parcel::without_sound(take.id.clone(), &take.about, Some(&take.latents)))
}

/// An instance with one of each kind of thing: a mono take that is heard at another tempo too, a favourite, a clip, a take without
/// sound.
pub fn instance() -> Saved {
    let (first, second, third, fourth) = (take(0, 1), take(1, 2), take(2, 1), take(3, 1));
    let own = parcel(&first);
    let takes = vec![
        Kept { voices: vec![parcel(&voice(&first, 133.333_328_247_070_3)), Arc::clone(&own)], ..Kept::new(own) },
        Kept { clip: Some(-12.062_5), ..Kept::new(parcel(&second)) },
        Kept { favourite: true, unheard: true, ..Kept::new(parcel(&third)) },
        Kept { voices: vec![], ..Kept::new(silent(&fourth)) },
    ];
    let mut saved = Saved {
        prompt: "warm \"pad\"\nin häven ".into(),
        negative: "noise".into(),
        key: Some("C# dorian".parse().unwrap()),
        project_key: Some("Am".parse().unwrap()),
        chords: "Am | F |".into(),
        own_tempo: Some(Bpm::new(87.123_456_789_012_34).unwrap()),
        host_tempo: Some(Bpm::new(93.5).unwrap()),
        seed: Seed(u64::MAX),
        regions: vec![Region::new(0.1, 3.7, Bars::new(1).unwrap()).unwrap()],
        selected: 3,
        compare: Some([3, 0]),
        ahead: false,
        audition: true,
        folder: Some("/home/somebody/Musik für später".into()),
        format: crate::ExportFormat::Flac,
        prompts: vec!["warm pad".into(), "dusty drums".into()],
        takes,
        ..Saved::default()
    };
    saved.slots[3] = Slot { take: Some(first.id), pinned: true };
    saved.slots[0] = Slot { take: Some(second.id), pinned: false };
    saved.slots[7].pinned = true;
    saved
}
