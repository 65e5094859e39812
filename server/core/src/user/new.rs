//! Making users.

use std::collections::{HashMap, HashSet};

use crate::{
    Result,
    actor::Language,
    address::EmailAddress,
    env::Env,
    event::{Standing, tally},
    store::{Tx, emails, emails::NewEmail, users, users::NewUser},
    user::search_text,
};

/// A user who is known by one address.
pub(crate) fn new_user(
    env: &dyn Env,
    organization_id: &str,
    name: &str,
    address: &EmailAddress,
    language: Language,
) -> (NewUser, NewEmail) {
    let (id, canonical, now) = (env.id(), address.canonical().to_owned(), env.now());
    let user = NewUser {
        id: id.clone(),
        number: env.number(),
        organization_id: organization_id.to_owned(),
        username: address.typed().to_owned(),
        username_key: canonical.clone(),
        name: name.to_owned(),
        language,
        search: search_text(name, &canonical, std::slice::from_ref(&canonical)),
        created_at: now,
        username_id: None,
        profile: "{}".to_owned(),
        folded: "{}".to_owned(),
        public_data: "{}".to_owned(),
        private_data: "{}".to_owned(),
        metadata: "{}".to_owned(),
        population_id: None,
        verification_required: false,
    };
    let email = NewEmail {
        id: env.id(),
        organization_id: organization_id.to_owned(),
        user_id: id,
        address: address.typed().to_owned(),
        canonical,
        is_primary: true,
        created_at: now,
    };
    (user, email)
}

/// What became of a user to be inserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Insertion {
    Made,
    /// Somebody has the address; the user was not made.
    AddressTaken,
}

/// Inserts users with their addresses and counts them. Those whose user name or id somebody has are not in the answer.
pub(crate) async fn insert_users(
    tx: &mut Tx,
    env: &dyn Env,
    new_users: &[NewUser],
    new_emails: Vec<NewEmail>,
) -> Result<HashMap<String, Insertion>> {
    let made = users::insert(tx, new_users).await?;
    let mut made: HashMap<String, Insertion> = made.into_iter().map(|id| (id, Insertion::Made)).collect();
    let new_emails: Vec<NewEmail> = new_emails.into_iter().filter(|email| made.contains_key(&email.user_id)).collect();
    let inserted: HashSet<String> = emails::insert(tx, &new_emails).await?.into_iter().collect();
    for email in new_emails.iter().filter(|email| !inserted.contains(&email.id)) {
        users::delete(tx, &email.user_id).await?;
        made.insert(email.user_id.clone(), Insertion::AddressTaken);
    }
    let mut change = HashMap::new();
    for user in new_users.iter().filter(|user| made.get(&user.id) == Some(&Insertion::Made)) {
        *change.entry((user.organization_id.clone(), Standing::Unverified)).or_default() += 1;
    }
    tally(tx, env, change).await?;
    Ok(made)
}
