#![no_main]

use libfuzzer_sys::fuzz_target;
use postcall_fuzz::targets::scanner::check;

fuzz_target!(|data: &[u8]| check(data));
