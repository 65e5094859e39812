//! The list of users: pages, order, filters.

use http::StatusCode;
use rand::{SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

use crate::{
    client::{Answer, Client, encoded, path_of},
    filters,
    support::World,
};

both! {
    pages_tell_of_the_rest,
    lists_come_in_the_order_asked_for,
    who_has_none_comes_before_who_has_one,
    filters_find_people,
    what_cannot_be_read_is_malformed,
    no_filter_upsets_the_database,
    a_summary_holds_no_data,
}

/// Four people, a second apart.
async fn people(world: &World, client: &Client) {
    for (name, given, family) in [
        ("ada", "Ada", "Lovelace"),
        ("grace", "Grace", "Hopper"),
        ("alan", "Alan", "Turing"),
        ("edsger", "Edsger", "Dijkstra"),
    ] {
        let body = json!({"username": name, "email": format!("{name}@example.com"), "email_verified": true, "given_name": given, "family_name": family});
        client.post("/api/users", body).await.ok(201);
        world.env.pass(1_000);
    }
}

/// The user names of a list, in its order.
#[track_caller]
fn names(answer: &Answer) -> String {
    let list = answer.ok(200);
    let names = list.as_array().unwrap().iter().map(|user| user["username"]["username"].as_str().unwrap());
    names.collect::<Vec<_>>().join(" ")
}

fn told(answer: &Answer) -> String {
    answer.headers["x-pagination"].to_str().unwrap().to_owned()
}

async fn pages_tell_of_the_rest(world: World) {
    let client = Client::new(&world).await;
    let none = client.get("/api/users").await;
    assert_eq!(none.ok(200), json!([]));
    assert_eq!(
        told(&none),
        r#"{"page_size":10,"current_page":1,"total_count":0,"has_previous":false,"has_next":false}"#
    );
    people(&world, &client).await;
    let mut seen = Vec::new();
    for query in [
        "",
        "?page=1&size=3",
        "?page=2&size=3",
        "?page=3&size=3",
        "?size=1000&page=",
        "?page=9223372036854775807&size=100",
    ] {
        let answer = client.get(&format!("/api/users{query}")).await;
        seen.push(format!("{query}: {} {}", names(&answer), told(&answer)));
    }
    snapshot!(seen.join("\n"), @r#"
    : ada grace alan edsger {"page_size":10,"current_page":1,"total_count":4,"has_previous":false,"has_next":false}
    ?page=1&size=3: ada grace alan {"page_size":3,"current_page":1,"total_count":4,"has_previous":false,"has_next":true}
    ?page=2&size=3: edsger {"page_size":3,"current_page":2,"total_count":4,"has_previous":true,"has_next":false}
    ?page=3&size=3:  {"page_size":3,"current_page":3,"total_count":4,"has_previous":true,"has_next":false}
    ?size=1000&page=: ada grace alan edsger {"page_size":100,"current_page":1,"total_count":4,"has_previous":false,"has_next":false}
    ?page=9223372036854775807&size=100:  {"page_size":100,"current_page":9223372036854775807,"total_count":4,"has_previous":true,"has_next":false}
    "#);
    let exposed = client.get("/api/users").await;
    assert_eq!(exposed.headers["access-control-expose-headers"], "X-Pagination, Retry-After");
}

async fn lists_come_in_the_order_asked_for(world: World) {
    let client = Client::new(&world).await;
    people(&world, &client).await;
    let list = client.get("/api/users?filter=grace").await.ok(200);
    client.patch(&format!("{}/claims", path_of(&list[0])), json!({"nickname": "G", "middle_name": "B"})).await.ok(200);
    let mut seen = Vec::new();
    for sort in [
        "",
        "creation_time%3A-1",
        "creation_time:1",
        "last_updated%3A-1",
        "given_name:1",
        "family_name:-1",
        "name:1",
        "failure_count:1",
        "sign_in_success_count:1",
        "last_activity:-1",
        "block_until:1",
    ] {
        seen.push(format!("{sort}: {}", names(&client.get(&format!("/api/users?sort={sort}")).await)));
    }
    snapshot!(seen.join("\n"), @r#"
    : ada grace alan edsger
    creation_time%3A-1: edsger alan grace ada
    creation_time:1: ada grace alan edsger
    last_updated%3A-1: grace edsger alan ada
    given_name:1: ada alan edsger grace
    family_name:-1: alan ada grace edsger
    name:1: ada alan edsger grace
    failure_count:1: ada grace alan edsger
    sign_in_success_count:1: ada grace alan edsger
    last_activity:-1: edsger alan grace ada
    block_until:1: ada grace alan edsger
    "#);
}

/// On every engine.
async fn who_has_none_comes_before_who_has_one(world: World) {
    let client = Client::new(&world).await;
    people(&world, &client).await;
    let list = client.get("/api/users?filter=grace").await.ok(200);
    client.patch(&format!("{}/claims", path_of(&list[0])), json!({"middle_name": "B"})).await.ok(200);
    assert_eq!(names(&client.get("/api/users?sort=middle_name:1").await), "ada alan edsger grace");
    assert_eq!(names(&client.get("/api/users?sort=middle_name:-1").await), "grace edsger alan ada");
}

async fn filters_find_people(world: World) {
    let client = Client::new(&world).await;
    people(&world, &client).await;
    let list = client.get("/api/users?filter=alan").await.ok(200);
    let alan = path_of(&list[0]);
    client.press(&format!("{alan}/disable")).await.ok(200);
    client.post(&format!("{alan}/phones"), json!({"phone_number": "+441514960453"})).await.ok(200);
    client.post(&format!("{alan}/emails"), json!({"email": "turing@example.org"})).await.ok(200);
    let id = list[0]["user_id"].as_str().unwrap();
    let mut seen = Vec::new();
    for filter in [
        "GRACE",
        "example.com",
        "Ada Lovelace",
        "Ada OR Grace",
        "\"grace hopper\"",
        "\"hopper grace\"",
        "496045",
        "love*",
        "*",
        "\"*\"",
        "email:ADA@example.com",
        "email:turing@example.org",
        "email:*@example.com",
        "username:a*",
        "given_name:Al*",
        "claims.family_name:*ra",
        "name:\"Alan Turing\"",
        "name:turing",
        "phone:+44*",
        "phone_numbers.phone:*0453",
        "disabled:true",
        "NOT disabled:true AND a*",
        "blocked:true",
        "(given_name:Ada OR given_name:Alan) AND disabled:false",
        "given_name:Ada && !  disabled:true || grace",
        "name:Ada\\ Lovelace",
        "o'brien%",
        "_",
        "nickname:*",
    ] {
        let query = encoded(filter);
        let answer = client.get(&format!("/api/users?filter={query}")).await;
        seen.push(format!("{filter}: {}", names(&answer)));
    }
    snapshot!(seen.join("\n"), @r#"
    GRACE: grace
    example.com: ada grace alan edsger
    Ada Lovelace: ada
    Ada OR Grace: ada grace
    "grace hopper": grace
    "hopper grace": 
    496045: alan
    love*: ada
    *: ada grace alan edsger
    "*": 
    email:ADA@example.com: ada
    email:turing@example.org: alan
    email:*@example.com: ada grace alan edsger
    username:a*: ada alan
    given_name:Al*: alan
    claims.family_name:*ra: edsger
    name:"Alan Turing": alan
    name:turing: 
    phone:+44*: alan
    phone_numbers.phone:*0453: alan
    disabled:true: alan
    NOT disabled:true AND a*: ada grace edsger
    blocked:true: 
    (given_name:Ada OR given_name:Alan) AND disabled:false: ada
    given_name:Ada && !  disabled:true || grace: ada grace
    name:Ada\ Lovelace: ada
    o'brien%: 
    _: 
    nickname:*:
    "#);
    assert_eq!(names(&client.get(&format!("/api/users?filter=user_id%3A{id}")).await), "alan");
    assert_eq!(names(&client.get(&format!("/api/users?filter={id}")).await), "alan");
}

async fn what_cannot_be_read_is_malformed(world: World) {
    let client = Client::new(&world).await;
    let mut seen = Vec::new();
    for query in [
        "page=0",
        "page=-1",
        "page=x",
        "size=0",
        "size=1.5",
        "page=99999999999999999999",
        "sort=creation_time",
        "sort=creation_time:2",
        "sort=shoe_size:1",
        "sort=:1",
        "filter=(",
        "filter=a)",
        "filter=a AND",
        "filter=OR a",
        "filter=NOT",
        "filter=%22a",
        "filter=a%5C",
        "filter=shoe:9",
        "filter=a*b",
        "filter=email:",
        "filter=:a",
        "filter=disabled:maybe",
        "filter=a%00b",
    ] {
        let answer = client.get(&format!("/api/users?{}", query.replace(' ', "%20"))).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        let problem: Value = serde_json::from_str(&answer.problem()).unwrap();
        seen.push(format!("{query}: {}", problem["detail"].as_str().unwrap()));
    }
    snapshot!(seen.join("\n"), @r#"
    page=0: page must be a whole number from 1 on.
    page=-1: page must be a whole number from 1 on.
    page=x: page must be a whole number from 1 on.
    size=0: size must be a whole number from 1 on.
    size=1.5: size must be a whole number from 1 on.
    page=99999999999999999999: page must be a whole number from 1 on.
    sort=creation_time: sort must be field:1 or field:-1, of a field that users are sorted by.
    sort=creation_time:2: sort must be field:1 or field:-1, of a field that users are sorted by.
    sort=shoe_size:1: sort must be field:1 or field:-1, of a field that users are sorted by.
    sort=:1: sort must be field:1 or field:-1, of a field that users are sorted by.
    filter=(: The filter cannot be read. A word is missing at its end.
    filter=a): The filter cannot be read. A parenthesis is closed that was not opened.
    filter=a AND: The filter cannot be read. A word is missing at its end.
    filter=OR a: The filter cannot be read. A word is missing before AND, OR or a parenthesis.
    filter=NOT: The filter cannot be read. A word is missing at its end.
    filter=%22a: The filter cannot be read. A quote is not closed.
    filter=a%5C: The filter cannot be read. It ends with a backslash.
    filter=shoe:9: The filter cannot be read. There is no field "shoe" to look in.
    filter=a*b: The filter cannot be read. A * can stand at the ends of a value only.
    filter=email:: The filter cannot be read. A field or a value is missing beside a colon.
    filter=:a: The filter cannot be read. A field or a value is missing beside a colon.
    filter=disabled:maybe: The filter cannot be read. disabled is true or false.
    filter=a%00b: The filter cannot be read. It holds control signs.
    "#);
    // Other parameters are somebody else's.
    client.get("/api/users?scope=undefined&page=1&page=2").await.ok(200);
}

/// Whatever is asked for is found, or not found, or malformed: never an error of the engine's.
async fn no_filter_upsets_the_database(world: World) {
    let client = Client::new(&world).await;
    people(&world, &client).await;
    let mut chance = StdRng::seed_from_u64(11);
    for _ in 0..400 {
        let filter = filters::random(&mut chance);
        let query = encoded(&filter);
        let answer = client.get(&format!("/api/users?filter={query}")).await;
        assert!([StatusCode::OK, StatusCode::BAD_REQUEST].contains(&answer.status), "{filter}: {}", answer.body);
    }
}

async fn a_summary_holds_no_data(world: World) {
    let client = Client::new(&world).await;
    let user = client.grace().await;
    let list = client.get("/api/users").await.ok(200);
    let (whole, summary) = (user.as_object().unwrap(), list[0].as_object().unwrap());
    let missing: Vec<&String> = whole.keys().filter(|name| !summary.contains_key(*name)).collect();
    assert_eq!(missing, ["public_data", "private_data"]);
    for (name, value) in summary {
        assert_eq!(whole.get(name), Some(value));
    }
}
