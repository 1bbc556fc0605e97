//! JSON Pointers (RFC 6901), built while walking down into a value.

/// The pointer of the member or element `name` of the value at `parent`, with `~` and `/` escaped
/// (RFC 6901 §3).
#[must_use]
pub(crate) fn child(parent: &str, name: &str) -> String {
    let mut pointer = String::with_capacity(parent.len() + 1 + name.len());
    pointer.push_str(parent);
    push(&mut pointer, name);
    pointer
}

/// Appends the member or element `name` to `pointer`, with `~` and `/` escaped (RFC 6901 §3).
pub(crate) fn push(pointer: &mut String, name: &str) {
    pointer.push('/');
    if !name.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        pointer.push_str(name);
        return;
    }
    for character in name.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            _ => pointer.push(character),
        }
    }
}

/// The unescaped names in a JSON Pointer, from the outermost to the innermost (RFC 6901 §4).
#[must_use]
pub(crate) fn names(pointer: &str) -> Vec<String> {
    pointer
        .split('/')
        .skip(1)
        .map(|name| name.replace("~1", "/").replace("~0", "~"))
        .collect()
}

/// The JSON Pointer of the value at the path `names`, the inverse of [`names`].
#[must_use]
pub(crate) fn from_names(names: &[String]) -> String {
    let mut pointer = String::new();
    for name in names {
        push(&mut pointer, name);
    }
    pointer
}

/// The pointer with `*` in place of each name that consists of digits, as indexes of arrays do.
#[must_use]
pub(crate) fn without_indexes(pointer: &str) -> String {
    let is_index = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    let names = pointer.split('/');
    let names = names.map(|name| if is_index(name) { "*" } else { name });
    names.collect::<Vec<_>>().join("/")
}

/// True if `path` is below the object with path `object`.
#[must_use]
pub(crate) fn is_inside<N>(path: &[String], object: &[N]) -> bool
where
    String: PartialEq<N>,
{
    path.len() > object.len() && path.iter().zip(object).all(|(left, right)| left == right)
}

#[cfg(test)]
mod tests {
    use super::{child, from_names, names, without_indexes};

    #[test]
    fn names_with_slash_and_tilde_are_escaped() {
        assert_eq!(child("/lead/variables", "a/b~c"), "/lead/variables/a~1b~0c");
    }

    #[test]
    fn a_pointer_has_the_names_of_its_path() {
        let path = ["lead", "a/b~c", "~1", ""].map(str::to_owned);
        assert_eq!(from_names(&path), "/lead/a~1b~0c/~01/");
        assert_eq!(names(&from_names(&path)), path);
        assert_eq!(from_names(&[]), "");
    }

    #[test]
    fn only_names_of_digits_are_indexes() {
        assert_eq!(without_indexes(""), "");
        assert_eq!(without_indexes("/12/json/body"), "/*/json/body");
        assert_eq!(without_indexes("/a1/0/1b/-1//7"), "/a1/*/1b/-1//*");
    }
}
