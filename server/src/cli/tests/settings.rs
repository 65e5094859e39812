//! What `vestibule config` and `vestibule doctor` tell of settings, sound or not.

use super::Desk;

#[tokio::test]
async fn every_setting_is_shown_with_its_source() {
    let desk = Desk::new();
    let shown = desk.run(&["config", "--listen", "127.0.0.1:8080"]).await.unwrap();
    assert!(shown.contains("listen = 127.0.0.1:8080  (flag)"), "{shown}");
    assert!(shown.contains(&format!("database_url = sqlite:{}  (environment)", desk.path("v.db"))), "{shown}");
    let key = "5a".repeat(32);
    let postgres = [("DATABASE_URL", "postgres://ada:lovelace@db/v"), ("VESTIBULE_SECRET_KEY", key.as_str())];
    let shown = desk.run_with(&postgres, &["config"]).await.unwrap();
    assert!(shown.contains("database_url = (hidden)  (environment)") && !shown.contains("lovelace"), "{shown}");
    let lines = desk.run(&["config", "--json"]).await.unwrap();
    let lines: serde_json::Value = serde_json::from_str(&lines).unwrap();
    assert_eq!(lines.as_array().map(Vec::len), Some(crate::config::setting::ALL.len()));
}

#[tokio::test]
async fn unsound_settings_are_shown_and_all_named_in_one_round() {
    let desk = Desk::new();
    let unsound =
        [("VESTIBULE_LISTNE", "127.0.0.1:1"), ("VESTIBULE_API_RATE", "many"), ("VESTIBULE_SMTP_URL", "lovelace")];
    let shown = desk.run_with(&unsound, &["config"]).await.unwrap_err();
    for part in
        ["api_rate = many  (environment)", "smtp_url = (hidden)", "did you mean VESTIBULE_LISTEN?", "\"many\" is not"]
    {
        assert!(shown.contains(part), "{part} is not in: {shown}");
    }
    assert!(!shown.contains("lovelace"));

    let report = desk.run_with(&unsound, &["doctor", "--json"]).await.unwrap_err();
    let report: serde_json::Value = serde_json::from_str(report.split_once('\n').unwrap().1).unwrap();
    assert_eq!((&report[0]["name"], &report[0]["verdict"]), (&"settings".into(), &"failed".into()));
    let detail = report[0]["detail"].as_str().unwrap();
    assert!(detail.contains("VESTIBULE_LISTNE") && detail.contains("VESTIBULE_API_RATE"), "{detail}");

    assert!(desk.run_with(&unsound, &["org", "list"]).await.unwrap_err().starts_with("the settings are not sound"));
}
