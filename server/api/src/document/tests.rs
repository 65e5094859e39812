//! What the document says.

use http::Method;
use schemars::JsonSchema;

use super::*;
use crate::Security;

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema counts")]
struct Code {
    /// As it came by mail.
    code: String,
}

fn about() -> About<'static> {
    About { title: "T", description: "D", version: "1", public_url: "http://v.example" }
}

fn verify() -> Operation {
    Operation::post("/users/{user_id}", "verify")
        .tag("Users")
        .summary("Verify")
        .security(Security::ApiKey)
        .scope(vestibule_core::api_key::Scope::Verify)
        .body::<Code>("application/verify+json")
        .answers_empty(200, "Verified")
        .refuses(404, "No such user")
        .refuses_as(
            "application/problem+json",
            json!({ "$ref": "#/$defs/Problem", "$defs": { "Problem": { "type": "object" } } }),
        )
}

#[test]
fn an_operation_is_written_whole() {
    let document = document(&[verify()], &about());
    let operation = &document["paths"]["/users/{user_id}"]["post"];
    insta::assert_snapshot!(serde_json::to_string_pretty(operation).unwrap(), @r##"
    {
      "operationId": "verify",
      "tags": [
        "Users"
      ],
      "summary": "Verify",
      "parameters": [
        {
          "in": "path",
          "name": "user_id",
          "required": true,
          "schema": {
            "type": "string",
            "minLength": 1
          }
        },
        {
          "in": "header",
          "name": "Idempotency-Key",
          "description": "Chosen by the client. The same key within 24 hours gives the same answer and does nothing again.",
          "schema": {
            "type": "string",
            "pattern": "^[!-~]{1,255}$"
          }
        }
      ],
      "responses": {
        "200": {
          "description": "Verified"
        },
        "404": {
          "description": "No such user",
          "content": {
            "application/problem+json": {
              "schema": {
                "$ref": "#/components/schemas/Problem"
              }
            }
          }
        },
        "default": {
          "description": "Any other refusal",
          "content": {
            "application/problem+json": {
              "schema": {
                "$ref": "#/components/schemas/Problem"
              }
            }
          }
        }
      },
      "security": [
        {
          "apiKey": [
            "verify"
          ]
        },
        {
          "bearer": [
            "verify"
          ]
        }
      ],
      "requestBody": {
        "content": {
          "application/verify+json": {
            "schema": {
              "$ref": "#/components/schemas/Code"
            }
          }
        }
      }
    }
    "##);
    assert_eq!(document["components"]["schemas"]["Problem"], json!({ "type": "object" }));
    assert_eq!(document["components"]["schemas"]["Code"]["required"], json!(["code"]));
    assert_eq!(document["servers"], json!([{ "url": "http://v.example" }]));
}

#[test]
fn operations_of_one_method_and_path_become_one() {
    let send = Operation::new(Method::POST, "/users/{user_id}", "send")
        .summary("Send")
        .bodyless("application/send+json")
        .answers_empty(200, "Sent");
    let document = document(&[verify(), send], &about());
    let operation = &document["paths"]["/users/{user_id}"]["post"];
    assert_eq!(operation["operationId"], "verify");
    assert_eq!(operation["summary"], "Verify; or: Send");
    assert_eq!(operation["responses"]["200"]["description"], "Verified; Sent");
    let mut bodies: Vec<&String> = operation["requestBody"]["content"].as_object().unwrap().keys().collect();
    bodies.sort();
    assert_eq!(bodies, ["application/send+json", "application/verify+json"]);
}
