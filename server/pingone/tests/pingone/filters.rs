//! Filters of a list.

use http::Method;
use serde_json::json;

use crate::{lists::names, machine::Machine, support::World};

both! {
    filters_find_who_is_meant,
    a_filter_is_written_in_many_ways,
    what_is_wrong_is_told,
}

async fn filters_find_who_is_meant(world: World) {
    let machine = Machine::new(&world).await;
    let sailors = machine.json(Method::POST, "populations", json!({ "name": "Sailors" })).await.id();
    let grace = json!({
        "username": "Grace", "email": "Grace@Navy.example", "name": { "given": "Grace", "family": "Hopper" },
        "externalId": "X-1", "address": { "locality": "Arlington" }, "population": { "id": sailors },
    });
    let id = machine.json(Method::POST, "users", grace).await.id();
    let ada =
        json!({ "username": "ada", "email": "ada@poets.example", "name": { "given": "Ada" }, "nickname": "A_a%" });
    let ada = machine.json(Method::POST, "users", ada).await.id();
    machine.json(Method::PUT, &format!("users/{ada}/enabled"), json!({ "enabled": false })).await;
    let mut told = Vec::new();
    for filter in [
        r#"email eq "grace@navy.example""#,
        r#"username eq "GRACE""#,
        r#"username sw "gr""#,
        r#"email ew "navy.example""#,
        r#"email sw "ADA""#,
        r#"externalId eq "X-1""#,
        r#"externalId eq "x-1""#,
        r#"name.given co "rac""#,
        r#"name.family ew "per""#,
        r#"address.locality sw "Arl""#,
        r#"nickname eq "A_a%""#,
        r#"nickname sw "A__""#,
        "enabled eq false",
        r#"enabled eq "true""#,
        &format!(r#"population.id eq "{sailors}""#),
        &format!(r#"id eq "{id}""#),
        r#"(username eq "ada") AND (enabled eq true)"#,
        r#"(username eq "ada") OR (username eq "grace")"#,
        r#"not (username eq "ada")"#,
        r#"memberOfGroups[id eq "g"]"#,
        r#"startDate eq "2020-01-01""#,
        r#"username eq "gr\u0000ace""#,
    ] {
        let encoded = filter.replace('%', "%25").replace(' ', "%20").replace('"', "%22").replace('\\', "%5C");
        let list = machine.get(&format!("users?filter={encoded}")).await;
        assert_eq!(list.status, 200, "{filter}: {}", list.told());
        told.push(format!("{filter:45} {}", names(&list.body()).join(" ")));
    }
    snapshot!(told.join("\n").replace(&sailors, "…").replace(&id, "…"), @r#"
    email eq "grace@navy.example"                 Grace
    username eq "GRACE"                           Grace
    username sw "gr"                              Grace
    email ew "navy.example"                       Grace
    email sw "ADA"                                ada
    externalId eq "X-1"                           Grace
    externalId eq "x-1"                           
    name.given co "rac"                           Grace
    name.family ew "per"                          Grace
    address.locality sw "Arl"                     Grace
    nickname eq "A_a%"                            ada
    nickname sw "A__"                             
    enabled eq false                              ada
    enabled eq "true"                             Grace
    population.id eq "…" Grace
    id eq "…"  Grace
    (username eq "ada") AND (enabled eq true)     
    (username eq "ada") OR (username eq "grace")  Grace ada
    not (username eq "ada")                       Grace
    memberOfGroups[id eq "g"]                     
    startDate eq "2020-01-01"                     
    username eq "gr\u0000ace"
    "#);
}

async fn a_filter_is_written_in_many_ways(world: World) {
    let machine = Machine::new(&world).await;
    machine.waiting("a+b@navy.example").await;
    for query in [
        // As the vendor's client writes it: the at sign and the plus as they are.
        "filter=email%20eq%20%22a+b@navy.example%22%20or%20username%20eq%20%22a+b@navy.example%22",
        "filter=email%20eq%20%22a%2Bb%40navy.example%22",
        "filter=email+eq+%22a%2Bb%40navy.example%22&limit=1000",
        "limit=1&expand=&filter=%65mail%20EQ%20%22A%2bB@NAVY.example%22",
    ] {
        let list = machine.get(&format!("users?{query}")).await.body();
        assert_eq!(names(&list), ["a+b@navy.example"], "{query}");
    }
}

async fn what_is_wrong_is_told(world: World) {
    let machine = Machine::new(&world).await;
    snapshot!(machine.get("users?filter=createdAt%20gt%20%22x%22").await.told(), @r#"
    400 Bad Request
    {
      "id": "01977420-dc00-77cb-96ff-66cd60b5a6b3",
      "code": "INVALID_REQUEST",
      "message": "The request could not be completed. The request was malformed or invalid.",
      "details": [
        {
          "code": "INVALID_FILTER",
          "target": "filter",
          "message": "The attribute createdAt is not supported.",
          "innerError": {
            "supportedAttributes": [
              "accountId",
              "address.countryCode",
              "address.locality",
              "address.postalCode",
              "address.region",
              "address.streetAddress",
              "email",
              "enabled",
              "endDate",
              "externalId",
              "id",
              "locale",
              "memberOfGroups[id]",
              "mobilePhone",
              "name.family",
              "name.formatted",
              "name.given",
              "name.honorificPrefix",
              "name.honorificSuffix",
              "name.middle",
              "nickname",
              "photo.href",
              "population.id",
              "preferredLanguage",
              "primaryPhone",
              "startDate",
              "timezone",
              "title",
              "type",
              "username"
            ],
            "supportedOperators": ["eq", "sw", "ew", "co"]
          }
        }
      ]
    }
    "#);
    let mut told = Vec::new();
    let deep = format!("filter={}", "(".repeat(5_000));
    let many = format!("filter={}", vec!["id%20eq%20%22%22"; 201].join("%20or%20"));
    let nested = format!("filter={}a{}", "not(".repeat(30), ")".repeat(30)).replace("(a)", "(id%20eq%20%22x%22)");
    for query in [
        "filter=email",
        "filter=%22",
        "filter=email%20eq%20%22%00",
        "filter=email%20co%20%22x%22",
        &deep,
        &many,
        &nested,
        "limit=0",
        "limit=1001",
        "limit=x",
        "cursor=x",
        "cursor=%00",
    ] {
        let brief = machine.get(&format!("users?{query}")).await.brief();
        let brief = brief.split(" {\"supported").next().unwrap().to_owned();
        told.push(format!("{} {brief}", query.chars().take(40).collect::<String>()));
    }
    snapshot!(told.join("\n"), @r#"
    filter=email 400 INVALID_REQUEST
      INVALID_FILTER filter: The filter should have an attribute and an operator at position 6.
    filter=%22 400 INVALID_REQUEST
      INVALID_FILTER filter: The filter should have an attribute at position 1.
    filter=email%20eq%20%22%00 400 INVALID_REQUEST
      INVALID_FILTER filter: The filter should have a string in double quotes at position 10.
    filter=email%20co%20%22x%22 400 INVALID_REQUEST
      INVALID_FILTER filter: The operator co is not supported for email.
    filter=((((((((((((((((((((((((((((((((( 400 INVALID_REQUEST
      INVALID_FILTER filter: The filter has more than 32 parentheses within each other.
    filter=id%20eq%20%22%22%20or%20id%20eq%2 400 INVALID_REQUEST
      INVALID_FILTER filter: The filter compares more than 200 times.
    filter=not(not(not(not(not(not(not(not(n 400 INVALID_REQUEST
      INVALID_FILTER filter: The filter is too large.
    limit=0 400 INVALID_REQUEST
      OUT_OF_RANGE limit: The limit must be from 1 to 1000. {"rangeMinimumValue":1,"rangeMaximumValue":1000}
    limit=1001 400 INVALID_REQUEST
      OUT_OF_RANGE limit: The limit must be from 1 to 1000. {"rangeMinimumValue":1,"rangeMaximumValue":1000}
    limit=x 400 INVALID_REQUEST
      OUT_OF_RANGE limit: The limit must be from 1 to 1000. {"rangeMinimumValue":1,"rangeMaximumValue":1000}
    cursor=x 400 INVALID_REQUEST
      INVALID_PARAMETER cursor: Unknown cursor.
    cursor=%00 400 INVALID_REQUEST
      INVALID_PARAMETER cursor: Unknown cursor.
    "#);
}
