use std::fs;

use super::Desk;

const PEOPLE: &str = "\u{feff}E-Mail;Name;Verified\r\n\
    grace@navy.example;\"Hopper; Grace\";yes\r\n\
    \r\n\
    tony@@ox.example;Tony;yes\r\n\
    alan@park.example;Alan Turing;perhaps\r\n\
    konrad@z3.example;Konrad\r\n\
    GRACE@navy.example;Grace;yes\r\n\
    ada@engine.example;Ada;\r\n";

const REPORT: &str = "line 4, email: that is not an email address: it has more than one @\n\
    line 5, verified: it is neither yes nor no\n\
    line 6: cells 2, headings 3\n\
    line 7, email: it stands on line 2 already\n";

impl Desk {
    fn write(&self, name: &str, bytes: &[u8]) -> String {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }
}

#[tokio::test]
async fn a_file_comes_in_and_what_is_wrong_is_told_by_line_and_column() {
    let desk = Desk::new();
    desk.run(&["migrate"]).await.unwrap();
    let file = desk.write("people.csv", PEOPLE.as_bytes());
    let nobody = desk.run(&["import", &file, "--dry-run"]).await.unwrap_err();
    assert!(nobody.contains("there is no organization yet"), "{nobody}");
    assert_eq!(desk.run(&["org", "list"]).await.unwrap().lines().count(), 1);
    let looked = desk.run(&["import", &file, "--dry-run"]).await.unwrap_err();
    let said = format!("4 rows have a problem and would be left out\n{REPORT}new 2, known 0, with a problem 4\n");
    assert_eq!(looked, said);
    let came = desk.run(&["import", &file]).await.unwrap_err();
    assert_eq!(came, said.replace("would be", "were"), "the look had changed nothing");

    let again = desk.run(&["import", &file, "--json"]).await.unwrap_err();
    let report: serde_json::Value = serde_json::from_str(again.split_once('\n').unwrap().1).unwrap();
    assert_eq!((&report["new"], &report["known"]), (&0.into(), &2.into()));
    let repeated = serde_json::json!({ "line": 7, "column": "email", "reason": "it stands on line 2 already" });
    assert_eq!(report["problems"][3], repeated);

    let good = desk.write("good.csv", b"email,given_name,family_name\nbob@park.example,Bob,Noyce\n");
    assert_eq!(desk.run(&["import", &good]).await.unwrap(), "new 1, known 0, with a problem 0\n");
    let one = desk.write("one.csv", b"email\nbob\n");
    assert!(desk.run(&["import", &one]).await.unwrap_err().starts_with("one row has a problem and was left out\n"));
}

#[tokio::test]
async fn more_rows_than_one_transaction_takes() {
    let desk = Desk::new();
    let rows: Vec<String> = (0..950).map(|number| format!("person.{number}@navy.example")).collect();
    let file = desk.write("many.csv", format!("email\n{}\nbad\n", rows.join("\n")).as_bytes());
    let came = desk.run(&["import", &file]).await.unwrap_err();
    assert!(came.contains("line 952, email: ") && came.contains("new 950, known 0, with a problem 1"), "{came}");
}

#[tokio::test]
async fn a_file_that_cannot_be_read_says_why_and_brings_nobody() {
    let desk = Desk::new();
    for (bytes, why) in [
        (&b"email,shoe size\n"[..], "there is no column \"shoe size\""),
        (b"email,Email\n", "the column email is there twice"),
        (b"name\nGrace\n", "one of them must be email"),
        (b"", "the first line must name the columns"),
        (b"email\na@b.example\nb\xff@b.example\n", "line 3 of "),
    ] {
        let file = desk.write("bad.csv", bytes);
        let said = desk.run(&["import", &file]).await.unwrap_err();
        assert!(said.contains(why), "{said}");
    }
    assert!(desk.run(&["import", &desk.path("missing.csv")]).await.unwrap_err().contains("missing.csv"));
    let fine = desk.write("fine.csv", b"email\na@b.example\n");
    assert!(desk.run(&["import", &fine, "--org", "Acme"]).await.unwrap_err().contains("no organization \"Acme\""));
    assert_eq!(desk.run(&["import", &fine]).await.unwrap(), "new 1, known 0, with a problem 0\n");
}
