//! Everything that the vendor specifies, as data: the documented fields, known values, how a body
//! is recognized, and other payloads. Rules, columns, the table in `docs/fields.md` and the
//! typed view are derived from it or tested against it.

mod call_status;
pub(crate) mod declared_variables;
mod fields;
mod known_values;
mod lookup;
pub(crate) mod naming_style;
pub(crate) mod other_payloads;
pub(crate) mod recognition;
pub(crate) mod schema;
mod value_format;
pub(crate) mod webhook;

pub(crate) use call_status::documented_status;
pub use fields::{FIELDS, Field, FieldSource, FieldType};
pub use known_values::*;
pub use lookup::*;
pub use value_format::ValueFormat;
