//! The values that the engine gets from the process: the clock, the local time zone and temporary
//! files.

use std::env;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};

use anyhow::{Context as _, anyhow};
use chrono::{DateTime, Local, TimeZone as _, Utc};

use super::unfinished_files;
use crate::exit::UsageError;
use crate::host::{Clock, Scratch, ScratchFile};
use crate::text::named_stream::NamedStream;
use crate::time::zone::LocalZone;

/// Environment variable that fixes the current time, so that two runs write the same bytes:
/// <https://reproducible-builds.org/specs/source-date-epoch/>.
const SOURCE_DATE_EPOCH: &str = "SOURCE_DATE_EPOCH";

/// The last second of the year 9999: workbooks cannot have a later date.
const MAX_SECONDS: i64 = 253_402_300_799;

/// Returns the clock of this computer, or a fixed time if `SOURCE_DATE_EPOCH` is set. A malformed
/// value is a [`UsageError`].
pub(crate) fn clock() -> anyhow::Result<Clock> {
    let Some(value) = env::var_os(SOURCE_DATE_EPOCH) else {
        return Ok(Clock::Running(Utc::now));
    };
    let time = value.to_str().and_then(parse_epoch);
    time.map(Clock::Fixed).ok_or_else(|| {
        let meaning = "a whole number of seconds since 1970";
        let malformed = format!("{SOURCE_DATE_EPOCH} must be {meaning}, from 0 to {MAX_SECONDS}");
        UsageError(anyhow::Error::msg(malformed)).into()
    })
}

/// Random bytes of the operating system, fit for keys.
pub(crate) fn random_bytes<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    let filled = getrandom::fill(&mut bytes).map_err(|error| anyhow!("{error}"));
    filled.context("random numbers of the operating system")?;
    Ok(bytes)
}

fn parse_epoch(text: &str) -> Option<DateTime<Utc>> {
    // `parse` would accept a plus sign.
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = text.parse().ok().filter(|_| is_number)?;
    DateTime::from_timestamp(seconds, 0).filter(|_| seconds <= MAX_SECONDS)
}

/// The time zone of this computer.
pub(crate) const LOCAL_ZONE: LocalZone = LocalZone {
    localize: |time| time.with_timezone(&Local).fixed_offset(),
    resolve: |local_time| {
        Local
            .from_local_datetime(&local_time)
            .map(|time| time.fixed_offset())
    },
};

/// Where rows and archives wait that do not fit in memory.
pub(crate) const SCRATCH: &dyn Scratch = &TemporaryFiles;

/// Unnamed files in the system's folder for temporary files.
#[derive(Clone, Copy, Debug)]
struct TemporaryFiles;

impl Scratch for TemporaryFiles {
    fn create_in_memory(&self, max_bytes: usize) -> Box<dyn ScratchFile> {
        Box::new(SpooledFile::Memory {
            data: Cursor::default(),
            max_bytes,
        })
    }
}

/// Data in memory that moves to a file when it grows.
enum SpooledFile {
    Memory {
        data: Cursor<Vec<u8>>,
        max_bytes: usize,
    },
    File(NamedStream<File>),
}

impl SpooledFile {
    /// Moves the data to a file if `more` bytes would exceed the limit.
    fn make_room(&mut self, more: usize) -> io::Result<()> {
        if let Self::Memory { data, max_bytes } = self
            && data.get_ref().len() + more > *max_bytes
        {
            let mut file = unfinished_files::create_unnamed()?;
            file.write_all(data.get_ref())?;
            file.seek(SeekFrom::Start(data.position()))?;
            *self = Self::File(file);
        }
        Ok(())
    }
}

impl Read for SpooledFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Memory { data, .. } => data.read(buffer),
            Self::File(file) => file.read(buffer),
        }
    }
}

impl Write for SpooledFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.make_room(bytes.len())?;
        match self {
            Self::Memory { data, .. } => data.write(bytes),
            Self::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Memory { .. } => Ok(()),
            Self::File(file) => file.flush(),
        }
    }
}

impl Seek for SpooledFile {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Memory { data, .. } => data.seek(position),
            Self::File(file) => file.seek(position),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_seconds_up_to_the_year_9999_are_a_time() {
        let seconds = |text| parse_epoch(text).map(|time| time.timestamp());
        assert_eq!(seconds("0"), Some(0));
        assert_eq!(seconds("1705314600"), Some(1_705_314_600));
        assert_eq!(seconds("253402300799"), Some(MAX_SECONDS));
        for malformed in [
            "",
            " 1",
            "+1",
            "-1",
            "1.5",
            "1e9",
            "2024-01-15",
            "253402300800",
            "99999999999999999999",
        ] {
            assert_eq!(seconds(malformed), None, "{malformed}");
        }
    }
}
