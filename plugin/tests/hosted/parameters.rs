//! What hosts see of the parameters, which projects rely on for ever.

use crate::common::{INLAY, INLAY_FX, rig};

/// Name, lowest and highest value, default, steps, automatable.
const TABLE: [(&str, f64, f64, f64, bool, bool); 19] = [
    ("Bypass", 0.0, 1.0, 0.0, true, true),
    ("Gain", 0.0, 1.0, 0.0, false, true),
    ("Mix", 0.0, 1.0, 1.0, false, true),
    ("Width", 0.0, 1.0, 0.5, false, true),
    ("Slot", 0.0, 7.0, 0.0, true, true),
    ("Switch at", 0.0, 3.0, 2.0, true, true),
    ("Notes", 0.0, 2.0, 0.0, true, true),
    ("Feel", 0.0, 2.0, 1.0, true, true),
    ("Bars", 0.0, 4.0, 2.0, true, true),
    ("Steps", 0.0, 60.0, 12.0, true, true),
    ("Guidance", 0.0, 1.0, 2.0 / 9.0, false, true),
    ("Variation", 0.0, 1.0, 0.5, false, true),
    ("Seed lock", 0.0, 1.0, 0.0, true, true),
    ("Generate", 0.0, 1.0, 0.0, true, true),
    ("Inpaint", 0.0, 1.0, 0.0, true, true),
    ("Vary", 0.0, 1.0, 0.0, true, true),
    ("Next", 0.0, 1.0, 0.0, true, true),
    ("Previous", 0.0, 1.0, 0.0, true, true),
    ("Changes", 0.0, 65535.0, 0.0, true, false),
];

#[test]
fn both_plugins_have_the_same_parameters_for_ever() {
    for id in [INLAY, INLAY_FX] {
        let all = rig(id).parameters();
        assert_eq!(all.len(), TABLE.len());
        for (facts, (name, min, max, default, stepped, automatable)) in all.iter().zip(TABLE) {
            assert_eq!((facts.name.as_str(), facts.stepped, facts.automatable), (name, stepped, automatable));
            assert_eq!((facts.min, facts.max), (min, max), "{name}");
            if name != "Gain" {
                assert!((facts.default - default).abs() < 1e-6, "{name}: {}", facts.default);
            }
            assert_eq!((facts.bypass, facts.hidden), (name == "Bypass", name == "Changes"), "{name}");
        }
        let hashes: Vec<u32> = all.iter().map(|f| f.id).collect();
        assert_eq!(hashes, ids(), "ids are in projects");
    }
}

/// The numbers that CLAP projects name the parameters by: the framework's hash of their ids.
fn ids() -> Vec<u32> {
    let names = [
        "bypass",
        "gain",
        "mix",
        "width",
        "slot",
        "quantize",
        "mode",
        "feel",
        "bars",
        "steps",
        "guidance",
        "amount",
        "seed_lock",
        "generate",
        "inpaint",
        "vary",
        "next",
        "previous",
        "changed",
    ];
    let hash = |id: &str| id.bytes().fold(0u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into())) & !(1 << 31);
    names.map(hash).to_vec()
}

#[test]
fn values_read_as_a_producer_would_write_them() {
    let mut rig = rig(INLAY);
    for (name, value, text) in [
        ("Bypass", 0.0, "Not Bypassed"),
        ("Mix", 0.5, "50 %"),
        ("Width", 1.0, "200 %"),
        ("Slot", 0.0, "1"),
        ("Slot", 7.0, "8"),
        ("Switch at", 2.0, "Bar"),
        ("Notes", 2.0, "One shot"),
        ("Feel", 0.0, "Half time"),
        ("Bars", 2.0, "4 bars"),
        ("Variation", 0.25, "25 %"),
        ("Generate", 0.0, "Ready"),
        ("Generate", 1.0, "Go"),
    ] {
        assert_eq!(rig.text(name, value).unwrap(), text, "{name}");
        assert!((rig.meant(name, text).unwrap() - value).abs() < 1e-6, "{name}: {text}");
    }
    let default = rig.value("Gain").unwrap();
    assert_eq!(rig.text("Gain", default).unwrap(), "0.0 dB");
}
