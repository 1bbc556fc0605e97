//! The lead that a campaign called.

use super::documented::Documented;
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
    /// All of it, where it is an object.
    pub object: Option<Documented<'a>>,
}

impl<'a> Lead<'a> {
    /// Reads `/lead`; none where it says nothing. A value that is no object is taken for the lead's id.
    #[inline]
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
        let object = Documented::read("/lead", value, members);
        let [id, phone_number, variables, status, created_at, updated_at] = object.present();
        Some(Self {
            id,
            phone_number,
            variables: Variables::read(variables),
            status,
            created_at,
            updated_at,
            object: Some(object),
        })
    }
}
