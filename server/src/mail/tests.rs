use std::sync::atomic::AtomicI64;

use lettre::Message;
use vestibule_core::{
    actor::Language,
    code::{Code, CodeStyle, Purpose},
    env::{DAY, Env},
    outbox::{Drawn, Letter, MessageData, MessageKind},
    secret::Token,
};

use super::{Sender, html::html, plain::plain, render, sheet::Sheet};
use crate::config::PublicUrl;

/// 21 November 2026, 14:02 UTC.
const NOW: i64 = 1_795_269_720_000;

/// A clock that stands still and bytes that count, so that every secret is known.
#[derive(Debug, Default)]
struct Still(AtomicI64);

impl Env for Still {
    fn now(&self) -> i64 {
        NOW
    }

    fn fill(&self, bytes: &mut [u8]) {
        bytes.iter_mut().zip(0..).for_each(|(byte, count)| *byte = count);
    }

    fn last_number(&self) -> &AtomicI64 {
        &self.0
    }
}

fn letter(kind: MessageKind, language: Language) -> Letter {
    let env = Still::default();
    let (purpose, length) = if kind == MessageKind::Invite { (Purpose::Invite, 15) } else { (Purpose::Email, 8) };
    let has_secret = matches!(kind, MessageKind::Invite | MessageKind::Code);
    let drawn = Drawn {
        challenge_id: "019aa000-0000-7000-8000-0000000000cc".into(),
        purpose,
        code: Code::draw(&env, CodeStyle::Letters, length),
        token: Token::draw(&env),
        expires_at: NOW + 7 * DAY,
        link: None,
        application: None,
    };
    Letter {
        id: "019aa000-0000-7000-8000-000000000001".into(),
        kind,
        recipient: "Grace@example.com".into(),
        language,
        organization: "Acme".into(),
        data: MessageData {
            name: "Grace Hopper".into(),
            inviter: "Ada Lovelace".into(),
            words: "Welcome aboard.\nYou will need this for the travel desk.".into(),
            address: "grace@new.example".into(),
            what: "Contoso".into(),
            lifetime: None,
        },
        secret: has_secret.then_some(drawn),
        replaces: has_secret.then_some(NOW - 200 * 60_000),
    }
}

fn public_url() -> PublicUrl {
    "https://acme.example".parse().unwrap()
}

fn sender() -> Sender {
    Sender { from: "Vestibule <no-reply@acme.example>".parse().unwrap(), public_url: public_url() }
}

fn text(letter: &Letter) -> String {
    plain(&Sheet::of(letter, &public_url(), NOW))
}

/// The header lines as they go over the wire, folded ones joined.
fn headers(message: &Message) -> Vec<String> {
    let formatted = String::from_utf8(message.formatted()).unwrap();
    let (head, _) = formatted.split_once("\r\n\r\n").unwrap();
    head.replace("\r\n ", " ").split("\r\n").map(str::to_owned).collect()
}

#[test]
fn an_invite_in_english() {
    insta::assert_snapshot!(text(&letter(MessageKind::Invite, Language::English)), @r#"
    Acme

    Ada Lovelace invited you to Acme

    > Welcome aboard.
    > You will need this for the travel desk.

    Accept the invite:
    https://acme.example/invite/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8

    Or open https://acme.example and enter this code:
    BCDFG-HJKLM-NPQRS

    For Grace@example.com, until 28 November 2026, 14:02 UTC.
    It replaces the mail from 10:42 UTC.

    Not you? Tell us, and the invite ends:
    https://acme.example/decline/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8
    "#);
}

#[test]
fn an_invite_in_german() {
    insta::assert_snapshot!(text(&letter(MessageKind::Invite, Language::German)), @r#"
    Acme

    Ada Lovelace lädt Sie zu Acme ein

    > Welcome aboard.
    > You will need this for the travel desk.

    Einladung annehmen:
    https://acme.example/invite/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8

    Oder öffnen Sie https://acme.example und geben Sie diesen Code ein:
    BCDFG-HJKLM-NPQRS

    Für Grace@example.com, gültig bis 28. November 2026, 14:02 UTC.
    Sie ersetzt die E-Mail von 10:42 UTC.

    Nicht für Sie bestimmt? Sagen Sie es uns, und die Einladung endet:
    https://acme.example/decline/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8
    "#);
}

#[test]
fn a_code_in_english_as_html() {
    insta::assert_snapshot!(html(&Sheet::of(&letter(MessageKind::Code, Language::English), &public_url(), NOW)), @r#"
    <!doctype html>
    <html lang="en" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>Your code for Acme</title><style>@media(prefers-color-scheme:dark){.page{background:#161614!important;color:#eceae4!important}.card{background:#1f1e1c!important;border-color:#3a3833!important}.soft{color:#b3aea3!important;border-color:#3a3833!important}.press{background:#6fd3c3!important;color:#0c201d!important}.link{color:#6fd3c3!important}}</style></head>
    <body class="page" style="margin:0;background:#f6f5f1;color:#1d1c1a;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif"><table class="page" role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f6f5f1;color:#1d1c1a"><tr><td align="center" style="padding:32px 16px">
    <table class="card" role="presentation" width="100%" dir="ltr" style="max-width:520px;background:#fff;border:1px solid #e2dfd7;border-radius:10px"><tr><td style="padding:32px;text-align:left">
    <p style="margin:0 0 24px;font-weight:600">Acme</p><h1 style="margin:0 0 12px;font-size:22px;line-height:1.3">Verify your email address</h1><p style="margin:0 0 24px"><a class="press" href="https://acme.example/verify/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8" style="display:inline-block;background:#0d5c55;color:#fff;text-decoration:none;padding:12px 20px;border-radius:8px;font-weight:600">Verify my address</a></p>
    <p style="margin:0 0 4px">Or open <a class="link" href="https://acme.example" dir="ltr" style="color:#0d5c55;font-weight:600">acme.example</a> and enter this code:</p>
    <p dir="ltr" style="margin:0 0 24px;text-align:left;font:600 24px/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.12em">BCDF-GHJK</p>
    <p class="soft" style="margin:0;color:#625e56;font-size:14px">For Grace@example.com, until 28 November 2026, 14:02 UTC. It replaces the mail from 10:42 UTC. If you did not ask for it, ignore this mail.</p>
    </td></tr></table></td></tr></table></body></html>
    "#);
}

#[test]
fn a_company_account_that_was_linked_in_english() {
    insta::assert_snapshot!(text(&letter(MessageKind::CompanyLinked, Language::English)), @r#"
    Acme

    A company account was linked to your account at Acme

    From now on grace@new.example can sign in with an account of Contoso as well.

    Open my account:
    https://acme.example/me

    Not you? Then tell your administrator at once.
    "#);
}

#[test]
fn what_was_linked_or_taken_away_is_named_in_every_language() {
    for kind in [MessageKind::PasskeyRemoved, MessageKind::CompanyLinked, MessageKind::CompanyUnlinked] {
        for language in Language::ALL.iter().copied() {
            let sheet = Sheet::of(&letter(kind, language), &public_url(), NOW);
            for body in [plain(&sheet), html(&sheet)] {
                assert!(body.contains("Contoso") && body.contains("grace@new.example"), "{kind} in {language}: {body}");
            }
            let english = Sheet::of(&letter(kind, Language::English), &public_url(), NOW);
            assert!(language == Language::English || sheet.subject != english.subject, "{kind} in {language}");
        }
    }
}

#[test]
fn the_headers_of_an_invite() {
    let message = render(&letter(MessageKind::Invite, Language::French), &sender(), NOW).unwrap();
    insta::assert_snapshot!(headers(&message).join("\n"), @r#"
    From: Vestibule <no-reply@acme.example>
    To: "Grace Hopper" <Grace@example.com>
    Subject: Vous =?utf-8?b?w6p0ZXMgaW52aXTDqShlKSDDoA==?= rejoindre Acme
    Date: Sat, 21 Nov 2026 14:02:00 +0000
    Message-ID: <019aa000-0000-7000-8000-000000000001@acme.example>
    Auto-Submitted: auto-generated
    X-Auto-Response-Suppress: All
    MIME-Version: 1.0
    Content-Type: multipart/alternative; boundary="part-019aa000-0000-7000-8000-000000000001"
    "#);
}

#[test]
fn every_kind_in_every_language_holds_its_link_and_code() {
    for (kind, language) in each() {
        let letter = letter(kind, language);
        let message = render(&letter, &sender(), NOW).unwrap();
        assert_eq!(message.envelope().to()[0].to_string(), "Grace@example.com");
        let sheet = Sheet::of(&letter, &public_url(), NOW);
        for body in [plain(&sheet), html(&sheet)] {
            let context = format!("{kind} in {language}: {body}");
            assert!(body.contains("Acme"), "{context}");
            let Some(secret) = &letter.secret else { continue };
            assert!(body.contains(&secret.code.grouped()), "{context}");
            let paths: &[&str] = if kind == MessageKind::Invite { &["invite", "decline"] } else { &["verify"] };
            for path in paths {
                assert!(body.contains(&format!("https://acme.example/{path}/{}", secret.token.reveal())), "{context}");
            }
        }
        if let Some(secret) = &letter.secret {
            assert!(!sheet.subject.contains(&secret.code.grouped()));
        }
        assert_eq!(html(&sheet).contains(r#"dir="rtl""#), language == Language::Arabic);
    }
}

#[test]
fn hostile_names_stay_text_and_start_no_header() {
    let hostile = "<script>alert(1)</script>\"'&\r\nBcc: eve@evil.example\r\n\r\n<img src=x>\u{202e}";
    for (kind, language) in each() {
        let mut letter = letter(kind, language);
        letter.organization = hostile.into();
        letter.data = MessageData {
            name: hostile.into(),
            inviter: hostile.into(),
            words: hostile.into(),
            address: hostile.into(),
            what: hostile.into(),
            lifetime: None,
        };
        let body = html(&Sheet::of(&letter, &public_url(), NOW));
        assert!(!body.contains("<script") && !body.contains("<img") && !body.contains('\u{202e}'), "{body}");
        assert!(!body.contains("\"'&"), "{body}");
        let message = render(&letter, &sender(), NOW).unwrap();
        for header in headers(&message) {
            let name = header.split(':').next().unwrap();
            let known = [
                "From",
                "To",
                "Subject",
                "Date",
                "Message-ID",
                "Auto-Submitted",
                "X-Auto-Response-Suppress",
                "MIME-Version",
                "Content-Type",
            ];
            assert!(known.contains(&name), "{header}");
        }
        assert_eq!(message.envelope().to().len(), 1);
    }
}

#[test]
fn a_recipient_that_is_no_address_is_unwritable() {
    for recipient in ["", "grace", "grace@example.com\r\nBcc: eve@evil.example", "grace@example.com, eve@evil.example"]
    {
        let mut letter = letter(MessageKind::Test, Language::English);
        letter.recipient = recipient.into();
        assert!(render(&letter, &sender(), NOW).is_err(), "{recipient:?}");
    }
    let mut letter = letter(MessageKind::Test, Language::English);
    letter.recipient = "Grace@BÜCHER.example".into();
    let message = render(&letter, &sender(), NOW).unwrap();
    assert_eq!(message.envelope().to()[0].to_string(), "Grace@xn--bcher-kva.example");
}

#[test]
fn a_mail_of_another_day_is_named_with_its_day() {
    let mut letter = letter(MessageKind::Code, Language::English);
    letter.replaces = Some(NOW - 3 * DAY);
    assert!(text(&letter).contains("It replaces the mail from 18 November 2026, 14:02 UTC."));
}

fn each() -> impl Iterator<Item = (MessageKind, Language)> {
    let languages = |kind: &MessageKind| Language::ALL.iter().map(|language| (*kind, *language)).collect::<Vec<_>>();
    MessageKind::ALL.iter().flat_map(languages)
}
