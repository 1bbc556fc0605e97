//! Documented names in other naming styles. Steps between the webhook and the file rename members:
//! `customerPhone`, `CustomerPhone`, `customer-phone` and `Customer Phone` are `customer_phone`.

use super::fields_of;
use super::recognition::has_fields_of_body;

/// The documented member of the object at JSON Pointer `parent` that is `name` in another naming
/// style. `None` for a documented name.
#[must_use]
pub(crate) fn documented_name(parent: &str, name: &str) -> Option<&'static str> {
    let mut fields = fields_of(parent).map(|field| field.name);
    let documented = fields.find(|documented| has_same_letters(documented, name))?;
    (documented != name).then_some(documented)
}

/// True if `name` is `documented` in another naming style.
#[must_use]
pub(crate) fn is_renamed(documented: &str, name: &str) -> bool {
    documented != name && has_same_letters(documented, name)
}

/// The first renamed member, with its documented name, of an object that is a body apart from the
/// naming style of its members.
#[must_use]
pub(crate) fn find_renamed_member<'n, N: AsRef<str>>(
    names: &'n [N],
) -> Option<(&'n str, &'static str)> {
    let renamed = |name: &'n N| Some((name.as_ref(), documented_name("", name.as_ref())?));
    let first = names.iter().find_map(renamed)?;
    let mut present = 0;
    for (index, field) in fields_of("").enumerate() {
        let has_field = (names.iter()).any(|name| has_same_letters(field.name, name.as_ref()));
        present |= u32::from(has_field) << index;
    }
    has_fields_of_body(present).then_some(first)
}

/// True if both names have equal letters and digits, regardless of case.
fn has_same_letters(documented: &str, name: &str) -> bool {
    let [documented, name] = [documented, name].map(|name| {
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase())
    });
    documented.eq(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_naming_styles_are_recognized() {
        for name in [
            "customerPhone",
            "CustomerPhone",
            "customer-phone",
            "Customer Phone",
            "CUSTOMER_PHONE",
            "customerphone",
        ] {
            assert_eq!(documented_name("", name), Some("customer_phone"), "{name}");
        }
        for name in ["customer_phone", "customerPhones", "phone", "", "_"] {
            assert_eq!(documented_name("", name), None, "{name}");
        }
        assert_eq!(
            documented_name("/lead", "phoneNumber"),
            Some("phone_number")
        );
    }

    #[test]
    fn a_body_in_another_naming_style_is_recognized() {
        let names = ["id", "customerPhone", "assistantPhone", "duration"];
        let first = ("customerPhone", "customer_phone");
        assert_eq!(find_renamed_member(&names), Some(first));
        assert_eq!(find_renamed_member(&["id", "customerPhone"]), None);
        assert_eq!(
            find_renamed_member(&["customer_phone", "duration", "transcript"]),
            None
        );
    }
}
