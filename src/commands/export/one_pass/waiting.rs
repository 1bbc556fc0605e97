//! Rows that wait until all columns are known. The first ones wait in memory. If there are more, they go to the file, under a header with the columns
//! known then: if that turns out to be right, the file is complete as it stands, and else its rows are rearranged into another one.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom, Write};
use std::sync::Arc;

use anyhow::Context as _;

use super::Writing;
use super::guards::Guards;
use crate::commands::session::Session;
use crate::exit::Misuse;
use crate::export::file::OutputFile;
use crate::table::column::Columns;
use crate::table::layout::Layout;
use crate::table::parts::Parts;
use crate::table::row::{Rows, for_each_row};

/// So many bytes wait in memory.
const IN_MEMORY_BYTES: usize = 4 * 1024 * 1024;

/// About so many bytes are made before they are written.
const TEXT_BYTES: usize = 256 * 1024;

/// Rows that came together.
enum Piece {
    /// Rows in the columns of a layout, as text.
    Text(Arc<Layout>),
    /// Rows whose columns are numbers: those from `first_beyond` on are given in front of the rows.
    Rows { first_beyond: usize, numbers: usize },
}

/// Rows that wait.
pub(super) struct Waiting {
    /// In input order, each with its bytes' length.
    pieces: Vec<(Piece, usize)>,
    /// The bytes of all pieces, until there are too many.
    in_memory: Vec<u8>,
    place: Place,
    /// The header of the file, if there is one already, and its length.
    begun: Option<(Arc<Layout>, usize)>,
    guards: Guards,
}

/// Where rows wait of which there are many.
enum Place {
    /// Where they are to be in the end.
    Output(OutputFile),
    /// The output can not be read back: it has to wait for all of them. None is needed yet.
    Elsewhere(Option<File>, Option<OutputFile>),
}

impl Waiting {
    pub(super) fn new(file: Option<OutputFile>) -> Self {
        Self {
            pieces: Vec::new(),
            in_memory: Vec::new(),
            place: match file {
                Some(file) if file.can_be_read_back() => Place::Output(file),
                file => Place::Elsewhere(None, file),
            },
            begun: None,
            guards: Guards::default(),
        }
    }

    /// Takes in rows that were written in the columns of `layout`, in which these cells were guarded.
    pub(super) fn push_text(
        &mut self,
        layout: &Arc<Layout>,
        text: &[u8],
        guards: &Guards,
    ) -> anyhow::Result<()> {
        self.guards.add_all(guards);
        if text.is_empty() {
            return Ok(());
        }
        self.push(Piece::Text(Arc::clone(layout)), &[text])
    }

    /// Takes in rows in which the columns from `first_beyond` on have these `numbers`.
    pub(super) fn push_rows(
        &mut self,
        first_beyond: usize,
        numbers: &[usize],
        rows: &Rows,
    ) -> anyhow::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        let piece = Piece::Rows {
            first_beyond,
            numbers: numbers.len(),
        };
        self.push(piece, &[&bytes, rows.bytes()])
    }

    fn push(&mut self, piece: Piece, parts: &[&[u8]]) -> anyhow::Result<()> {
        self.pieces
            .push((piece, parts.iter().map(|part| part.len()).sum()));
        for part in parts {
            if self.begun.is_some() {
                self.write(part)?;
            } else {
                self.in_memory.extend_from_slice(part);
            }
        }
        Ok(())
    }

    /// Writes bytes to where rows wait.
    fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        match &mut self.place {
            Place::Output(file) => file.write_all(bytes).with_context(|| file.name()),
            Place::Elsewhere(file, _) => {
                let file = match file {
                    Some(file) => file,
                    None => file.insert(tempfile::tempfile().with_context(temporary)?),
                };
                file.write_all(bytes).with_context(temporary)
            }
        }
    }

    /// Begins the file if too much waits in memory, with the columns that are known by now.
    pub(super) fn begin_if_many(
        &mut self,
        columns: &mut Columns,
        parts: &Parts,
        writing: &Writing,
    ) -> anyhow::Result<()> {
        if self.begun.is_some() || self.in_memory.len() <= IN_MEMORY_BYTES {
            return Ok(());
        }
        let order = writing.list.so_far(columns.in_order());
        let layout = Arc::new(Layout::new(columns, order, parts));
        let in_memory = std::mem::take(&mut self.in_memory);
        let pieces = std::mem::take(&mut self.pieces);
        // The cells of the header are counted when it is known to stay.
        let header = beginning(&layout, writing, &mut 0);
        self.write(&header)?;
        let (mut rest, mut guards) = (&in_memory[..], Guards::default());
        for (piece, length) in pieces {
            let (bytes, behind) = rest.split_at(length);
            piece.for_each_text(bytes, &layout, writing, &mut guards, &mut |text| {
                let piece = Piece::Text(Arc::clone(&layout));
                self.pieces.push((piece, text.len()));
                self.write(text)
            })?;
            rest = behind;
        }
        self.guards.add_all(&guards);
        self.begun = Some((layout, header.len()));
        Ok(())
    }

    /// Writes all of it, with the columns that are asked for. `again` gives the output once more where it has to be written anew. Returns how many cells were guarded.
    pub(super) fn finish(
        self,
        columns: &mut Columns,
        parts: &Parts,
        writing: &Writing,
        again: impl FnOnce() -> anyhow::Result<OutputFile>,
        session: &mut Session,
    ) -> anyhow::Result<u64> {
        let is_empty = session.seen().chosen() == 0;
        let order = (writing.list.of(columns.in_order(), is_empty)).map_err(Misuse)?;
        let layout = Arc::new(Layout::new(columns, order, parts));
        let mut guarded_heads = 0;
        let header = beginning(&layout, writing, &mut guarded_heads);
        let is_whole = |piece: &Piece| match piece {
            Piece::Text(earlier) => earlier.is_as(&layout),
            Piece::Rows { .. } => false,
        };
        let is_begun = |(begun, _): &(Arc<Layout>, usize)| begun.is_as(&layout);
        let is_complete = self.begun.as_ref().is_some_and(is_begun)
            && self.pieces.iter().all(|(piece, _)| is_whole(piece));
        let Self {
            pieces,
            in_memory,
            place,
            begun,
            mut guards,
        } = self;
        let begun = begun.map(|(_, length)| length);
        let mut rest: Box<dyn Read> = Box::new(io::Cursor::new(in_memory));
        let output = match place {
            Place::Output(file) if is_complete => {
                file.complete()?;
                return Ok(guarded_heads + guards.count_in(&layout));
            }
            Place::Output(mut file) => {
                if let Some(length) = begun {
                    let back = file.read_back().with_context(|| file.name())?;
                    rest = behind(back, length).with_context(|| file.name())?;
                    Some(again()?)
                } else {
                    Some(file)
                }
            }
            Place::Elsewhere(back, file) => {
                if let Some(length) = begun {
                    rest = behind(back, length).with_context(temporary)?;
                }
                file
            }
        };
        let mut to_output = |out: &mut dyn Write| -> anyhow::Result<()> {
            out.write_all(&header)?;
            if is_complete {
                io::copy(&mut rest, out)?;
                return Ok(());
            }
            for (piece, length) in &pieces {
                let mut bytes = vec![0; *length];
                rest.read_exact(&mut bytes).with_context(temporary)?;
                let mut give = |text: &[u8]| Ok(out.write_all(text)?);
                piece.for_each_text(&bytes, &layout, writing, &mut guards, &mut give)?;
            }
            Ok(())
        };
        if let Some(mut file) = output {
            let name = file.name();
            to_output(&mut session.progress.of_writing(&mut file)).context(name)?;
            file.complete()?;
        } else {
            session.guard_terminal();
            to_output(&mut session.progress.of_writing(&mut session.out))
                .context("standard output")?;
            session.flush()?;
        }
        Ok(guarded_heads + guards.count_in(&layout))
    }
}

impl Piece {
    /// Gives the rows of this piece, which are these bytes, to `give` as text in the columns of `layout`, which knows all of them; some rows at a time, for many
    /// columns make much of little.
    fn for_each_text(
        &self,
        bytes: &[u8],
        layout: &Layout,
        writing: &Writing,
        guards: &mut Guards,
        give: &mut dyn FnMut(&[u8]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut text = Vec::new();
        let mut give_if = |least: usize, text: &mut Vec<u8>| {
            if text.len() > least {
                give(text)?;
                text.clear();
            }
            anyhow::Ok(())
        };
        match self {
            Self::Text(earlier) if earlier.is_as(layout) => {
                return give(bytes);
            }
            Self::Text(earlier) => {
                let cells = layout.in_earlier(earlier);
                let dialect = writing.dialect;
                dialect.rearrange(bytes, &cells, &mut text, |text| give_if(TEXT_BYTES, text))?;
            }
            Self::Rows {
                first_beyond,
                numbers,
            } => {
                let (numbers, rows) = bytes.split_at(numbers * size_of::<usize>());
                let (numbers, _) = numbers.as_chunks();
                let number = |column: usize| {
                    let beyond = column.checked_sub(*first_beyond);
                    beyond.map_or(column, |place| usize::from_le_bytes(numbers[place]))
                };
                for_each_row(rows, |row| {
                    let cells = row.drain(..);
                    let leaving = cells
                        .filter_map(|(column, cell)| Some((layout.place(number(column))?, cell)));
                    let mut leaving: Vec<_> = leaving.collect();
                    leaving.sort_unstable_by_key(|(place, _)| *place);
                    writing.push_cells(layout, leaving.into_iter(), &mut text, guards);
                    give_if(TEXT_BYTES, &mut text)
                })?;
            }
        }
        give_if(0, &mut text)
    }
}

/// What a file with these columns begins with.
fn beginning(layout: &Layout, writing: &Writing, guards: &mut u64) -> Vec<u8> {
    let names = layout.header();
    let names = names.iter().map(String::as_str);
    writing.dialect.beginning(names, guards)
}

/// What is in a file behind its first `length` bytes.
fn behind(file: Option<File>, length: usize) -> io::Result<Box<dyn Read>> {
    let mut file = file.ok_or(io::ErrorKind::NotSeekable)?;
    file.seek(SeekFrom::Start(length as u64))?;
    Ok(Box::new(BufReader::new(file)))
}

fn temporary() -> String {
    format!("temporary file in {}", std::env::temp_dir().display())
}
