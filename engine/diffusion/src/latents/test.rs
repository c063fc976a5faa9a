use super::*;

fn numbered(batch: usize, frames: usize, channels: usize) -> Latents {
    let data = (0..batch * frames * channels).map(|i| i as f32).collect();
    Latents::new(batch, frames, channels, data).unwrap()
}

#[test]
fn refuses_empty_sides_and_sizes_that_overflow() {
    for (batch, frames, channels) in [(0, 1, 1), (1, 0, 1), (1, 1, 0), (usize::MAX, 2, 2), (1 << 10, 1 << 10, 1 << 10)] {
        assert_eq!(Latents::zeros(batch, frames, channels), Err(ShapeError::Size { batch, frames, channels }));
    }
}

#[test]
fn refuses_numbers_that_do_not_fit_the_shape() {
    assert_eq!(Latents::new(1, 2, 3, vec![0.0; 5]), Err(ShapeError::Count { expected: 6, found: 5 }));
}

#[test]
fn items_taken_apart_and_stacked_are_the_same_again() {
    let latents = numbered(3, 2, 2);
    let parts: Vec<_> = (0..3).map(|i| latents.single(i).unwrap()).collect();
    assert_eq!(parts[1].data(), [4.0, 5.0, 6.0, 7.0]);
    assert_eq!(Latents::stack(&parts), Ok(latents.clone()));
    assert_eq!(latents.single(3), None);
}

#[test]
fn windows_joined_in_time_are_the_whole_again() {
    let latents = numbered(2, 4, 1);
    let (a, b) = (latents.window(0..1).unwrap(), latents.window(1..4).unwrap());
    assert_eq!(b.data(), [1.0, 2.0, 3.0, 5.0, 6.0, 7.0]);
    assert_eq!(Latents::join(&[a, b]), Ok(latents));
}

#[test]
fn refuses_windows_outside_of_the_latents() {
    let latents = numbered(1, 4, 1);
    assert!(latents.window(2..5).is_err());
    assert!(latents.window(2..2).is_err());
}

#[test]
fn refuses_to_stack_or_join_nothing_or_what_differs() {
    assert!(Latents::stack(&[]).is_err());
    assert!(Latents::join(&[]).is_err());
    assert!(Latents::stack(&[numbered(1, 2, 3), numbered(1, 3, 3)]).is_err());
    assert!(Latents::join(&[numbered(1, 2, 3), numbered(2, 2, 3)]).is_err());
}

#[test]
fn rolling_moves_the_start_round_the_loop() {
    let latents = numbered(1, 4, 2);
    assert_eq!(latents.rolled(1).data(), [2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 0.0, 1.0]);
    assert_eq!(latents.rolled(4), latents);
    assert_eq!(latents.rolled(3).rolled(5), latents);
}
