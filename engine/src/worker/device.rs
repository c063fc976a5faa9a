//! What the networks run on.

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
    /// Opens the device; the processor where the graphics processor can't be used, and what to say then.
    pub(super) fn open(self) -> (Device, Option<String>) {
        let opened = match self {
            Self::Cpu => Ok(Device::Cpu),
            // drivers are found at run time: where there are none, libraries may panic at it
            Self::Best => std::panic::catch_unwind(|| match cfg!(feature = "metal") {
                true => Device::metal_if_available(0),
                false => Device::cuda_if_available(0),
            })
            .unwrap_or_else(|_| Err(candle_core::Error::Msg("its driver isn't here".into()))),
        };
        match opened {
            Ok(device) => (device, None),
            Err(error) => {
                let reason = error.to_string();
                let reason = reason.lines().next().unwrap_or_default();
                (Device::Cpu, Some(format!("the processor makes this, since the graphics processor can't be used: {reason}")))
            }
        }
    }
}
