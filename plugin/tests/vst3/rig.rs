//! One instance in this host. The test's thread is its main thread, and its audio thread by turns.

use crate::changes::Changes;
use crate::host::{Context, Heard, Said};
use crate::stream::Stream;
use nice_plug::prelude::Vst3Plugin;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::ProcessModes_::kRealtime;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::SymbolicSampleSizes_::kSample32;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{
    AudioBusBuffers, AudioBusBuffers__type0, IAudioProcessor, IAudioProcessorTrait, IComponent, IComponentHandler, IComponentTrait,
    IEditController, IEditControllerTrait, IParameterChanges, ParamID, ParamValue, ParameterInfo, ProcessData, ProcessSetup,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::{
    FUnknown, IBStream, IPluginBaseTrait, IPluginFactory, IPluginFactory3, IPluginFactory3Trait, IPluginFactoryTrait, kResultOk,
};
use nice_plug::wrapper::vst3::vst3::{ComPtr, ComWrapper, Interface};
use serde_json::Value;
use std::ptr::null_mut;
use std::thread::current;
use std::time::{Duration, Instant};

const FRAMES: usize = 512;
/// A job that takes longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// An instance of the instrument that is active and has the prompt for a small take.
pub struct Rig {
    component: ComPtr<IComponent>,
    controller: ComPtr<IEditController>,
    processor: ComPtr<IAudioProcessor>,
}

impl Rig {
    /// The handler is one of [`host`](crate::host)'s; not every host has a context.
    pub fn new(handler: &ComPtr<IComponentHandler>, context: Option<&ComWrapper<Context>>) -> Self {
        // SAFETY: the factory gives what it is asked for, and the handler outlives the instance, as the plugin holds it.
        unsafe {
            let factory = ComPtr::from_raw(inlay_plugin::GetPluginFactory().cast::<IPluginFactory>()).expect("there is a factory");
            let factory = factory.cast::<IPluginFactory3>().expect("it is of the third kind");
            if let Some(context) = context {
                factory.setHostContext(context.as_com_ref::<FUnknown>().expect("it is one").as_ptr());
            }
            let mut made = null_mut();
            let class = inlay_plugin::Inlay::PLATFORM_VST3_CLASS_ID;
            assert_eq!(factory.createInstance(class.as_ptr().cast(), IComponent::IID.as_ptr().cast(), &raw mut made), kResultOk);
            let component = ComPtr::from_raw(made.cast::<IComponent>()).expect("there is an instance");
            let controller = component.cast::<IEditController>().expect("it has one");
            let processor = component.cast::<IAudioProcessor>().expect("it has one");
            assert_eq!(component.initialize(null_mut()), kResultOk);
            assert_eq!(controller.setComponentHandler(handler.as_ptr()), kResultOk);
            let rig = Self { component, controller, processor };
            rig.edit(|own| {
                own["prompt"] = "house drums".into();
                own["ahead"] = false.into();
            });
            rig.set("Bars", 0.0);
            rig.set("Steps", 0.0);
            let mut setup = ProcessSetup {
                processMode: kRealtime as i32,
                symbolicSampleSize: kSample32 as i32,
                maxSamplesPerBlock: FRAMES as i32,
                sampleRate: 48_000.0,
            };
            assert_eq!(rig.processor.setupProcessing(&raw mut setup), kResultOk);
            assert_eq!(rig.component.setActive(1), kResultOk);
            rig.processor.setProcessing(1);
            rig
        }
    }

    /// The number that names a parameter.
    pub fn id(&self, name: &str) -> ParamID {
        // SAFETY: the info is numbers and texts, of which zeros are some.
        let infos = unsafe {
            (0..self.controller.getParameterCount()).map(|index| {
                let mut info: ParameterInfo = std::mem::zeroed();
                self.controller.getParameterInfo(index, &raw mut info);
                info
            })
        };
        let named = |info: &ParameterInfo| info.title.iter().take_while(|c| **c != 0).copied().eq(name.encode_utf16());
        infos.into_iter().find(named).expect("there is such a parameter").id
    }

    /// What the controller says a parameter is.
    pub fn value(&self, id: ParamID) -> ParamValue {
        // SAFETY: any number may be asked for.
        unsafe { self.controller.getParamNormalized(id) }
    }

    /// Sets a parameter while no audio runs.
    fn set(&self, name: &str, value: ParamValue) {
        // SAFETY: any number may be set.
        assert_eq!(unsafe { self.controller.setParamNormalized(self.id(name), value) }, kResultOk);
    }

    /// Plays a block, with a change of a parameter; returns what the instance puts out.
    pub fn play(&self, change: Option<(ParamID, ParamValue)>) -> Vec<(ParamID, ParamValue)> {
        let mut sound = [[0.0f32; FRAMES]; 2];
        let mut channels = sound.each_mut().map(|channel| channel.as_mut_ptr());
        let buffers = AudioBusBuffers__type0 { channelBuffers32: channels.as_mut_ptr() };
        let mut output = AudioBusBuffers { numChannels: 2, silenceFlags: 0, __field0: buffers };
        let ins = ComWrapper::new(change.map_or_else(Changes::default, |(id, value)| Changes::of(id, value)));
        let outs = ComWrapper::new(Changes::default());
        let raw = |changes: &ComWrapper<Changes>| changes.as_com_ref::<IParameterChanges>().expect("they are some").as_ptr();
        let mut data = ProcessData {
            processMode: kRealtime as i32,
            symbolicSampleSize: kSample32 as i32,
            numSamples: FRAMES as i32,
            numInputs: 0,
            numOutputs: 1,
            inputs: null_mut(),
            outputs: &raw mut output,
            inputParameterChanges: raw(&ins),
            outputParameterChanges: raw(&outs),
            inputEvents: null_mut(),
            outputEvents: null_mut(),
            processContext: null_mut(),
        };
        // SAFETY: all that the data points to lives until the end of this function.
        assert_eq!(unsafe { self.processor.process(&raw mut data) }, kResultOk);
        outs.last()
    }

    /// Pulls the trigger that makes a take, as automation does, and waits for the take.
    pub fn make(&self) {
        self.play(None);
        self.play(Some((self.id("Generate"), 1.0)));
        let start = Instant::now();
        while self.takes() == 0 {
            assert!(start.elapsed() < PATIENCE, "no take came");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Plays for a while, and hands what is put out to the controller, as hosts do on their main thread.
    pub fn run(&self, blocks: usize) {
        for _ in 0..blocks {
            for (id, value) in self.play(None) {
                // SAFETY: any number may be set.
                unsafe { self.controller.setParamNormalized(id, value) };
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn takes(&self) -> usize {
        let state = self.state();
        own(&state)["takes"].as_array().map_or(0, Vec::len)
    }

    fn state(&self) -> Value {
        let stream = ComWrapper::new(Stream::default());
        let raw = stream.as_com_ref::<IBStream>().expect("it is one").as_ptr();
        // SAFETY: the stream outlives the call.
        assert_eq!(unsafe { self.component.getState(raw) }, kResultOk);
        serde_json::from_slice(&stream.bytes()).expect("it is JSON")
    }

    fn edit(&self, change: impl FnOnce(&mut Value)) {
        let mut state = self.state();
        let mut own = own(&state);
        change(&mut own);
        state["fields"]["inlay"] = own.to_string().into();
        let stream = ComWrapper::new(Stream::of(state.to_string().into_bytes()));
        let raw = stream.as_com_ref::<IBStream>().expect("it is one").as_ptr();
        // SAFETY: the stream outlives the call.
        assert_eq!(unsafe { self.component.setState(raw) }, kResultOk);
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        // SAFETY: the order that hosts end an instance in.
        unsafe {
            self.processor.setProcessing(0);
            self.component.setActive(0);
            self.component.terminate();
        }
    }
}

fn own(state: &Value) -> Value {
    serde_json::from_str(state["fields"]["inlay"].as_str().unwrap_or("{}")).expect("it is JSON")
}

/// What was said so far; all of it must have been said on this thread.
pub fn said(heard: &Heard) -> Vec<Said> {
    let heard = heard.lock().expect("nobody panics with it");
    assert!(heard.iter().all(|(_, thread)| *thread == current().id()), "the host was called on another thread: {heard:?}");
    heard.iter().map(|(said, _)| *said).collect()
}
