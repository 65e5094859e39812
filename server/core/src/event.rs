//! Histories: one numbered line a fact, append-only, each written in the transaction of its fact.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::{
    Result,
    actor::Actor,
    env::Env,
    store::{Tx, events, users},
    word::words,
};

words! {
    /// What happened.
    EventKind {
        UserCreated = "user-created",
        UserDisabled = "user-disabled",
        UserEnabled = "user-enabled",
        EmailAdded = "email-added",
        EmailRemoved = "email-removed",
        EmailMadePrimary = "email-made-primary",
        EmailVerified = "email-verified",
        EmailUnverified = "email-unverified",
        CodeRequested = "code-requested",
        CodeRefused = "code-refused",
        SecretShown = "secret-shown",
        Invited = "invited",
        InviteOpened = "invite-opened",
        InviteAccepted = "invite-accepted",
        InviteReady = "invite-ready",
        InviteRevoked = "invite-revoked",
        InviteDeclined = "invite-declined",
        MailSent = "mail-sent",
        MailDeferred = "mail-deferred",
        MailFailed = "mail-failed",
        EmailChanged = "email-changed",
        PhoneAdded = "phone-added",
        PhoneRemoved = "phone-removed",
        PhoneMadePrimary = "phone-made-primary",
        PhoneVerified = "phone-verified",
        PhoneUnverified = "phone-unverified",
        UserChanged = "user-changed",
        UserLocked = "user-locked",
        UserUnlocked = "user-unlocked",
        UserDeleted = "user-deleted",
        SessionsEnded = "sessions-ended",
        SessionEnded = "session-ended",
        PasswordSet = "password-set",
        PasswordChanged = "password-changed",
        PasswordRemoved = "password-removed",
        PasswordChangeRequired = "password-change-required",
        PasskeyAdded = "passkey-added",
        PasskeyRemoved = "passkey-removed",
        ProviderLinked = "provider-linked",
        ProviderUnlinked = "provider-unlinked",
        ProviderAdded = "provider-added",
        ProviderChanged = "provider-changed",
        ProviderRemoved = "provider-removed",
        RoleGranted = "role-granted",
        SignedIn = "signed-in",
        ApiKeyCreated = "api-key-created",
        ApiKeyRevoked = "api-key-revoked",
        ClientCreated = "client-created",
        ClientRenamed = "client-renamed",
        ClientRevoked = "client-revoked",
        PolicyChanged = "policy-changed",
        AppAllowed = "app-allowed",
        AppWithdrawn = "app-withdrawn",
        ClientChanged = "client-changed",
    }
}

/// A fact about to be written.
#[derive(Clone, Debug)]
pub struct Fact {
    pub user_id: String,
    pub kind: EventKind,
    pub actor: Actor,
    pub data: EventData,
}

/// What belongs to a fact beside its kind; what does not apply is left out. Never a code or a token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EventData {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// A telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What the other mail server said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Where the request came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
}

impl EventData {
    pub fn address(address: &str) -> Self {
        Self { address: Some(address.to_owned()), ..Self::default() }
    }
}

/// A line of a history, as it is read.
#[derive(Clone, Debug)]
pub struct Event {
    pub sequence: i64,
    pub at: i64,
    pub kind: EventKind,
    pub actor: Actor,
    pub data: EventData,
}

/// Where a user stands in lists: derived from state, addresses and invite with every event.
#[derive(Clone, Debug, Default)]
struct Shift {
    change: HashMap<(String, Standing), i64>,
}

words! {
    /// Which tab of the users list a user is found in.
    Standing {
        Unverified = "unverified",
        Invited = "invited",
        Verified = "verified",
        Disabled = "disabled",
    }
}

/// Writes facts, numbers them per user, tells the webhooks and brings the users' standing up to date.
///
/// Call it after the facts' own rows are written: the standing is read from them. A handful of statements, however
/// many facts.
pub(crate) async fn record(tx: &mut Tx, env: &dyn Env, facts: &[Fact]) -> Result<()> {
    if facts.is_empty() {
        return Ok(());
    }
    let now = env.now();
    let mut per_user: BTreeMap<&str, (i64, EventKind)> = BTreeMap::new();
    for fact in facts {
        let entry = per_user.entry(&fact.user_id).or_insert((0, fact.kind));
        *entry = (entry.0 + 1, fact.kind);
    }
    let touched: Vec<users::Touch<'_>> = per_user
        .iter()
        .map(|(user_id, (count, last_step))| users::Touch { id: user_id, count: *count, last_step: *last_step })
        .collect();
    let places = users::touch(tx, &touched, now).await?;

    let mut next: HashMap<String, (i64, String)> = HashMap::new();
    let mut shift = Shift::default();
    for place in places {
        let count = per_user.get(place.id.as_str()).map_or(0, |(count, _)| *count);
        if place.standing != place.standing_was {
            *shift.change.entry((place.organization_id.clone(), place.standing_was)).or_default() -= 1;
            *shift.change.entry((place.organization_id.clone(), place.standing)).or_default() += 1;
        }
        next.insert(place.id, (place.sequence - count, place.organization_id));
    }
    let mut rows = Vec::with_capacity(facts.len());
    for fact in facts {
        // A user who has been deleted meanwhile has no history to write to.
        let Some((sequence, organization_id)) = next.get_mut(&fact.user_id) else { continue };
        *sequence += 1;
        rows.push(events::Row {
            user_id: &fact.user_id,
            sequence: *sequence,
            number: env.number(),
            organization_id: organization_id.clone(),
            at: now,
            kind: fact.kind,
            actor: fact.actor.json(),
            data: serde_json::to_string(&fact.data)?,
        });
    }
    events::insert(tx, &rows).await?;
    tally(tx, env, shift.change).await
}

/// Counts users in and out of standings; new users are counted in by their insert.
pub(crate) async fn tally(tx: &mut Tx, env: &dyn Env, change: HashMap<(String, Standing), i64>) -> Result<()> {
    let mut slot = [0];
    env.fill(&mut slot);
    let rows: Vec<users::Tally> = change
        .into_iter()
        .filter(|(_, count)| *count != 0)
        .map(|((organization_id, standing), count)| users::Tally {
            organization_id,
            standing,
            slot: i32::from(slot[0] % 8),
            count,
        })
        .collect();
    users::tally(tx, &rows).await
}
