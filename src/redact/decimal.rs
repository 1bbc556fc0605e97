//! Decimal digits as integers, for format-preserving encryption. The numerals of the library are
//! big integers, with which an id takes four times as long.

use fpe::ff1::{NumeralString, Operations};

/// The most digits: each half fits in a `u128`, and so does what a round of FF1 adds to it.
pub(super) const MAX_DIGITS: usize = 40;

/// A number with leading zeros, of at most [`MAX_DIGITS`] digits, in two halves.
pub(super) struct Decimal {
    first: Half,
    second: Half,
}

/// Half of the digits of a number.
#[derive(Clone, Copy)]
pub(super) struct Half {
    value: u128,
    digits: usize,
}

impl Decimal {
    /// The number with these digits, which are ASCII.
    pub(super) fn read(digits: &str) -> Self {
        let (first, second) = digits.split_at(digits.len() / 2);
        Self {
            first: Half::read(first),
            second: Half::read(second),
        }
    }

    /// The digits.
    pub(super) fn digits(&self) -> String {
        let Self { first, second } = self;
        format!(
            "{:0first_digits$}{:0second_digits$}",
            first.value,
            second.value,
            first_digits = first.digits,
            second_digits = second.digits
        )
    }
}

impl Half {
    fn read(digits: &str) -> Self {
        let value = digits
            .bytes()
            .fold(0, |value, digit| 10 * value + u128::from(digit - b'0'));
        Self {
            value,
            digits: digits.len(),
        }
    }
}

impl NumeralString for Decimal {
    type Ops = Half;

    fn is_valid(&self, radix: u32) -> bool {
        radix == 10 && self.numeral_count() <= MAX_DIGITS
    }

    fn numeral_count(&self) -> usize {
        self.first.digits + self.second.digits
    }

    fn split(&self) -> (Half, Half) {
        (self.first, self.second)
    }

    fn concat(first: Half, second: Half) -> Self {
        Self { first, second }
    }
}

impl Operations for Half {
    type Bytes = Vec<u8>;

    fn numeral_count(&self) -> usize {
        self.digits
    }

    fn to_be_bytes(&self, _radix: u32, length: usize) -> Vec<u8> {
        let bytes = self.value.to_be_bytes();
        bytes[bytes.len() - length..].to_vec()
    }

    fn add_mod_exp(self, other: impl Iterator<Item = u8>, _radix: u32, digits: usize) -> Self {
        let other = other.fold(0, |number: u128, byte| number << 8 | u128::from(byte));
        let modulus = modulus(digits);
        Self {
            value: (self.value + remainder(other, modulus)) % modulus,
            digits,
        }
    }

    fn sub_mod_exp(self, other: impl Iterator<Item = u8>, _radix: u32, digits: usize) -> Self {
        let other = other.fold(0, |number: u128, byte| number << 8 | u128::from(byte));
        let modulus = modulus(digits);
        Self {
            value: (self.value + modulus - remainder(other, modulus)) % modulus,
            digits,
        }
    }
}

/// 10 to the power of `digits`.
fn modulus(digits: usize) -> u128 {
    (0..digits).fold(1, |power, _| 10 * power)
}

/// The remainder of a division. That of 64 bits takes a fraction of the time of 128.
fn remainder(number: u128, modulus: u128) -> u128 {
    match (u64::try_from(number), u64::try_from(modulus)) {
        (Ok(number), Ok(modulus)) => u128::from(number % modulus),
        _ => number % modulus,
    }
}

#[cfg(test)]
mod tests {
    use aes::Aes256;
    use fpe::ff1::{FF1, FlexibleNumeralString};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn encrypted_digits_are_those_of_the_library(digits in "[0-9]{6,40}", key in any::<[u8; 32]>()) {
            let cipher = FF1::<Aes256>::new(&key, 10).expect("10 is a radix of FF1");
            let numerals: Vec<u16> = digits.bytes().map(|digit| u16::from(digit - b'0')).collect();
            let expected = cipher.encrypt(b"call", &FlexibleNumeralString::from(numerals));
            let expected: Vec<u16> = expected.expect("digits").into();
            let expected: String = expected.iter().map(ToString::to_string).collect();
            let number = Decimal::read(&digits);
            let encrypted = cipher.encrypt(b"call", &number).expect("digits");
            prop_assert_eq!(encrypted.digits(), expected);
            let decrypted = cipher.decrypt(b"call", &encrypted).expect("digits");
            prop_assert_eq!(decrypted.digits(), digits);
        }
    }
}
