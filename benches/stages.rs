//! How long the stages take on two thousand realistic calls in memory: `cargo bench --bench stages`. From "find" on each has those before it in it, for
//! bodies live only while they are shown.

#[path = "../examples/generate.rs"]
#[expect(dead_code, reason = "it is a program of its own too")]
mod generate;

use std::hint::black_box;
use std::io::Cursor;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::BytesCount;
use postcall::call::Call;
use postcall::export::Dialect;
use postcall::input::batch::{Batch, Batches};
use postcall::input::document::Documents;
use postcall::input::envelope::{Body, Item, Search, for_each_item};
use postcall::input::place::Locator;
use postcall::input::source::Source;
use postcall::input::unpack::UnpackLimit;
use postcall::rules::checker::STANDARD;
use postcall::rules::remarks::Keep;
use postcall::table::column::Columns;
use postcall::table::flatten::for_each_value;

const CALLS: u32 = 2000;

/// JSON Lines.
static CORPUS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut corpus = Vec::new();
    generate::write_calls(CALLS, 1, &mut corpus).expect("a Vec takes every write");
    corpus
});

static BATCHES: LazyLock<Vec<Batch>> = LazyLock::new(batches);

fn main() {
    divan::main();
}

fn batches() -> Vec<Batch> {
    let source = Source {
        name: "corpus".into(),
        reader: Box::new(Cursor::new(&**CORPUS)),
        coding: None,
        is_maybe: false,
        limit: UnpackLimit::default(),
    };
    let batches: Result<Vec<Batch>, _> = Batches::new(source).collect();
    batches.expect("memory can be read")
}

fn for_each_call(mut meet: impl FnMut(&Body)) {
    for batch in &*BATCHES {
        let locator = Locator::new(&batch.bytes, batch.start, batch.coding);
        for_each_item(batch, &locator, &Search::Everywhere, &mut |item| {
            if let Item::Call(body) = item {
                meet(&body);
            }
        });
    }
}

/// What is told besides the time: bytes of the corpus.
fn corpus_bytes() -> BytesCount {
    LazyLock::force(&BATCHES);
    BytesCount::of_slice(&**CORPUS)
}

/// Reading and cutting into batches of whole values.
#[divan::bench]
fn a_cut(bencher: Bencher) {
    bencher.counter(corpus_bytes()).bench(batches);
}

/// Is it JSON, and where do its members stand?
#[divan::bench]
fn b_documents(bencher: Bencher) {
    bencher.counter(corpus_bytes()).bench(|| {
        let documents = BATCHES.iter().flat_map(Documents::new);
        documents.flatten().count()
    });
}

/// Which part of it is a body?
#[divan::bench]
fn c_find(bencher: Bencher) {
    bencher.counter(corpus_bytes()).bench(|| {
        for_each_call(|body| {
            black_box(body);
        });
    });
}

/// The typed view.
#[divan::bench]
fn d_find_and_read(bencher: Bencher) {
    bencher.counter(corpus_bytes()).bench(|| {
        for_each_call(|body| {
            black_box(Call::read(&body.object));
        });
    });
}

/// All rules.
#[divan::bench]
fn e_find_and_check(bencher: Bencher) {
    bencher.counter(corpus_bytes()).bench(|| {
        for_each_call(|body| {
            let call = Call::read(&body.object);
            black_box(STANDARD.check(body, &call, Keep::NOTHING).tally());
        });
    });
}

/// The columns of all values.
#[divan::bench]
fn f_find_and_flatten(bencher: Bencher) {
    bencher.counter(corpus_bytes()).bench(|| {
        let mut columns = Columns::default();
        for_each_call(|body| {
            for_each_value(&body.object, &mut columns, |column, value| {
                black_box((column, value));
            });
        });
        columns
    });
}

/// All values as CSV.
#[divan::bench]
fn g_find_flatten_and_write(bencher: Bencher) {
    let dialect = Dialect::csv();
    bencher.counter(corpus_bytes()).bench(|| {
        let mut columns = Columns::default();
        let (mut text, mut guards) = (Vec::new(), 0);
        for_each_call(|body| {
            for_each_value(&body.object, &mut columns, |_, value| {
                dialect.push_value(value, &mut text, &mut guards);
                text.push(b',');
            });
        });
        text
    });
}

/// A yardstick: `serde_json` passing over the same lines.
#[divan::bench]
fn y_serde_json_ignores(bencher: Bencher) {
    bencher.counter(corpus_bytes()).bench(|| {
        let values = serde_json::Deserializer::from_slice(&CORPUS);
        values.into_iter::<serde::de::IgnoredAny>().count()
    });
}

/// A yardstick: `serde_json` making trees of the same lines.
#[divan::bench]
fn z_serde_json_trees(bencher: Bencher) {
    bencher.counter(corpus_bytes()).bench(|| {
        let values = serde_json::Deserializer::from_slice(&CORPUS);
        values.into_iter::<serde_json::Value>().count()
    });
}
