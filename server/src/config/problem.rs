//! Why Vestibule does not start with these settings.

use std::fmt;

use super::source::Source;

/// One thing wrong with the settings: which, where it was said, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The setting's variable, or the unknown name as it was written.
    pub name: String,
    pub source: Source,
    /// Never holds a secret's value.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.name, self.source, self.what)
    }
}

/// Everything that is wrong, so that one look mends it all. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings are not sound:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for Problems {}

/// The known name that was most likely meant, if any is close enough.
pub(super) fn nearest<'n>(written: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let close = known.into_iter().map(|name| (distance(written, name), name)).min()?;
    (close.0 <= 1 + written.len() / 5).then_some(close.1)
}

/// How many characters must be added, dropped or replaced to make one text the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, left) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, right) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(left != *right);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_name_and_nonsense_none() {
        let known = ["VESTIBULE_LISTEN", "VESTIBULE_LOG", "VESTIBULE_PUBLIC_URL"];
        assert_eq!(nearest("VESTIBULE_PUBLICURL", known), Some("VESTIBULE_PUBLIC_URL"));
        assert_eq!(nearest("VESTIBULE_LISTNE", known), Some("VESTIBULE_LISTEN"));
        assert_eq!(nearest("VESTIBULE_COFFEE_MACHINE", known), None);
    }
}
