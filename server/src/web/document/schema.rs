//! A JSON Schema as words and tables.

use serde_json::Value;

use super::prose::{escaped, inline};

/// Where a component is on the page.
pub fn anchor(name: &str) -> String {
    let sign = |sign: char| if sign.is_ascii_alphanumeric() || ".-_".contains(sign) { sign } else { '-' };
    format!("schema-{}", name.chars().map(sign).collect::<String>())
}

/// What a value may be, in a few words.
pub fn kind(schema: &Value) -> String {
    if let Some(to) = schema["$ref"].as_str() {
        let name = to.rsplit('/').next().unwrap_or(to);
        return format!("<a href=\"#{}\">{}</a>", anchor(name), escaped(name));
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        if let Some(parts) = schema[key].as_array() {
            let word = if key == "allOf" { " and " } else { " or " };
            return parts.iter().map(kind).collect::<Vec<_>>().join(word);
        }
    }
    if let Some(values) = schema["enum"].as_array() {
        return values
            .iter()
            .map(|value| format!("<code>{}</code>", escaped(&value.to_string())))
            .collect::<Vec<_>>()
            .join(", ");
    }
    if !schema["const"].is_null() {
        return format!("<code>{}</code>", escaped(&schema["const"].to_string()));
    }
    match &schema["type"] {
        Value::String(name) => of_type(name, schema),
        Value::Array(names) => {
            let names = names.iter().filter_map(Value::as_str);
            names.map(|name| of_type(name, schema)).collect::<Vec<_>>().join(" or ")
        }
        _ => "anything".to_owned(),
    }
}

fn of_type(name: &str, schema: &Value) -> String {
    match name {
        "array" if schema["items"].is_object() => format!("list of {}", kind(&schema["items"])),
        "object" if schema["additionalProperties"].is_object() => {
            format!("object of {}", kind(&schema["additionalProperties"]))
        }
        name => match schema["format"].as_str() {
            Some(format) => format!("{} ({})", escaped(name), escaped(format)),
            None => escaped(name),
        },
    }
}

/// What an object holds, as rows of a table; nothing for other schemas.
pub fn table(schema: &Value) -> String {
    let Some(properties) = schema["properties"].as_object() else { return String::new() };
    let required =
        |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|known| known == name));
    let row = |(name, property): (&String, &Value)| {
        let must = if required(name) { " <small>required</small>" } else { "" };
        let meaning = property["description"].as_str().map(inline).unwrap_or_default();
        let inner = table(property);
        format!(
            "<tr><th scope=\"row\"><code>{}</code>{must}</th><td>{}</td><td>{meaning}{inner}</td></tr>",
            escaped(name),
            kind(property)
        )
    };
    let rows: String = properties.iter().map(row).collect();
    format!("<table><tbody>{rows}</tbody></table>")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn kinds_read_like_words() {
        assert_eq!(kind(&json!({ "type": "string", "format": "date-time" })), "string (date-time)");
        assert_eq!(
            kind(&json!({ "type": ["array", "null"], "items": { "type": "integer" } })),
            "list of integer or null"
        );
        assert_eq!(kind(&json!({ "$ref": "#/components/schemas/a.B" })), "<a href=\"#schema-a.B\">a.B</a>");
        assert_eq!(kind(&json!({ "enum": ["<", 1] })), "<code>&quot;&lt;&quot;</code>, <code>1</code>");
        assert_eq!(kind(&json!({ "anyOf": [{ "type": "string" }, {}] })), "string or anything");
    }

    #[test]
    fn an_object_is_a_table() {
        let schema =
            json!({ "properties": { "code": { "type": "string", "description": "By mail." } }, "required": ["code"] });
        assert_eq!(
            table(&schema),
            "<table><tbody><tr><th scope=\"row\"><code>code</code> <small>required</small></th>\
             <td>string</td><td>By mail.</td></tr></tbody></table>"
        );
    }
}
