//! Unpacking several takes at a time.

use crate::loss::Loss;
use crate::parcel::Parcel;
use half::f16;
use inlay_music::{Take, TakeId};
use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicUsize, Ordering},
};

/// A parcel that was unpacked.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// Which take.
    pub id: TakeId,
    /// The take, where its sound is there. One that lost its latents has none of them: what goes on from it listens to its sound.
    pub take: Option<Arc<Take>>,
    /// Its latents; with them a take without sound can be made again.
    pub latents: Option<Arc<[f16]>>,
    /// What was damaged.
    pub losses: Vec<Loss>,
}

/// Unpacks parcels on at most `threads` threads, which are gone when it returns; in their order.
pub fn open(parcels: &[&Parcel], threads: usize) -> Vec<Opened> {
    let results: Vec<OnceLock<Opened>> = parcels.iter().map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let (Some(parcel), Some(result)) = (parcels.get(at), results.get(at)) else { return };
            result.get_or_init(|| parcel.open());
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(parcels.len()) {
            // where the system gives no thread, this one does it all
            if std::thread::Builder::new().name("inlay state".into()).spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    // every one was done by somebody
    results.into_iter().zip(parcels).map(|(result, parcel)| result.into_inner().unwrap_or_else(|| parcel.open())).collect()
}
