//! The parts of the sheets of a table: rows between the start and the end of their template, and
//! the addresses of links.

use std::io::{self, Read as _, SeekFrom};

use super::archive::{ArchiveWriter, FileSizes};
use super::deflate::{Piece, PieceEnd, PieceWriter};
use super::row_xml::SheetRows;
use super::template::SheetTemplate;
use crate::host::ScratchFile;

const RELATIONSHIPS_START: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>
<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";

/// Writes the sheets of a table to an archive, one after the other.
pub(super) struct SheetParts<'a, 'o> {
    templates: std::vec::IntoIter<SheetTemplate>,
    /// Number of sheets that were started.
    started: usize,
    /// The last sheet that was started.
    sheet: Option<OpenSheet>,
    pieces: &'a mut PieceWriter,
    /// The compressed bytes of this sheet.
    file: &'a mut dyn ScratchFile,
    archive: &'a mut ArchiveWriter<'o>,
}

/// A sheet that is being written.
struct OpenSheet {
    template: SheetTemplate,
    /// The sizes of what is in the file.
    sizes: FileSizes,
    links: Option<Links>,
}

/// The links of a sheet, compressed: elements of the sheet, and their targets.
struct Links {
    elements: PieceWriter,
    targets: PieceWriter,
}

impl<'a, 'o> SheetParts<'a, 'o> {
    /// Writes as many sheets as there are templates. `file` is overwritten.
    pub(super) fn new(
        templates: Vec<SheetTemplate>,
        pieces: &'a mut PieceWriter,
        file: &'a mut dyn ScratchFile,
        archive: &'a mut ArchiveWriter<'o>,
    ) -> Self {
        Self {
            templates: templates.into_iter(),
            started: 0,
            sheet: None,
            pieces,
            file,
            archive,
        }
    }

    /// Adds rows, which follow the last ones.
    pub(super) fn add_rows(&mut self, rows: &SheetRows) -> io::Result<()> {
        if rows.sheet >= self.started {
            self.start_sheet()?;
        }
        let sheet = self.sheet.as_mut().expect("it was started");
        if !rows.links.elements.is_empty() {
            let links = sheet.links.get_or_insert_with(Links::new);
            links.elements.push(rows.links.elements.as_bytes());
            links.targets.push(rows.links.relationships.as_bytes());
        }
        sheet.append(&rows.xml, self.file)
    }

    /// Ends the last sheet. A table without rows has a sheet too.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if self.started == 0 {
            self.start_sheet()?;
        }
        self.finish_sheet()
    }

    fn start_sheet(&mut self) -> io::Result<()> {
        self.finish_sheet()?;
        self.started += 1;
        self.file.seek(SeekFrom::Start(0))?;
        let template = self.templates.next().expect("each sheet has a template");
        let start = (self.pieces).write(template.start.as_bytes(), PieceEnd::Joined);
        let mut sheet = OpenSheet {
            template,
            sizes: FileSizes::default(),
            links: None,
        };
        sheet.append(&start, self.file)?;
        self.sheet = Some(sheet);
        Ok(())
    }

    fn finish_sheet(&mut self) -> io::Result<()> {
        let Some(mut sheet) = self.sheet.take() else {
            return Ok(());
        };
        self.pieces.push(sheet.template.middle.as_bytes());
        // An element without links would be invalid.
        if let Some(links) = &mut sheet.links {
            let start = self.pieces.write(b"<hyperlinks>", PieceEnd::Joined);
            let elements = links.elements.finish(PieceEnd::Joined);
            sheet.append(&start, self.file)?;
            sheet.append(&elements, self.file)?;
            self.pieces.push(b"</hyperlinks>");
        }
        let end = (self.pieces).write(sheet.template.end.as_bytes(), PieceEnd::Last);
        sheet.append(&end, self.file)?;
        let OpenSheet {
            template: SheetTemplate { name, .. },
            sizes,
            links,
        } = sheet;
        self.file.seek(SeekFrom::Start(0))?;
        let mut data = (&mut *self.file).take(sizes.compressed);
        self.archive.add_file(&name, &sizes, &mut data)?;
        if let Some(mut links) = links {
            let targets = links.targets.write(b"</Relationships>", PieceEnd::Last);
            let name = name.replace("worksheets/", "worksheets/_rels/") + ".rels";
            self.archive.add_piece(&name, &targets)?;
        }
        Ok(())
    }
}

impl OpenSheet {
    fn append(&mut self, piece: &Piece, file: &mut dyn ScratchFile) -> io::Result<()> {
        self.sizes.add(piece);
        file.write_all(&piece.compressed)
    }
}

impl Links {
    fn new() -> Self {
        let mut targets = PieceWriter::new();
        targets.push(RELATIONSHIPS_START.as_bytes());
        Self {
            elements: PieceWriter::new(),
            targets,
        }
    }
}
