//! Where the link of a mail leads when a client says so: the part of Go's text/template that Zitadel's clients use.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::word::words;

words! {
    /// What may stand between the braces.
    Name {
        UserId = "UserID",
        Code = "Code",
        OrgId = "OrgID",
        /// The challenge's handle; for passkey links.
        CodeId = "CodeID",
    }
}

/// Why a text is no template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateProblem {
    /// It cannot be read, is too long, or is no address of the web.
    Syntax,
    /// It names something that there is not.
    UnknownName,
}

/// Longest template, in characters.
const LONGEST: usize = 200;
/// Values are written so that none can end the part of the link that it stands in (RFC 3986 §2.3).
const UNSAFE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A link with places for values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkTemplate {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Value(Name),
}

impl LinkTemplate {
    /// Reads a template of 1 to 200 characters that leads to a web address, and names nothing but the allowed.
    pub fn parse(text: &str, allowed: &[Name]) -> Result<Self, TemplateProblem> {
        if !(1..=LONGEST).contains(&text.chars().count()) || text.chars().any(char::is_control) {
            return Err(TemplateProblem::Syntax);
        }
        Self::read(text, allowed)
    }

    /// A page of the client's own that takes `flowId` and `inviteCode` (PingOne's `acceptUrl`).
    pub fn accept_url(url: &str) -> Result<Self, TemplateProblem> {
        if url.chars().count() > 2_000 || url.contains("{{") || url.chars().any(char::is_control) {
            return Err(TemplateProblem::Syntax);
        }
        let (url, fragment) = url.split_once('#').map_or((url, String::new()), |(url, part)| (url, format!("#{part}")));
        let joint = if url.contains('?') { '&' } else { '?' };
        Self::read(&format!("{url}{joint}flowId={{{{.CodeID}}}}&inviteCode={{{{.Code}}}}{fragment}"), Name::ALL)
    }

    /// Reads back what was stored.
    pub(crate) fn stored(text: &str) -> Option<Self> {
        Self::read(text, Name::ALL).ok()
    }

    fn read(text: &str, allowed: &[Name]) -> Result<Self, TemplateProblem> {
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((before, after)) = rest.split_once("{{") {
            let (action, after) = after.split_once("}}").ok_or(TemplateProblem::Syntax)?;
            // `{{-` and `-}}` drop the spaces beside them.
            let (trims_before, action) = action.strip_prefix("- ").map_or((false, action), |action| (true, action));
            let (trims_after, action) = action.strip_suffix(" -").map_or((false, action), |action| (true, action));
            let name = action.trim().strip_prefix('.').ok_or(TemplateProblem::Syntax)?;
            if name.is_empty() || !name.chars().all(|sign| sign.is_alphanumeric() || sign == '_' || sign == '.') {
                return Err(TemplateProblem::Syntax);
            }
            let name: Name = name.parse().map_err(|_| TemplateProblem::UnknownName)?;
            if !allowed.contains(&name) {
                return Err(TemplateProblem::UnknownName);
            }
            let before = if trims_before { before.trim_end() } else { before };
            parts.extend([Part::Text(before.to_owned()), Part::Value(name)]);
            rest = if trims_after { after.trim_start() } else { after };
        }
        parts.push(Part::Text(rest.to_owned()));
        let template = Self { text: text.to_owned(), parts };
        if template.is_web() { Ok(template) } else { Err(TemplateProblem::Syntax) }
    }

    /// Whether its scheme and host are its own, and of the web: a mail must not carry a link that runs something.
    fn is_web(&self) -> bool {
        let Some(Part::Text(start)) = self.parts.first() else { return false };
        let host = start.strip_prefix("https://").or_else(|| start.strip_prefix("http://"));
        host.is_some_and(|host| {
            let name = host.split(['/', '?', '#']).next().unwrap_or_default();
            let ends = host.len() > name.len() || self.parts.len() == 1;
            ends && !name.is_empty() && !name.contains(['@', ' ', '\\'])
        })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The link, each value percent-encoded.
    pub fn render(&self, value: impl Fn(Name) -> String) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Value(name) => utf8_percent_encode(&value(*name), UNSAFE).to_string(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALLOWED: &[Name] = &[Name::UserId, Name::Code, Name::OrgId];

    fn render(text: &str) -> Result<String, TemplateProblem> {
        LinkTemplate::parse(text, ALLOWED).map(|template| template.render(|name| format!("<{name}&>")))
    }

    #[test]
    fn names_become_values_that_cannot_break_out() {
        assert_eq!(
            render("https://a.example/v?code={{.Code}}&user={{ .UserID }}#{{- .OrgID -}} x"),
            Ok("https://a.example/v?code=%3CCode%26%3E&user=%3CUserID%26%3E#%3COrgID%26%3Ex".to_owned())
        );
        assert_eq!(render("https://a.example"), Ok("https://a.example".to_owned()));
    }

    #[test]
    fn what_does_not_parse_and_what_does_not_execute_differ() {
        for text in [
            "https://a.example/{{.Code",
            "https://a.example/{{Code}}",
            "https://a.example/{{.Code | html}}",
            "https://a.example/{{if .Code}}",
            "",
        ] {
            assert_eq!(render(text), Err(TemplateProblem::Syntax), "{text}");
        }
        for text in
            ["https://a.example/{{.LoginName}}", "https://a.example/{{.CodeID}}", "https://a.example/{{.Code.Length}}"]
        {
            assert_eq!(render(text), Err(TemplateProblem::UnknownName), "{text}");
        }
    }

    #[test]
    fn it_leads_to_a_host_of_the_web_that_no_value_chooses() {
        for text in [
            "javascript:alert(1)//{{.Code}}",
            "//a.example/{{.Code}}",
            "https://{{.Code}}/",
            "https://a.example{{.Code}}",
            "https://me@a.example/{{.Code}}",
            "{{.Code}}",
        ] {
            assert_eq!(render(text), Err(TemplateProblem::Syntax), "{text}");
        }
        assert_eq!(render(&format!("https://a.example/{}", "x".repeat(190))), Err(TemplateProblem::Syntax));
    }

    #[test]
    fn an_accept_url_gets_what_accepting_needs() {
        let template = LinkTemplate::accept_url("https://a.example/join?x=1#top").unwrap();
        assert_eq!(
            template.render(|name| name.to_string()),
            "https://a.example/join?x=1&flowId=CodeID&inviteCode=Code#top"
        );
        assert_eq!(LinkTemplate::stored(template.as_str()), Some(template));
        assert!(LinkTemplate::accept_url("data:text/html,x").is_err());
    }
}
