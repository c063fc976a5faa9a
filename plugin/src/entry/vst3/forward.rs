//! An instance's interfaces that are the framework's as they are.

use super::instance::Instance;
use crate::kind::Kind;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::ChannelContext::IInfoListenerTrait;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::*;
use nice_plug::wrapper::vst3::vst3::Steinberg::{IBStream, TBool, TUID, int16, int32, tresult, uint32};

/// Implements an interface: what is listed by the framework's wrapper, what follows in its own words.
macro_rules! forward {
    ($interface:ident { $(fn $call:ident($($name:ident: $type:ty),*) -> $out:ty;)* } $($own:tt)*) => {
        impl<K: Kind> $interface for Instance<K> {
            $(unsafe fn $call(&self, $($name: $type),*) -> $out {
                // SAFETY: what the host promises of this call is what the framework wants of it.
                unsafe { $interface::$call(&self.within, $($name),*) }
            })*
            $($own)*
        }
    };
}
pub(super) use forward;

forward!(IComponentTrait {
    fn getControllerClassId(class: *mut TUID) -> tresult;
    fn setIoMode(mode: IoMode) -> tresult;
    fn getBusCount(media: MediaType, direction: BusDirection) -> int32;
    fn getBusInfo(media: MediaType, direction: BusDirection, index: int32, info: *mut BusInfo) -> tresult;
    fn getRoutingInfo(input: *mut RoutingInfo, output: *mut RoutingInfo) -> tresult;
    fn activateBus(media: MediaType, direction: BusDirection, index: int32, state: TBool) -> tresult;
    fn setActive(state: TBool) -> tresult;
    fn setState(state: *mut IBStream) -> tresult;
    fn getState(state: *mut IBStream) -> tresult;
});

forward!(IMidiMappingTrait {
    fn getMidiControllerAssignment(bus: int32, channel: int16, controller: CtrlNumber, id: *mut ParamID) -> tresult;
});

forward!(INoteExpressionControllerTrait {
    fn getNoteExpressionCount(bus: int32, channel: int16) -> int32;
    fn getNoteExpressionInfo(bus: int32, channel: int16, index: int32, info: *mut NoteExpressionTypeInfo) -> tresult;
    fn getNoteExpressionStringByValue(
        bus: int32,
        channel: int16,
        id: NoteExpressionTypeID,
        value: NoteExpressionValue,
        text: *mut String128
    ) -> tresult;
    fn getNoteExpressionValueByString(
        bus: int32,
        channel: int16,
        id: NoteExpressionTypeID,
        text: *const TChar,
        value: *mut NoteExpressionValue
    ) -> tresult;
});

forward!(IProcessContextRequirementsTrait {
    fn getProcessContextRequirements() -> uint32;
});

forward!(IUnitInfoTrait {
    fn getUnitCount() -> int32;
    fn getUnitInfo(index: int32, info: *mut UnitInfo) -> tresult;
    fn getProgramListCount() -> int32;
    fn getProgramListInfo(index: int32, info: *mut ProgramListInfo) -> tresult;
    fn getProgramName(list: ProgramListID, program: int32, name: *mut String128) -> tresult;
    fn getProgramInfo(list: ProgramListID, program: int32, attribute: CString, value: *mut String128) -> tresult;
    fn hasProgramPitchNames(list: ProgramListID, program: int32) -> tresult;
    fn getProgramPitchName(list: ProgramListID, program: int32, pitch: int16, name: *mut String128) -> tresult;
    fn getSelectedUnit() -> UnitID;
    fn selectUnit(unit: UnitID) -> tresult;
    fn getUnitByBus(media: MediaType, direction: BusDirection, bus: int32, channel: int32, unit: *mut UnitID) -> tresult;
    fn setUnitProgramData(list: int32, program: int32, data: *mut IBStream) -> tresult;
});

forward!(IInfoListenerTrait {
    fn setChannelContextInfos(list: *mut IAttributeList) -> tresult;
});
