//! `vestibule restore`: what it takes, and what it leaves.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
};

use sqlx::{Connection, SqliteConnection};
use vestibule_core::store::Store;

use super::Desk;

impl Desk {
    /// A database and a backup of it.
    async fn with_backup() -> (Self, String) {
        let desk = Self::new();
        desk.run(&["org", "list"]).await.unwrap();
        let file = desk.path("backup.db");
        desk.run(&["backup", &file]).await.unwrap();
        (desk, file)
    }

    async fn db(&self, name: &str) -> SqliteConnection {
        SqliteConnection::connect(&format!("sqlite:{}", self.path(name))).await.unwrap()
    }

    /// Names the organization, so that a database can be told from its backup.
    async fn rename_organization(&self, name: &str) {
        let mut db = self.db("v.db").await;
        sqlx::query("UPDATE organization SET name = $1").bind(name.to_owned()).execute(&mut db).await.unwrap();
        db.close().await.unwrap();
    }

    async fn organization(&self, file: &str) -> String {
        let mut db = self.db(file).await;
        let name = sqlx::query_scalar("SELECT name FROM organization").fetch_one(&mut db).await.unwrap();
        db.close().await.unwrap();
        name
    }

    /// Everything in the folder whose name begins so, in order.
    fn names(&self, start: &str) -> Vec<String> {
        let names = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| name.starts_with(start)).collect();
        names.sort();
        names
    }
}

#[tokio::test]
async fn a_backup_restores_what_was_there_and_overwrites_nothing_unasked() {
    let desk = Desk::new();
    let before = desk.run(&["org", "list"]).await.unwrap();
    let file = desk.path("backup.db");
    desk.run(&["backup", &file]).await.unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(desk.run(&["backup", &file]).await.is_err());
    assert!(desk.run(&["restore", &file]).await.unwrap_err().contains("--force"));

    let key = fs::read_to_string(desk.path("v.db.key")).unwrap();
    for part in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(desk.path(&format!("v.db{part}")));
    }
    assert_ne!(desk.run(&["org", "list"]).await.unwrap(), before);
    desk.run(&["restore", &file, "--force"]).await.unwrap();
    assert_eq!(desk.run(&["org", "list"]).await.unwrap(), before);
    assert_eq!(fs::read_to_string(desk.path("v.db.key")).unwrap(), key);
    assert_eq!(desk.names("v.db.before-restore-").len(), 1);
}

#[tokio::test]
async fn what_is_no_whole_database_is_not_restored() {
    let desk = Desk::new();
    let before = desk.run(&["org", "list"]).await.unwrap();
    let file = desk.path("backup.db");
    desk.run(&["backup", &file]).await.unwrap();
    let content = fs::read(&file).unwrap();
    fs::write(&file, &content[..content.len() / 2]).unwrap();
    desk.run(&["restore", &file, "--force"]).await.unwrap_err();
    fs::write(&file, "id,name\n").unwrap();
    desk.run(&["restore", &file, "--force"]).await.unwrap_err();
    assert_eq!(desk.run(&["org", "list"]).await.unwrap(), before);
}

#[tokio::test]
async fn a_database_that_is_in_use_is_left_in_its_place() {
    let (desk, file) = Desk::with_backup().await;
    let running = Store::open(&format!("sqlite:{}", desk.path("v.db"))).await.unwrap();
    desk.rename_organization("Written while it ran").await;
    let said = desk.run(&["restore", &file, "--force"]).await.unwrap_err();
    assert!(said.contains("is in use; stop Vestibule first"), "{said}");
    assert!(running.check().await.unwrap().is_empty());
    running.close().await;
    assert_eq!(desk.organization("v.db").await, "Written while it ran");
    assert!(desk.names("v.db.restor").is_empty() && desk.names("v.db.before").is_empty());
}

#[tokio::test]
async fn each_restore_keeps_what_it_replaced_as_one_file() {
    let (desk, file) = Desk::with_backup().await;
    for name in ["First", "Second"] {
        desk.rename_organization(name).await;
        desk.run(&["restore", &file, "--force"]).await.unwrap();
        assert_eq!(desk.organization("v.db").await, "Vestibule");
    }
    let kept = desk.names("v.db.before-restore-");
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert_eq!([desk.organization(&kept[0]).await, desk.organization(&kept[1]).await], ["First", "Second"]);
}

#[tokio::test]
async fn the_writes_of_a_killed_process_are_kept_with_the_database() {
    let (desk, file) = Desk::with_backup().await;
    // What a killed process leaves: its last writes are in the WAL alone.
    let mut writer = desk.db("v.db").await;
    sqlx::query("PRAGMA wal_autocheckpoint = 0").execute(&mut writer).await.unwrap();
    sqlx::query("UPDATE organization SET name = 'In the WAL'").execute(&mut writer).await.unwrap();
    let killed = Desk::new();
    for part in ["v.db", "v.db-wal"] {
        fs::copy(desk.path(part), killed.path(part)).unwrap();
    }
    writer.close().await.unwrap();

    killed.run(&["restore", &file, "--force"]).await.unwrap();
    let kept = killed.names("v.db.before-restore-");
    assert_eq!((kept.len(), killed.organization(&kept[0]).await.as_str()), (1, "In the WAL"));
    assert_eq!(killed.organization("v.db").await, "Vestibule");
}

#[tokio::test]
async fn a_damaged_database_is_replaced_and_kept() {
    let (_desk, file) = Desk::with_backup().await;
    let damaged = Desk::new();
    fs::write(damaged.path("v.db"), "no database").unwrap();
    fs::write(damaged.path("v.db-wal"), "nor its WAL").unwrap();
    damaged.run(&["restore", &file, "--force"]).await.unwrap();
    assert_eq!(damaged.organization("v.db").await, "Vestibule");
    let kept = damaged.names("v.db.before-restore-");
    assert_eq!(fs::read_to_string(damaged.path(&kept[0])).unwrap(), "no database");
}

#[tokio::test]
async fn what_is_not_vestibules_or_not_all_of_it_is_not_restored() {
    let (desk, file) = Desk::with_backup().await;
    let other = desk.path("other.db");
    let mut db = SqliteConnection::connect(&format!("sqlite:{other}?mode=rwc")).await.unwrap();
    sqlx::query("CREATE TABLE songs (name TEXT)").execute(&mut db).await.unwrap();
    db.close().await.unwrap();
    let said = desk.run(&["restore", &other, "--force"]).await.unwrap_err();
    assert!(said.contains("is not a database of Vestibule"), "{said}");

    fs::write(desk.path("backup.db-wal"), "rows that are not in the file yet").unwrap();
    let said = desk.run(&["restore", &file, "--force"]).await.unwrap_err();
    assert!(said.contains("`vestibule backup` makes a whole copy"), "{said}");
    assert!(desk.names("v.db.restor").is_empty() && desk.names("v.db.before").is_empty());
}

#[tokio::test]
async fn root_gives_the_copy_to_the_owner_of_what_it_replaces() {
    let (desk, file) = Desk::with_backup().await;
    if fs::metadata(&file).unwrap().uid() != 0 {
        return;
    }
    chown(desk.path("v.db"), Some(4_321), Some(4_322)).unwrap();
    desk.run(&["restore", &file, "--force"]).await.unwrap();
    let restored = fs::metadata(desk.path("v.db")).unwrap();
    assert_eq!((restored.uid(), restored.gid(), restored.mode() & 0o777), (4_321, 4_322, 0o600));
}
