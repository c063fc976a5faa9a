//! What the engine really makes, in short: seams that are none, kicks on the grid. `--bin measure` tells all of it.

use inlay_lab::measure::maker::{Ask, Maker};
use inlay_lab::measure::onsets::{LEAST, NEAR, hits};
use inlay_lab::measure::report::share;
use inlay_lab::measure::seams::{DRAWS, MOST, seam};
use inlay_lab::measure::workbench::Workbench;

#[test]
fn a_loop_closes_as_smoothly_as_it_goes_on() {
    let (maker, bench) = (Maker::start().unwrap(), Workbench::new().unwrap());
    for (prompt, bpm) in [("house drums with punchy kick", 124.0), ("held organ chords in D dorian", 100.0), ("busy saw lead", 140.0)] {
        let take = maker.generate(&Ask { bars: 1, ..Ask::new(prompt, bpm) }).unwrap();
        let found = seam(&bench, &take, DRAWS).unwrap();
        assert!(found.same, "{prompt}: the workbench must make what the engine makes");
        for ratio in [found.seam.flux, found.seam.bend, found.rendered.flux, found.rendered.bend] {
            assert!(ratio <= MOST, "{prompt}: {found:?}");
        }
    }
}

#[test]
fn kicks_lie_on_sixteenths() {
    let maker = Maker::start().unwrap();
    for bpm in [92.5, 120.0] {
        let take = maker.generate(&Ask::new("house drums with punchy kick", bpm)).unwrap();
        let found = hits::off_grid(&hits::attacks(&take.sound.channels[0]), bpm);
        assert!(found.len() >= 6, "{bpm} BPM: {found:?}");
        assert!(share(&found, |v| v.abs() <= NEAR) >= LEAST, "{bpm} BPM: {found:?}");
    }
}
