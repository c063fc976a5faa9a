//! Pages for controllers.

use crate::Rig;
use clack_extensions::remote_controls::RemoteControlsPageBuffer;

/// A page of eight controls.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The page's group.
    pub section: String,
    /// Its name.
    pub name: String,
    /// The parameters on it, by name.
    pub controls: [Option<String>; 8],
}

impl Rig {
    /// The pages that the plugin lays out for controllers.
    pub fn pages(&mut self) -> Vec<Page> {
        let remote = self.instance.access_shared_handler(|shared| shared.remote.get().copied().flatten());
        let Some(remote) = remote else { return vec![] };
        let all = self.parameters();
        let handle = self.instance.plugin_handle();
        let page = |index| {
            let mut buffer = RemoteControlsPageBuffer::new();
            let page = remote.get(&handle, index, &mut buffer)?;
            let name = |id: clack_host::utils::ClapId| all.iter().find(|p| p.id == id.get()).map(|p| p.name.clone());
            Some(Page {
                section: String::from_utf8_lossy(page.section_name).into_owned(),
                name: String::from_utf8_lossy(page.page_name).into_owned(),
                controls: page.param_ids.map(|id| id.and_then(name)),
            })
        };
        (0..remote.count(&handle)).filter_map(page).collect()
    }
}
