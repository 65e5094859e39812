//! Users looked for.

use http::Method;
use serde_json::{Value, json};

use crate::{support::World, wire::Wire};

both!(
    a_person_without_a_role_finds_themselves,
    every_query,
    sorting_and_pages,
    nesting_has_an_end,
    the_answer_whole,
    refusals
);

async fn people(wire: &Wire) {
    for (id, given, family, nick, phone) in [
        ("u1", "Grace", "Hopper", "Amazing", "+441514960451"),
        ("u2", "Ada", "Lovelace", "Countess", "+441514960452"),
        ("u3", "Alan", "Turing", "Prof", ""),
    ] {
        let body = json!({
            "userId": id,
            "username": format!("{}.{}", given, family),
            "profile": {"givenName": given, "familyName": family, "nickName": nick},
            "email": {"email": format!("{given}@navy.example"), "isVerified": false},
            "phone": {"phone": phone},
            "metadata": [{"key": format!("team-{id}"), "value": "eA=="}],
        });
        let heard = wire.post("/v2/users/human", body).await;
        assert_eq!(heard.status, 200, "{}", heard.line());
        wire.world.env.pass(1_000);
    }
}

/// The ids that a question finds, in order.
async fn ids(wire: &Wire, body: Value) -> String {
    let heard = wire.post("/v2/users", body).await;
    assert_eq!(heard.status, 200, "{}", heard.line());
    let json = heard.json();
    let empty = Vec::new();
    let users = json["result"].as_array().unwrap_or(&empty).iter();
    let ids: Vec<&str> = users.map(|user| user["userId"].as_str().unwrap()).filter(|id| id.starts_with('u')).collect();
    format!("{} of {}", ids.join(" "), json["details"]["totalResult"].as_str().unwrap_or("-"))
}

async fn every_query(world: World) {
    let wire = Wire::new(world).await;
    people(&wire).await;
    wire.post("/v2/users/u2/lock", json!({})).await;
    wire.post("/v2/users/u3/deactivate", json!({})).await;
    let organization = wire.world.organization.clone();
    let text = |method: &str| format!("TEXT_QUERY_METHOD_{method}");
    let mut told = String::new();
    for query in [
        json!({"userNameQuery": {"userName": "Ada.Lovelace"}}),
        json!({"userNameQuery": {"userName": "ada.lovelace"}}),
        json!({"userNameQuery": {"userName": "ada.lovelace", "method": text("EQUALS_IGNORE_CASE")}}),
        json!({"firstNameQuery": {"firstName": "A", "method": text("STARTS_WITH")}}),
        json!({"firstNameQuery": {"firstName": "a", "method": text("STARTS_WITH_IGNORE_CASE")}}),
        json!({"lastNameQuery": {"lastName": "ing", "method": text("ENDS_WITH")}}),
        json!({"lastNameQuery": {"lastName": "ING", "method": text("ENDS_WITH_IGNORE_CASE")}}),
        json!({"nickNameQuery": {"nickName": "ount", "method": text("CONTAINS")}}),
        json!({"nickNameQuery": {"nickName": "OUNT", "method": text("CONTAINS_IGNORE_CASE")}}),
        json!({"displayNameQuery": {"displayName": "Alan Turing", "method": 0}}),
        json!({"emailQuery": {"emailAddress": "Grace@navy.example"}}),
        json!({"emailQuery": {"emailAddress": "grace@NAVY.example", "method": text("EQUALS_IGNORE_CASE")}}),
        json!({"loginNameQuery": {"loginName": "Alan", "method": text("STARTS_WITH")}}),
        json!({"phoneQuery": {"number": "+441514960452"}}),
        json!({"stateQuery": {"state": "USER_STATE_ACTIVE"}}),
        json!({"stateQuery": {"state": "USER_STATE_INACTIVE"}}),
        json!({"stateQuery": {"state": "USER_STATE_LOCKED"}}),
        json!({"stateQuery": {"state": "USER_STATE_INITIAL"}}),
        json!({"typeQuery": {"type": "TYPE_HUMAN"}}),
        json!({"typeQuery": {"type": "TYPE_MACHINE"}}),
        json!({"inUserIdsQuery": {"userIds": ["u1", "u3", "nobody"]}}),
        json!({"in_user_emails_query": {"user_emails": ["ada@navy.example"]}}),
        json!({"organizationIdQuery": {"organizationId": organization}}),
        json!({"organizationIdQuery": {"organizationId": "other"}}),
        json!({"metadataKeyFilter": {"key": "team-u3"}}),
        json!({"metadataKeyFilter": {"key": "EAM-", "method": "TEXT_FILTER_METHOD_CONTAINS"}}),
        json!({"metadataKeyFilter": {"key": "TEAM-", "method": "TEXT_FILTER_METHOD_STARTS_WITH_IGNORE_CASE"}}),
        json!({"metadataKeyFilter": {"key": "-u2", "method": "TEXT_FILTER_METHOD_ENDS_WITH"}}),
        json!({"metadataValueFilter": {"value": "eA=="}}),
        json!({"metadataValueFilter": {"value": "eA==", "method": "BYTE_FILTER_METHOD_NOT_EQUALS"}}),
        json!({"notQuery": {"query": {"inUserIdsQuery": {"userIds": ["u1"]}}}}),
        json!({"orQuery": {"queries": [{"firstNameQuery": {"firstName": "Ada"}}, {"firstNameQuery": {"firstName": "Alan"}}]}}),
        json!({"andQuery": {"queries": [{"firstNameQuery": {"firstName": "Ada"}}, {"lastNameQuery": {"lastName": "Turing"}}]}}),
        json!({"orQuery": {}}),
        json!({"andQuery": {}}),
        json!({"userNameQuery": {"userName": "100%_\\", "method": text("CONTAINS")}}),
    ] {
        let found = ids(&wire, json!({"queries": [query], "sortingColumn": 9, "query": {"asc": true}})).await;
        told += &format!("{query}\n  {found}\n");
    }
    snapshot!(told, @r#"
    {"userNameQuery":{"userName":"Ada.Lovelace"}}
      u2 of 1
    {"userNameQuery":{"userName":"ada.lovelace"}}
       of -
    {"userNameQuery":{"userName":"ada.lovelace","method":"TEXT_QUERY_METHOD_EQUALS_IGNORE_CASE"}}
      u2 of 1
    {"firstNameQuery":{"firstName":"A","method":"TEXT_QUERY_METHOD_STARTS_WITH"}}
      u2 u3 of 2
    {"firstNameQuery":{"firstName":"a","method":"TEXT_QUERY_METHOD_STARTS_WITH_IGNORE_CASE"}}
      u2 u3 of 2
    {"lastNameQuery":{"lastName":"ing","method":"TEXT_QUERY_METHOD_ENDS_WITH"}}
      u3 of 1
    {"lastNameQuery":{"lastName":"ING","method":"TEXT_QUERY_METHOD_ENDS_WITH_IGNORE_CASE"}}
      u3 of 1
    {"nickNameQuery":{"nickName":"ount","method":"TEXT_QUERY_METHOD_CONTAINS"}}
      u2 of 1
    {"nickNameQuery":{"nickName":"OUNT","method":"TEXT_QUERY_METHOD_CONTAINS_IGNORE_CASE"}}
      u2 of 1
    {"displayNameQuery":{"displayName":"Alan Turing","method":0}}
      u3 of 1
    {"emailQuery":{"emailAddress":"Grace@navy.example"}}
      u1 of 1
    {"emailQuery":{"emailAddress":"grace@NAVY.example","method":"TEXT_QUERY_METHOD_EQUALS_IGNORE_CASE"}}
      u1 of 1
    {"loginNameQuery":{"loginName":"Alan","method":"TEXT_QUERY_METHOD_STARTS_WITH"}}
      u3 of 1
    {"phoneQuery":{"number":"+441514960452"}}
      u2 of 1
    {"stateQuery":{"state":"USER_STATE_ACTIVE"}}
      u1 of 2
    {"stateQuery":{"state":"USER_STATE_INACTIVE"}}
      u3 of 1
    {"stateQuery":{"state":"USER_STATE_LOCKED"}}
      u2 of 1
    {"stateQuery":{"state":"USER_STATE_INITIAL"}}
       of -
    {"typeQuery":{"type":"TYPE_HUMAN"}}
      u1 u2 u3 of 4
    {"typeQuery":{"type":"TYPE_MACHINE"}}
       of -
    {"inUserIdsQuery":{"userIds":["u1","u3","nobody"]}}
      u1 u3 of 2
    {"in_user_emails_query":{"user_emails":["ada@navy.example"]}}
      u2 of 1
    {"organizationIdQuery":{"organizationId":"01977420-dc00-7118-b0d3-641a68f94a69"}}
      u1 u2 u3 of 4
    {"organizationIdQuery":{"organizationId":"other"}}
       of -
    {"metadataKeyFilter":{"key":"team-u3"}}
      u3 of 1
    {"metadataKeyFilter":{"key":"EAM-","method":"TEXT_FILTER_METHOD_CONTAINS"}}
       of -
    {"metadataKeyFilter":{"key":"TEAM-","method":"TEXT_FILTER_METHOD_STARTS_WITH_IGNORE_CASE"}}
      u1 u2 u3 of 3
    {"metadataKeyFilter":{"key":"-u2","method":"TEXT_FILTER_METHOD_ENDS_WITH"}}
      u2 of 1
    {"metadataValueFilter":{"value":"eA=="}}
      u1 u2 u3 of 3
    {"metadataValueFilter":{"value":"eA==","method":"BYTE_FILTER_METHOD_NOT_EQUALS"}}
       of -
    {"notQuery":{"query":{"inUserIdsQuery":{"userIds":["u1"]}}}}
      u2 u3 of 3
    {"orQuery":{"queries":[{"firstNameQuery":{"firstName":"Ada"}},{"firstNameQuery":{"firstName":"Alan"}}]}}
      u2 u3 of 2
    {"andQuery":{"queries":[{"firstNameQuery":{"firstName":"Ada"}},{"lastNameQuery":{"lastName":"Turing"}}]}}
       of -
    {"orQuery":{}}
       of -
    {"andQuery":{}}
      u1 u2 u3 of 4
    {"userNameQuery":{"userName":"100%_\\","method":"TEXT_QUERY_METHOD_CONTAINS"}}
       of -
    "#);
}

async fn sorting_and_pages(world: World) {
    let wire = Wire::new(world).await;
    people(&wire).await;
    let only = json!([{"emailQuery": {"emailAddress": "navy", "method": "TEXT_QUERY_METHOD_CONTAINS"}}]);
    let mut told = String::new();
    for column in [
        "UNSPECIFIED",
        "USER_NAME",
        "FIRST_NAME",
        "LAST_NAME",
        "NICK_NAME",
        "DISPLAY_NAME",
        "EMAIL",
        "STATE",
        "TYPE",
        "CREATION_DATE",
    ] {
        let column = format!("USER_FIELD_NAME_{column}");
        let down = ids(&wire, json!({"queries": only, "sortingColumn": column})).await;
        let up = ids(&wire, json!({"queries": only, "sortingColumn": column, "query": {"asc": true}})).await;
        told += &format!("{column}: {down}; {up}\n");
    }
    for page in [
        json!({"limit": 2}),
        json!({"limit": 2, "offset": "2"}),
        json!({"limit": 2, "offset": 4}),
        json!({"offset": "18446744073709551615"}),
    ] {
        told += &format!("{page}: {}\n", ids(&wire, json!({"queries": only, "query": page})).await);
    }
    snapshot!(told, @r#"
    USER_FIELD_NAME_UNSPECIFIED: u3 u2 u1 of 3; u1 u2 u3 of 3
    USER_FIELD_NAME_USER_NAME: u1 u3 u2 of 3; u2 u3 u1 of 3
    USER_FIELD_NAME_FIRST_NAME: u1 u3 u2 of 3; u2 u3 u1 of 3
    USER_FIELD_NAME_LAST_NAME: u3 u2 u1 of 3; u1 u2 u3 of 3
    USER_FIELD_NAME_NICK_NAME: u3 u2 u1 of 3; u1 u2 u3 of 3
    USER_FIELD_NAME_DISPLAY_NAME: u1 u3 u2 of 3; u2 u3 u1 of 3
    USER_FIELD_NAME_EMAIL: u1 u3 u2 of 3; u2 u3 u1 of 3
    USER_FIELD_NAME_STATE: u3 u2 u1 of 3; u1 u2 u3 of 3
    USER_FIELD_NAME_TYPE: u3 u2 u1 of 3; u1 u2 u3 of 3
    USER_FIELD_NAME_CREATION_DATE: u3 u2 u1 of 3; u1 u2 u3 of 3
    {"limit":2}: u3 u2 of 3
    {"limit":2,"offset":"2"}: u1 of 3
    {"limit":2,"offset":4}:  of 3
    {"offset":"18446744073709551615"}:  of 3
    "#);
}

async fn nesting_has_an_end(world: World) {
    let wire = Wire::new(world).await;
    people(&wire).await;
    let nested = |depth: usize| {
        let mut query = json!({"firstNameQuery": {"firstName": "Ada"}});
        for _ in 0..depth {
            query = json!({"andQuery": {"queries": [query]}});
        }
        json!({"queries": [query]})
    };
    assert_eq!(ids(&wire, nested(20)).await, "u2 of 1");
    let heard = wire.post("/v2/users", nested(21)).await;
    snapshot!(heard.line(), @r#"400 {"code":3,"message":"Too many query nesting levels (Max 20) (USER-zsQ97)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"USER-zsQ97","message":"Too many query nesting levels (Max 20)"}]}"#);
    let heard = wire.post("/v2/users", nested(35)).await;
    assert_eq!(heard.json()["details"][0]["id"], "USER-zsQ97", "{}", heard.line());
    // And breadth.
    let many: Vec<Value> = (0..1_000).map(|_| json!({"firstNameQuery": {"firstName": "Ada"}})).collect();
    let heard = wire.post("/v2/users", json!({"queries": many})).await;
    assert_eq!((heard.status.as_u16(), heard.json()["code"].as_i64()), (400, Some(3)));
}

async fn the_answer_whole(world: World) {
    let mut wire = Wire::new(world).await;
    people(&wire).await;
    let queries = json!([{"inUserIdsQuery": {"userIds": ["u1"]}}]);
    let body = json!({"queries": queries, "sortingColumn": "USER_FIELD_NAME_EMAIL"});
    wire.tell(Method::POST, "/v2/users", body).await;
    wire.tell(Method::POST, "/v2/users", json!({"queries": [{"inUserIdsQuery": {"userIds": []}}]})).await;
    snapshot!(wire.told, @r#"
    POST /v2/users {"queries":[{"inUserIdsQuery":{"userIds":["u1"]}}],"sortingColumn":"USER_FIELD_NAME_EMAIL"}
    200 {"details":{"totalResult":"1","processedSequence":"2","timestamp":"2025-06-15T15:06:43Z"},"sortingColumn":"USER_FIELD_NAME_EMAIL","result":[{"userId":"u1","state":"USER_STATE_ACTIVE","username":"Grace.Hopper","loginNames":["Grace.Hopper"],"preferredLoginName":"Grace.Hopper","human":{"userId":"u1","state":"USER_STATE_ACTIVE","username":"Grace.Hopper","loginNames":["Grace.Hopper"],"preferredLoginName":"Grace.Hopper","profile":{"givenName":"Grace","familyName":"Hopper","nickName":"Amazing","displayName":"Grace Hopper","preferredLanguage":"en"},"email":{"email":"Grace@navy.example"},"phone":{"phone":"+441514960451"}},"details":{"sequence":"2","changeDate":"2025-06-15T15:06:40Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69","creationDate":"2025-06-15T15:06:40Z"}}]}

    POST /v2/users {"queries":[{"inUserIdsQuery":{"userIds":[]}}]}
    200 {"details":{"timestamp":"2025-06-15T15:06:43Z"}}
    "#);
}

async fn refusals(world: World) {
    let mut wire = Wire::new(world).await;
    for body in [
        json!({"query": {"limit": 1001}}),
        json!({"query": {"limit": -1}}),
        json!({"query": {"offset": "many"}}),
        json!({"queries": [{}]}),
        json!({"queries": [{"notQuery": {}}]}),
        json!({"queries": [{"userNameQuery": {}}]}),
        json!({"queries": [{"stateQuery": {"state": 77}}]}),
        json!({"queries": [{"userNameQuery": {"userName": "x", "method": 77}}]}),
        json!({"queries": [{"andQuery": {"queries": [{"phoneQuery": {"number": "123456789012345678901"}}]}}]}),
        json!({"queries": [{"userNameQuery": {"userName": "a"}, "firstNameQuery": {"firstName": "b"}}]}),
        json!({"queries": [{"metadataKeyFilter": {"key": "k", "method": 77}}]}),
        json!({"queries": [{"metadataValueFilter": {"value": ""}}]}),
    ] {
        wire.tell(Method::POST, "/v2/users", body).await;
    }
    snapshot!(wire.told, @r#"
    POST /v2/users {"query":{"limit":1001}}
    400 {"code":3,"message":"Limit exceeded (QUERY-4M0fs)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"QUERY-4M0fs","message":"Limit exceeded"}]}

    POST /v2/users {"query":{"limit":-1}}
    400 {"code":3,"message":"proto: (line 1:20): out of range integral type conversion attempted"}

    POST /v2/users {"query":{"offset":"many"}}
    400 {"code":3,"message":"proto: (line 1:25): invalid digit found in string"}

    POST /v2/users {"queries":[{}]}
    400 {"code":3,"message":"invalid ListUsersRequest.Queries[0]: embedded message failed validation | caused by: invalid SearchQuery.Query: value is required"}

    POST /v2/users {"queries":[{"notQuery":{}}]}
    400 {"code":3,"message":"List.Query.Invalid (GRPC-vR9nC)","details":[{"@type":"type.googleapis.com/zitadel.v1.ErrorDetail","id":"GRPC-vR9nC","message":"List.Query.Invalid"}]}

    POST /v2/users {"queries":[{"userNameQuery":{}}]}
    400 {"code":3,"message":"invalid ListUsersRequest.Queries[0]: embedded message failed validation | caused by: invalid SearchQuery.UserNameQuery: embedded message failed validation | caused by: invalid UserNameQuery.UserName: value length must be between 1 and 200 runes, inclusive"}

    POST /v2/users {"queries":[{"stateQuery":{"state":77}}]}
    400 {"code":3,"message":"invalid ListUsersRequest.Queries[0]: embedded message failed validation | caused by: invalid SearchQuery.StateQuery: embedded message failed validation | caused by: invalid StateQuery.State: value must be one of the defined enum values"}

    POST /v2/users {"queries":[{"userNameQuery":{"userName":"x","method":77}}]}
    400 {"code":3,"message":"invalid ListUsersRequest.Queries[0]: embedded message failed validation | caused by: invalid SearchQuery.UserNameQuery: embedded message failed validation | caused by: invalid UserNameQuery.Method: value must be one of the defined enum values"}

    POST /v2/users {"queries":[{"andQuery":{"queries":[{"phoneQuery":{"number":"123456789012345678901"}}]}}]}
    400 {"code":3,"message":"invalid ListUsersRequest.Queries[0]: embedded message failed validation | caused by: invalid SearchQuery.AndQuery: embedded message failed validation | caused by: invalid AndQuery.Queries[0]: embedded message failed validation | caused by: invalid SearchQuery.PhoneQuery: embedded message failed validation | caused by: invalid PhoneQuery.Number: value length must be at most 20 runes"}

    POST /v2/users {"queries":[{"userNameQuery":{"userName":"a"},"firstNameQuery":{"firstName":"b"}}]}
    400 {"code":3,"message":"proto: (line 1:81): multiple fields provided for oneof 'query'"}

    POST /v2/users {"queries":[{"metadataKeyFilter":{"key":"k","method":77}}]}
    400 {"code":3,"message":"invalid ListUsersRequest.Queries[0]: embedded message failed validation | caused by: invalid SearchQuery.MetadataKeyFilter: embedded message failed validation | caused by: invalid MetadataKeyFilter.Method: value must be one of the defined enum values"}

    POST /v2/users {"queries":[{"metadataValueFilter":{"value":""}}]}
    400 {"code":3,"message":"invalid ListUsersRequest.Queries[0]: embedded message failed validation | caused by: invalid SearchQuery.MetadataValueFilter: embedded message failed validation | caused by: invalid MetadataValueFilter.Value: value length must be between 1 and 500000 bytes, inclusive"}
    "#);
}

async fn a_person_without_a_role_finds_themselves(world: World) {
    let wire = Wire::new(world).await;
    people(&wire).await;
    let token = wire.token_of("u2").await;
    let first =
        |name: &str| json!({"firstNameQuery": {"firstName": name, "method": "TEXT_QUERY_METHOD_EQUALS_IGNORE_CASE"}});
    for (queries, found) in [
        (json!([]), 1),
        (json!([first("ada")]), 1),
        (json!([first("grace")]), 0),
        (json!([{"orQuery": {"queries": [first("grace"), {"stateQuery": {"state": "USER_STATE_ACTIVE"}}]}}]), 1),
        (json!([{"notQuery": {"query": {"inUserIdsQuery": {"userIds": ["u2"]}}}}]), 0),
        (json!([{"metadataKeyFilter": {"key": "team-u2"}}]), 1),
        (json!([{"inUserEmailsQuery": {"userEmails": ["ADA@navy.example"]}}]), 1),
    ] {
        let heard = wire.rest(&token, Method::POST, "/v2/users", &json!({"queries": queries})).await.json();
        let users = heard["result"].as_array().map_or(0, Vec::len);
        assert_eq!(users, found, "{queries}");
        assert!(users == 0 || heard["result"][0]["userId"] == "u2");
    }
    let heard = wire.rest(&token, Method::POST, "/v2/users", &json!({"query": {"offset": 1}})).await.json();
    assert_eq!((heard["details"]["totalResult"].as_str(), heard.get("result")), (Some("1"), None));
}
