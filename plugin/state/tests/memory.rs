//! Nothing that a text says of itself is believed before it is compared with what is there.

use inlay_state::Saved;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The most bytes that loading a text and opening its takes asked for at a time.
fn peak(text: &str) -> usize {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    if let Ok(loaded) = Saved::from_json(text) {
        loaded.saved.takes.iter().for_each(|kept| drop(kept.take.open()));
    }
    MEMORY.peak_usage() - before
}

/// One take of the longest kind, whose parts are `sound` and said to be as large as can be.
fn claiming(bytes: &str, crc: u32, sound: &str) -> String {
    format!(
        r#"{{"takes":[{{"id":"a","about":{{"request":{{"task":"generate","prompt":"drums","bars":16,"bpm":40.0,"seed":1,"steps":16,
        "guidance":3.0,"sampler":"dpm++2m"}},"model":"m","codec":"c","gain":1.0,"width":0.0}},
        "latents":{{"part":0,"bytes":{bytes},"crc":{crc}}},
        "sound":{{"part":0,"bytes":{bytes},"crc":{crc},"rate":384000,"channels":2}}}}],"parts":["{sound}"]}}"#
    )
}

// one test: the peak is one number for the whole process
#[test]
fn large_claims_get_no_memory() {
    const LITTLE: usize = 1 << 20;
    for bytes in ["4", "3", "4294967295", "18446744073709551615"] {
        let text = claiming(bytes, 0, "AAAA");
        assert!(Saved::from_json(&text).is_ok_and(|l| l.saved.takes.len() == 1), "the take itself makes sense");
        assert!(peak(&text) < LITTLE, "{bytes} bytes claimed: {}", peak(&text));
    }
    // a FLAC header that promises the whole of it (36 864 000 frames of two channels), and nothing behind it
    let mut flac = b"fLaC\x80\0\0\x22\x10\0\x10\0\0\0\0\0\0\0".to_vec();
    flac.extend((384_000u64 << 44 | 1 << 41 | 23 << 36 | 36_864_000).to_be_bytes());
    flac.extend([0; 16]);
    let base64 = {
        use base64::{Engine, engine::general_purpose::STANDARD};
        STANDARD.encode(&flac)
    };
    let text = claiming(&flac.len().to_string(), crc32fast::hash(&flac), &base64);
    assert!(peak(&text) < LITTLE, "{}", peak(&text));
    let deep = format!("{{\"takes\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(peak(&deep) < 8 * deep.len() + LITTLE, "{}", peak(&deep));
}
