//! People, their mail, and what they do with it.

use vestibule_core::{
    actor::{Admin, Language},
    address::EmailAddress,
    code::TypedCode,
    code_request::CodeRequest,
    env::MINUTE,
    invite::{InviteForm, Invited},
    outbox::{Delivery, Drawn, Letter},
    redeem::{Secret, Try},
    secret::Token,
    user::UserView,
};

use super::World;

/// A user who has nothing but an address that is not verified.
#[derive(Clone, Debug)]
pub struct Person {
    pub user_id: String,
    pub email_id: String,
    pub address: EmailAddress,
}

#[track_caller]
pub fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

/// The invite form, filled in for an address.
pub fn form(text: &str) -> InviteForm {
    InviteForm {
        name: "Grace Hopper".to_owned(),
        address: address(text),
        language: Language::English,
        words: "Welcome aboard".to_owned(),
        lifetime: None,
    }
}

/// The code of a mail, as its reader types it.
pub fn typed(drawn: &Drawn) -> TypedCode {
    TypedCode::parse(&drawn.code.grouped()).unwrap()
}

/// A code that is like the one in the mail and is not it.
pub fn wrong(drawn: &Drawn) -> TypedCode {
    let code = drawn.code.grouped();
    let first = if code.starts_with('B') { "C" } else { "B" };
    TypedCode::parse(&format!("{first}{}", &code[1..])).unwrap()
}

pub fn at_handle(challenge_id: &str, code: TypedCode) -> Try {
    Try { secret: Secret::CodeFor(challenge_id.to_owned(), code), by: None, ip: None }
}

pub fn at_address(address: &EmailAddress, code: TypedCode) -> Try {
    Try { secret: Secret::CodeAt(address.clone(), code), by: None, ip: None }
}

pub fn by_link(token: &Token) -> Try {
    Try { secret: Secret::Link(token.clone()), by: None, ip: None }
}

impl World {
    /// Invites a person and takes the invite back at once.
    pub async fn person(&self, admin: &Admin, text: &str) -> Person {
        let invited = self.invite(admin, text).await;
        self.vestibule.revoke_invite(admin, &invited.id).await.unwrap();
        let email_id = self.view(admin, &invited.user_id).await.emails[0].email.id.clone();
        Person { user_id: invited.user_id, email_id, address: address(text) }
    }

    pub async fn invite(&self, admin: &Admin, text: &str) -> Invited {
        self.vestibule.invite(admin, form(text)).await.unwrap()
    }

    /// An administrator's own address, marked verified.
    pub async fn prove_own(&self, admin: &Admin) {
        let email_id = self.view(admin, admin.user_id()).await.emails[0].email.id.clone();
        self.vestibule.mark_verified(admin, admin.user_id(), &email_id, "their own", None).await.unwrap();
    }

    /// So many wrong codes from 192.0.2.1; gives until when they count.
    pub async fn has_failed(&self, times: i64) -> i64 {
        let until = self.vestibule.now() + MINUTE;
        let values = format!("('wrong:ip:192.0.2.1', {times}, {until})");
        self.db.exec(&format!("INSERT INTO bucket (key, count, ends_at) VALUES {values}")).await;
        until
    }

    pub async fn view(&self, admin: &Admin, user_id: &str) -> UserView {
        self.vestibule.user(admin, user_id, None).await.unwrap()
    }

    /// The kinds of a user's history, oldest first.
    pub async fn steps(&self, admin: &Admin, user_id: &str) -> Vec<&'static str> {
        self.view(admin, user_id).await.history.iter().rev().map(|event| event.kind.as_str()).collect()
    }

    /// Whether a user's address is verified.
    pub async fn is_verified(&self, admin: &Admin, person: &Person) -> bool {
        let emails = self.view(admin, &person.user_id).await.emails;
        emails.iter().any(|view| view.email.id == person.email_id && view.email.verified_at.is_some())
    }

    /// Sends everything that is due; gives what was sent.
    pub async fn deliver(&self) -> Vec<Letter> {
        let mut letters = Vec::new();
        while let Some(lease) = self.vestibule.claim_message().await.unwrap() {
            if let Some(letter) = self.vestibule.draft(&lease).await.unwrap() {
                letters.push(letter);
                self.vestibule.settle(&lease, Delivery::Sent("250 OK".to_owned())).await.unwrap();
            }
        }
        letters
    }

    /// Sends everything that is due; gives the secrets that the last mail of a challenge held.
    pub async fn mailed(&self, challenge_id: &str) -> Drawn {
        let mut secrets = self.deliver().await.into_iter().rev().filter_map(|letter| letter.secret);
        secrets.find(|drawn| drawn.challenge_id == challenge_id).expect("a mail for the challenge")
    }

    /// Sends a code to a person for an administrator; gives what their mail held.
    pub async fn send_code(&self, admin: &Admin, person: &Person) -> Drawn {
        let challenge_id = self
            .vestibule
            .send_code(admin, &person.user_id, Some(&person.email_id), CodeRequest::default())
            .await
            .unwrap()
            .challenge_id;
        self.mailed(&challenge_id).await
    }

    /// Invites a person and delivers the mail.
    pub async fn invite_mailed(&self, admin: &Admin, text: &str) -> (Invited, Drawn) {
        let invited = self.invite(admin, text).await;
        let drawn = self.mailed(&invited.challenge_id).await;
        (invited, drawn)
    }
}
