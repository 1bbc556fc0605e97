//! The lead that a campaign called.

use super::present;
use super::variables::Variables;
use crate::json::Json;

/// A lead. What is absent or null is `None`.
#[derive(Debug, Default)]
pub struct Lead<'a> {
    /// `/lead/id`
    pub id: Option<Json<'a>>,
    /// `/lead/phone_number`
    pub phone_number: Option<Json<'a>>,
    /// `/lead/variables`
    pub variables: Variables<'a>,
    /// `/lead/status`
    pub status: Option<Json<'a>>,
    /// `/lead/created_at`
    pub created_at: Option<Json<'a>>,
    /// `/lead/updated_at`
    pub updated_at: Option<Json<'a>>,
}

impl<'a> Lead<'a> {
    /// Reads `/lead`; none where it says nothing. A value that is no object is taken for the lead's id.
    #[must_use]
    pub fn read(value: Json<'a>) -> Option<Self> {
        if value.is_null() || value.is_empty_container() {
            return None;
        }
        let Some(members) = value.members() else {
            return Some(Self {
                id: Some(value),
                ..Self::default()
            });
        };
        Some(Self {
            id: present(&members, "id"),
            phone_number: present(&members, "phone_number"),
            variables: Variables::read(present(&members, "variables")),
            status: present(&members, "status"),
            created_at: present(&members, "created_at"),
            updated_at: present(&members, "updated_at"),
        })
    }
}
