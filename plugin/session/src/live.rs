//! What moves all the time, without locks.

use inlay_player::{Now, Status};
use std::sync::Arc;

/// Where things are while the host plays: the playhead, the slot that sounds. Read it in each frame that is drawn.
#[derive(Debug, Clone, Default)]
pub struct Live {
    pub(crate) status: Option<Arc<Status>>,
}

impl Live {
    /// As of the last block; None where the host runs no audio.
    pub fn now(&self) -> Option<Now> {
        self.status.as_ref().map(|status| status.now())
    }
}
