//! The long format: one row per variable of a call, as pivot tables and databases expect it.

use super::cell_type::CellType;
use super::column::{ColumnType, FixedColumn};
use super::row::{Cell, Rows};
use crate::call::contract_object::ContractObject;
use crate::call::value_at;
use crate::call::variables::Variables;
use crate::contract::FIELDS;

/// The columns: the call's id, the variable's column name (`extracted_variables.order.number`), its
/// JSON type, and its value.
pub(crate) const COLUMNS: &[FixedColumn] = &[
    FixedColumn::new("/id", ColumnType::Integer),
    FixedColumn::new("/name", ColumnType::Any),
    FixedColumn::new("/kind", ColumnType::Any),
    FixedColumn::new("/value", ColumnType::Any).with_cells(CellType::AnyText),
];

/// Adds one row per variable of a call: extracted, input and lead variables. A null variable has a
/// row without a value.
pub(crate) fn push_variables(rows: &mut Rows, body: &ContractObject) {
    let id = body.call_id();
    for field in FIELDS.iter().filter(|field| field.holds_variables()) {
        let value = value_at(&body.members, field.pointer).filter(|value| !value.is_null());
        for variable in Variables::read(value).flatten() {
            let mut name = field.column();
            if !variable.name.is_empty() {
                name.push('.');
                name.push_str(&variable.name);
            }
            let value = variable.value;
            rows.push_row([
                id.and_then(Cell::from_json),
                Some(Cell::text(name)),
                Some(Cell::text(value.kind().name())),
                Cell::from_json(value),
            ]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;

    #[test]
    fn each_variable_is_a_row_with_its_type() {
        let body = r#"{"id":7,"extracted_variables":{"a":{"b":true},"n":1.10,"z":null},
            "input_variables":[],"lead":{"variables":{"list":[1, 2]}}}"#;
        let value: Json = serde_json::from_str(body).expect("well-formed");
        let object = ContractObject::read("", value, value.members().expect("an object"));
        let mut rows = Rows::default();
        push_variables(&mut rows, &object);
        let mut seen = Vec::new();
        rows.for_each(|row| {
            let texts: Vec<_> = row.iter().map(|(_, cell)| cell.text.to_string()).collect();
            seen.push(texts.join(" "));
            Ok::<(), ()>(())
        })
        .expect("nothing fails");
        assert_eq!(
            seen,
            [
                "7 extracted_variables.a.b boolean true",
                "7 extracted_variables.n number 1.10",
                "7 extracted_variables.z null",
                "7 lead.variables.list array [1,2]",
            ]
        );
    }
}
