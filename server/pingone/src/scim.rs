//! The filter language: a part of SCIM's (RFC 7644 §3.4.2.2), read by recursive descent within bounds.
//!
//! ```text
//! or      = and *( "or" and )
//! and     = term *( "and" term )
//! term    = "not" "(" or ")" / "(" or ")" / compare / within
//! compare = attribute operator value
//! within  = attribute "[" compare "]"
//! ```

/// Longest filter in bytes.
pub const LONGEST: usize = 8 * 1024;
/// Parentheses within parentheses; more than anybody writes, less than what a stack holds.
pub const DEEPEST: usize = 32;
/// Comparisons in one filter, because each costs the database something.
pub const MOST: usize = 200;

/// A filter that could be read; what its attributes mean is for [`filter`](crate::filter) to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Compare(Compare),
    /// `memberOfGroups[id eq "…"]`
    Within(String, Compare),
}

/// `attribute operator value`, the operator in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compare {
    pub attribute: String,
    pub operator: String,
    pub value: Literal,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    Text(String),
    Bool(bool),
}

/// Why a filter cannot be read, for the person who wrote it.
pub type Trouble = String;

/// Reads a filter.
pub fn parse(text: &str) -> Result<Expr, Trouble> {
    if text.len() > LONGEST {
        return Err(format!("The filter is longer than {LONGEST} bytes."));
    }
    let mut reader = Reader { rest: text, whole: text.len(), compared: 0 };
    let expr = reader.or(0)?;
    reader.skip();
    if reader.rest.is_empty() { Ok(expr) } else { Err(reader.expected("`and`, `or` or the end")) }
}

struct Reader<'t> {
    rest: &'t str,
    whole: usize,
    compared: usize,
}

impl<'t> Reader<'t> {
    fn or(&mut self, depth: usize) -> Result<Expr, Trouble> {
        if depth > DEEPEST {
            return Err(format!("The filter has more than {DEEPEST} parentheses within each other."));
        }
        let mut parts = vec![self.and(depth)?];
        while self.keyword("or") {
            parts.push(self.and(depth)?);
        }
        Ok(one_or(parts, Expr::Or))
    }

    fn and(&mut self, depth: usize) -> Result<Expr, Trouble> {
        let mut parts = vec![self.term(depth)?];
        while self.keyword("and") {
            parts.push(self.term(depth)?);
        }
        Ok(one_or(parts, Expr::And))
    }

    fn term(&mut self, depth: usize) -> Result<Expr, Trouble> {
        if self.keyword("not") {
            if !self.sign('(') {
                return Err(self.expected("`(` after `not`"));
            }
            return Ok(Expr::Not(Box::new(self.group(depth)?)));
        }
        if self.sign('(') {
            return self.group(depth);
        }
        let attribute = self.word();
        if attribute.is_empty() {
            return Err(self.expected("an attribute"));
        }
        if self.sign('[') {
            let inner = self.word().to_owned();
            let compare = self.compare(inner)?;
            return if self.sign(']') {
                Ok(Expr::Within(attribute.to_owned(), compare))
            } else {
                Err(self.expected("`]`"))
            };
        }
        self.compare(attribute.to_owned()).map(Expr::Compare)
    }

    fn group(&mut self, depth: usize) -> Result<Expr, Trouble> {
        let inner = self.or(depth + 1)?;
        if self.sign(')') { Ok(inner) } else { Err(self.expected("`)`")) }
    }

    fn compare(&mut self, attribute: String) -> Result<Compare, Trouble> {
        self.compared += 1;
        if self.compared > MOST {
            return Err(format!("The filter compares more than {MOST} times."));
        }
        let operator = self.word().to_ascii_lowercase();
        if attribute.is_empty() || operator.is_empty() {
            return Err(self.expected("an attribute and an operator"));
        }
        Ok(Compare { attribute, operator, value: self.literal()? })
    }

    /// A JSON string, or `true` or `false`.
    fn literal(&mut self) -> Result<Literal, Trouble> {
        self.skip();
        if self.rest.starts_with('"') {
            let mut strings = serde_json::Deserializer::from_str(self.rest).into_iter::<String>();
            let Some(Ok(text)) = strings.next() else { return Err(self.expected("a string in double quotes")) };
            self.rest = &self.rest[strings.byte_offset()..];
            return Ok(Literal::Text(text));
        }
        for (word, value) in [("true", true), ("false", false)] {
            if self.keyword(word) {
                return Ok(Literal::Bool(value));
            }
        }
        Err(self.expected("a string in double quotes, `true` or `false`"))
    }

    /// Takes the letters, digits and dots that come next.
    fn word(&mut self) -> &'t str {
        self.skip();
        let end = self.rest.find(|sign: char| !is_word(sign)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    /// Takes a keyword, whatever its case, if it comes next.
    fn keyword(&mut self, keyword: &str) -> bool {
        let before = self.rest;
        let found = self.word().eq_ignore_ascii_case(keyword);
        if !found {
            self.rest = before;
        }
        found
    }

    fn sign(&mut self, sign: char) -> bool {
        self.skip();
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn expected(&self, what: &str) -> Trouble {
        format!("The filter should have {what} at position {}.", self.whole - self.rest.len() + 1)
    }
}

fn is_word(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '.' | '_' | '-' | '$')
}

fn one_or(mut parts: Vec<Expr>, many: impl FnOnce(Vec<Expr>) -> Expr) -> Expr {
    if parts.len() == 1 { parts.remove(0) } else { many(parts) }
}

#[cfg(test)]
mod random;

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(expr: &Expr) -> String {
        let list = |parts: &[Expr]| parts.iter().map(shape).collect::<Vec<_>>().join(" ");
        match expr {
            Expr::And(parts) => format!("(and {})", list(parts)),
            Expr::Or(parts) => format!("(or {})", list(parts)),
            Expr::Not(part) => format!("(not {})", shape(part)),
            Expr::Compare(Compare { attribute, operator, value: Literal::Text(text) }) => {
                format!("{attribute}:{operator}:{text}")
            }
            Expr::Compare(Compare { attribute, operator, value: Literal::Bool(value) }) => {
                format!("{attribute}:{operator}:{value}")
            }
            Expr::Within(attribute, inner) => format!("{attribute}[{}]", shape(&Expr::Compare(inner.clone()))),
        }
    }

    fn read(text: &str) -> String {
        parse(text).map_or_else(|trouble| trouble, |expr| shape(&expr))
    }

    #[test]
    fn and_binds_closer_than_or_and_keywords_have_no_case() {
        assert_eq!(read(r#"email eq "a@b.c" or username eq "a@b.c""#), "(or email:eq:a@b.c username:eq:a@b.c)");
        assert_eq!(read(r#"a EQ "1" OR b eq "2" AND c sw "3""#), "(or a:eq:1 (and b:eq:2 c:sw:3))");
        assert_eq!(read(r#"(a eq "1" or b eq "2") AND (c eq true)"#), "(and (or a:eq:1 b:eq:2) c:eq:true)");
        assert_eq!(read(r#"not(a eq "1")and(b eq FALSE)"#), "(and (not a:eq:1) b:eq:false)");
        assert_eq!(read(r#"memberOfGroups[id eq "g"]"#), "memberOfGroups[id:eq:g]");
        assert_eq!(read(r#"  nickname   eq"\"\u00e9\\" "#), "nickname:eq:\"é\\");
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        insta::assert_snapshot!([
            "", "email", "email eq", "email eq x", "email eq 'x'", r#"email eq "x"#, r#"email eq "x" and"#,
            r#"(email eq "x""#, r#"email eq "x")"#, r#"email eq "x" xor a eq "y""#, r#"not a eq "x""#,
            r#"memberOfGroups[id eq "x""#, "(((", r#"[id eq "x"]"#, r#"email eq "\ud800""#,
        ].map(|text| format!("{text:40} {}", read(text))).join("\n"), @r#"
                                                 The filter should have an attribute at position 1.
        email                                    The filter should have an attribute and an operator at position 6.
        email eq                                 The filter should have a string in double quotes, `true` or `false` at position 9.
        email eq x                               The filter should have a string in double quotes, `true` or `false` at position 10.
        email eq 'x'                             The filter should have a string in double quotes, `true` or `false` at position 10.
        email eq "x                              The filter should have a string in double quotes at position 10.
        email eq "x" and                         The filter should have an attribute at position 17.
        (email eq "x"                            The filter should have `)` at position 14.
        email eq "x")                            The filter should have `and`, `or` or the end at position 13.
        email eq "x" xor a eq "y"                The filter should have `and`, `or` or the end at position 14.
        not a eq "x"                             The filter should have `(` after `not` at position 5.
        memberOfGroups[id eq "x"                 The filter should have `]` at position 25.
        (((                                      The filter should have an attribute at position 4.
        [id eq "x"]                              The filter should have an attribute at position 1.
        email eq "\ud800"                        The filter should have a string in double quotes at position 10.
        "#);
    }

    #[test]
    fn a_filter_has_bounds() {
        let nested = |depth: usize| format!("{}a eq \"x\"{}", "(".repeat(depth), ")".repeat(depth));
        assert!(parse(&nested(DEEPEST)).is_ok());
        assert!(parse(&nested(DEEPEST + 1)).unwrap_err().contains("parentheses"));
        assert!(parse(&"(".repeat(LONGEST)).unwrap_err().contains("parentheses"));
        assert!(parse(&"(".repeat(LONGEST + 1)).unwrap_err().contains("longer"));
        let many = |count: usize| vec![r#"a eq "x""#; count].join(" or ");
        assert!(parse(&many(MOST)).is_ok());
        assert!(parse(&many(MOST + 1)).unwrap_err().contains("compares"));
        assert!(parse(&format!("{}(a eq \"x\")", "not ".repeat(50))).is_err());
    }
}
