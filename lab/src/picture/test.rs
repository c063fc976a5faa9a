use super::*;

/// A drum loop with a bass line: something with attacks, tones and silence in it.
fn groove(rate: u32, bpm: f64, beats: u32) -> (Vec<f32>, Vec<f32>) {
    let length = (f64::from(beats) * 60.0 / bpm * f64::from(rate)) as usize;
    let (mut left, mut right) = (vec![0.0f32; length], vec![0.0f32; length]);
    let mut state = 1u32;
    let mut noise = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 9) as f32 / 4_194_304.0 - 1.0
    };
    let mut add = |beat: f64, seconds: f64, pan: f32, sound: &mut dyn FnMut(f32) -> f32| {
        let start = (beat * 60.0 / bpm * f64::from(rate)) as usize;
        for i in 0..(seconds * f64::from(rate)) as usize {
            let s = sound(i as f32 / rate as f32);
            left[(start + i) % length] += s * (1.0 - pan);
            right[(start + i) % length] += s * (1.0 + pan);
        }
    };
    let turn = std::f32::consts::TAU;
    for beat in 0..beats {
        let at = f64::from(beat);
        if beat % 2 == 0 {
            add(at, 0.4, 0.0, &mut |t| 0.6 * (turn * (50.0 * t + 4.0 * (1.0 - (-t / 0.02).exp()))).sin() * (-t / 0.12).exp());
        } else {
            add(at, 0.3, 0.1, &mut |t| (0.3 * noise() + 0.2 * (turn * 190.0 * t).sin()) * (-t / 0.07).exp());
        }
        for half in 0..2 {
            let pan = if half == 0 { -0.3 } else { 0.3 };
            let mut last = 0.0;
            add(at + 0.5 * f64::from(half), 0.1, pan, &mut |t| {
                let n = noise();
                let s = 0.15 * (n - last) * (-t / 0.02).exp();
                last = n;
                s
            });
        }
        let pitch = [55.0, 55.0, 65.4, 49.0][beat as usize / 4 % 4];
        add(at + 0.5, 0.35, 0.0, &mut |t| {
            (1..6).map(|k| 0.2 / k as f32 * (turn * pitch * k as f32 * t).sin()).sum::<f32>() * (-t / 0.3).exp()
        });
    }
    (left, right)
}

fn scene<'a>(left: &'a [f32], right: &'a [f32], regions: &'a [(f64, f64)]) -> Scene<'a> {
    Scene {
        title: "dusty boom bap drums with a warm bass",
        subtitle: "92 BPM  ·  A minor  ·  4 bars  ·  seed 7",
        left,
        right,
        rate: 44_100,
        bpm: 92.0,
        beats: 16,
        regions,
    }
}

#[test]
fn the_same_scene_gives_the_same_pixels() {
    let (left, right) = groove(44_100, 92.0, 16);
    let regions = [(8.0, 4.0)];
    let canvas = draw(&scene(&left, &right, &regions));
    assert_eq!(canvas, draw(&scene(&left, &right, &regions)));
    assert_eq!((canvas.width(), canvas.height()), (1600, 900));
    if let Ok(path) = std::env::var("INLAY_PICTURE") {
        std::fs::write(path, canvas.to_png().unwrap()).unwrap();
    }
}

#[test]
fn silence_nothing_and_broken_samples_have_a_picture() {
    for samples in [vec![], vec![0.0; 3], vec![f32::NAN; 5000], vec![f32::INFINITY; 10]] {
        let canvas = draw(&scene(&samples, &samples, &[(14.0, 8.0)]));
        assert!(canvas.to_png().unwrap().starts_with(b"\x89PNG"));
    }
}

#[test]
fn a_sine_of_full_scale_is_brightest_in_its_own_row() {
    let rate = 48_000;
    for hertz in [55.0f32, 220.0, 1000.0, 7000.0] {
        let sine: Vec<f32> = (0..rate).map(|i| (std::f32::consts::TAU * hertz * i as f32 / rate as f32).sin()).collect();
        let spectrum = spectrogram::analyse(&sine, &sine, rate as u32, 8, 400);
        let level = |row: usize| spectrum.levels[row * 8 + 4];
        let loudest = (0..400).max_by(|&a, &b| level(a).total_cmp(&level(b))).unwrap();
        assert!((loudest as f32 - spectrum.row_of(hertz)).abs() < 3.0, "{hertz} Hz is loudest in row {loudest}");
        assert!(level(loudest).abs() < 1.5, "{hertz} Hz has {} dBFS", level(loudest));
    }
}

#[test]
fn a_region_across_the_seam_shows_at_both_ends() {
    let silence = vec![0.0; 44_100];
    let plain = draw(&scene(&silence, &silence, &[]));
    let shaded = draw(&scene(&silence, &silence, &[(15.0, 2.0)]));
    let differs = |x: usize| plain.pixel(x, 320) != shaded.pixel(x, 320);
    assert!(differs(100) && differs(1480) && !differs(800));
}

#[test]
fn a_long_title_ends_in_an_ellipsis_inside_its_room() {
    let fonts = Fonts::embedded();
    let short = fonts.plain.shorten(&"very long prompt ".repeat(30), layout::TITLE, 600.0);
    assert!(short.ends_with('…') && fonts.plain.width(&short, layout::TITLE) <= 600.0);
    assert_eq!(fonts.plain.shorten("kick\tand snare", 20.0, 600.0), "kick and snare");
}
