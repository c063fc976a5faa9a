//! What the networks run on.

use crate::error::JobError;
use candle_core::Device;

/// A choice of device. Which ones there are is decided when Inlay is built (features `cuda` and `metal`) and by the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeviceChoice {
    /// The graphics processor where this build and this machine have one, else the processor.
    #[default]
    Best,
    /// The processor.
    Cpu,
}

impl DeviceChoice {
    /// Opens the device.
    ///
    /// # Errors
    /// Where the machine has one, but it can't be used.
    pub(super) fn open(self) -> Result<Device, JobError> {
        match self {
            Self::Cpu => Ok(Device::Cpu),
            // both answer with the processor where there is nothing else
            Self::Best if cfg!(feature = "metal") => Ok(Device::metal_if_available(0)?),
            Self::Best => Ok(Device::cuda_if_available(0)?),
        }
    }
}
