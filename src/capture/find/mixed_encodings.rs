//! Finds calls whose encoding is not that of the text around them. They are not decoded: where such
//! text starts and ends is not certain.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::capture::location::coding::Coding;
use crate::capture::split::batch::Batch;
use crate::contract::recognition::TEXT_NAME;

/// The name of a member that all calls have, in UTF-16. Without its last byte, it is found in both
/// byte orders.
static WIDE_NAME: LazyLock<Finder<'static>> = LazyLock::new(|| {
    let mut wide: Vec<u8> = TEXT_NAME.bytes().flat_map(|byte| [byte, 0]).collect();
    wide.pop();
    Finder::new(&wide).into_owned()
});

/// The name as it looks in text that was decoded from UTF-16: if its bytes are shifted by one, and
/// if it is not in UTF-16. The first and the last character are left out, so that it is found at an
/// even and at an odd offset, and in both byte orders.
static NARROW_NAMES: LazyLock<Vec<Finder<'static>>> = LazyLock::new(|| {
    let name = TEXT_NAME.as_bytes();
    let shifted: Vec<u16> = name[1..].iter().map(|byte| u16::from(*byte) << 8).collect();
    let pairs = |start: usize, read: fn([u8; 2]) -> u16| {
        let pairs = name[start..].as_chunks().0.iter();
        pairs.map(|pair| read(*pair)).collect::<Vec<u16>>()
    };
    let names = [
        shifted,
        pairs(0, u16::from_le_bytes),
        pairs(1, u16::from_le_bytes),
        pairs(0, u16::from_be_bytes),
        pairs(1, u16::from_be_bytes),
    ];
    let finder = |name: &Vec<u16>| Finder::new(&String::from_utf16_lossy(name)).into_owned();
    names.iter().map(finder).collect()
});

/// The offsets of such calls in `batch`, each with a description.
pub(super) fn mixed_encodings(batch: &Batch) -> Vec<(usize, &'static str)> {
    let bytes: &[u8] = &batch.bytes;
    if batch.coding == Some(Coding::Utf16) {
        let names = NARROW_NAMES.iter();
        let found = names.flat_map(|name| name.find_iter(bytes));
        return found
            .map(|at| (at, "text in another encoding between UTF-16"))
            .collect();
    }
    // Nearly no text has the byte 0, and a search for one byte is faster. The body of a message
    // that declares UTF-16 is reported with its head.
    let is_declared = |name| memchr::memmem::find(bytes, name).is_some();
    if memchr::memchr(0, bytes).is_none() || is_declared(b"utf-16") || is_declared(b"UTF-16") {
        return Vec::new();
    }
    let found = WIDE_NAME.find_iter(bytes);
    found
        .map(|at| (at, "UTF-16 between text in another encoding"))
        .collect()
}
