//! A mail as HTML: tables and inline styles, because mail readers know little else. No images, nothing fetched.

use super::sheet::{Button, Sheet, Typed};

/// Colours for readers that turn dark; inline styles yield only to `!important`.
const DARK: &str = "@media(prefers-color-scheme:dark){\
    .page{background:#161614!important;color:#eceae4!important}\
    .card{background:#1f1e1c!important;border-color:#3a3833!important}\
    .soft{color:#b3aea3!important;border-color:#3a3833!important}\
    .press{background:#6fd3c3!important;color:#0c201d!important}\
    .link{color:#6fd3c3!important}}";

/// A whole document.
pub(super) fn html(sheet: &Sheet) -> String {
    let direction = sheet.words.direction;
    let body: String = [
        format!(r#"<p style="margin:0 0 24px;font-weight:600">{}</p>"#, escaped(&sheet.organization)),
        format!(r#"<h1 style="margin:0 0 12px;font-size:22px;line-height:1.3">{}</h1>"#, escaped(&sheet.title)),
        quote(sheet),
        paragraphs(sheet),
        sheet.button.as_ref().map(press).unwrap_or_default(),
        sheet.typed.as_ref().map(|typed| code(sheet, typed)).unwrap_or_default(),
        small(sheet),
    ]
    .concat();
    format!(
        r#"<!doctype html>
<html lang="{language}" dir="{direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>{subject}</title><style>{DARK}</style></head>
<body class="page" style="margin:0;background:#f6f5f1;color:#1d1c1a;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif"><table class="page" role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f6f5f1;color:#1d1c1a"><tr><td align="center" style="padding:32px 16px">
<table class="card" role="presentation" width="100%" dir="{direction}" style="max-width:520px;background:#fff;border:1px solid #e2dfd7;border-radius:10px"><tr><td style="padding:32px;text-align:{start}">
{body}</td></tr></table></td></tr></table></body></html>
"#,
        language = sheet.language,
        subject = escaped(&sheet.subject),
        start = sheet.words.start(),
    )
}

fn paragraphs(sheet: &Sheet) -> String {
    let one = |text: &String| format!(r#"<p style="margin:0 0 24px">{}</p>"#, escaped(text));
    sheet.paragraphs.iter().map(one).collect::<Vec<_>>().concat()
}

fn quote(sheet: &Sheet) -> String {
    if sheet.quote.is_empty() {
        return String::new();
    }
    let lines = sheet.quote.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("<br>");
    let start = sheet.words.start();
    format!(
        r#"<p class="soft" dir="auto" style="margin:0 0 16px;padding-{start}:12px;border-{start}:3px solid #e2dfd7;color:#625e56">{lines}</p>
"#
    )
}

fn press(button: &Button) -> String {
    let (label, link) = (escaped(button.label), escaped(&button.link));
    format!(
        r#"<p style="margin:0 0 24px"><a class="press" href="{link}" style="display:inline-block;background:#0d5c55;color:#fff;text-decoration:none;padding:12px 20px;border-radius:8px;font-weight:600">{label}</a></p>
"#
    )
}

fn code(sheet: &Sheet, typed: &Typed) -> String {
    let [before, after] = sheet.words.or_open.map(escaped);
    let (link, place, code, start) =
        (escaped(&typed.link), escaped(&typed.place), escaped(&typed.code), sheet.words.start());
    format!(
        r#"<p style="margin:0 0 4px">{before}<a class="link" href="{link}" dir="ltr" style="color:#0d5c55;font-weight:600">{place}</a>{after}</p>
<p dir="ltr" style="margin:0 0 24px;text-align:{start};font:600 24px/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.12em">{code}</p>
"#
    )
}

fn small(sheet: &Sheet) -> String {
    let mut sentences: Vec<String> = sheet.small.iter().map(|sentence| escaped(sentence)).collect();
    if let Some(decline) = &sheet.decline {
        let (question, label, link) = (escaped(sheet.words.not_you), escaped(decline.label), escaped(&decline.link));
        sentences.push(format!(r#"{question} <a class="link" href="{link}" style="color:#0d5c55">{label}</a>"#));
    }
    if sentences.is_empty() {
        return String::new();
    }
    let sentences = sentences.join(" ");
    format!(
        r#"<p class="soft" style="margin:0;color:#625e56;font-size:14px">{sentences}</p>
"#
    )
}

/// For text and for attributes in double quotes.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(sign),
        }
    }
    safe
}
