//! What a hundred instances cost that do nothing. In a process of its own: others' memory is none of its business.
#![cfg(target_os = "linux")]

#[path = "hosted/common.rs"]
mod common;

use common::{INLAY, INLAY_FX, rig};

/// Bytes of this process that lie in memory.
fn resident() -> i64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<i64>().unwrap() * 4096
}

#[test]
fn a_hundred_idle_instances_take_less_than_a_megabyte_each_and_all_play() {
    // what the first one brings along stays
    let mut first = rig(INLAY);
    first.activate(48_000.0, 512).unwrap();
    first.play(480, 480).unwrap();
    let before = resident();
    let mut rigs: Vec<_> = (0..100).map(|i| rig(if i % 4 == 0 { INLAY_FX } else { INLAY })).collect();
    for rig in &mut rigs {
        rig.activate(48_000.0, 512).unwrap();
    }
    for _ in 0..100 {
        for rig in &mut rigs {
            rig.play(480, 480).unwrap();
        }
    }
    let each = (resident() - before) / 100;
    eprintln!("{} KB an instance", each / 1000);
    assert!(each < 1_000_000, "{each} bytes an instance");
}
