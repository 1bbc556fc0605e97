//! Documents of other programs that are zip archives, such as workbooks.

use std::io::Read as _;

use super::member::ZipMember;
use super::zip_file::ZipFile;

/// A document that is a zip archive. Its members are not what its user thinks of as files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Document {
    Excel,
    OpenSheet,
    Apple,
    Word,
    PowerPoint,
    OpenOther,
}

/// Members that identify a document.
const MARKS: &[(&str, Document)] = &[
    ("xl/workbook.xml", Document::Excel),
    ("xl/workbook.bin", Document::Excel),
    ("word/document.xml", Document::Word),
    ("ppt/presentation.xml", Document::PowerPoint),
    ("Index/Document.iwa", Document::Apple),
    ("Index.zip", Document::Apple),
];

impl Document {
    /// Detects a document by the `members` of its archive.
    pub(crate) fn detect(file: &ZipFile, members: &[ZipMember]) -> Option<Self> {
        // OpenDocument 1.3, part 2, §3.3: the first member has the media type.
        if let Some(first) = members.first()
            && &*first.path == "mimetype"
            && let Ok(reader) = file.read(first)
        {
            let mut media_type = String::new();
            let is_text = reader.take(128).read_to_string(&mut media_type).is_ok();
            if is_text && media_type.starts_with("application/vnd.oasis.opendocument.") {
                return Some(if media_type.contains("spreadsheet") {
                    Self::OpenSheet
                } else {
                    Self::OpenOther
                });
            }
        }
        let is_mark = |member: &ZipMember| {
            let mark = MARKS.iter().find(|(path, _)| *path == &*member.path);
            mark.map(|(_, document)| *document)
        };
        members.iter().find_map(is_mark)
    }

    /// Returns true if it holds tables.
    pub(crate) fn is_workbook(self) -> bool {
        matches!(self, Self::Excel | Self::OpenSheet)
    }

    /// What it is, and how to get its content in a format that is read. `file` is its name for a
    /// command line.
    pub(crate) fn describe(self, file: &str) -> String {
        match self {
            Self::Excel => format!(
                "an Excel workbook; save its sheet as CSV, or run: xlsx2csv {file} | postcall"
            ),
            Self::OpenSheet => format!(
                "an OpenDocument spreadsheet; save its sheet as CSV, or run: soffice --headless --convert-to csv {file}"
            ),
            Self::Apple => {
                "an Apple Numbers, Pages or Keynote document; export it as CSV".to_owned()
            }
            Self::Word => "a Word document; save it as plain text".to_owned(),
            Self::PowerPoint => "a PowerPoint presentation, which holds no calls".to_owned(),
            Self::OpenOther => "an OpenDocument file; save it as plain text".to_owned(),
        }
    }
}
