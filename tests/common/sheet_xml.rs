//! The XML of workbooks.

use std::fmt::Debug;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::str::FromStr;

use zip::ZipArchive;

/// Reads a file of the archive, such as `xl/styles.xml`.
pub(crate) fn read_xml(file: &Path, name: &str) -> String {
    let file = File::open(file).expect("a workbook");
    let mut archive = ZipArchive::new(file).expect("a workbook is an archive");
    let mut xml = String::new();
    let mut entry = archive.by_name(name).expect("a file of the workbook");
    entry.read_to_string(&mut xml).expect("XML is UTF-8");
    xml
}

/// The start tags of all elements `name`.
pub(crate) fn tags<'x>(xml: &'x str, name: &str) -> Vec<&'x str> {
    let elements = xml.split('<').filter_map(|tag| tag.strip_prefix(name));
    let elements = elements.filter(|tag| tag.starts_with([' ', '>', '/']));
    let tags = elements.map(|tag| tag.split_once('>').map_or(tag, |(tag, _)| tag));
    tags.collect()
}

pub(crate) fn attribute<'x>(tag: &'x str, name: &str) -> Option<&'x str> {
    let (_, value) = tag.split_once(&format!(" {name}=\""))?;
    Some(value.split_once('"')?.0)
}

/// The number in an attribute. Panics if it is not one of this type.
pub(crate) fn number<N: FromStr<Err: Debug>>(tag: &str, name: &str) -> Option<N> {
    attribute(tag, name).map(|value| value.parse().expect("a number"))
}
