//! Sound requests with mistakes in them, and queries put together at random: an answer in the dialect's own shape,
//! soon; and the same one, whoever looks.

use http::Method;
use rand::{Rng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};

use crate::{
    support::{
        World,
        fuzz::{Case, mistaken},
    },
    wire::Wire,
};

both!(messages_with_mistakes, a_person_finds_themselves_where_others_find_them);

const PIECES: &[&str] = &[
    "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u0000", "\\ud800", "null", "true", "-1", "1e999", "1.5", "\u{0}", "é",
    " ",
];

/// A message by the proto, in either spelling.
fn message(chance: &mut StdRng) -> (Method, &'static str, Value) {
    let queries = json!({
        "query": {"offset": "0", "limit": 3, "asc": true},
        "sorting_column": "USER_FIELD_NAME_EMAIL",
        "queries": [query(chance, 3), query(chance, 1)],
    });
    let profile = json!({
        "givenName": "Ada", "family_name": "Lovelace", "nickName": "", "preferredLanguage": "de", "gender": "GENDER_FEMALE",
    });
    let email = json!({"email": "new@poet.example", "sendCode": {"urlTemplate": "https://a.example/?c={{.Code}}"}});
    let metadata = json!([{"key": "k", "value": "__79"}, {"key": "l", "value": "eA=="}]);
    match chance.random_range(0..5) {
        0 => (
            Method::POST,
            "/v2/users/human",
            json!({"profile": profile, "email": email, "metadata": metadata, "password": {"password": "tall ships sail"}}),
        ),
        1 => (
            Method::PATCH,
            "/v2/users/u2",
            json!({"username": "ada", "human": {"profile": profile, "email": {"email": "a@b.example", "isVerified": true}}}),
        ),
        2 => (Method::POST, "/v2/users/u2/email", email),
        _ => (Method::POST, "/v2/users", queries),
    }
}

/// One query, with others in it to a depth.
fn query(chance: &mut StdRng, depth: usize) -> Value {
    let kind = if depth == 0 { 3 } else { chance.random_range(0..6) };
    let mut parts = |most| (0..most).map(|_| query(chance, depth - 1)).collect::<Vec<_>>();
    match kind {
        0 => json!({"notQuery": {"query": parts(1).remove(0)}}),
        1 => json!({"and_query": {"queries": parts(2)}}),
        2 => json!({"orQuery": {"queries": parts(3)}}),
        _ => leaf(chance),
    }
}

/// A query that holds no other.
fn leaf(chance: &mut StdRng) -> Value {
    const HOW: [&str; 8] = [
        "EQUALS",
        "EQUALS_IGNORE_CASE",
        "STARTS_WITH",
        "STARTS_WITH_IGNORE_CASE",
        "CONTAINS",
        "CONTAINS_IGNORE_CASE",
        "ENDS_WITH",
        "ENDS_WITH_IGNORE_CASE",
    ];
    const VALUES: [&str; 12] =
        ["Ada", "aDA", "a", "lace", "Ada.Lovelace", "ada@navy.example", "Countess", "2", "é", "%", "_", "Team-U2"];
    const TEXTS: [(&str, &str); 7] = [
        ("userNameQuery", "userName"),
        ("firstNameQuery", "firstName"),
        ("lastNameQuery", "lastName"),
        ("nickNameQuery", "nickName"),
        ("displayNameQuery", "displayName"),
        ("emailQuery", "emailAddress"),
        ("loginNameQuery", "loginName"),
    ];
    let (how, value) = (*HOW.choose(chance).unwrap(), *VALUES.choose(chance).unwrap());
    match chance.random_range(0..12) {
        0 => json!({"metadataKeyFilter": {"key": value, "method": format!("TEXT_FILTER_METHOD_{how}")}}),
        1 => json!({"metadata_value_filter": {"value": one_of(chance, ["eA==", "eQ=="])}}),
        2 => json!({"metadataValueFilter": {"value": "eA==", "method": "BYTE_FILTER_METHOD_NOT_EQUALS"}}),
        3 => json!({"stateQuery": {"state": one_of(chance, ["USER_STATE_ACTIVE", "USER_STATE_LOCKED"])}}),
        4 => json!({"inUserIdsQuery": {"userIds": [one_of(chance, ["u1", "u2"])]}}),
        5 => json!({"inUserEmailsQuery": {"userEmails": ["ADA@navy.example"]}}),
        6 => json!({"typeQuery": {"type": chance.random_range(1..3)}}),
        _ => {
            let (name, field) = TEXTS.choose(chance).unwrap();
            json!({*name: {*field: value, "method": format!("TEXT_QUERY_METHOD_{how}")}})
        }
    }
}

fn one_of<'t>(chance: &mut StdRng, either: [&'t str; 2]) -> &'t str {
    either.choose(chance).unwrap()
}

/// The person of these tests.
async fn ada(wire: &Wire) {
    let body = json!({
        "userId": "u2",
        "username": "Ada.Lovelace",
        "profile": {"givenName": "Ada", "familyName": "Lovelace", "nickName": "Countess"},
        "email": {"email": "Ada@navy.example", "isVerified": true},
        "metadata": [{"key": "team-u2", "value": "eA=="}, {"key": "Desk", "value": "/w=="}],
    });
    let heard = wire.post("/v2/users/human", body).await;
    assert_eq!(heard.status, 200, "{}", heard.line());
}

async fn messages_with_mistakes(world: World) {
    let wire = Wire::new(world).await;
    ada(&wire).await;
    let mut sound = 0;
    for seed in 0..500 {
        let mut case = Case::new(seed);
        let (method, path, message) = message(&mut case.chance);
        let body = mistaken(&mut case.chance, &message.to_string(), PIECES);
        let heard = wire.raw(&wire.key, method, path, "application/json", body.clone()).await;
        assert!(heard.status.as_u16() < 500, "{path} {body} {}", heard.line());
        assert!(heard.json().is_object(), "{path} {body} {}", heard.line());
        sound += usize::from(heard.status == 200);
        wire.world.env.pass(1_000);
    }
    assert!((5..400).contains(&sound), "{sound} were sound");
}

/// The list of somebody without a role is made without the database; both must mean the same by every query.
async fn a_person_finds_themselves_where_others_find_them(world: World) {
    let wire = Wire::new(world).await;
    ada(&wire).await;
    let token = wire.token_of("u2").await;
    let mut found = 0;
    for seed in 0..300 {
        let mut case = Case::new(seed);
        let query = query(&mut case.chance, 3);
        let own = wire.rest(&token, Method::POST, "/v2/users", &json!({"queries": [query]})).await;
        let hers = json!({"inUserIdsQuery": {"userIds": ["u2"]}});
        let others = wire.post("/v2/users", json!({"queries": [query, hers]})).await;
        let total = |heard: &crate::wire::Heard| heard.json()["details"]["totalResult"].as_str().map(str::to_owned);
        assert_eq!((own.status.as_u16(), others.status.as_u16()), (200, 200), "{query} {}", own.line());
        assert_eq!(total(&own), total(&others), "{query}");
        found += usize::from(total(&own).is_some());
        wire.world.env.pass(1_000);
    }
    assert!((50..250).contains(&found), "found {found} times");
}
