//! Benchmarks of the stages of a run, each by itself, in memory and on one thread. `cargo bench`
//! runs all of them, `cargo bench -- rules` those with "rules" in their name.
//!
//! Throughput always refers to the bytes of the whole corpus, so stages can be compared: `validate`
//! takes about as long as 1, 3, 4 and 5 together, `export` to CSV as 1, 3, 6 and 7. Names start
//! with a number because divan sorts them.

#[path = "../examples/generate/main.rs"]
#[expect(dead_code, reason = "only the example uses its command line")]
mod generate;

use std::io::{Cursor, Read};
use std::sync::LazyLock;

use chrono::Utc;
use clap::Parser as _;
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use flate2::Compression;
use flate2::read::{GzEncoder, MultiGzDecoder};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use postcall::call::contract_object::ContractObject;
use postcall::call::{Call, read_timestamp};
use postcall::capture::find::deferred::CallNesting;
use postcall::capture::find::documents::for_each_item;
use postcall::capture::find::item::{Body, Item};
use postcall::capture::find::search::Search;
use postcall::capture::location::position::{Locator, Position};
use postcall::capture::parse::document::Documents;
use postcall::capture::source::cut_sizes::CutSizes;
use postcall::capture::source::reader::{Source, SourceOptions, TableUse};
use postcall::capture::source::source_name::SourceName;
use postcall::capture::source::sources::sources_from_seekable;
use postcall::capture::source::unpack_limit::UnpackLimit;
use postcall::capture::split::batch::{Batch, Batches, batches_of};
use postcall::export::Dialect;
use postcall::host::Clock;
use postcall::json::{Json, Object};
use postcall::lint::checker::Checker;
use postcall::lint::collector::FindingLimits;
use postcall::table::cell_split::CellSplit;
use postcall::table::column::Columns;
use postcall::table::column_plan::ColumnPlan;
use postcall::table::flatten::for_each_value;

/// About 4 MB: several batches, and more than the caches of one core hold.
const CALLS: u32 = 2_000;

static CORPUS: LazyLock<String> = LazyLock::new(|| {
    let mut corpus = Vec::new();
    let args = generate::Args::parse_from(["generate", "--calls", &CALLS.to_string()]);
    generate::write_calls(&args, &mut corpus).expect("a Vec takes every write");
    String::from_utf8(corpus).expect("JSON is UTF-8")
});

/// The calls as the search returns them, for one thread. The member lists are borrowed, because
/// only then are the members of inner objects not searched again.
fn objects() -> &'static [ContractObject<'static>] {
    let read = |line| {
        let value: Json = serde_json::from_str(line).expect("calls are JSON");
        let members: &Object = Box::leak(Box::new(value.members().expect("calls are objects")));
        ContractObject::read("", value, members.borrowed())
    };
    Vec::leak(CORPUS.lines().map(read).collect())
}

fn main() {
    divan::main();
}

#[divan::bench(name = "1 cutting into batches")]
fn batches(bencher: Bencher) {
    with_counters(bencher)
        .with_inputs(source)
        .bench_local_values(|source| Batches::new(source).count());
}

#[divan::bench(name = "2 reading documents")]
fn documents(bencher: Bencher) {
    let batches = all_batches();
    with_counters(bencher)
        .bench_local(|| batches.iter().flat_map(Documents::new).flatten().count());
}

#[divan::bench(name = "3 finding bodies (2 included)")]
fn bodies(bencher: Bencher) {
    let batches = all_batches();
    with_counters(bencher).bench_local(|| {
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
    let objects = objects();
    with_counters(bencher).bench_local(|| {
        for object in objects {
            black_box(Call::read(object));
        }
    });
}

#[divan::bench(name = "5 all rules")]
fn rules(bencher: Bencher) {
    let name = SourceName::from("calls.jsonl");
    let locator = Locator::new(CORPUS.as_bytes(), Position::START, None);
    let body = |object: &'static ContractObject<'static>| Body {
        source: &name,
        object,
        pointer: String::new(),
        locator: &locator,
        calls: CallNesting::Bare,
        is_row: false,
    };
    let bodies: Vec<_> = objects().iter().map(body).collect();
    let calls: Vec<_> = (bodies.iter().map(|body| Call::read(body.object))).collect();
    let checker = &Checker::standard(Clock::Running(Utc::now));
    with_counters(bencher).bench_local(|| {
        for (body, call) in bodies.iter().zip(&calls) {
            black_box(checker.check(body, call, FindingLimits::COUNT_ONLY));
        }
    });
}

#[divan::bench(name = "6 flattening")]
fn flattening(bencher: Bencher) {
    let objects = objects();
    // All columns are known from the start, as for most calls of a run.
    let mut columns = column_plan().columns;
    with_counters(bencher).bench_local(|| {
        for object in objects {
            for_each_value(object, &mut columns, |column, value| {
                black_box((column, value));
            });
        }
    });
}

#[divan::bench(name = "7 rows of CSV")]
fn rows_of_csv(bencher: Bencher) {
    let rows = rows(&column_plan());
    let dialect = Dialect::csv();
    let mut text = Vec::with_capacity(CORPUS.len());
    with_counters(bencher).bench_local(|| {
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

/// The item counter counts timestamps, not calls.
#[divan::bench(name = "8 timestamps (part of 5)")]
fn timestamps(bencher: Bencher) {
    let plan = column_plan();
    let mut times = Vec::new();
    for row in rows(&plan) {
        let columns = plan.numbers.iter().zip(row);
        times.extend(columns.filter_map(|((_, is_time), value)| value.filter(|_| *is_time)));
    }
    with_counters(bencher)
        .counter(ItemsCount::new(times.len()))
        .bench_local(|| {
            for time in &times {
                black_box(read_timestamp(*time));
            }
        });
}

/// Decompression, conversion to UTF-8 and cutting into batches. The references are the libraries
/// alone.
#[divan::bench(args = ["gzip", "zstd"])]
fn compressed(bencher: Bencher, coding: &str) {
    let compressed = compress(coding);
    with_counters(bencher).bench_local(|| {
        let source = Cursor::new(compressed.clone());
        let sources = sources_from_seekable("calls", source, &SourceOptions::default());
        batches_of(sources).flatten().count()
    });
}

#[divan::bench(args = ["gzip", "zstd"])]
fn decompression_alone(bencher: Bencher, coding: &str) {
    let compressed = compress(coding);
    let mut buffer = vec![0; 1 << 20];
    with_counters(bencher).bench_local(|| {
        let compressed = Cursor::new(&compressed);
        let mut reader: Box<dyn Read> = match coding {
            "gzip" => Box::new(MultiGzDecoder::new(compressed)),
            _ => {
                Box::new(zstd::stream::read::Decoder::new(compressed).expect("memory can be read"))
            }
        };
        while reader.read(&mut buffer).expect("it was compressed") > 0 {}
    });
}

/// The corpus, compressed.
fn compress(coding: &str) -> Vec<u8> {
    let corpus = CORPUS.as_bytes();
    let mut compressed = Vec::new();
    match coding {
        "gzip" => GzEncoder::new(corpus, Compression::default()).read_to_end(&mut compressed),
        _ => zstd::stream::read::Encoder::new(corpus, 3)
            .and_then(|mut zstd| zstd.read_to_end(&mut compressed)),
    }
    .expect("memory can be read");
    compressed
}

/// Reference for reading documents: `serde_json` validates all JSON and keeps nothing of it or all.
#[divan::bench(types = [IgnoredAny, Value])]
fn serde_json<T: DeserializeOwned>(bencher: Bencher) {
    let lines: Vec<_> = CORPUS.lines().collect();
    with_counters(bencher).bench_local(|| {
        for line in &lines {
            black_box(serde_json::from_str::<T>(line).expect("calls are JSON"));
        }
    });
}

/// Counts the bytes and the calls of the corpus.
fn with_counters<'a, 'b>(bencher: Bencher<'a, 'b>) -> Bencher<'a, 'b> {
    bencher
        .counter(BytesCount::of_str(&*CORPUS))
        .counter(ItemsCount::new(CALLS))
}

fn source() -> Source {
    Source {
        name: "calls.jsonl".into(),
        reader: Box::new(CORPUS.as_bytes()),
        coding: None,
        may_lack_calls: false,
        limit: UnpackLimit::default(),
        tables: TableUse::Ignore,
        cut_sizes: CutSizes::default(),
    }
}

fn all_batches() -> Vec<Batch> {
    let batches: Result<_, _> = Batches::new(source()).collect();
    batches.expect("memory can be read")
}

/// A plan with all columns of the calls.
fn column_plan() -> ColumnPlan {
    let mut columns = Columns::default();
    for object in objects() {
        for_each_value(object, &mut columns, |_, _| {});
    }
    let order = columns.in_output_order();
    ColumnPlan::new(&mut columns, order, &CellSplit::default())
}

/// The values of each call, in output order.
fn rows(plan: &ColumnPlan) -> Vec<Vec<Option<Json<'static>>>> {
    let mut columns = plan.columns.clone();
    let row = |object| {
        let mut values = vec![None; columns.count()];
        for_each_value(object, &mut columns, |column, value| {
            values[column] = Some(*value).filter(|value| !value.is_null());
        });
        let numbers = plan.numbers.iter();
        numbers.map(|(number, _)| values[*number]).collect()
    };
    objects().iter().map(row).collect()
}
