//! Bodies in zip archives, stored and deflated.

use std::io::{Cursor, Write as _};

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::bodies::{Batch, batches, bodies, next};
use super::tally::{Counts, Tally};
use crate::common::{in_parallel, json_lines, postcall};

/// Limit on the bodies of an archive.
const MAX_BODIES: usize = 5;

/// An archive with a member per body. Every other one is stored, the others are deflated.
fn archive(bodies: &[Value]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (index, body) in bodies.iter().enumerate() {
        let method = [CompressionMethod::Deflated, CompressionMethod::Stored][index % 2];
        let options = SimpleFileOptions::default().compression_method(method);
        let name = format!("{index}.json");
        writer.start_file(name, options).expect("memory");
        writer
            .write_all(body.to_string().as_bytes())
            .expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

/// The bodies of an archive by id, and true if a problem is reported.
fn extract(archive: &[u8]) -> (Vec<Value>, bool) {
    let output = postcall(&["extract"], archive);
    let mut bodies = json_lines(&output.stdout);
    bodies.sort_by_key(|body| body["id"].as_u64());
    (bodies, !output.stderr.is_empty())
}

/// The number of members that have another extension because their name is damaged: they are other
/// files.
fn renamed_members(archive: &[u8]) -> usize {
    ZipArchive::new(Cursor::new(archive)).map_or(0, |archive| {
        let names = archive.file_names();
        names
            .flatten()
            .filter(|name| !name.ends_with(".json"))
            .count()
    })
}

#[test]
fn bodies_survive_zip_archives() {
    let tally = Tally::default();
    in_parallel(batches(5001, 300), |batch: Batch| {
        let bodies = bodies(batch.count, &mut batch.runner());
        let (found, is_reported) = extract(&archive(&bodies));
        let is_wrong = found != bodies || is_reported;
        let counts = Counts {
            read: found.len(),
            ..Counts::default()
        };
        let fault = is_wrong.then(|| format!("wrong: {found:?}"));
        tally.add("zip", counts, fault.as_slice());
    });
    tally.finish("whole bodies in zip archives");
}

/// After one byte is changed, or the archive is cut, the checksum of a member no longer fits.
#[test]
fn damaged_zip_archives_are_never_read_as_something_else() {
    let tally = Tally::default();
    in_parallel(batches(5002, 200), |batch: Batch| {
        let mut runner = batch.runner();
        for bodies in bodies(batch.count, &mut runner).chunks(MAX_BODIES) {
            let mut archive = archive(bodies);
            let (at, byte, is_cut) = next((any::<Index>(), any::<u8>(), 0..8_u8), &mut runner);
            let at = at.index(archive.len());
            if is_cut == 0 {
                archive.truncate(at);
            } else {
                archive[at] = byte;
            }
            let (found, is_reported) = extract(&archive);
            let mut faults = Vec::new();
            // A member is extracted while it is read, and its checksum is at its end.
            let wrong = found.iter().filter(|body| !bodies.contains(body));
            for body in wrong.filter(|_| !is_reported) {
                faults.push(format!("wrong: {body}"));
            }
            let lost = bodies.len().saturating_sub(found.len());
            if lost > renamed_members(&archive) && !is_reported {
                faults.push(format!(
                    "byte {at} is {byte}: {lost} bodies lost: {archive:?}"
                ));
            }
            let counts = Counts {
                read: found.len(),
                reported: bodies.len().saturating_sub(found.len()),
                ..Counts::default()
            };
            tally.add("zip", counts, &faults);
        }
    });
    tally.finish("damaged zip archives");
}
