//! Zip archives: the list of the members, and readers of their data.

pub(super) mod directory;
pub(super) mod document;
mod local_headers;
pub(super) mod member;
mod member_name;
pub(super) mod zip_file;
