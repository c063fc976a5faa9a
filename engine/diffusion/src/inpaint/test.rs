use super::*;

fn filled(batch: usize, frames: usize, number: f32) -> Latents {
    Latents::new(batch, frames, 2, vec![number; batch * frames * 2]).unwrap()
}

#[test]
fn several_regions_are_one_mask_and_run_round_the_seam() {
    let keep = Keep::except(8, &[1..3, 7..9]).unwrap();
    assert_eq!(keep.to_numbers(), [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0]);
    assert_eq!(Keep::except(4, std::slice::from_ref(&(3..7))).unwrap().mask(), [false; 4]);
}

#[test]
fn refuses_regions_that_are_empty_outside_or_too_long() {
    for region in [2..2, 8..9, 3..12, 0..usize::MAX] {
        assert!(Keep::except(8, std::slice::from_ref(&region)).is_err(), "{region:?}");
    }
    assert!(Keep::except(usize::MAX, &[]).is_err());
}

#[test]
fn pastes_the_known_latents_where_they_are_kept() {
    let known = Latents::new(2, 3, 2, (0..12).map(|i| i as f32).collect()).unwrap();
    let inpaint = Inpaint::new(known, Keep::new(vec![true, false, true])).unwrap();
    let mut made = filled(2, 3, -1.0);
    inpaint.paste(&mut made).unwrap();
    assert_eq!(made.data(), [0.0, 1.0, -1.0, -1.0, 4.0, 5.0, 6.0, 7.0, -1.0, -1.0, 10.0, 11.0]);
}

#[test]
fn one_known_item_serves_a_whole_batch() {
    let inpaint = Inpaint::new(filled(1, 2, 5.0), Keep::new(vec![true, false])).unwrap();
    let mut made = filled(3, 2, 0.0);
    inpaint.paste(&mut made).unwrap();
    assert!(made.items().all(|item| item == [5.0, 5.0, 0.0, 0.0]));
}

#[test]
fn noises_the_known_latents_to_the_level() {
    let inpaint = Inpaint::new(filled(1, 2, 2.0), Keep::new(vec![false, true])).unwrap();
    let noise = Latents::new(1, 2, 2, vec![10.0, 20.0, 30.0, 40.0]).unwrap();
    let mut x = filled(1, 2, 0.0);
    inpaint.paste_noised(&mut x, &noise, Level { alpha: 0.5, sigma: 0.25 });
    assert_eq!(x.data(), [0.0, 0.0, 8.5, 11.0]);
}

#[test]
fn refuses_masks_and_latents_that_do_not_fit() {
    assert!(Inpaint::new(filled(1, 2, 0.0), Keep::new(vec![true])).is_err());
    let inpaint = Inpaint::new(filled(2, 2, 0.0), Keep::new(vec![true; 2])).unwrap();
    assert!(inpaint.paste(&mut filled(3, 2, 0.0)).is_err());
    assert!(inpaint.paste(&mut filled(2, 3, 0.0)).is_err());
}
