//! Who may call, as the document says it.

use serde_json::{Value, json};

use crate::{Operation, Security};

/// Who may call, with the scope as OpenAPI 3.1 has it for schemes that are not OAuth's: a role's name.
pub(super) fn security(operation: &Operation) -> Value {
    let scope: Vec<&str> = operation.scope.iter().map(|scope| scope.as_str()).collect();
    match operation.security {
        Security::Open => json!([]),
        Security::ApiKey => json!([{ "apiKey": scope }, { "bearer": scope }]),
        Security::Bearer => json!([{ "bearer": scope }]),
        // In the form, the client's id and secret stand in the body.
        Security::Client => json!([{ "client": [] }, {}]),
        Security::Session => json!([{ "session": [] }]),
    }
}

/// The schemes that those names stand for.
pub(super) fn schemes() -> Value {
    json!({
        "apiKey": { "type": "apiKey", "in": "header", "name": "X-API-KEY", "description": "An API key." },
        "bearer": { "type": "http", "scheme": "bearer", "description": "An API key, or an access token of an OAuth client." },
        "client": { "type": "http", "scheme": "basic", "description": "Id and secret of an OAuth client." },
        "session": { "type": "apiKey", "in": "cookie", "name": "vestibule", "description": "A browser's session." },
    })
}
