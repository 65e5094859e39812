//! The OpenAPI document as one page: nothing runs on it, and nothing is fetched but our own style.

use std::fmt::Write;

use serde_json::Value;

use super::{
    prose::{escaped, inline, prose},
    schema::{anchor, kind, table},
};
use crate::assets::PKG_DIR;

/// Writes the page.
pub fn page(document: &Value) -> String {
    let tags: Vec<&str> = list(&document["tags"]).iter().filter_map(|tag| tag["name"].as_str()).collect();
    let mut html = head(document);
    html += "<nav aria-label=\"Sections\">";
    for tag in tags.iter().copied().chain(["Schemas"]) {
        put(&mut html, format_args!("<a href=\"#{}\"><span>{}</span></a>", section_id(tag), escaped(tag)));
    }
    html += "</nav></header><main class=\"page docs\" id=\"main\" tabindex=\"-1\">";
    put(
        &mut html,
        format_args!("<header><h1>API</h1><a class=\"push\" href=\"/openapi.json\">openapi.json</a></header>"),
    );
    put(&mut html, format_args!("<div class=\"stack\">{}</div>", prose(text(&document["info"]["description"]))));
    for tag in tags {
        section(&mut html, document, tag);
    }
    schemas(&mut html, document);
    html += "</main></div></body></html>\n";
    html
}

fn head(document: &Value) -> String {
    let title = escaped(text(&document["info"]["title"]));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"><link rel=\"stylesheet\" href=\"/{PKG_DIR}/vestibule.css\">\
         <title>API · {title}</title></head><body><a class=\"skip\" href=\"#main\">Skip to content</a>\
         <div class=\"console\"><header class=\"rail\"><a class=\"brand\" href=\"/console\"><span>{title}</span></a>"
    )
}

fn section(html: &mut String, document: &Value, tag: &str) {
    let id = section_id(tag);
    put(
        html,
        format_args!(
            "<section class=\"card\" aria-labelledby=\"{id}\"><header><h2 id=\"{id}\">{}</h2></header>",
            escaped(tag)
        ),
    );
    let paths = document["paths"].as_object().into_iter().flatten();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            if list(&operation["tags"]).iter().any(|own| own == tag) {
                write_operation(html, method, path, operation);
            }
        }
    }
    *html += "</section>";
}

fn write_operation(html: &mut String, method: &str, path: &str, operation: &Value) {
    let id = escaped(text(&operation["operationId"]));
    put(html, format_args!("<details id=\"{id}\"><summary><code class=\"method\">{}</code> ", method.to_uppercase()));
    put(
        html,
        format_args!(
            "<code>{}</code> <span class=\"muted\">{}</span></summary>",
            escaped(path),
            inline(text(&operation["summary"]))
        ),
    );
    put(html, format_args!("<div class=\"body stack\">{}", prose(text(&operation["description"]))));
    put(html, format_args!("<p>{}</p>", who(&operation["security"])));
    let parameters = list(&operation["parameters"]);
    if !parameters.is_empty() {
        *html += "<h3>Parameters</h3><table><tbody>";
        for parameter in parameters {
            put(
                html,
                format_args!(
                    "<tr><th scope=\"row\"><code>{}</code> <small>{}</small></th>",
                    escaped(text(&parameter["name"])),
                    escaped(text(&parameter["in"]))
                ),
            );
            put(
                html,
                format_args!(
                    "<td>{}</td><td>{}</td></tr>",
                    kind(&parameter["schema"]),
                    inline(text(&parameter["description"]))
                ),
            );
        }
        *html += "</tbody></table>";
    }
    if operation["requestBody"].is_object() {
        *html += "<h3>Body</h3>";
        contents(html, &operation["requestBody"]["content"]);
    }
    *html += "<h3>Answers</h3>";
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        put(html, format_args!("<p><code>{status}</code> {}</p>", inline(text(&response["description"]))));
        contents(html, &response["content"]);
    }
    *html += "</div></details>";
}

fn contents(html: &mut String, contents: &Value) {
    for (media_type, content) in contents.as_object().into_iter().flatten() {
        let what = if content["schema"].is_null() { "no body is read".to_owned() } else { kind(&content["schema"]) };
        put(
            html,
            format_args!(
                "<p class=\"muted\"><code>{}</code>: {what}</p>{}",
                escaped(media_type),
                table(&content["schema"])
            ),
        );
    }
}

/// Who may call, in one sentence.
fn who(security: &Value) -> String {
    let way = |way: &Value| {
        let Some((scheme, scopes)) = way.as_object().and_then(|way| way.iter().next()) else {
            return "its id and secret in the form".to_owned();
        };
        let how = match scheme.as_str() {
            "apiKey" => "<code>X-API-KEY</code>",
            "bearer" => "<code>Authorization: Bearer</code>",
            "client" => "<code>Authorization: Basic</code>",
            _ => "a session's cookie",
        };
        let scope = list(scopes)
            .iter()
            .filter_map(Value::as_str)
            .map(|scope| format!(" with the scope <code>{}</code>", escaped(scope)));
        format!("{how}{}", scope.collect::<String>())
    };
    match list(security) {
        [] => "Open to anybody.".to_owned(),
        ways => format!("For who shows {}.", ways.iter().map(way).collect::<Vec<_>>().join(" or ")),
    }
}

fn schemas(html: &mut String, document: &Value) {
    *html += "<section class=\"card\" aria-labelledby=\"section-schemas\"><header><h2 id=\"section-schemas\">Schemas</h2></header>";
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        put(
            html,
            format_args!(
                "<div class=\"body stack tight\" id=\"{}\"><h3><code>{}</code></h3>",
                anchor(name),
                escaped(name)
            ),
        );
        put(
            html,
            format_args!(
                "{}<p class=\"muted\">{}</p>{}</div>",
                prose(text(&schema["description"])),
                kind(schema),
                table(schema)
            ),
        );
    }
    *html += "</section>";
}

fn section_id(tag: &str) -> String {
    let sign = |sign: char| if sign.is_ascii_alphanumeric() { sign.to_ascii_lowercase() } else { '-' };
    format!("section-{}", tag.chars().map(sign).collect::<String>())
}

fn put(html: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = html.write_fmt(text);
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}
