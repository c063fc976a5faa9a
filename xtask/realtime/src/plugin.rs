//! The bundled plugins: `process` while takes are made, land, switch, and parameters and notes come.

use inlay_host::Dice;
use inlay_host::{HostError, Library, Rig};
use std::path::Path;
use std::time::{Duration, Instant};

/// A job that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(180);

/// Plays both plugins.
///
/// # Errors
/// Where they can't be hosted, or no take comes.
pub fn run(clap: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let library = Library::open(clap)?;
    for id in library.ids() {
        let mut rig = Rig::new(&library, &id)?;
        rig.edit(|own| {
            own["prompt"] = "house drums".into();
            own["ahead"] = true.into();
        })?;
        rig.input = id.ends_with("fx").then(|| Box::new(|| [0.1f32; 2]) as inlay_host::Input);
        rig.set("Bars", 0.0, 0)?;
        rig.set("Steps", 0.0, 0)?;
        rig.activate(48_000.0, 4096)?;
        play(&mut rig, 480)?;
        rig.set("Generate", 1.0, 0)?;
        until_heard(&mut rig)?;
        random(&mut rig)?;
    }
    Ok(())
}

/// Plays in real time until a take sounds.
fn until_heard(rig: &mut Rig) -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    loop {
        play(rig, 480)?;
        let dry = if rig.input.is_some() { 0.1 } else { 0.0 };
        if rig.output()[0][..480].iter().any(|s| *s != dry) {
            return Ok(());
        }
        if start.elapsed() > PATIENCE {
            return Err("no take came".into());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// All that a host can send, in any order; the next takes are made meanwhile.
fn random(rig: &mut Rig) -> Result<(), HostError> {
    let mut dice = Dice::new(11);
    for n in 0..4000 {
        let most = [4, 64, 480, 4096][dice.below(4) as usize];
        let frames = 1 + dice.below(most) as usize;
        let at = dice.below(frames as u64) as u32;
        match dice.below(6) {
            0 => rig.note_on(34 + dice.below(12) as u8, 0.7, at),
            1 => rig.note_off(34 + dice.below(12) as u8, at),
            2 => {
                let (name, most) = [("Slot", 8), ("Switch at", 4), ("Notes", 3), ("Bypass", 2), ("Vary", 2)][dice.below(5) as usize];
                rig.set(name, dice.below(most) as f64, at)?;
            }
            3 => rig.set("Gain", dice.below(100) as f64 / 100.0, at)?,
            _ => {}
        }
        match dice.below(30) {
            0 => rig.song.go_to(dice.below(4000) as f64 / 7.0 - 100.0),
            1 => rig.song.tempo = 60.0 + dice.below(100) as f64,
            2 => rig.song.playing = dice.below(3) > 0,
            3 => rig.song.cycle = (dice.below(2) == 0).then_some((8.0, 12.0)),
            _ => {}
        }
        play(rig, frames)?;
        if n % 20 == 0 {
            rig.idle();
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    Ok(())
}

#[cfg_attr(feature = "rtsan", sanitize(realtime = "nonblocking"))]
fn play(rig: &mut Rig, frames: usize) -> Result<(), HostError> {
    rig.block(frames)
}
