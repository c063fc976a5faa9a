//! The host hears what a project should be saved with, with no window open.

use crate::host::{Context, Handler, Heard, Said, Watcher};
use crate::rig::{Rig, said};
use nice_plug::wrapper::vst3::vst3::{ComPtr, ComWrapper, Steinberg::Vst::IComponentHandler};
use std::sync::Arc;
use std::time::Duration;

/// Longer than the plugin waits to put something out.
const BLOCKS: usize = 200;

fn handler(heard: &Heard) -> ComPtr<IComponentHandler> {
    ComWrapper::new(Handler(Arc::clone(heard))).to_com_ptr().expect("it is one")
}

#[test]
fn a_take_made_by_automation_marks_the_project_dirty_without_a_window() {
    let heard = Heard::default();
    let rig = Rig::new(&handler(&heard), None);
    rig.run(BLOCKS);
    assert_eq!(said(&heard), [], "nothing was made yet");
    rig.make();
    rig.run(BLOCKS);
    let told = said(&heard);
    assert!(!told.is_empty() && told.iter().all(|said| *said == Said::Dirty), "{told:?}");
    rig.run(BLOCKS);
    assert_eq!(said(&heard).len(), told.len(), "nothing changed since");
}

#[test]
fn where_the_host_lends_its_main_thread_that_is_enough() {
    let heard = Heard::default();
    let context = ComWrapper::new(Context::default());
    let rig = Rig::new(&handler(&heard), Some(&context));
    assert_eq!(context.timers(), 1);
    context.tick();
    assert_eq!(said(&heard), []);
    rig.make();
    context.tick();
    assert!(said(&heard).contains(&Said::Dirty), "{:?}", said(&heard));
    drop(rig);
    assert_eq!(context.timers(), 0, "an instance that is gone looks no more");
}

#[test]
fn a_host_that_only_watches_parameters_sees_one_move() {
    let heard = Heard::default();
    let watcher = ComWrapper::new(Watcher(Arc::clone(&heard))).to_com_ptr().expect("it is one");
    let context = ComWrapper::new(Context::default());
    let rig = Rig::new(&watcher, Some(&context));
    let id = rig.id("Changes");
    let before = rig.value(id);
    rig.make();
    context.tick();
    let now = rig.value(id);
    assert!(now > before);
    let told = said(&heard);
    assert_eq!(told[told.len() - 3..], [Said::Begin(id), Said::Set(id, now), Said::End(id)]);
}

#[test]
fn a_host_is_not_called_after_its_instance_is_gone() {
    let heard = Heard::default();
    let rig = Rig::new(&handler(&heard), None);
    rig.make();
    let told = said(&heard).len();
    drop(rig);
    assert_eq!(Arc::strong_count(&heard), 1, "the handler is let go");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(said(&heard).len(), told);
}
