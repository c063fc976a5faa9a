//! The entry of the CLAP.

mod host;
mod instance;

use crate::kind::{Effect, Instrument, Kind};
use crate::shell::Shell;
use nice_plug::wrapper::clap::{
    CLAP_PLUGIN_FACTORY_ID, CLAP_VERSION, PluginDescriptor, clap_host, clap_plugin, clap_plugin_descriptor, clap_plugin_entry,
    clap_plugin_factory,
};
use nice_plug::wrapper::setup_logger;
use std::ffi::{CStr, c_char, c_void};
use std::ptr::{NonNull, null};
use std::sync::LazyLock;

/// What CLAP hosts look for in the library.
#[unsafe(no_mangle)]
#[used]
pub static clap_entry: clap_plugin_entry =
    clap_plugin_entry { clap_version: CLAP_VERSION, init: Some(init), deinit: Some(deinit), get_factory: Some(get_factory) };

static FACTORY: clap_plugin_factory = clap_plugin_factory {
    get_plugin_count: Some(get_plugin_count),
    get_plugin_descriptor: Some(get_plugin_descriptor),
    create_plugin: Some(create_plugin),
};

/// A plugin of this library.
struct Listed {
    descriptor: PluginDescriptor,
    create: unsafe fn(NonNull<clap_host>) -> *const clap_plugin,
}

/// In the order that hosts list them in.
static PLUGINS: LazyLock<[Listed; 2]> = LazyLock::new(|| [listed::<Instrument>(), listed::<Effect>()]);

fn listed<K: Kind>() -> Listed {
    Listed { descriptor: PluginDescriptor::for_plugin::<Shell<K>>(), create: instance::create::<K> }
}

unsafe extern "C" fn init(_: *const c_char) -> bool {
    setup_logger::<Shell<Instrument>>();
    true
}

unsafe extern "C" fn deinit() {}

unsafe extern "C" fn get_factory(id: *const c_char) -> *const c_void {
    // SAFETY: hosts name factories in strings that end with a zero.
    if !id.is_null() && unsafe { CStr::from_ptr(id) } == CLAP_PLUGIN_FACTORY_ID { (&raw const FACTORY).cast() } else { null() }
}

unsafe extern "C" fn get_plugin_count(_: *const clap_plugin_factory) -> u32 {
    PLUGINS.len() as u32
}

unsafe extern "C" fn get_plugin_descriptor(_: *const clap_plugin_factory, index: u32) -> *const clap_plugin_descriptor {
    PLUGINS.get(index as usize).map_or(null(), |plugin| plugin.descriptor.clap_plugin_descriptor())
}

unsafe extern "C" fn create_plugin(_: *const clap_plugin_factory, host: *const clap_host, id: *const c_char) -> *const clap_plugin {
    let Some(host) = NonNull::new(host.cast_mut()).filter(|_| !id.is_null()) else { return null() };
    // SAFETY: hosts name plugins in strings that end with a zero.
    let id = unsafe { CStr::from_ptr(id) };
    let plugin = PLUGINS.iter().find(|plugin| plugin.descriptor.clap_id() == id);
    // SAFETY: a host outlives the instances that it creates.
    plugin.map_or(null(), |plugin| unsafe { (plugin.create)(host) })
}
