//! The host, as a session sees it.

use crate::dirty::Dirty;
use crate::params::Parameters;
use inlay_session::{Host, Knobs, TRIGGERS};
use std::sync::Arc;

/// Parameters, and the way to say that something changed.
pub(crate) struct HostSide {
    pub params: Arc<Parameters>,
    pub dirty: Arc<Dirty>,
}

impl Host for HostSide {
    fn knobs(&self) -> Knobs {
        self.params.knobs()
    }

    fn changed(&self) {
        self.dirty.changed();
    }

    fn rest(&self) {
        self.dirty.ask();
    }

    fn triggers(&self) -> [bool; TRIGGERS] {
        self.params.triggers()
    }
}
