use super::*;

fn bars(n: u32) -> Bars {
    Bars::new(n).unwrap()
}

fn region(start: f64, length: f64) -> Region {
    Region::new(start, length, bars(4)).unwrap()
}

fn parse(text: &str) -> Region {
    Region::parse(text, bars(4)).unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn error(text: &str) -> String {
    Region::parse(text, bars(4)).unwrap_err().to_string()
}

#[test]
fn reads_bars_beats_and_parts_of_beats() {
    for (text, start, length) in [
        ("3", 8.0, 4.0),
        ("3-4", 8.0, 8.0),
        (" 3 – 4 ", 8.0, 8.0),
        ("1-4", 0.0, 16.0),
        ("3.2-3.4", 9.0, 2.0),
        ("3.2", 9.0, 1.0),
        ("3.2.5-3.3", 9.5, 0.5),
        ("1.1-1.1.125", 0.0, 0.125),
        ("3.3-3.5", 10.0, 2.0),
        ("4.3-5.1", 14.0, 2.0),
        ("2-3.3", 4.0, 6.0),
        ("2.4-3", 7.0, 5.0),
    ] {
        assert_eq!(parse(text), region(start, length), "{text}");
    }
}

#[test]
fn an_end_before_the_start_runs_across_the_seam() {
    assert_eq!(parse("4-1"), region(12.0, 8.0));
    assert_eq!(parse("2-1"), region(4.0, 16.0));
    assert_eq!(parse("4.4-1.2"), region(15.0, 2.0));
    assert_eq!(parse("3-1.1"), region(8.0, 8.0));
}

#[test]
fn says_what_is_wrong_with_a_region() {
    assert_eq!(error("3.2-3.2"), "the region is empty: it needs a length above 0 beats");
    assert_eq!(error("5"), "bar 5 is outside of the loop: it has 4 bars (they count from 1)");
    assert_eq!(error("0"), "bar 0 is outside of the loop: it has 4 bars (they count from 1)");
    assert_eq!(error("1.6-2"), "there is no beat 6 in a bar of 4/4: beats count from 1 and stay below 5");
    assert_eq!(error("1.5-2"), "there is no beat 5 in a bar of 4/4: beats count from 1 and stay below 5");
    assert!(error("5.1-5.1").contains("empty"));
    assert!(error("5.1-1.1").contains("starts at beat 16"));
    for text in ["", "x", "-1", "1-", "1-2-3", "1.", "1.2.", ".1", "1.2.3.4", "1e1", "+1", "nan", "3.2.5", "1.-1", "99999999999999999999"] {
        assert!(matches!(Region::parse(text, bars(4)), Err(RegionError::Text(_))), "{text}");
    }
}

#[test]
fn shows_the_words_it_reads() {
    for text in ["3", "3-4", "4-1", "2-1", "1-4", "3.2-3.4", "3.2.5-3.3", "4.4-1.2", "1.1-1.1.125", "4.3-5.1"] {
        assert_eq!(parse(text).text(bars(4)).to_string(), text);
    }
    assert_eq!(region(1.5, 16.0).text(bars(4)).to_string(), "1-4");
}

#[test]
fn refuses_numbers_that_make_no_region() {
    let refuse = |start, length| Region::new(start, length, bars(1)).unwrap_err();
    assert_eq!(refuse(0.0, 0.0), RegionError::Empty);
    assert_eq!(refuse(0.0, f64::NAN), RegionError::Empty);
    assert_eq!(refuse(4.0, 1.0), RegionError::Start { start: 4.0, beats: 4.0 });
    assert!(matches!(refuse(f64::NAN, 1.0), RegionError::Start { .. }));
    assert!(matches!(refuse(-1.0, 1.0), RegionError::Start { .. }));
    assert_eq!(refuse(0.0, 4.5), RegionError::Long { length: 4.5, beats: 4.0 });
    assert!(matches!(refuse(0.0, f64::INFINITY), RegionError::Long { .. }));
}

#[test]
fn json_is_checked_against_the_longest_take() {
    let text = serde_json::to_string(&region(1.0, 2.5)).unwrap();
    assert_eq!(text, r#"{"start":1.0,"length":2.5}"#);
    assert_eq!(serde_json::from_str::<Region>(&text).unwrap(), region(1.0, 2.5));
    assert!(serde_json::from_str::<Region>(r#"{"start":64.0,"length":1.0}"#).is_err());
    assert!(region(12.0, 4.0).check(bars(2)).is_err());
}

#[test]
fn latents_reach_out_to_whole_eighths_of_a_beat() {
    let span = |r: Region| (r.latents(bars(4)).first(), r.latents(bars(4)).len());
    assert_eq!(span(region(2.0, 3.0)), (16, 24));
    assert_eq!(span(region(2.1, 0.1)), (16, 2));
    assert_eq!(span(region(0.1, 16.0)), (0, 128));
    assert_eq!(region(15.875, 0.25).latents(bars(4)).iter().collect::<Vec<_>>(), [127, 0]);
}

#[test]
fn frames_round_as_the_reference_does() {
    // math.floor(start * samples / beats + 0.5) of 460174 samples, 4 bars.
    let span = region(9.0, 2.0).frames(460_174, bars(4));
    assert_eq!((span.first(), span.len()), (258_848, 57_522));
    let eighth = region(15.9375, 0.125).frames(352_800, bars(4));
    assert_eq!((eighth.first(), eighth.len(), eighth.ranges()), (351_422, 2_756, [351_422..352_800, 0..1_378]));
}

#[test]
fn a_span_gives_places_round_the_seam() {
    let span = Span::new(6, 4, 8);
    assert_eq!(span.iter().collect::<Vec<_>>(), [6, 7, 0, 1]);
    assert_eq!([5, 6, 7, 0, 1, 2, 8].map(|i| span.position(i)), [None, Some(0), Some(1), Some(2), Some(3), None, None]);
    assert!(Span::new(3, 3, 0).is_empty());
    assert_eq!(Span::new(9, 100, 8).iter().count(), 8);
}

#[test]
fn contains_wraps_and_excludes_the_end() {
    let across = region(15.0, 2.0);
    assert_eq!([14.9, 15.0, 0.0, 0.9, 1.0, 16.5, -0.5].map(|b| across.contains(b, bars(4))), [false, true, true, true, false, true, true]);
}

#[test]
fn overlapping_and_touching_regions_merge() {
    let merged = |list: &[(f64, f64)]| {
        let regions: Vec<Region> = list.iter().map(|&(s, l)| region(s, l)).collect();
        merge(&regions, bars(4)).iter().map(|r| (r.start(), r.length())).collect::<Vec<_>>()
    };
    assert_eq!(merged(&[(8.0, 2.0), (0.0, 1.0)]), [(0.0, 1.0), (8.0, 2.0)]);
    assert_eq!(merged(&[(0.0, 2.0), (2.0, 2.0), (3.0, 0.5)]), [(0.0, 4.0)]);
    assert_eq!(merged(&[(15.0, 3.0), (1.0, 3.0), (4.5, 1.0)]), [(4.5, 1.0), (15.0, 5.0)]);
    assert_eq!(merged(&[(14.0, 4.0), (0.5, 0.5)]), [(14.0, 4.0)]);
    assert_eq!(merged(&[(14.0, 2.0), (0.0, 1.0)]), [(14.0, 3.0)]);
    assert_eq!(merged(&[(4.0, 8.0), (12.0, 8.0)]), [(0.0, 16.0)]);
    assert_eq!(merged(&[]), []);
}

#[test]
fn a_region_outside_of_the_take_is_shown_where_it_lies() {
    let shown = |start, length, take| Region::new(start, length, bars(16)).unwrap().text(bars(take)).to_string();
    assert_eq!(shown(60.0, 1.0, 1), "16.1-16.2");
    assert_eq!(shown(60.0, 4.0, 1), "16");
    assert_eq!(shown(60.0, 4.5, 8), "16.1-17.1.5");
    assert_eq!(shown(8.0, 4.0, 2), "3");
    assert_eq!(shown(0.0, 8.0, 1), "1-2");
    assert_eq!(shown(2.0, 64.0, 4), "1.3-17.3");
    assert_eq!(shown(6.0, 4.0, 1), "2.3-3.3");
}

#[test]
fn a_region_outside_of_the_take_harms_nothing() {
    let places = [0.0, 1e-300, 0.3, 3.999, 4.0, 15.99, 60.0, 63.999_999_999];
    let lengths = [1e-300, 0.1, 1.0, 4.0, 17.5, 64.0];
    let all: Vec<Region> = places.iter().flat_map(|&s| lengths.map(|l| Region::new(s, l, bars(16)).unwrap())).collect();
    for take in Bars::ALL {
        for region in &all {
            assert!(!region.text(take).to_string().is_empty());
            let latents = region.latents(take);
            assert!(latents.iter().all(|t| t < take.beat_count() as usize * 8));
            assert!(region.frames(1000, take).iter().all(|i| i < 1000));
            assert!(region.frames(0, take).is_empty());
        }
        assert!(!merge(&all, take).is_empty());
    }
}
