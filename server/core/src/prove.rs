//! The one verb that sets *verified*. Every face ends here.

use std::collections::HashSet;

use serde::Serialize;

use crate::{
    Result,
    actor::Actor,
    env::Env,
    event::{EventData, EventKind, Fact, record},
    store::{Tx, challenges, emails, messages, users},
    word::words,
};

words! {
    /// How an address became verified.
    ProofKind {
        Code = "code",
        Link = "link",
        Invite = "invite",
        Admin = "admin",
        Api = "api",
        Idp = "idp",
        Import = "import",
    }
}

/// An address to be proven. It takes effect only while the address of that id is still this user's, still the
/// same address, and not verified yet.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Proving {
    pub email_id: String,
    pub user_id: String,
    pub canonical: String,
    pub proof: ProofKind,
    #[serde(serialize_with = "as_json")]
    pub actor: Actor,
    pub reason: Option<String>,
    pub message: Option<String>,
    #[serde(skip)]
    pub ip: Option<String>,
    /// Whether an account that waits for its code waits no longer.
    #[serde(skip)]
    pub completes: bool,
}

fn as_json<S: serde::Serializer>(actor: &Actor, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&actor.json())
}

/// Marks the addresses verified: proof, history, webhooks and standing in the caller's transaction. Open email
/// challenges for them end and their waiting mails are cancelled.
///
/// `beside` are facts of the same moment that belong before it in the history. Gives the ids of the addresses that it
/// verified; the others were verified already, or are no longer what was to be proven.
pub(crate) async fn prove(tx: &mut Tx, env: &dyn Env, provings: &[Proving], beside: Vec<Fact>) -> Result<Vec<String>> {
    // Two challenges for one address may be met in one batch; the first one proves it.
    let mut seen = HashSet::new();
    let mut provings: Vec<&Proving> =
        provings.iter().filter(|proving| seen.insert(proving.email_id.as_str())).collect();
    // In one order, so that two batches do not wait for each other.
    provings.sort_by(|one, other| one.email_id.cmp(&other.email_id));
    let verified = emails::verify(tx, &provings, env.now()).await?;
    let ended = challenges::end_for_emails(tx, &verified, env.now()).await?;
    messages::cancel_for_challenges(tx, &ended, env.now()).await?;

    let completed: Vec<String> =
        provings.iter().filter(|proving| proving.completes).map(|proving| proving.user_id.clone()).collect();
    if !completed.is_empty() {
        users::complete(tx, &completed).await?;
    }

    let mut facts = beside;
    facts.extend(provings.into_iter().filter(|proving| verified.contains(&proving.email_id)).map(|proving| Fact {
        user_id: proving.user_id.clone(),
        kind: EventKind::EmailVerified,
        actor: proving.actor.clone(),
        data: EventData {
            address: Some(proving.canonical.clone()),
            proof: Some(proving.proof.to_string()),
            reason: proving.reason.clone(),
            message: proving.message.clone(),
            ip: proving.ip.clone(),
            ..EventData::default()
        },
    }));
    record(tx, env, &facts).await?;
    Ok(verified)
}
