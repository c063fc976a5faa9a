//! Schedules against the reference's `build_schedule`.

use super::*;
use crate::testing::{Golden, agree};

#[test]
fn noise_levels_are_the_reference_s() {
    let golden = Golden::read("schedules");
    for steps in [1, 4, 8, 16, 50] {
        for start in [1.0, 0.6] {
            let name = format!("logsnr_steps{steps}_max{start:.1}");
            agree(&name, &levels(steps, start, &Shift::default(), 74), &golden.numbers(&name), 1.5e-7);
        }
    }
    let shift = |json: &str| serde_json::from_str::<Shift>(json).unwrap();
    for (name, json, length) in [
        ("full_steps8_len74", r#"{"type": "full", "min_length": 256, "max_length": 4096}"#, 74),
        ("full_steps8_len1292", r#"{"type": "full", "min_length": 256, "max_length": 4096}"#, 1292),
        ("logsnr_rate1_steps8_len500", r#"{"type": "logsnr", "rate": 1}"#, 500),
        ("flux_alpha_1_4_steps8_len1000", r#"{"type": "flux", "alpha_min": 1, "alpha_max": 4}"#, 1000),
        ("linear_steps8", r#"{"type": "none"}"#, 74),
    ] {
        agree(name, &levels(8, 1.0, &shift(json), length), &golden.numbers(name), 1.5e-7);
    }
}

#[test]
fn a_schedule_that_is_none_is_refused() {
    for json in [
        r#"{"type": "full", "min_length": 4096, "max_length": 4096}"#,
        r#"{"type": "full", "use_sine": true}"#,
        r#"{"type": "flux", "alpha_min": 0}"#,
        r#"{"type": "logsnr", "anchor_length": 0}"#,
        r#"{"type": "logsnr", "rate": 1e300}"#,
    ] {
        assert!(serde_json::from_str::<Shift>(json).unwrap().check().is_err(), "{json}");
    }
    assert!(serde_json::from_str::<Shift>(r#"{"type": "cosine"}"#).is_err());
}
