//! A mail as plain text, for readers that show no HTML and for those who prefer it so.

use super::sheet::Sheet;

/// Paragraphs with an empty line between.
pub(super) fn plain(sheet: &Sheet) -> String {
    let words = sheet.words;
    let mut parts = vec![sheet.organization.clone(), sheet.title.clone()];
    if !sheet.quote.is_empty() {
        let quoted = sheet.quote.iter().map(|line| format!("> {line}").trim_end().to_owned());
        parts.push(quoted.collect::<Vec<_>>().join("\n"));
    }
    parts.extend(sheet.paragraphs.iter().cloned());
    if let Some(button) = &sheet.button {
        parts.push(format!("{}{}\n{}", button.label, words.colon, button.link));
    }
    if let Some(typed) = &sheet.typed {
        let [before, after] = words.or_open;
        parts.push(format!("{before}{}{after}\n{}", typed.link, typed.code));
    }
    if !sheet.small.is_empty() {
        parts.push(sheet.small.join("\n"));
    }
    if let Some(decline) = &sheet.decline {
        parts.push(format!("{} {}{}\n{}", words.not_you, decline.label, words.colon, decline.link));
    }
    parts.join("\n\n") + "\n"
}
