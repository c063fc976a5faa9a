use super::*;

fn state() -> Arc<WindowState> {
    WindowState::new(&Settings::new("Test"))
}

#[test]
fn a_new_window_has_the_size_of_its_settings() {
    assert_eq!(state().size(), egui::vec2(900.0, 560.0));
}

#[test]
fn a_saved_size_comes_back() {
    let (before, after) = (state(), state());
    before.set_size(egui::vec2(1234.5, 678.0));
    let saved: [f32; 2] = before.map(|size| *size);
    PersistentField::set(&*after, saved);
    assert_eq!(after.size(), egui::vec2(1234.5, 678.0));
}

#[test]
fn a_size_out_of_a_damaged_project_is_brought_into_bounds() {
    let state = state();
    PersistentField::set(&*state, [f32::NAN, 1e9]);
    let size = state.size();
    assert!(size.x == 640.0 && size.y <= 16_384.0, "{size:?}");
}

#[test]
fn the_scale_is_unknown_before_the_first_opening() {
    let state = state();
    assert_eq!(state.scale(), None);
    state.set_scale(f64::NAN);
    assert_eq!(state.scale(), None);
    state.set_scale(1.5);
    assert_eq!(state.scale(), Some(1.5));
}
