//! Remembers the last pseudonyms. Calls of one campaign have the same names, and the phone number
//! of a lead is that of its call: without this, hashes and encryption take twice as long.

/// Number of pseudonyms that are remembered at most.
const SLOTS: usize = 256;

/// Longest text in bytes whose pseudonym is remembered, so that memory stays small.
const LONGEST: usize = 64;

/// The last pseudonyms, each in the slot that a hash of its text chooses.
#[derive(Default)]
pub(crate) struct Memo {
    slots: Vec<Slot>,
}

#[derive(Clone, Default)]
struct Slot {
    /// What the text is: equal texts of two kinds have different pseudonyms. Empty in a free slot.
    kind: &'static str,
    text: String,
    pseudonym: String,
}

impl Memo {
    /// The pseudonym of `text`, which `create` returns. It must depend on nothing else.
    pub(super) fn get(
        &mut self,
        kind: &'static str,
        text: &str,
        create: impl FnOnce() -> String,
    ) -> &str {
        if self.slots.is_empty() {
            self.slots.resize(SLOTS, Slot::default());
        }
        let slot = &mut self.slots[slot_index(kind, text)];
        if slot.kind != kind || slot.text != text {
            slot.pseudonym = create();
            slot.text.clear();
            // A longer text is in no slot, so it is not found.
            let is_kept = text.len() <= LONGEST;
            slot.kind = if is_kept { kind } else { "" };
            slot.text.push_str(if is_kept { text } else { "" });
        }
        &slot.pseudonym
    }
}

/// A slot for the text: FNV-1a of its last bytes, in which numbers differ.
fn slot_index(kind: &str, text: &str) -> usize {
    const BYTES: usize = 12;
    let bytes = text.as_bytes();
    let last = &bytes[bytes.len().saturating_sub(BYTES)..];
    let start = 0xcbf2_9ce4_8422_2325 ^ (kind.len() as u64) << 32 ^ bytes.len() as u64;
    let hash = last.iter().fold(start, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let [.., high, _, _, _] = hash.to_le_bytes();
    usize::from(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudonyms_belong_to_their_kind_and_text() {
        let mut memo = Memo::default();
        let long = "x".repeat(LONGEST + 1);
        for round in 0..2 {
            for number in 0..1000 {
                for kind in ["phone", "token", ""] {
                    let text = number.to_string();
                    let expected = format!("{kind} of {text}");
                    assert_eq!(memo.get(kind, &text, || expected.clone()), expected);
                }
            }
            let is_new = round.to_string();
            assert_eq!(memo.get("phone", &long, || is_new.clone()), is_new);
        }
        let mut count = 0;
        for _ in 0..2 {
            memo.get("phone", "+4915123456789", || {
                count += 1;
                String::new()
            });
        }
        assert_eq!(count, 1, "it is remembered");
    }
}
