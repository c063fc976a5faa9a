//! What the tests share: the plugins of this process in a headless host.
#![allow(dead_code, reason = "each test takes what it needs")]

use inlay_host::{Library, Rig};
use std::time::{Duration, Instant};

/// The instrument's id.
pub const INLAY: &str = "org.inlay.inlay";
/// The effect's id.
pub const INLAY_FX: &str = "org.inlay.inlay-fx";
/// A job that takes longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// The plugins of this process.
pub fn library() -> Library {
    Library::linked(&inlay_plugin::clap_entry).expect("the entry is linked in")
}

/// An instance that isn't active.
pub fn rig(id: &str) -> Rig {
    let mut rig = Rig::new(&library(), id).expect("it is in the library");
    if id == INLAY_FX {
        rig.input = Some(Box::new(|| [0.0; 2]));
    }
    rig
}

/// Writes into the instance's state, as a project would.
pub fn prompt(rig: &mut Rig, words: &str) {
    let words = words.to_owned();
    rig.edit(|session| {
        session["prompt"] = words.into();
        // what nobody asked for would play, too
        session["ahead"] = false.into();
    })
    .expect("its own state loads");
}

/// Small and quick takes.
pub fn quick(rig: &mut Rig, bars: f64) {
    rig.set("Bars", bars, 0).expect("a parameter");
    rig.set("Steps", 4.0, 0).expect("a parameter");
    rig.set("Seed lock", 1.0, 0).expect("a parameter");
}

/// How many takes the instance knows, by its state.
pub fn takes(rig: &mut Rig) -> usize {
    rig.kept().expect("it saves")["takes"].as_array().map_or(0, Vec::len)
}

/// Waits until the instance knows so many takes, playing nothing meanwhile.
pub fn wait_for_takes(rig: &mut Rig, count: usize) {
    let start = Instant::now();
    while takes(rig) < count {
        assert!(start.elapsed() < PATIENCE, "no take came");
        rig.idle();
        std::thread::sleep(Duration::from_millis(20));
    }
    // renditions follow at once
    std::thread::sleep(Duration::from_millis(150));
}

/// A rig that holds a take of one bar in slot 1, made at the rig's tempo through its parameter; active, song at its start.
pub fn filled(id: &str, rate: f64, tempo: f64) -> Rig {
    let mut rig = rig(id);
    prompt(&mut rig, "house drums");
    quick(&mut rig, 0.0);
    rig.song.tempo = tempo;
    rig.activate(rate, 4096).expect("it activates");
    rig.play(512, 512).expect("it plays");
    rig.set("Generate", 1.0, 0).expect("a parameter");
    rig.play(512, 512).expect("it plays");
    wait_for_takes(&mut rig, 1);
    rig.set("Generate", 0.0, 0).expect("a parameter");
    rig.play(512, 512).expect("it plays");
    rig.song.go_to(0.0);
    rig
}

/// Whether there is something to hear.
pub fn loud(sound: &[[f32; 2]]) -> bool {
    sound.iter().flatten().any(|s| s.abs() > 0.01)
}
