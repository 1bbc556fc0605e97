//! Format-preserving encryption (FF1, NIST SP 800-38G r1) of numbers of up to 18 digits, whose
//! halves fit in an integer of 64 bits. Ids are such numbers, and the library, which is made for
//! numerals of any length, takes ten times as many instructions. It still encrypts longer ones.

use aes::Aes256;
use aes::cipher::BlockCipherEncrypt as _;

/// The most digits: a half is below 10^9, so that it has at most four bytes and the number added to
/// it in a round has eight (d = 8 in the standard).
pub(super) const MAX_DIGITS: usize = 18;

/// The length of a block of AES in bytes.
const BLOCK_BYTES: usize = 16;

/// Encrypts a number of `digits` digits, 6 to [`MAX_DIGITS`], of which leading ones may be 0. The
/// result has as many. The radix is 10. `tweak` has at most [`BLOCK_BYTES`].
#[must_use]
pub(super) fn encrypt(cipher: &Aes256, tweak: &[u8], number: u64, digits: usize) -> u64 {
    let first_digits = digits / 2;
    let moduli = [first_digits, digits - first_digits].map(power_of_10);
    let (mut first, mut second) = (number / moduli[1], number % moduli[1]);
    let number_bytes = bytes_of_half(digits - first_digits);
    let start = State::new(cipher, tweak, digits, number_bytes);
    for round in 0..10 {
        let modulus = moduli[usize::from(round % 2)];
        let sum = first + start.round(cipher, round, second, number_bytes) % modulus;
        (first, second) = (second, sum % modulus);
    }
    first * moduli[1] + second
}

/// The state of CBC-MAC with AES before the last block is encrypted. The number of the round and
/// half of the digits are not yet added, so it is the same in all rounds.
struct State([u8; BLOCK_BYTES]);

impl State {
    /// The state after the block P and the start of Q (step 5 and 6.i of algorithm 7). Half of the
    /// number has `number_bytes` bytes.
    fn new(cipher: &Aes256, tweak: &[u8], digits: usize, number_bytes: usize) -> Self {
        let [digits_byte, first_digits, tweak_bytes] =
            [digits, digits / 2, tweak.len()].map(|count| u8::try_from(count).unwrap_or_default());
        let mut block = [0; BLOCK_BYTES];
        let mut q = [0; 2 * BLOCK_BYTES];
        block[..8].copy_from_slice(&[1, 2, 1, 0, 0, 10, 10, first_digits]);
        (block[11], block[15]) = (digits_byte, tweak_bytes);
        q[..tweak.len()].copy_from_slice(tweak);
        let has_two_blocks = tweak.len() + 1 + number_bytes > BLOCK_BYTES;
        let blocks = if has_two_blocks { 2 } else { 1 };
        let mut state = encrypt_block(cipher, block);
        for (index, part) in q.as_chunks::<BLOCK_BYTES>().0[..blocks].iter().enumerate() {
            if index > 0 {
                state = encrypt_block(cipher, state);
            }
            for (byte, other) in state.iter_mut().zip(part) {
                *byte ^= other;
            }
        }
        Self(state)
    }

    /// The number that a round adds to a half (steps 6.i to 6.iv).
    fn round(&self, cipher: &Aes256, round: u8, half: u64, number_bytes: usize) -> u64 {
        let last = u128::from(round) << (8 * number_bytes) | u128::from(half);
        let block = u128::from_be_bytes(self.0) ^ last;
        let block = encrypt_block(cipher, block.to_be_bytes());
        let start = block.first_chunk().expect("a block has 16 bytes");
        u64::from_be_bytes(*start)
    }
}

fn encrypt_block(cipher: &Aes256, block: [u8; BLOCK_BYTES]) -> [u8; BLOCK_BYTES] {
    let mut block = block.into();
    cipher.encrypt_block(&mut block);
    block.into()
}

/// The number of bytes of a number of this many digits (b in the standard).
fn bytes_of_half(digits: usize) -> usize {
    let bits = u64::BITS - (power_of_10(digits) - 1).leading_zeros();
    bits.div_ceil(8) as usize
}

fn power_of_10(digits: usize) -> u64 {
    (0..digits).fold(1, |power, _| 10 * power)
}

#[cfg(test)]
mod tests {
    use aes::cipher::KeyInit as _;
    use fpe::ff1::FF1;
    use proptest::prelude::*;

    use super::super::decimal::Decimal;
    use super::*;

    proptest! {
        #[test]
        fn encrypted_numbers_are_those_of_the_library(
            digits in "[0-9]{6,18}",
            tweak in "[a-z ]{0,16}",
            key in any::<[u8; 32]>(),
        ) {
            let library = FF1::<Aes256>::new(&key, 10).expect("10 is a radix of FF1");
            let expected = library.encrypt(tweak.as_bytes(), &Decimal::read(&digits));
            let expected = expected.expect("digits").digits();
            let number = digits.parse().expect("digits");
            let count = digits.len();
            let encrypted = encrypt(&Aes256::new(&key.into()), tweak.as_bytes(), number, count);
            prop_assert_eq!(format!("{encrypted:0count$}"), expected);
        }
    }
}
