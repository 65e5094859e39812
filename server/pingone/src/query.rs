//! Reading a query.

use percent_encoding::percent_decode_str;

/// The values of a query by their names.
#[derive(Clone, Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads what stands after the question mark.
    ///
    /// Some clients write a space as `%20` and leave `+` as it is (`encodeURI`), others write a space as `+` and a plus
    /// as `%2B` (forms). A value in which `%20` stands was written by one of the first.
    pub fn parse(text: &str) -> Self {
        let decoded = |part: &str| {
            let part = if part.contains("%20") { part.to_owned() } else { part.replace('+', " ") };
            percent_decode_str(&part).decode_utf8_lossy().into_owned()
        };
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        });
        Self(pairs.collect())
    }

    /// The first value of a name; an empty one counts as none.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }

    /// Whether a list with commas has a word in it.
    pub fn lists(&self, name: &str, word: &str) -> bool {
        self.get(name).is_some_and(|list| list.split(',').any(|part| part.trim() == word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_is_what_its_writer_meant() {
        let filter = |text: &str| Query::parse(text).get("filter").map(str::to_owned);
        let meant = Some(r#"email eq "a+b@c.d""#.to_owned());
        assert_eq!(filter("filter=email%20eq%20%22a+b@c.d%22"), meant);
        assert_eq!(filter("limit=1&filter=email+eq+%22a%2Bb%40c.d%22"), meant);
        assert_eq!(filter("filter="), None);
        assert_eq!(filter("filter=%ff&x"), Some("\u{fffd}".to_owned()));
    }

    #[test]
    fn a_list_has_words() {
        let query = Query::parse("include=memberOfGroupIDs,%20memberOfGroupNames");
        assert!(query.lists("include", "memberOfGroupIDs") && query.lists("include", "memberOfGroupNames"));
        assert!(!query.lists("include", "memberOf"));
    }
}
