//! The lead that a campaign called.

use super::documented::{Documented, fields};
use super::variables::Variables;
use crate::contract::place_of;
use crate::json::Json;

/// A lead. What is absent or null is `None`.
#[derive(Debug)]
pub struct Lead<'a> {
    /// All of it.
    pub object: Documented<'a>,
}

impl<'a> Lead<'a> {
    fields! { "/lead":
        id
        phone_number
        status
        created_at
        updated_at
    }

    /// Reads `/lead`; none where it says nothing. A value that is no object is taken for the lead's id.
    #[inline]
    #[must_use]
    pub fn read(value: Json<'a>) -> Option<Self> {
        if value.is_null() || value.is_empty_container() {
            return None;
        }
        Some(Self {
            object: Documented::read_or_take("/lead", value, const { place_of("/lead", "id") }),
        })
    }

    /// `/lead/variables`
    #[inline]
    #[must_use]
    pub fn variables(&self) -> Variables<'a> {
        Variables::read(
            self.object
                .present(const { place_of("/lead", "variables") }),
        )
    }
}
