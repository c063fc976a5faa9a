//! Whole orders by tiny models with random weights: rules, not music.

use crate::{
    Engine, JobError, Order, Priority, Settings, Source, Stage,
    make::test::request,
    maker::{DeviceChoice, DiskModel, Maker},
};
use inlay_music::{Amount, Bars, Bpm, Region, Request, SampleRate, Seed, Sound, Take, Task, loop_length};
use std::{
    fs,
    num::NonZeroUsize,
    path::Path,
    sync::{Arc, LazyLock},
};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::start(Settings::default()).unwrap());

fn three() -> (tempfile::TempDir, Maker) {
    let folder = inlay_tiny::folder("sa3-tiny");
    let maker = Maker::Disk(Arc::new(DiskModel { device: DeviceChoice::Cpu, ..DiskModel::new(folder.path()) }));
    (folder, maker)
}

fn asked(task: Task) -> Request {
    Request { task, steps: 2, guidance: 1.0, sampler: "ping-pong".into(), ..request("Dusty drums", 1, 200.0) }
}

fn made(maker: &Maker, request: Request, source: Source) -> Arc<Take> {
    all(&ENGINE, maker, request, source, 1).remove(0)
}

fn all(engine: &Engine, maker: &Maker, request: Request, source: Source, variations: u32) -> Vec<Arc<Take>> {
    let order = Order { request, source, variations, maker: maker.clone() };
    engine.submit(order, Priority::User).unwrap().wait(|_| ()).unwrap().made.takes
}

fn of(take: &Arc<Take>) -> Source {
    Source::Take { take: Arc::clone(take), heard: None }
}

#[test]
fn a_model_from_disk_makes_exactly_the_bars_that_were_asked_for_and_says_how_it_came_there() {
    let (folder, maker) = three();
    let order = Order { request: asked(Task::Generate), source: Source::Nothing, variations: 2, maker };
    let mut stages = vec![];
    let done = ENGINE.submit(order, Priority::User).unwrap().wait(|progress| stages.push((progress.stage, progress.done))).unwrap();
    let (takes, notices) = (&done.made.takes, &done.made.notices);
    let rate = SampleRate::new(8000).unwrap();
    for take in takes {
        assert_eq!(take.sound.rate, rate);
        assert_eq!(take.sound.frames(), loop_length(Bpm::new(200.0).unwrap(), Bars::new(1).unwrap().beats(), rate));
        assert_eq!(take.sound.channels.len(), 2);
        assert_eq!(take.about.made_by.as_deref(), folder.path().file_name().unwrap().to_str());
        assert!(take.sound.channels.iter().all(|c| c.iter().any(|v| v.abs() > 0.01)), "it must sound");
        assert!(take.sound.channels.iter().flat_map(|c| c.iter()).all(|v| v.abs() <= 1.0));
    }
    assert_ne!(takes[0].sound, takes[1].sound);
    assert!(notices.iter().any(|n| n.starts_with("variation 2: the model ")), "{notices:?}");
    for stage in [Stage::Loading, Stage::Text, Stage::Sampling, Stage::Decoding, Stage::Fitting, Stage::Closing] {
        assert!(stages.iter().any(|(s, _)| *s == stage), "{stage:?}");
    }
    assert!(stages.windows(2).all(|w| w[0].1 <= w[1].1 + 1e-9), "it never goes back: {stages:?}");
}

#[test]
fn the_same_seed_gives_the_same_take_alone_in_a_batch_and_with_one_thread() {
    let (_folder, maker) = three();
    let batch = all(&ENGINE, &maker, asked(Task::Generate), Source::Nothing, 2);
    let second = made(&maker, Request { variation: 1, ..asked(Task::Generate) }, Source::Nothing);
    assert_eq!(batch[1], second);
    let one = Engine::start(Settings { threads: NonZeroUsize::MIN, ..Settings::default() }).unwrap();
    assert_eq!(all(&one, &maker, asked(Task::Generate), Source::Nothing, 1)[0], batch[0]);
    assert_ne!(made(&maker, Request { seed: Seed(8), ..asked(Task::Generate) }, Source::Nothing).sound, batch[0].sound);
}

#[test]
fn inpainting_keeps_every_sample_outside_of_the_regions() {
    let (_folder, maker) = three();
    let bars = Bars::new(1).unwrap();
    let own = made(&Maker::Own, request("funk drums", 1, 200.0), Source::Nothing);
    let parents = [made(&maker, asked(Task::Generate), Source::Nothing), crate::make::test::through_a_file(&own, 48_000), own];
    for parent in parents {
        let heard = crate::make::patch::as_heard(&parent, &parent.sound);
        for regions in [vec![(1.0, 1.0)], vec![(3.5, 1.0)], vec![(0.0, 0.5), (2.0, 0.75)]] {
            let regions: Vec<Region> = regions.into_iter().map(|(s, l)| Region::new(s, l, bars).unwrap()).collect();
            let child = made(&maker, asked(Task::Inpaint { regions: regions.clone() }), of(&parent));
            assert_eq!((child.sound.rate, child.sound.channels.len()), (heard.rate, heard.channels.len()));
            assert_eq!(child.about.parent.as_ref(), Some(&parent.id));
            let frames = heard.frames();
            let spans: Vec<_> = regions.iter().map(|r| r.frames(frames.get(), bars)).collect();
            let (mut changed, mut inside) = (0, 0);
            for (a, b) in heard.channels.iter().zip(&child.sound.channels) {
                for i in 0..frames.get() {
                    if spans.iter().all(|span| span.position(i).is_none()) {
                        assert_eq!(a[i].to_bits(), b[i].to_bits(), "sample {i} lies outside");
                    } else {
                        inside += 1;
                        changed += usize::from(a[i] != b[i]);
                    }
                }
            }
            assert!(changed * 10 > inside * 9, "{changed} of {inside} are new");
        }
    }
}

#[test]
fn a_region_of_the_whole_loop_is_a_loop_from_words() {
    let (_folder, maker) = three();
    let parent = made(&maker, asked(Task::Generate), Source::Nothing);
    let all = Region::new(0.0, 4.0, Bars::new(1).unwrap()).unwrap();
    let child = made(&maker, Request { seed: Seed(9), ..asked(Task::Inpaint { regions: vec![all] }) }, of(&parent));
    assert_eq!(child.sound.frames(), parent.sound.frames());
    assert_ne!(child.sound, parent.sound);
}

#[test]
fn variations_are_nearer_to_their_parent_the_smaller_the_amount() {
    let (_folder, maker) = three();
    let parent = made(&maker, asked(Task::Generate), Source::Nothing);
    let differ = |amount: f64| {
        let vary = Request { seed: Seed(9), ..asked(Task::Vary { amount: Amount::new(amount).unwrap() }) };
        let child = made(&maker, vary, of(&parent));
        assert_eq!(child.sound.frames(), parent.sound.frames());
        let pairs = child.sound.channels[0].iter().zip(parent.sound.channels[0].iter());
        pairs.map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>()
    };
    assert_eq!(differ(0.0), 0.0);
    assert!(differ(0.1) < differ(1.0));
}

#[test]
fn its_takes_go_to_another_tempo_with_their_own_sound_without_the_model() {
    let (folder, maker) = three();
    let parent = made(&maker, asked(Task::Generate), Source::Nothing);
    drop(folder);
    let bpm = Bpm::new(180.0).unwrap();
    let slower = made(&maker, Request { bpm, ..asked(Task::Retime) }, of(&parent));
    assert_eq!(slower.sound.frames(), loop_length(bpm, Bars::new(1).unwrap().beats(), slower.sound.rate));
    assert_eq!((slower.sound.channels.len(), &slower.about.made_by), (2, &parent.about.made_by));
}

#[test]
fn inlays_own_model_goes_on_from_its_takes_and_it_from_those_of_inlays_own() {
    let (_folder, maker) = three();
    let theirs = made(&maker, asked(Task::Generate), Source::Nothing);
    let vary = Task::Vary { amount: Amount::DEFAULT };
    let own = made(&Maker::Own, Request { task: vary.clone(), ..request("drums", 1, 200.0) }, of(&theirs));
    assert_eq!((own.about.made_by.as_ref(), own.about.parent.as_ref()), (None, Some(&theirs.id)));
    let back = made(&maker, asked(vary), of(&own));
    assert_eq!(back.about.model, theirs.about.model);
    let file = Sound { rate: SampleRate::CD, channels: own.sound.channels.clone() };
    let followed = made(&maker, asked(Task::Transform { amount: Amount::DEFAULT }), Source::Audio(Arc::new(file)));
    assert_eq!(followed.about.parent, None);
}

#[test]
fn a_take_of_a_model_from_disk_comes_back_from_a_file() {
    let (_folder, maker) = three();
    let take = made(&maker, asked(Task::Generate), Source::Nothing);
    let read = crate::make::test::through_a_file(&take, 8000);
    assert_eq!((&read.about, &read.sound), (&take.about, &take.sound));
}

#[test]
fn stable_audio_open_makes_loops_and_says_that_it_makes_no_regions() {
    let folder = inlay_tiny::folder("sao-small-tiny");
    let maker = Maker::Disk(Arc::new(DiskModel { device: DeviceChoice::Cpu, ..DiskModel::new(folder.path()) }));
    let long = Order { request: request("drums", 4, 60.0), source: Source::Nothing, variations: 1, maker: maker.clone() };
    let long = Order { request: Request { sampler: "ping-pong".into(), ..long.request }, ..long };
    let error = ENGINE.submit(long, Priority::User).unwrap().wait(|_| ()).unwrap_err();
    assert!(matches!(error, JobError::Long { .. }) && error.to_string().contains("fewer bars"), "{error}");
    // its 3 s at 640 Hz are a quarter of a second at 8 kHz
    let take = made(&Maker::Own, request("drums", 1, 240.0), Source::Nothing);
    let region = Region::new(0.0, 1.0, Bars::new(1).unwrap()).unwrap();
    let inpaint = Request { bpm: Bpm::new(240.0).unwrap(), ..asked(Task::Inpaint { regions: vec![region] }) };
    let order = Order { request: inpaint, source: of(&take), variations: 1, maker };
    let error = ENGINE.submit(order, Priority::User).unwrap().wait(|_| ()).unwrap_err();
    assert!(matches!(error, JobError::Disk(_) | JobError::Long { .. }), "{error}");
}

#[test]
fn what_is_wrong_with_a_model_is_said_before_anything_is_loaded() {
    let (folder, _) = three();
    let with = |change: &dyn Fn(&mut DiskModel)| {
        let mut model = DiskModel::new(folder.path());
        change(&mut model);
        let maker = Maker::Disk(Arc::new(model));
        let order = Order { request: asked(Task::Generate), source: Source::Nothing, variations: 1, maker };
        ENGINE.submit(order, Priority::User)?.wait(|_| ()).map(drop)
    };
    let lora = Path::new(env!("CARGO_MANIFEST_DIR")).join("stable/fixtures/sa3-tiny/lora/lora.safetensors");
    assert!(with(&|m| m.loras.push((lora.clone(), 0.5))).is_ok());
    let error = with(&|m| m.loras.push(("nothing.ckpt".into(), 1.0))).unwrap_err();
    assert!(error.to_string().contains("pickle"), "{error}");
    let error = with(&|m| m.folder = "/no such folder".into()).unwrap_err();
    assert!(matches!(error, JobError::Disk(_)), "{error}");
    fs::remove_dir_all(folder.path().join("t5gemma-b-b-ul2")).unwrap();
    let error = with(&|_| ()).unwrap_err();
    assert!(error.to_string().contains("text encoder is missing"), "{error}");
}

#[test]
fn a_model_that_needs_more_memory_than_there_is_isnt_loaded() {
    let (_folder, maker) = three();
    let engine = Engine::start(Settings { memory: Some(100 << 20), ..Settings::default() }).unwrap();
    let order = Order { request: asked(Task::Generate), source: Source::Nothing, variations: 1, maker };
    let error = engine.submit(order, Priority::User).unwrap().wait(|_| ()).unwrap_err();
    assert!(matches!(error, JobError::Memory { .. }), "{error}");
}

#[test]
fn a_job_of_a_model_from_disk_is_cancelled_within_a_step() {
    let (_folder, maker) = three();
    let request = Request { steps: 1000, ..asked(Task::Generate) };
    let job = ENGINE.submit(Order { request, source: Source::Nothing, variations: 64, maker }, Priority::User).unwrap();
    let mut heard = 0;
    let end = job.wait(|progress| {
        heard += 1;
        if progress.stage == Stage::Sampling && heard > 3 {
            job.cancel();
        }
    });
    assert_eq!(end.unwrap_err(), JobError::Cancelled);
}
