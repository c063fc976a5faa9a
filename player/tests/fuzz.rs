//! Whatever a host does, the player neither panics nor puts out what it shouldn't.

#[path = "support/host.rs"]
mod host;

use host::{Rig, noise, take, tone};
use inlay_music::Beats;
use inlay_player::{Event, EventKind, Mix, PlayMode, Quantize, Transport};
use proptest::prelude::*;

const RATE: u32 = 48_000;

fn float() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -1e3..1e3,
        1 => any::<f64>(),
        1 => prop::sample::select(vec![0.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, -1e300]),
    ]
}

fn tempo() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![3 => Just(Some(120.0)), 3 => (30.0..400.0).prop_map(Some), 1 => float().prop_map(Some), 1 => Just(None)]
}

fn transport() -> impl Strategy<Value = Transport> {
    let frames = prop_oneof![2 => Just(None), 4 => (-1_000_000_i64..1_000_000).prop_map(Some), 1 => any::<i64>().prop_map(Some)];
    let metre = prop_oneof![Just(None), Just(Some((4, 4))), Just(Some((7, 8))), any::<(u32, u32)>().prop_map(Some)];
    let cycle = prop::option::of((float(), prop_oneof![3 => 0.1..8.0, 1 => float()]).prop_map(|(start, beats)| (start, start + beats)));
    (any::<bool>(), tempo(), prop::option::of(float()), frames, prop::option::of(float()), metre, cycle)
        .prop_map(|(playing, tempo, beats, frames, bar, metre, cycle)| Transport { playing, tempo, beats, frames, bar, metre, cycle })
}

fn event() -> impl Strategy<Value = Event> {
    let kind = prop_oneof![
        (30_u8..50, any::<f32>()).prop_map(|(note, velocity)| EventKind::NoteOn { note, velocity }),
        (30_u8..50).prop_map(|note| EventKind::NoteOff { note }),
        any::<u8>().prop_map(|slot| EventKind::Select { slot }),
    ];
    (prop_oneof![0_u32..9000, any::<u32>()], kind).prop_map(|(at, kind)| Event { at, kind })
}

fn quantize() -> impl Strategy<Value = Quantize> {
    prop::sample::select(vec![Quantize::Now, Quantize::Beat, Quantize::Bar, Quantize::Loop])
}

#[derive(Debug, Clone)]
struct Step {
    transport: Transport,
    /// Blocks that go on from there, in time.
    blocks: usize,
    frames: usize,
    events: Vec<Event>,
    mode: PlayMode,
    quantize: Quantize,
    mix: Mix,
    tell: u8,
}

fn step() -> impl Strategy<Value = Step> {
    let mode = prop::sample::select(vec![PlayMode::Switch, PlayMode::Gate, PlayMode::OneShot]);
    let frames = prop_oneof![Just(0_usize), Just(1), Just(17), Just(64), 1_usize..=8192];
    let mix = (0.0_f32..=1.0, 0.0_f32..=1.0, 0.0_f32..=1.0).prop_map(|(gain, width, mix)| Mix { gain, width, mix });
    let mix = prop_oneof![3 => Just(Mix::default()), 3 => mix];
    (transport(), 1_usize..5, frames, prop::collection::vec(event(), 0..4), mode, quantize(), mix, any::<u8>()).prop_map(
        |(transport, blocks, frames, events, mode, quantize, mix, tell)| Step {
            transport,
            blocks,
            frames,
            events,
            mode,
            quantize,
            mix,
            tell,
        },
    )
}

fn play(steps: &[Step]) -> Rig {
    let mut rig = Rig::new(RATE);
    let mut captured = Vec::new();
    for slot in 0..4_u8 {
        // Tones: what is read between their frames is no louder than they are.
        let content = take(&slot.to_string(), 2.0, 120.0 - f64::from(slot % 2), RATE, |frames| tone(frames, RATE, 300.0 + f64::from(slot)));
        let clip = (slot == 3).then_some(1.5);
        rig.controls.load(slot, inlay_player::Loop { clip, ..content }, Quantize::Now).unwrap();
    }
    for step in steps {
        (rig.mode, rig.quantize, rig.mix) = (step.mode, step.quantize, step.mix);
        let slot = step.tell & 7;
        let told = match step.tell >> 3 {
            0 => rig.controls.clear(slot, step.quantize),
            1 | 2 => rig.controls.select(slot, step.quantize),
            3 => rig.controls.audition(step.tell & 1 == 0),
            4 => rig.controls.load(slot, take("new", 1.0, 120.0, RATE, |frames| tone(frames, RATE, 440.0)), step.quantize),
            5 => rig.controls.capture(Beats::new(0.5).unwrap(), 100, step.quantize).map(|capture| captured.push(capture)),
            6 => rig.controls.end_capture(),
            7 => {
                rig.player.reset();
                Ok(())
            }
            _ => Ok(()),
        };
        assert_eq!(told, Ok(()));
        let mut transport = step.transport;
        for _ in 0..step.blocks {
            let input = noise(step.frames, 1);
            rig.block_with(step.frames, &transport, &step.events, Some([&input, &input]));
            let beats = step.frames as f64 * transport.tempo.unwrap_or(120.0) / (60.0 * f64::from(RATE));
            transport.beats = transport.beats.map(|b| b + beats);
            transport.frames = transport.frames.map(|f| f.saturating_add(step.frames as i64));
        }
    }
    rig
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_host_makes_the_player_panic_or_shout(steps in prop::collection::vec(step(), 1..20)) {
        let rig = play(&steps);
        for (i, sample) in rig.left.iter().chain(&rig.right).enumerate() {
            prop_assert!(sample.is_finite() && !sample.is_subnormal(), "frame {}: {}", i, sample);
            // The tones and the input are at most 0.5 each; they are mixed, never added.
            prop_assert!(sample.abs() <= 0.501, "frame {}: {}", i, sample);
        }
    }

    #[test]
    fn the_same_host_hears_the_same(steps in prop::collection::vec(step(), 1..8)) {
        let (a, b) = (play(&steps), play(&steps));
        prop_assert!(a.left.iter().zip(&b.left).all(|(a, b)| a.to_bits() == b.to_bits()));
    }
}
