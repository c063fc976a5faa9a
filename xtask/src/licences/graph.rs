//! What `cargo metadata` says, as far as it is asked here.

use super::Row;
use anyhow::Context as _;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// All packages and who uses whom.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Debug, Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    repository: Option<String>,
    /// None of a crate of the workspace.
    source: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Debug, Deserialize)]
struct Kind {
    /// "build" or "dev"; none of a normal one.
    kind: Option<String>,
}

impl Metadata {
    /// Other people's crates that `roots` use, themselves or through others: sorted, each once.
    ///
    /// # Errors
    /// Where there is no such crate.
    pub fn used_by(&self, roots: &[&str]) -> anyhow::Result<Vec<Row>> {
        let packages: BTreeMap<&str, &Package> = self.packages.iter().map(|p| (p.id.as_str(), p)).collect();
        let nodes: BTreeMap<&str, &Node> = self.resolve.nodes.iter().map(|n| (n.id.as_str(), n)).collect();
        let root = |name: &&str| self.packages.iter().find(|p| p.name == *name && p.source.is_none()).map(|p| p.id.as_str());
        let found: Option<Vec<&str>> = roots.iter().map(root).collect();
        let mut open = found.context("the workspace lacks a crate whose dependencies are listed")?;
        let mut seen: BTreeSet<&str> = open.iter().copied().collect();
        while let Some(id) = open.pop() {
            let normal = |d: &&Dependency| d.dep_kinds.iter().any(|kind| kind.kind.is_none());
            let deps = nodes.get(id).map(|node| node.deps.iter().filter(normal)).into_iter().flatten();
            open.extend(deps.map(|d| d.pkg.as_str()).filter(|id| seen.insert(id)));
        }
        let mut rows: Vec<Row> = seen.iter().filter_map(|id| packages.get(id)).filter(|p| p.source.is_some()).map(|p| p.row()).collect();
        rows.sort();
        Ok(rows)
    }
}

impl Package {
    fn row(&self) -> Row {
        Row {
            name: self.name.clone(),
            version: self.version.clone(),
            licence: self.license.clone().unwrap_or_default(),
            repository: self.repository.clone().unwrap_or_default(),
        }
    }
}
