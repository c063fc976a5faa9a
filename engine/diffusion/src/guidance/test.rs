use super::*;

fn latents(data: &[f32]) -> Latents {
    Latents::new(2, 2, 1, data.to_vec()).unwrap()
}

#[test]
fn acts_inside_of_its_interval_only() {
    let guidance = Guidance::EMBEDDED;
    for (time, branches) in
        [(99.9, Branches::Conditioned), (100.0, Branches::Both), (800.0, Branches::Both), (800.1, Branches::Conditioned)]
    {
        assert_eq!(guidance.branches(time), branches);
    }
}

#[test]
fn strength_one_needs_one_branch() {
    assert_eq!(Guidance { strength: 1.0, ..Guidance::EMBEDDED }.branches(500.0), Branches::Conditioned);
    assert_eq!(Guidance::NONE.branches(500.0), Branches::Conditioned);
}

#[test]
fn strength_extrapolates_from_the_unconditioned_prediction() {
    let guidance = Guidance { strength: 3.0, rescale: 0.0, ..Guidance::EMBEDDED };
    let guided = guidance.guided(&latents(&[1.0, 2.0, 3.0, 4.0]), &latents(&[0.0, 3.0, 3.0, 2.0]));
    assert_eq!(guided.data(), [3.0, 0.0, 3.0, 8.0]);
}

#[test]
fn rescaling_restores_the_deviation_of_each_item() {
    let (with, without) = (latents(&[1.0, 2.0, 3.0, 5.0]), latents(&[0.5, 0.0, 1.0, -1.0]));
    let raw = Guidance { rescale: 0.0, ..Guidance::EMBEDDED }.guided(&with, &without);
    let half = Guidance { rescale: 0.5, ..Guidance::EMBEDDED }.guided(&with, &without);
    let whole = Guidance::EMBEDDED.guided(&with, &without);
    for i in 0..2 {
        let of = |l: &Latents| deviation(l.item(i).unwrap());
        assert!((of(&whole) - of(&with)).abs() < 1e-6);
        assert!((of(&half) - (of(&with) + of(&raw)) / 2.0).abs() < 1e-6);
        assert!(of(&raw) > of(&whole));
    }
}

#[test]
fn rescaling_leaves_flat_latents_alone() {
    let flat = latents(&[2.0; 4]);
    assert_eq!(Guidance::EMBEDDED.guided(&flat, &flat), flat);
}
