//! Text as HTML.

/// Text without the signs that mean something to HTML.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            sign => out.push(sign),
        }
    }
    out
}

/// Paragraphs, lists of lines that begin with a dash, and words between backticks; no more of Markdown is written here.
pub fn prose(text: &str) -> String {
    let block = |block: &str| {
        let items: Option<Vec<&str>> = block.lines().map(|line| line.strip_prefix("- ")).collect();
        match items {
            Some(items) if !items.is_empty() => {
                let items: Vec<String> = items.iter().map(|item| format!("<li>{}</li>", inline(item))).collect();
                format!("<ul>{}</ul>", items.concat())
            }
            _ => format!("<p>{}</p>", inline(block)),
        }
    };
    text.split("\n\n").filter(|part| !part.trim().is_empty()).map(block).collect()
}

/// One line, in which every second part between backticks is code.
pub fn inline(text: &str) -> String {
    let part = |(at, part): (usize, &str)| {
        if at % 2 == 1 { format!("<code>{}</code>", escaped(part)) } else { escaped(part) }
    };
    text.split('`').enumerate().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_shown_and_never_run() {
        assert_eq!(inline("<b> & `a<b`"), "&lt;b&gt; &amp; <code>a&lt;b</code>");
        assert_eq!(escaped("\"><script>"), "&quot;&gt;&lt;script&gt;");
    }

    #[test]
    fn paragraphs_and_lists() {
        assert_eq!(prose("One:\n\n- `a`\n- b\n\n"), "<p>One:</p><ul><li><code>a</code></li><li>b</li></ul>");
        assert_eq!(prose(""), "");
    }
}
