//! Texts for tests of searches in texts.

use proptest::prelude::*;

/// Texts of characters on which the searches depend, and of any others.
pub(crate) fn hard_texts() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        "[+0-9]{1,9}",
        "[-+@.%/() \u{a0}\u{200b}\u{308}0９文Ã¶<]{1,5}",
        r"\\u[0-9a-f]{0,4}",
        "<(speak|break|b) time=[\"']1",
        "(AI|Lena): lorem\n",
        any::<String>(),
    ];
    proptest::collection::vec(parts, 0..8).prop_map(|parts| parts.concat())
}
