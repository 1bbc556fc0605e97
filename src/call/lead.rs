//! The lead: a person whom a campaign calls.

use super::contract_object::{ContractObject, accessors};
use super::variables::Variables;
use crate::contract::field_index;
use crate::json::Json;

/// A lead. Absent and null members are `None`.
#[derive(Debug)]
pub(crate) struct Lead<'a> {
    /// The lead's object, indexed by the contract.
    pub(crate) object: ContractObject<'a>,
}

impl<'a> Lead<'a> {
    accessors! { "/lead":
        id
        phone_number
        status
        created_at
        updated_at
    }

    /// Reads the value of `/lead`; `None` if it is null or empty. A value that is not an object is
    /// taken as the lead's id.
    #[inline]
    #[must_use]
    pub(crate) fn read(value: Json<'a>) -> Option<Self> {
        if value.is_null() || value.is_empty_container() {
            return None;
        }
        Some(Self {
            object: ContractObject::read_or_wrap("/lead", value, const { field_index("/lead/id") }),
        })
    }

    /// The variables at `/lead/variables`.
    #[inline]
    #[must_use]
    pub(crate) fn variables(&self) -> Variables<'a> {
        Variables::read(
            self.object
                .non_null(const { field_index("/lead/variables") }),
        )
    }
}
