//! The engine as a WebAssembly module. JavaScript passes sources that are read in slices, and
//! receives the output in parts.

use std::cell::RefCell;
use std::io::{self, Write};
use std::panic;
use std::sync::Arc;

use js_sys::{Function, Uint8Array};
use postcall::in_memory::{self, ByteSource, NamedSource};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A source, as JavaScript passes it: `{name, found, size, read(offset, length)}`. `found` is
    /// true if it is a file that was found in a folder.
    pub type JsSource;

    #[wasm_bindgen(method, getter)]
    fn name(this: &JsSource) -> String;

    #[wasm_bindgen(method, getter)]
    fn found(this: &JsSource) -> Option<bool>;

    #[wasm_bindgen(method, getter)]
    fn size(this: &JsSource) -> f64;

    #[wasm_bindgen(method, catch)]
    fn read(this: &JsSource, offset: f64, length: f64) -> Result<Uint8Array, JsValue>;
}

thread_local! {
    /// The message of the panic that ended this instance.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };

    /// The sources of the run. Values of JavaScript belong to one thread, so that a reader, which
    /// could be sent to another one, has only the index of its source.
    static SOURCES: RefCell<Vec<JsSource>> = const { RefCell::new(Vec::new()) };
}

/// The source with this index in [`SOURCES`].
struct SharedSource {
    index: usize,
    size: u64,
}

impl ByteSource for SharedSource {
    fn size(&self) -> u64 {
        self.size
    }

    fn read(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        SOURCES.with_borrow(|sources| {
            let read = sources[self.index].read(offset as f64, length as f64);
            read.map(|bytes| bytes.to_vec()).map_err(js_error)
        })
    }
}

/// An output that passes each part to a function.
struct JsWriter(Function);

impl Write for JsWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = Uint8Array::from(bytes);
        self.0.call1(&JsValue::UNDEFINED, &part).map_err(js_error)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The error that JavaScript threw.
fn js_error(thrown: JsValue) -> io::Error {
    let message = match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => format!("{thrown:?}"),
    };
    io::Error::other(message)
}

/// Runs the command of `request`, a JSON text, over the `sources`. `write` receives the output as
/// `Uint8Array`s, and `progress` the number of bytes that are read, about once per batch. Returns
/// the result as JSON text. A panic is a trap, after which only [`panic_message`] may be called:
/// the next run needs a new instance.
#[wasm_bindgen]
pub fn run(request: &str, sources: Vec<JsSource>, write: Function, progress: Function) -> String {
    panic::set_hook(Box::new(|info| PANIC.set(Some(info.to_string()))));
    #[cfg(feature = "test-panic")]
    assert!(request != "panic", "a panic for the test");
    let named = sources
        .iter()
        .enumerate()
        .map(|(index, source)| NamedSource {
            name: source.name(),
            is_in_folder: source.found().unwrap_or_default(),
            bytes: Arc::new(SharedSource {
                index,
                size: source.size() as u64,
            }),
        });
    let named = named.collect();
    SOURCES.set(sources);
    let progress = move |bytes| {
        // A page that cannot show the progress still gets its result.
        let _ = progress.call1(&JsValue::UNDEFINED, &JsValue::from_f64(bytes as f64));
    };
    let result = in_memory::run(request, named, JsWriter(write), progress);
    SOURCES.take();
    result
}

/// The message of the panic that ended the run of this instance.
#[wasm_bindgen]
pub fn panic_message() -> Option<String> {
    PANIC.take()
}

/// The commands with their options, and what the page lacks, as JSON text.
#[wasm_bindgen]
pub fn describe() -> String {
    in_memory::describe()
}
