//! How fast each stage of a run is by itself, in memory and in one thread: `cargo bench`, or `cargo bench -- rules` for those with that word in their name.
//! Bytes a second are always those of the whole corpus, so that stages compare: `validate` takes about as long as 1, 3, 4 and 5 together, `export` to
//! CSV as 1, 3, 6 and 7. The names have numbers because divan sorts them.

#[path = "../examples/generate.rs"]
#[expect(dead_code, reason = "its command line is the example's")]
mod generate;

use std::sync::{Arc, LazyLock};

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use postcall::call::documented::Documented;
use postcall::call::{Call, timestamp};
use postcall::export::Dialect;
use postcall::input::batch::{Batch, Batches};
use postcall::input::document::Documents;
use postcall::input::doubts::Calls;
use postcall::input::envelope::{Body, Item, Search, for_each_item};
use postcall::input::place::{Locator, Position};
use postcall::input::source::Source;
use postcall::input::unpack::UnpackLimit;
use postcall::json::{Json, Object};
use postcall::rules::checker::STANDARD;
use postcall::rules::remarks::Keep;
use postcall::table::column::Columns;
use postcall::table::flatten::for_each_value;
use postcall::table::layout::Layout;
use postcall::table::parts::Parts;

/// Some 4 MB: several batches, and more than the caches of a core hold.
const CALLS: u32 = 2_000;

static CORPUS: LazyLock<String> = LazyLock::new(|| {
    let mut corpus = Vec::new();
    generate::write_calls(CALLS, 1, &mut corpus).expect("a Vec takes every write");
    String::from_utf8(corpus).expect("JSON is UTF-8")
});

/// The calls as the search hands them on. Where their members are is borrowed, for only then those of inner objects need not be looked for again.
static OBJECTS: LazyLock<Vec<Documented>> = LazyLock::new(|| {
    let read = |line| {
        let value: Json = serde_json::from_str(line).expect("calls are JSON");
        let members: &Object = Box::leak(Box::new(value.members().expect("calls are objects")));
        Documented::read("", value, members.borrowed())
    };
    CORPUS.lines().map(read).collect()
});

fn main() {
    divan::main();
}

#[divan::bench(name = "1 cutting into batches")]
fn batches(bencher: Bencher) {
    per_call(bencher)
        .with_inputs(source)
        .bench_local_values(|source| Batches::new(source).count());
}

#[divan::bench(name = "2 reading documents")]
fn documents(bencher: Bencher) {
    let batches = all_batches();
    per_call(bencher).bench_local(|| batches.iter().flat_map(Documents::new).flatten().count());
}

#[divan::bench(name = "3 finding bodies (2 included)")]
fn bodies(bencher: Bencher) {
    let batches = all_batches();
    per_call(bencher).bench_local(|| {
        let mut calls = 0;
        for batch in &batches {
            let locator = Locator::new(&batch.bytes, batch.start, batch.coding);
            for_each_item(batch, &locator, &Search::Everywhere, &mut |item| {
                calls += u32::from(matches!(black_box(item), Item::Call(_)));
            });
        }
        assert_eq!(calls, CALLS);
    });
}

#[divan::bench(name = "4 typed view")]
fn typed_view(bencher: Bencher) {
    let objects = &*OBJECTS;
    per_call(bencher).bench_local(|| {
        for object in objects {
            black_box(Call::read(object));
        }
    });
}

#[divan::bench(name = "5 all rules")]
fn rules(bencher: Bencher) {
    let name = Arc::from("calls.jsonl");
    let locator = Locator::new(CORPUS.as_bytes(), Position::START, None);
    let body = |object: &'static Documented<'static>| Body {
        source: &name,
        object,
        pointer: String::new(),
        locator: &locator,
        calls: Calls::Bare,
    };
    let bodies: Vec<_> = OBJECTS.iter().map(body).collect();
    let calls: Vec<_> = (bodies.iter().map(|body| Call::read(body.object))).collect();
    let checker = &*STANDARD;
    per_call(bencher).bench_local(|| {
        for (body, call) in bodies.iter().zip(&calls) {
            black_box(checker.check(body, call, Keep::NOTHING));
        }
    });
}

#[divan::bench(name = "6 flattening")]
fn flattening(bencher: Bencher) {
    let objects = &*OBJECTS;
    // Mostly they are known: the first calls bring them.
    let mut columns = layout().columns;
    per_call(bencher).bench_local(|| {
        for object in objects {
            for_each_value(object, &mut columns, |column, value| {
                black_box((column, value));
            });
        }
    });
}

#[divan::bench(name = "7 rows of CSV")]
fn rows_of_csv(bencher: Bencher) {
    let rows = rows(&layout());
    let dialect = Dialect::csv();
    let mut text = Vec::with_capacity(CORPUS.len());
    per_call(bencher).bench_local(|| {
        text.clear();
        let mut guards = 0;
        for row in &rows {
            let start = text.len();
            for value in row {
                if let Some(value) = value {
                    dialect.push_value(*value, &CORPUS, &mut text, &mut guards);
                }
                text.push(dialect.delimiter);
            }
            dialect.end_row(start, &mut text);
        }
        black_box(&text);
        guards
    });
}

/// Items are times here.
#[divan::bench(name = "8 timestamps (part of 5)")]
fn timestamps(bencher: Bencher) {
    let layout = layout();
    let mut times = Vec::new();
    for row in rows(&layout) {
        let columns = layout.numbers.iter().zip(row);
        times.extend(columns.filter_map(|((_, is_time), value)| value.filter(|_| *is_time)));
    }
    per_call(bencher)
        .counter(ItemsCount::new(times.len()))
        .bench_local(|| {
            for time in &times {
                black_box(timestamp(*time));
            }
        });
}

/// A yardstick for reading documents: all JSON is checked, and nothing of it kept or everything.
#[divan::bench(types = [IgnoredAny, Value])]
fn serde_json<T: DeserializeOwned>(bencher: Bencher) {
    let lines: Vec<_> = CORPUS.lines().collect();
    per_call(bencher).bench_local(|| {
        for line in &lines {
            black_box(serde_json::from_str::<T>(line).expect("calls are JSON"));
        }
    });
}

/// Counts the bytes of the corpus, and its calls.
fn per_call<'a, 'b>(bencher: Bencher<'a, 'b>) -> Bencher<'a, 'b> {
    bencher
        .counter(BytesCount::of_str(&*CORPUS))
        .counter(ItemsCount::new(CALLS))
}

fn source() -> Source {
    Source {
        name: "calls.jsonl".into(),
        reader: Box::new(CORPUS.as_bytes()),
        coding: None,
        is_maybe: false,
        limit: UnpackLimit::default(),
    }
}

fn all_batches() -> Vec<Batch> {
    let batches: Result<_, _> = Batches::new(source()).collect();
    batches.expect("memory can be read")
}

/// All columns of the calls.
fn layout() -> Layout {
    let mut columns = Columns::default();
    for object in &*OBJECTS {
        for_each_value(object, &mut columns, |_, _| {});
    }
    let order = columns.in_order();
    Layout::new(&mut columns, order, &Parts::default())
}

/// For each call its values, in the order in which the columns leave.
fn rows(layout: &Layout) -> Vec<Vec<Option<Json<'static>>>> {
    let mut columns = layout.columns.clone();
    let row = |object| {
        let mut values = vec![None; columns.count()];
        for_each_value(object, &mut columns, |column, value| {
            values[column] = Some(*value).filter(|value| !value.is_null());
        });
        let numbers = layout.numbers.iter();
        numbers.map(|(number, _)| values[*number]).collect()
    };
    OBJECTS.iter().map(row).collect()
}
