mod import;

use std::{ffi::OsString, fs, os::unix::fs::PermissionsExt, path::PathBuf};

use sqlx::{Connection, SqliteConnection};
use vestibule_core::{
    Vestibule,
    actor::Role,
    address::EmailAddress,
    env::{Env, SystemEnv},
    secret::{SecretKey, Token},
    store::Store,
};

use super::{arguments::Arguments, output::Output, run};

mod restore;
mod settings;

/// An empty folder in which commands keep their database.
struct Desk(PathBuf);

impl Desk {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("vestibule-cli-{}", SystemEnv::default().id()));
        fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    /// Runs a command as typed; gives its result, or what went wrong.
    async fn run(&self, typed: &[&str]) -> Result<String, String> {
        self.run_with(&[], typed).await
    }

    /// The same with more in the environment.
    async fn run_with(&self, variables: &[(&str, &str)], typed: &[&str]) -> Result<String, String> {
        let typed = ["vestibule"].iter().chain(typed).map(OsString::from);
        let arguments = Arguments::read(typed).map_err(|error| error.to_string())?;
        let database = format!("sqlite:{}", self.path("v.db"));
        let (mut out, page) = Output::kept();
        let environment = [&[("DATABASE_URL", database.as_str()), ("VESTIBULE_LOG", "off")][..], variables].concat();
        let environment = environment.into_iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let done = run(arguments, environment, &mut out).await;
        done.map(|()| page.text()).map_err(|failure| format!("{failure}\n{}", page.text()))
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn the_first_organization_is_made_by_who_asks_first_and_stays() {
    let desk = Desk::new();
    let listed = desk.run(&["org", "list", "--json"]).await.unwrap();
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let id = listed[0]["id"].as_str().unwrap();
    assert_eq!(desk.run(&["org", "list"]).await.unwrap(), format!("{id}  Vestibule\n"));
    for secret in ["v.db", "v.db.key"] {
        let rights = fs::metadata(desk.path(secret)).unwrap().permissions().mode();
        assert_eq!(rights & 0o777, 0o600, "{secret}");
    }
}

#[tokio::test]
async fn what_only_looks_makes_neither_a_database_nor_a_key() {
    let desk = Desk::new();
    fs::write(desk.path("users.csv"), "email\ngrace@navy.example\n").unwrap();
    let (audit, import) = (["audit", "verify"], ["import", &desk.path("users.csv"), "--dry-run"]);
    for typed in [&audit[..], &import[..]] {
        let refused = desk.run(typed).await.unwrap_err();
        assert!(refused.contains("there is no database at"), "{refused}");
    }
    assert!(!fs::exists(desk.path("v.db")).unwrap());
    desk.run(&["org", "list"]).await.unwrap();
    fs::remove_file(desk.path("v.db.key")).unwrap();
    let refused = desk.run(&audit).await.unwrap_err();
    assert!(refused.contains("is missing"), "{refused}");
    desk.run(&import).await.unwrap();
    assert!(!fs::exists(desk.path("v.db.key")).unwrap());
}

#[tokio::test]
async fn a_key_is_printed_alone() {
    let desk = Desk::new();
    let printed = desk.run(&["api-key", "create", "--name", "crm", "--org", "Vestibule"]).await.unwrap();
    assert!(Token::parse(printed.trim_end()).is_some());
    let missing = desk.run(&["api-key", "create", "--name", "crm", "--org", "Acme"]).await.unwrap_err();
    assert!(missing.contains("there is no organization \"Acme\""), "{missing}");
}

#[tokio::test]
async fn the_rule_that_shuts_everybody_out_is_ended_here() {
    let desk = Desk::new();
    desk.run(&["org", "list"]).await.unwrap();
    let mut db = SqliteConnection::connect(&format!("sqlite:{}", desk.path("v.db"))).await.unwrap();
    let demand = r#"UPDATE organization SET policy = '{"admin_passkey":true,"tries":3}'"#;
    sqlx::query(demand).execute(&mut db).await.unwrap();
    let said = desk.run(&["admin", "without-passkey"]).await.unwrap();
    assert_eq!(said, "administrators of Vestibule need no passkey any more\n");
    let policy: String = sqlx::query_scalar("SELECT policy FROM organization").fetch_one(&mut db).await.unwrap();
    assert!(policy.contains(r#""admin_passkey":false"#) && policy.contains(r#""tries":3"#), "{policy}");
    db.close().await.unwrap();
    let missing = desk.run(&["admin", "without-passkey", "--org", "Acme"]).await.unwrap_err();
    assert!(missing.contains("there is no organization \"Acme\""), "{missing}");
}

#[tokio::test]
async fn a_client_is_printed_as_id_and_secret() {
    let desk = Desk::new();
    let printed = desk.run(&["client", "create", "--name", "erp", "--scope", "read,verify"]).await.unwrap();
    let (id, secret) = printed.trim_end().split_once('\n').unwrap();
    assert!(Token::parse(secret).is_some());
    let made = desk.run(&["client", "create", "--name", "shop", "--json"]).await.unwrap();
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    assert!(Token::parse(made["client_secret"].as_str().unwrap()).is_some());

    let other = made["client_id"].as_str().unwrap();
    desk.run(&["client", "revoke", other]).await.unwrap();
    assert!(desk.run(&["client", "revoke", other]).await.unwrap_err().contains("is revoked already"));
    desk.run(&["client", "rename", id, "--name", "Warehouse"]).await.unwrap();
    let listed = desk.run(&["client", "list"]).await.unwrap();
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines[0], format!("{id}  live    read,verify        never ends       never used       Warehouse"));
    assert!(lines[1].starts_with(&format!("{other}  revoked read,write,verify")), "{listed}");
    assert!(!listed.contains(secret));
}

#[tokio::test]
async fn a_client_with_an_address_to_come_back_to_is_an_app() {
    let desk = Desk::new();
    let back = ["--redirect-uri", "https://shop.example/callback", "--redirect-uri", "http://127.0.0.1:4000/callback"];
    let make = |more: &[&'static str]| [&["client", "create", "--name", "shop"], &back[..], more].concat();
    let printed = desk.run(&make(&["--post-logout-uri", "https://shop.example/bye", "--first-party"])).await.unwrap();
    let (_, secret) = printed.trim_end().split_once('\n').unwrap();
    assert!(Token::parse(secret).is_some());
    let public = desk.run(&make(&["--public"])).await.unwrap();
    assert_eq!(public.lines().count(), 1, "an id and no secret");
    let public: serde_json::Value =
        serde_json::from_str(&desk.run(&make(&["--public", "--json"])).await.unwrap()).unwrap();
    assert_eq!(public.as_object().unwrap().keys().collect::<Vec<_>>(), ["client_id"]);
    let bad = ["client", "create", "--name", "shop", "--redirect-uri", "http://shop.example/callback"];
    assert!(desk.run(&bad).await.unwrap_err().contains("must begin with https://"));
    assert_eq!(desk.run(&["client", "list"]).await.unwrap().lines().count(), 3);
}

#[tokio::test]
async fn keys_are_listed_and_revoked() {
    let desk = Desk::new();
    let key = desk.run(&["api-key", "create", "--name", "crm", "--expires", "30"]).await.unwrap();
    let listed = desk.run(&["api-key", "list", "--json"]).await.unwrap();
    assert!(!listed.contains(key.trim_end()));
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let (made, ends) = (listed[0]["created_at"].as_i64().unwrap(), listed[0]["expires_at"].as_i64().unwrap());
    assert_eq!((listed[0]["state"].as_str(), ends - made), (Some("live"), 30 * vestibule_core::env::DAY));
    let id = listed[0]["id"].as_str().unwrap();
    assert!(desk.run(&["api-key", "revoke", "crm"]).await.unwrap_err().contains("there is no API key \"crm\""));
    assert_eq!(desk.run(&["api-key", "revoke", id]).await.unwrap(), "");
    assert!(desk.run(&["api-key", "list"]).await.unwrap().contains("  revoked "));
}

#[tokio::test]
async fn a_changed_log_shows() {
    let desk = Desk::new();
    desk.run(&["org", "list"]).await.unwrap();
    let store = Store::open(&format!("sqlite:{}", desk.path("v.db"))).await.unwrap();
    store.migrate().await.unwrap();
    let env = std::sync::Arc::new(SystemEnv::default());
    let key = SecretKey::parse(&fs::read_to_string(desk.path("v.db.key")).unwrap()).unwrap();
    let vestibule = Vestibule::new(store.clone(), env, key);
    let address = EmailAddress::parse("olga@acme.example").unwrap();
    vestibule.create_administrator(&address, "Olga", Role::Owner, "tall ships sail at dawn".to_owned()).await.unwrap();
    let waiting = desk.run(&["audit", "verify"]).await.unwrap();
    assert_eq!(waiting, "the log is whole: seals 0, events 0, not sealed yet 3\n");
    assert_eq!(vestibule.seal().await.unwrap(), 3);
    store.close().await;
    assert_eq!(desk.run(&["audit", "verify"]).await.unwrap(), "the log is whole: seals 1, events 3\n");

    let mut file = SqliteConnection::connect(&format!("sqlite:{}", desk.path("v.db"))).await.unwrap();
    sqlx::query("UPDATE event SET at = at - 1 WHERE sequence = 2").execute(&mut file).await.unwrap();
    assert!(desk.run(&["audit", "verify"]).await.unwrap_err().starts_with("seal 1 is broken"));
    let found = desk.run(&["audit", "verify", "--json"]).await.unwrap_err();
    let found: serde_json::Value = serde_json::from_str(found.split_once('\n').unwrap().1).unwrap();
    assert_eq!((&found["whole"], &found["first_broken_seal"]), (&false.into(), &1.into()));

    sqlx::raw_sql("DELETE FROM event; DELETE FROM seal").execute(&mut file).await.unwrap();
    file.close().await.unwrap();
    assert!(desk.run(&["audit", "verify"]).await.unwrap_err().starts_with("events are missing: 3 "));
}

#[tokio::test]
async fn the_doctor_changes_nothing_and_fails_when_a_check_does() {
    let desk = Desk::new();
    let report = desk.run(&["doctor", "--json"]).await.unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report[0]["verdict"], "ok");
    assert_eq!(fs::read_dir(&desk.0).unwrap().count(), 0);

    let about_passkeys = |report: &serde_json::Value| {
        let check = report.as_array().unwrap().iter().find(|check| check["name"] == "passkeys").unwrap();
        format!("{}: {}", check["verdict"].as_str().unwrap(), check["detail"].as_str().unwrap())
    };
    let told = about_passkeys(&report);
    assert!(told.starts_with("warning: http://127.0.0.1:3000 is a network address"), "{told}");
    let named = desk.run(&["doctor", "--json", "--public-url", "https://id.acme.example"]).await.unwrap();
    assert_eq!(about_passkeys(&serde_json::from_str(&named).unwrap()), "ok: people can make them for id.acme.example");

    desk.run(&["migrate"]).await.unwrap();
    desk.run(&["doctor"]).await.unwrap();
    let failed = desk.run(&["doctor", "--public-url", "http://acme.example"]).await.unwrap_err();
    assert!(failed.starts_with("one check failed") && failed.contains("is not https"), "{failed}");
}

#[tokio::test]
async fn a_database_of_a_newer_release_is_refused_by_whoever_does_not_migrate() {
    let desk = Desk::new();
    desk.run(&["migrate"]).await.unwrap();
    let mut db = SqliteConnection::connect(&format!("sqlite:{}", desk.path("v.db"))).await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
        VALUES (9000, 'later', TRUE, x'00', 0)";
    sqlx::query(newer).execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    let serve = ["serve", "--no-migrate", "--listen", "127.0.0.1:0"];
    for typed in [&serve[..], &["audit", "verify"], &["doctor"], &["migrate"], &["org", "list"]] {
        let said = desk.run(typed).await.unwrap_err();
        assert!(said.contains("was migrated by a newer release"), "{typed:?}: {said}");
    }
}

#[tokio::test]
async fn a_port_that_is_taken_ends_the_start_before_anything_is_touched() {
    let desk = Desk::new();
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = other.local_addr().unwrap().to_string();
    let said = desk.run(&["serve", "--listen", &taken]).await.unwrap_err();
    assert!(said.starts_with(&format!("could not listen on {taken}")), "{said}");
    let said = desk.run(&["serve", "--listen", "127.0.0.1:0", "--metrics-listen", &taken]).await.unwrap_err();
    assert!(said.starts_with(&format!("could not listen for /metrics on {taken}")), "{said}");
    assert_eq!(fs::read_dir(&desk.0).unwrap().count(), 0, "the database was made");
}
