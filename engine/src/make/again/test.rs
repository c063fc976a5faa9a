//! What was kept of takes brings them back, bit for bit.

use crate::{
    JobError,
    make::test::{make, request, through_a_file},
    order::{Order, Source},
    redo::{Kept, RedoError, check_take},
    worker::{Engine, Priority, Settings},
};
use inlay_music::{About, Amount, Bars, Bpm, Region, Request, Seed, Sound, Take, Task};
use std::sync::{Arc, LazyLock};

/// Another one than the takes were made by.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::start(Settings::default()).unwrap());

fn again(take: &Take, kept: Kept) -> Result<Arc<Take>, JobError> {
    let latents = (kept == Kept::Latents).then(|| take.latents.clone());
    let order = Order::again(Arc::new(take.about.clone()), latents);
    Ok(ENGINE.submit(order, Priority::User)?.wait(|_| ())?.made.takes[0].clone())
}

fn from(take: &Arc<Take>) -> Source {
    Source::Take { take: take.clone(), heard: None }
}

fn vary(take: &Arc<Take>, amount: f64) -> Arc<Take> {
    let task = Task::Vary { amount: Amount::new(amount).unwrap() };
    make(Request { task, seed: Seed(11), variation: 3, ..take.about.request.clone() }, from(take))
}

fn retime(take: &Arc<Take>, bpm: f64) -> Arc<Take> {
    make(Request { task: Task::Retime, bpm: Bpm::new(bpm).unwrap(), ..take.about.request.clone() }, from(take))
}

fn inpaint(take: &Arc<Take>) -> Arc<Take> {
    let regions = vec![Region::new(1.0, 1.0, Bars::new(1).unwrap()).unwrap()];
    make(Request { task: Task::Inpaint { regions }, ..take.about.request.clone() }, from(take))
}

fn transform(take: &Arc<Take>, amount: f64) -> Arc<Take> {
    let task = Task::Transform { amount: Amount::new(amount).unwrap() };
    let sound: Sound = take.sound.clone();
    make(Request { task, ..take.about.request.clone() }, Source::Audio(Arc::new(sound)))
}

#[test]
fn latents_bring_back_what_the_model_made() {
    let made = make(Request { key: Some("Am".parse().unwrap()), ..request("warm pad", 1, 93.0) }, Source::Nothing);
    let long = make(request("house drums", 8, 174.0), Source::Nothing);
    let half = make(Request { feel: inlay_music::Feel::Half, ..request("drill drums", 2, 140.0) }, Source::Nothing);
    let varied = vary(&made, 0.4);
    let retimed = retime(&varied, 112.0);
    let twice = retime(&retimed, 70.0);
    let of_patched = retime(&inpaint(&made), 101.0);
    let transformed = transform(&made, 0.5);
    for take in [made, long, half, varied, retimed, twice, of_patched, transformed] {
        assert_eq!(check_take(&take, Kept::Latents), Ok(()));
        assert_eq!(ENGINE.can_redo(&take.about, Kept::Latents), Ok(()));
        assert_eq!(again(&take, Kept::Latents).unwrap(), take, "{:?}", take.about.request);
    }
}

#[test]
fn a_request_brings_back_what_was_generated_whichever_variation_it_was() {
    let order = Order {
        request: request("dusty boom bap drums in a minor", 2, 92.0),
        source: Source::Nothing,
        variations: 3,
        maker: Default::default(),
    };
    let takes = ENGINE.submit(order, Priority::User).unwrap().wait(|_| ()).unwrap().made.takes;
    for take in &takes {
        assert_eq!(check_take(take, Kept::Request), Ok(()));
        assert_eq!(again(take, Kept::Request).unwrap(), *take);
    }
    assert_eq!(again(&vary(&takes[0], 0.5), Kept::Request), Err(RedoError::Parent.into()));
    assert_eq!(again(&retime(&takes[0], 99.0), Kept::Request), Err(RedoError::Parent.into()));
}

#[test]
fn what_holds_other_sound_than_the_model_s_is_refused_beforehand() {
    let made = make(request("house drums", 1, 124.0), Source::Nothing);
    let patched = inpaint(&made);
    let cases = [
        (patched.clone(), RedoError::Pasted),
        (vary(&patched, 0.0), RedoError::Pasted),
        (transform(&made, 0.0), RedoError::Audio),
        (retime(&transform(&made, 0.0), 130.0), RedoError::Audio),
        (through_a_file(&made, 48_000), RedoError::Heard),
        (through_a_file(&made, 44_100), RedoError::Heard),
    ];
    for (take, expected) in cases {
        assert_eq!(check_take(&take, Kept::Latents), Err(expected));
        if expected != RedoError::Heard {
            assert_eq!(ENGINE.can_redo(&take.about, Kept::Latents), Err(expected));
            assert_eq!(again(&take, Kept::Latents), Err(expected.into()), "said at once");
        }
    }
}

#[test]
fn another_model_is_noticed_by_what_depends_on_it() {
    let made = make(request("house drums", 1, 124.0), Source::Nothing);
    let with = |about: About| Take { about, ..(*made).clone() };
    let codec = with(About { codec: "another".into(), ..made.about.clone() });
    let model = with(About { model: "another".into(), ..made.about.clone() });
    for (take, kept, expected) in [
        (&codec, Kept::Latents, Err(RedoError::Codec)),
        (&codec, Kept::Request, Err(RedoError::Codec)),
        (&model, Kept::Request, Err(RedoError::Model)),
        (&model, Kept::Latents, Ok(())),
    ] {
        assert_eq!(ENGINE.can_redo(&take.about, kept), expected);
        assert_eq!(again(take, kept).map(|t| t.sound.clone()), expected.map(|()| made.sound.clone()).map_err(JobError::from));
    }
}

#[test]
fn damaged_latents_are_refused_beforehand() {
    let made = make(request("house drums", 1, 124.0), Source::Nothing);
    for latents in [made.latents[1..].to_vec(), vec![half::f16::NAN; made.latents.len()], vec![]] {
        let refused = ENGINE.submit(Order::again(Arc::new(made.about.clone()), Some(latents.into())), Priority::User);
        assert!(matches!(refused, Err(JobError::Damaged(_))));
    }
    let mut order = Order::again(Arc::new(made.about.clone()), Some(made.latents.clone()));
    order.request.seed = Seed(99);
    assert!(matches!(ENGINE.submit(order, Priority::User), Err(JobError::Source(..))));
}
