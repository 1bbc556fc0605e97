//! Laws of all decoders, checked on every piece that the search meets in the samples.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use super::*;
use crate::capture::find::documents::for_each_item;
use crate::capture::find::nested_text::NestedText;
use crate::capture::find::search::Search;
use crate::capture::location::source_map::SourceMap;
use crate::capture::source::files::files_below::files_below;
use crate::capture::source::reader::SourceOptions;
use crate::capture::source::sources::sources_from_seekable;
use crate::capture::split::batch::batches_of;

thread_local! {
    /// Names of the decoders that were certain of a piece on this thread.
    static CERTAIN: RefCell<BTreeSet<&'static str>> = RefCell::default();
}

/// Offset in the outer text of `part` of the decoded text.
pub(super) fn outer_offset(text: &NestedText, part: &str) -> usize {
    let decoded = std::str::from_utf8(&text.bytes).expect("UTF-8");
    let SourceMap::Mapped(map) = &text.source_map else {
        panic!("offsets are kept");
    };
    map.outer_offset(decoded.find(part).expect("it is there"))
}

/// Checks that at most one decoder is certain of a piece. The search calls this in every unit test.
pub(super) fn check_piece(bytes: &[u8], context: &PieceContext) {
    let certain = DECODERS
        .iter()
        .filter(|decoder| (decoder.detect)(bytes, context).is_some());
    let names: Vec<_> = certain.map(|decoder| decoder.name).collect();
    assert!(
        names.len() <= 1,
        "{names:?} are certain of {context:?}: {}",
        String::from_utf8_lossy(&bytes[..bytes.len().min(200)])
    );
    CERTAIN.with_borrow_mut(|all| all.extend(names));
}

#[test]
fn at_most_one_decoder_is_certain_and_each_has_a_sample() {
    let mut files = Vec::new();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    files_below(&samples, &mut files);
    CERTAIN.with_borrow_mut(BTreeSet::clear);
    let is_supported = |path: &PathBuf| {
        cfg!(feature = "zstd") || path.extension().is_none_or(|name| name != "zst")
    };
    let mut items = 0;
    for path in files.into_iter().filter(is_supported) {
        let file = File::open(&path).expect("readable");
        let name = path.to_string_lossy();
        let sources = sources_from_seekable(name, file, &SourceOptions::default());
        for batch in batches_of(sources) {
            let batch = batch.expect("readable");
            let locator = batch.locator();
            for_each_item(&batch, &locator, &Search::Everywhere, &mut |_| items += 1);
        }
    }
    assert!(items > 150, "only {items} items were found");
    let all = DECODERS.iter().map(|decoder| decoder.name).collect();
    CERTAIN.with_borrow(|certain| assert_eq!(*certain, all));
}
