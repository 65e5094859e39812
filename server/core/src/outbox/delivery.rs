//! How a try to send ended, and when the next one is.

use super::{Delivery, Lease, MOST_ATTEMPTS, MessageState};
use crate::{
    Result,
    actor::Actor,
    env::{Env, HOUR, SECOND},
    event::{EventData, EventKind, Fact, record},
    store::{Tx, invites, messages},
};

pub(super) async fn settle(tx: &mut Tx, env: &dyn Env, lease: &Lease, delivery: Delivery) -> Result<()> {
    let now = env.now();
    let message = &lease.message;
    let (state, kind, answer, due_at) = match delivery {
        Delivery::Sent(answer) => (MessageState::Sent, EventKind::MailSent, answer, now),
        Delivery::Deferred(answer) if message.attempts < MOST_ATTEMPTS => {
            (MessageState::Deferred, EventKind::MailDeferred, answer, now + back_off(env, message.attempts))
        }
        Delivery::Deferred(answer) | Delivery::Failed(answer) => {
            (MessageState::Failed, EventKind::MailFailed, answer, now)
        }
    };
    let answer: String = answer.chars().filter(|sign| !sign.is_control()).take(500).collect();
    let settled = messages::settle(tx, &message.id, &lease.token, state, &answer, due_at, now).await?;
    let Some(settled) = settled else { return Ok(()) };
    if let Some(challenge_id) = &settled.challenge_id {
        match state {
            MessageState::Sent => invites::mark_sent(tx, challenge_id, now).await?,
            MessageState::Failed => invites::mark_bounced(tx, challenge_id, now).await?,
            MessageState::Waiting | MessageState::Deferred | MessageState::Cancelled => {}
        }
    }
    let Some(user_id) = settled.user_id else { return Ok(()) };
    let data = EventData {
        message: Some(settled.id),
        answer: Some(answer),
        challenge: settled.challenge_id,
        ..EventData::address(&settled.recipient)
    };
    record(tx, env, &[Fact { user_id, kind, actor: Actor::System, data }]).await
}

/// 15 s, 30 s, 1 min … 4 h, with up to a quarter more by chance, so that a thousand deferred mails do not return at once.
fn back_off(env: &dyn Env, attempts: i32) -> i64 {
    let doubled = (15 * SECOND) << attempts.clamp(1, 11).saturating_sub(1);
    let base = doubled.min(4 * HOUR);
    let mut chance = [0; 2];
    env.fill(&mut chance);
    base + base / 4 * i64::from(u16::from_le_bytes(chance)) / i64::from(u16::MAX)
}
