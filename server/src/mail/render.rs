//! A letter as the message that goes over the wire: headers, plain text and HTML.

use std::time::{Duration, UNIX_EPOCH};

use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart, MultiPartKind, SinglePart,
        header::{HeaderName, HeaderValue},
    },
};
use vestibule_core::{address::EmailAddress, outbox::Letter};

use super::{
    html::html,
    plain::plain,
    sheet::{Sheet, one_line},
};
use crate::config::{Config, PublicUrl};

/// Who writes, and where the links lead.
#[derive(Clone, Debug)]
pub struct Sender {
    pub from: Mailbox,
    pub public_url: PublicUrl,
}

impl From<&Config> for Sender {
    fn from(config: &Config) -> Self {
        Self { from: config.mail_from.clone(), public_url: config.public_url.clone() }
    }
}

/// Why a letter cannot become a message. Trying again would not help.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    #[error("the recipient is not an address that mail can be sent to")]
    Recipient,
    #[error("the message could not be put together: {0}")]
    Message(#[from] lettre::error::Error),
}

/// Renders a letter; `now` is in unix milliseconds.
///
/// Nothing that people wrote can start a header: texts are on one line here, and lettre encodes what it puts in headers.
pub fn render(letter: &Letter, sender: &Sender, now: i64) -> Result<Message, Unwritable> {
    let sheet = Sheet::of(letter, &sender.public_url, now);
    let sent_at = UNIX_EPOCH + Duration::from_millis(now.unsigned_abs());
    let id = format!("<{}@{}>", letter.id, sender.public_url.mail_domain());
    // Named after the message, so that the same letter is the same bytes.
    let parts = MultiPart::builder().kind(MultiPartKind::Alternative).boundary(format!("part-{}", letter.id));
    Ok(Message::builder()
        .from(sender.from.clone())
        .to(recipient(letter)?)
        .subject(sheet.subject.as_str())
        .date(sent_at)
        .message_id(Some(id))
        // Keeps holiday notes and other robots from answering (RFC 3834, and Exchange's own way).
        .raw_header(header(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated"))
        .raw_header(header(HeaderName::new_from_ascii_str("X-Auto-Response-Suppress"), "All"))
        .multipart(parts.singlepart(SinglePart::plain(plain(&sheet))).singlepart(SinglePart::html(html(&sheet))))?)
}

fn header(name: HeaderName, value: &str) -> HeaderValue {
    HeaderValue::new(name, value.to_owned())
}

/// The person's name and address; the domain in ASCII, so that the other server need not know SMTPUTF8.
fn recipient(letter: &Letter) -> Result<Mailbox, Unwritable> {
    let address = EmailAddress::parse(&letter.recipient).map_err(|_| Unwritable::Recipient)?;
    let (local, _) = address.typed().rsplit_once('@').ok_or(Unwritable::Recipient)?;
    let (_, domain) = address.canonical().rsplit_once('@').ok_or(Unwritable::Recipient)?;
    let address = Address::new(local, domain).map_err(|_| Unwritable::Recipient)?;
    let name = one_line(&letter.data.name);
    Ok(Mailbox::new((!name.is_empty()).then_some(name), address))
}
