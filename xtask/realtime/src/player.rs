//! The player alone: everything that it can be told, in any order.

use inlay_host::Dice;
use inlay_music::{Beats, Bpm, Rendition, SampleRate, TakeId, loop_length};
use inlay_player::{Block, Event, EventKind, Loop, Mix, PlayMode, Player, Quantize, Transport};
use std::sync::Arc;

const RATE: u32 = 48_000;

/// Plays 20 000 random blocks.
pub fn run() {
    let (Ok(rate), mut dice) = (SampleRate::new(RATE), Dice::new(7)) else { return };
    let (mut player, mut controls) = Player::new(rate);
    let (mut left, mut right, input) = (vec![0.0; 4096], vec![0.0; 4096], vec![0.1; 4096]);
    let (mut transport, mut captured) = (Transport { playing: true, tempo: Some(120.0), ..Transport::default() }, None);
    let mut beat = 0.0;
    for block in 0..20_000u64 {
        let quantize = [Quantize::Now, Quantize::Beat, Quantize::Bar, Quantize::Loop][dice.below(4) as usize];
        let slot = dice.below(8) as u8;
        // what can't be told now is told another time
        match dice.below(12) {
            0 => drop(content(&mut dice, block, rate).map(|content| controls.load(slot, content, quantize))),
            1 => drop(controls.select(slot, quantize)),
            2 => drop(controls.audition(block % 2 == 0)),
            3 => captured = Beats::new(1.0).ok().and_then(|beats| controls.capture(beats, 20_000, quantize).ok()).or(captured),
            4 => drop(controls.end_capture()),
            _ => {}
        }
        match dice.below(30) {
            0 => beat = dice.below(4000) as f64 / 3.0 - 200.0,
            1 => transport.tempo = Some(50.0 + dice.below(150) as f64),
            2 => transport.playing = !transport.playing,
            3 => transport.cycle = (dice.below(2) == 0).then_some((beat, beat + 3.5)),
            _ => {}
        }
        let most = [4, 64, 480, 4096][dice.below(4) as usize];
        let frames = 1 + dice.below(most) as usize;
        transport.beats = Some(beat);
        let kind = match dice.below(3) {
            0 => EventKind::NoteOn { note: 34 + dice.below(12) as u8, velocity: 0.5 },
            1 => EventKind::NoteOff { note: 34 + dice.below(12) as u8 },
            _ => EventKind::Select { slot },
        };
        let events = [Event { at: dice.below(frames as u64) as u32, kind }];
        play(
            &mut player,
            Block {
                transport: &transport,
                events: &events[..dice.below(2) as usize],
                mix: Mix { gain: 1.0, width: dice.below(3) as f32, mix: 1.0 },
                mode: [PlayMode::Switch, PlayMode::Gate, PlayMode::OneShot][dice.below(3) as usize],
                quantize,
                input: Some([&input[..frames], &input[..frames]]),
                output: [&mut left[..frames], &mut right[..frames]],
            },
        );
        if transport.playing {
            beat += frames as f64 / f64::from(RATE) * transport.tempo.unwrap_or(120.0) / 60.0;
        }
        controls.collect();
        while controls.fact().is_some() {}
    }
    drop(captured);
}

#[cfg_attr(feature = "rtsan", sanitize(realtime = "nonblocking"))]
fn play(player: &mut Player, block: Block<'_>) {
    player.process(block);
}

/// A take of a beat.
fn content(dice: &mut Dice, block: u64, rate: SampleRate) -> Option<Loop> {
    let (bpm, beats) = (Bpm::new([120.0, 97.0, 133.7][dice.below(3) as usize]).ok()?, Beats::new(1.0).ok()?);
    let sound: Arc<[f32]> = vec![0.25; loop_length(bpm, beats, rate).get()].into();
    let rendition = Rendition { take: TakeId(block.to_string()), rate, left: Arc::clone(&sound), right: sound };
    Some(Loop { beats, clip: None, renditions: [Some((bpm, Arc::new(rendition))), None] })
}
