//! The baseline of a run: it is compared with the findings, and those that are gone are counted.

use std::collections::BTreeSet;
use std::path::Path;

use super::validation::CompareFindings;
use crate::capture::source::reader::UnreadableInput;
use crate::capture::source::source_name::{STDIN, SourceName};
use crate::lint::baseline::Baseline;
use crate::lint::collector::Tally;
use crate::lint::finding::CheckedBody;
use crate::lint::levels::Levels;
use crate::lint::rules::{self, DUPLICATE_CALL};
use crate::report::BaselineSummary;
use crate::settings::baseline_file::read_baseline;
use crate::settings::config_source::relative_name;

/// The findings of the file of `--baseline`, and the sources of this run.
pub(crate) struct KnownFindings {
    baseline: Baseline,
    /// The file, relative to the working directory.
    file: String,
    names: SourceNames,
    /// Names of the sources that were read.
    sources: BTreeSet<String>,
}

impl CompareFindings for KnownFindings {
    fn add_source(&mut self, source: &SourceName) {
        let name = self.names.name(source);
        if !self.sources.contains(name) {
            self.sources.insert(name.to_owned());
        }
    }

    fn compare(&mut self, body: &mut CheckedBody, tally: &mut Tally) {
        let name = self.names.name(&body.source);
        self.baseline.compare(name, body, tally);
    }

    /// Known findings are gone if they did not occur, although
    /// their rule is on and their source was read, or no longer exists. For a duplicate call, this
    /// applies to both deliveries. None is gone if the run checked only a selection of the calls,
    /// or if no source of the baseline was found: it was probably written in another folder.
    fn summary(
        &mut self,
        levels: &Levels,
        is_selection: bool,
        unreadable: &[UnreadableInput],
    ) -> BaselineSummary {
        let foreign_source = self.foreign_source();
        for input in unreadable {
            self.sources.remove(self.names.name(&input.name));
        }
        let counts_gone = !is_selection && foreign_source.is_none();
        let is_on = |id: &str| rules::find(id).map_or(true, |rule| levels.can_report(rule));
        let is_checked = |source: &str| self.sources.contains(source) || is_missing(source);
        let gone = self.baseline.count_gone(|key, first_source| {
            let has_other_delivery = key.rule == DUPLICATE_CALL.rule.id && !is_missing(&key.source);
            counts_gone
                && is_on(&key.rule)
                && is_checked(&key.source)
                && (!has_other_delivery || first_source.is_some_and(is_checked))
        });
        BaselineSummary {
            file: self.file.clone(),
            known: self.baseline.known().clone(),
            gone,
            foreign_source,
        }
    }
}

impl KnownFindings {
    /// Reads the baseline at `path`.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            baseline: read_baseline(path)?,
            file: relative_name(path),
            names: SourceNames::default(),
            sources: BTreeSet::new(),
        })
    }

    /// A source of the baseline if none of them was found: neither read in this run nor a file that
    /// exists.
    fn foreign_source(&self) -> Option<String> {
        let is_found = |source: &str| {
            self.sources.contains(source) || (source != STDIN && !is_missing(source))
        };
        let sources = self.baseline.sources();
        let last = *sources.last()?;
        let is_foreign = !sources.into_iter().any(is_found);
        is_foreign.then(|| last.to_owned())
    }
}

/// True if there is no file for the source with this name. A member of an archive exists if the
/// archive does.
fn is_missing(source: &str) -> bool {
    let mut paths = Path::new(source).ancestors();
    source != STDIN && !paths.any(Path::is_file)
}

/// Names of sources that are the same on every system: relative to the working directory, with `/`.
#[derive(Default)]
pub(crate) struct SourceNames {
    /// The last source with its name: many findings in a row are in one source.
    last: Option<(SourceName, String)>,
}

impl SourceNames {
    /// The name of `source`.
    pub(crate) fn name(&mut self, source: &SourceName) -> &str {
        let last = self.last.take();
        let last = last.filter(|(last, _)| last.is_clone_of(source));
        let named = last.unwrap_or_else(|| (source.clone(), portable_name(source)));
        &self.last.insert(named).1
    }
}

fn portable_name(source: &SourceName) -> String {
    if source.file() == STDIN {
        return source.to_string();
    }
    let file = relative_name(Path::new(source.file()));
    match source.member() {
        Some(member) => format!("{file}/{member}"),
        None => file,
    }
}
