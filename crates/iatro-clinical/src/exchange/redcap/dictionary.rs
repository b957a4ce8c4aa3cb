//! The data dictionary.

use super::field::{Field, fields};

/// The columns of a data dictionary, named as REDCap names them.
pub const COLUMNS: [&str; 18] = [
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
];

/// The data dictionary as CSV: 18 columns, one row a field, the record id first. The forms `observation`, `trigger`, `drug`,
/// `course` and `answer` are to be enabled as repeating instruments.
pub fn dictionary() -> String {
    let rows = fields();
    let rows = rows.iter().map(row);
    super::record::csv_text(std::iter::once(COLUMNS.map(str::to_owned).to_vec()).chain(rows))
}

fn row(field: &Field) -> Vec<String> {
    let flag = |set: bool| if set { "y".to_owned() } else { String::new() };
    vec![
        field.name.clone(),
        field.form.to_owned(),
        field.header.to_owned(),
        field.kind.to_owned(),
        field.label.clone(),
        field.choices.clone(),
        field.note.clone(),
        field.validation.to_owned(),
        field.least.clone(),
        field.most.clone(),
        flag(field.identifier),
        field.branching.clone(),
        flag(field.required),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
    ]
}
