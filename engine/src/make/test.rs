//! Whole orders, from words to sound.

use crate::{
    file,
    order::{Order, Source},
    worker::{Engine, Outcome, Priority, Settings},
};
use inlay_audio::{file::Clip, stereo::Width};
use inlay_music::{About, Amount, Bars, Bpm, Prompt, Region, Request, SampleRate, Seed, Sound, Take, Task, loop_length};
use std::sync::{Arc, LazyLock};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::start(Settings::default()).unwrap());

pub(crate) fn request(prompt: &str, bars: u32, bpm: f64) -> Request {
    Request {
        task: Task::Generate,
        prompt: Prompt::new(prompt).unwrap(),
        negative: None,
        bars: Bars::new(bars).unwrap(),
        bpm: Bpm::new(bpm).unwrap(),
        key: None,
        chords: None,
        feel: Default::default(),
        seed: Seed(7),
        variation: 0,
        steps: 4,
        guidance: 3.0,
        sampler: "dpm++2m".into(),
    }
}

fn run(order: Order) -> Outcome {
    ENGINE.submit(order, Priority::User).unwrap().wait(|_| ()).unwrap()
}

pub(crate) fn make(request: Request, source: Source) -> Arc<Take> {
    run(Order { request, source, variations: 1, maker: Default::default() }).made.takes[0].clone()
}

fn generate(prompt: &str, bars: u32, bpm: f64) -> Arc<Take> {
    make(request(prompt, bars, bpm), Source::Nothing)
}

/// The take as it comes back from a file at `rate`.
pub(crate) fn through_a_file(take: &Take, rate: u32) -> Arc<Take> {
    let rate = SampleRate::new(rate).unwrap();
    let file::Export { channels, note, .. } = file::export(take, rate, Width::NEUTRAL);
    let seats = vec![];
    let clip = Clip { rate, channels, seats, depth: inlay_audio::file::Depth::Int(24), bpm: None, note: Some(note) };
    Arc::new(file::import(&clip).unwrap().unwrap())
}

#[test]
fn loops_are_exactly_as_long_as_their_bars() {
    for (bars, bpm) in [(1, 240.0), (2, 92.0), (4, 128.0), (2, 47.3), (8, 174.0)] {
        let take = generate("techno drums", bars, bpm);
        let expected = loop_length(Bpm::new(bpm).unwrap(), Bars::new(bars).unwrap().beats(), SampleRate::CD);
        assert_eq!(take.sound.frames(), expected);
        assert!(take.sound.channels[0].iter().any(|v| v.abs() > 0.05), "it must sound");
    }
}

#[test]
fn the_same_request_makes_the_same_take() {
    assert_eq!(generate("dusty boom bap drums", 2, 92.0), generate("dusty boom bap drums", 2, 92.0));
}

#[test]
fn inpainting_keeps_every_sample_outside_of_the_regions() {
    let bars = Bars::new(2).unwrap();
    for rate in [44_100, 48_000, 96_000] {
        let parent = through_a_file(&generate("funk drums", 2, 101.0), rate);
        for (start, length) in [(4.0, 2.0), (7.0, 2.5), (3.0, 0.125), (7.9375, 0.125)] {
            let region = Region::new(start, length, bars).unwrap();
            let task = Task::Inpaint { regions: vec![region] };
            let child = make(
                Request { task, seed: Seed(9), ..request("funk drums", 2, 101.0) },
                Source::Take { take: parent.clone(), heard: None },
            );
            assert_eq!(child.sound.rate.get(), rate);
            let frames = parent.sound.frames().get();
            let span = region.frames(frames, bars);
            let mut changed = 0;
            for (a, b) in parent.sound.channels.iter().zip(&child.sound.channels) {
                for i in 0..frames {
                    match span.position(i) {
                        None => assert_eq!(a[i].to_bits(), b[i].to_bits(), "sample {i} lies outside"),
                        Some(_) => changed += usize::from(a[i] != b[i]),
                    }
                }
            }
            assert!(changed > span.len(), "most samples inside are new");
        }
    }
}

#[test]
fn inpainting_a_mono_file_keeps_it_mono_and_identical_outside() {
    let made = generate("house drums", 1, 124.0);
    let bars = Bars::new(1).unwrap();
    for rate in [44_100, 48_000, 96_000] {
        let rate = SampleRate::new(rate).unwrap();
        let channels = vec![crate::render(&made, rate).left];
        let sound = Sound { rate, channels };
        let task = Task::Transform { amount: Amount::new(0.0).unwrap() };
        let imported = make(Request { task, ..request("house drums", 1, 124.0) }, Source::Audio(Arc::new(sound.clone())));
        assert_eq!(imported.sound, sound);
        let region = Region::new(3.5, 1.0, bars).unwrap();
        let task = Task::Inpaint { regions: vec![region] };
        let child = make(Request { task, ..request("house drums", 1, 124.0) }, Source::Take { take: imported.clone(), heard: None });
        assert_eq!(child.sound.channels.len(), 1);
        let (a, b) = (&imported.sound.channels[0], &child.sound.channels[0]);
        let span = region.frames(a.len(), bars);
        assert!((0..a.len()).all(|i| span.position(i).is_some() || a[i] == b[i]));
        assert_ne!(a, b);
    }
}

#[test]
fn a_take_of_another_codec_keeps_its_level() {
    let parent = generate("house drums", 1, 124.0);
    let foreign = Arc::new(Take { about: About { codec: "another".into(), ..parent.about.clone() }, ..(*parent).clone() });
    let vary = |take: &Arc<Take>| {
        let task = Task::Vary { amount: Amount::new(0.01).unwrap() };
        make(Request { task, ..request("house drums", 1, 124.0) }, Source::Take { take: take.clone(), heard: None })
    };
    let power = |take: &Take| take.sound.channels[0].iter().map(|v| v * v).sum::<f32>();
    let (own, heard) = (vary(&parent), vary(&foreign));
    assert!((power(&own) / power(&heard)).log10().abs() < 0.3, "within 3 dB");
    assert_eq!(heard.about.codec, own.about.codec);
    let task = Task::Vary { amount: Amount::new(0.0).unwrap() };
    let same = make(Request { task, ..request("house drums", 1, 124.0) }, Source::Take { take: foreign.clone(), heard: None });
    assert_eq!((&same.about.codec, &same.latents), (&foreign.about.codec, &foreign.latents), "old latents keep their codec's name");
}

#[test]
fn a_take_that_lost_its_latents_goes_on_from_its_sound() {
    let parent = generate("lo-fi drums", 2, 50.0);
    let lost = Arc::new(Take { latents: Arc::new([]), ..(*parent).clone() });
    let vary = |take: &Arc<Take>| {
        let task = Task::Vary { amount: Amount::new(0.2).unwrap() };
        make(Request { task, ..parent.about.request.clone() }, Source::Take { take: Arc::clone(take), heard: None })
    };
    let (own, heard, other) = (vary(&parent), vary(&lost), generate("airy pad", 2, 50.0));
    let distance = |take: &Take| take.latents.iter().zip(own.latents.iter()).map(|(a, b)| (a.to_f32() - b.to_f32()).powi(2)).sum::<f32>();
    assert_eq!(heard.latents.len(), parent.latents.len());
    assert!(distance(&heard) < 0.5 * distance(&other), "{} against {}", distance(&heard), distance(&other));
}

#[test]
fn a_variation_of_amount_zero_is_the_take_itself() {
    let parent = generate("rock drums", 1, 120.0);
    let task = Task::Vary { amount: Amount::new(0.0).unwrap() };
    let child = make(Request { task, ..request("rock drums", 1, 120.0) }, Source::Take { take: parent.clone(), heard: None });
    assert_eq!((&child.sound, &child.latents), (&parent.sound, &parent.latents));
}

#[test]
fn more_variation_leads_further_away() {
    let parent = generate("warm pad in a minor", 4, 100.0);
    let distance = |amount: f64| {
        let task = Task::Vary { amount: Amount::new(amount).unwrap() };
        let child = make(
            Request { task, seed: Seed(3), steps: 8, ..request("warm pad in a minor", 4, 100.0) },
            Source::Take { take: parent.clone(), heard: None },
        );
        child.latents.iter().zip(parent.latents.iter()).map(|(a, b)| (a.to_f32() - b.to_f32()).powi(2)).sum::<f32>()
    };
    let (little, much) = (distance(0.2), distance(0.9));
    assert!(little > 0.0 && little * 2.0 < much, "{little} against {much}");
}

#[test]
fn retiming_keeps_the_latents_and_changes_the_length() {
    let parent = generate("acid bass in a minor", 2, 120.0);
    let child = make(
        Request { task: Task::Retime, ..request("acid bass in a minor", 2, 133.0) },
        Source::Take { take: parent.clone(), heard: None },
    );
    assert_eq!(child.latents, parent.latents);
    let expected = loop_length(Bpm::new(133.0).unwrap(), Bars::new(2).unwrap().beats(), SampleRate::CD);
    assert_eq!(child.sound.frames(), expected);
}

#[test]
fn long_takes_keep_the_joins_of_their_first_four_bars() {
    let take = generate("disco drums", 8, 120.0);
    let row = |t: usize| &take.latents[t * 64..(t + 1) * 64];
    for t in (0..4).chain(124..128) {
        assert_eq!(row(t), row(t + 128), "latent {t}");
    }
    assert_ne!(row(64), row(64 + 128));
}

#[test]
fn sixteen_bars_come_back_to_their_first_four() {
    let take = generate("minimal drums", 16, 60.0);
    assert_eq!(take.sound.frames().get(), 64 * 44_100);
    let quarter = |i: usize| &take.latents[i * 128 * 64..(i + 1) * 128 * 64];
    assert_eq!(quarter(0), quarter(2));
    assert_ne!(quarter(1), quarter(3));
}

#[test]
fn a_long_chart_is_followed_in_every_quarter() {
    let chords = Some("Am | Am | Am | Am | C | C | C | C | F | F | F | F | G | G | G | G".parse().unwrap());
    let take = make(Request { chords, ..request("warm pad", 16, 170.0) }, Source::Nothing);
    let quarter = |i: usize| &take.latents[i * 128 * 64..(i + 1) * 128 * 64];
    assert_ne!(quarter(0), quarter(2), "other chords, other latents");
}

#[test]
fn a_file_gives_back_the_take_and_says_when_it_was_cut() {
    let take = generate("dub drums", 1, 140.0);
    let back = through_a_file(&take, 48_000);
    assert_eq!((&back.latents, &back.about), (&take.latents, &take.about));
    let file::Export { mut channels, note, .. } = file::export(&take, SampleRate::CD, Width::NEUTRAL);
    channels.iter_mut().for_each(|c| c.truncate(1000));
    let clip =
        Clip { rate: SampleRate::CD, channels, seats: vec![], depth: inlay_audio::file::Depth::Int(24), bpm: None, note: Some(note) };
    assert!(matches!(file::import(&clip), Err(file::NoteError::Changed { found: 1000, .. })));
}
