//! What comes out while nothing plays.

use crate::common::{INLAY, INLAY_FX, rig};

#[test]
fn an_instrument_with_nothing_to_play_is_silent() {
    let mut rig = rig(INLAY);
    rig.activate(44_100.0, 512).unwrap();
    let sound = rig.play(44_100, 512).unwrap();
    assert!(sound.iter().flatten().all(|s| *s == 0.0));
}

#[test]
fn an_effect_with_nothing_to_play_lets_its_input_pass_bit_by_bit() {
    for size in [1, 17, 64, 480, 4096] {
        let mut rig = rig(INLAY_FX);
        let mut n = 0u32;
        let next = move || {
            n = n.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            [(n >> 8) as f32 / 8_388_608.0 - 1.0, ((n >> 4) & 0xffff) as f32 / 65_536.0]
        };
        let mut same = next;
        rig.input = Some(Box::new(next));
        rig.activate(48_000.0, 4096).unwrap();
        for (at, [left, right]) in rig.play(9000, size).unwrap().into_iter().enumerate() {
            assert_eq!([left, right], same(), "frame {at} in blocks of {size}");
        }
    }
}

#[test]
fn every_rate_that_hosts_have_can_be_played_at() {
    for rate in [22_050.0, 44_100.0, 48_000.0, 88_200.0, 96_000.0, 176_400.0, 192_000.0] {
        for id in [INLAY, INLAY_FX] {
            let mut rig = rig(id);
            rig.activate(rate, 64).unwrap();
            rig.play(640, 64).unwrap();
        }
    }
}
