//! Users who were known elsewhere come in, many at once.
//!
//! A row is read into an account like those that clients make, and becomes a user in the same way. Who is there already
//! stays as they are: a file that calls an address verified must not prove it for whoever has entered it here meanwhile.

mod column;
mod row;

use crate::{
    Refusal, Result, Vestibule,
    api_key::Keeper,
    env::Env,
    event::{EventData, EventKind, Fact},
    password::NewPassword,
    prove::{ProofKind, Proving, prove},
    store::{
        Tx, accounts, emails,
        emails::{CanonicalKey, NewEmail},
        users,
        users::NewUser,
    },
    user::{
        create::compose,
        new::{Insertion, insert_users},
    },
    word::words,
};

pub use column::{Column, HeaderFault};
pub use row::{Fault, Problem, Reader, Row};

words! {
    /// What a row means for its user.
    Found {
        /// There is no such user yet.
        New = "new",
        /// A user of the organization has the address, and stays as they are.
        Known = "known",
    }
}

/// What becomes of a row.
pub type Outcome = Result<Found, Problem>;

/// How many rows belong into one call of [`Vestibule::import`], so that other writers need not wait long.
pub const ROWS: usize = 200;

impl Vestibule {
    /// Looks what would become of the rows, and changes nothing. The outcomes are in the order of the rows.
    pub async fn preview_import(&self, by: impl Into<Keeper>, rows: &[Row]) -> Result<Vec<Outcome>> {
        let by = by.into();
        by.must_be_owner()?;
        look(&mut self.store.read().await?, by.organization_id(), rows).await
    }

    /// Makes the users of the rows that are new, with the proof *import* where a row says so. The rows that are well come
    /// in together, whatever the others are; the same rows once more change nothing.
    pub async fn import(&self, by: impl Into<Keeper>, rows: Vec<Row>) -> Result<Vec<Outcome>> {
        let by = by.into();
        by.must_be_owner()?;
        self.store
            .change((self.env.clone(), by, rows), |tx, (env, by, rows)| {
                Box::pin(async move { import(tx, env.as_ref(), by, rows).await })
            })
            .await
    }
}

async fn look(tx: &mut Tx, organization_id: &str, rows: &[Row]) -> Result<Vec<Outcome>> {
    let keys: Vec<CanonicalKey<'_>> =
        rows.iter().map(|row| CanonicalKey { organization_id, canonical: row.address().canonical() }).collect();
    let holders = emails::holders(tx, &keys).await?;
    let usernames: Vec<&str> = rows.iter().map(Row::username_key).collect();
    let taken = users::taken_usernames(tx, organization_id, &usernames).await?;
    Ok(rows
        .iter()
        .map(|row| match holders.iter().find(|holder| holder.canonical == row.address().canonical()) {
            Some(holder) if row.account().address_verified && !holder.verified => {
                Err(Problem::refused(Column::Email, Refusal::NotVerified))
            }
            Some(_) => Ok(Found::Known),
            None if taken.iter().any(|key| key == row.username_key()) => Err(row.username_taken()),
            None => Ok(Found::New),
        })
        .collect())
}

/// A row on its way into the store.
struct Coming<'a> {
    row: &'a Row,
    outcome: &'a mut Outcome,
    user_id: String,
    email_id: String,
}

async fn import(tx: &mut Tx, env: &dyn Env, by: &Keeper, rows: &[Row]) -> Result<Vec<Outcome>> {
    let mut outcomes = look(tx, by.organization_id(), rows).await?;
    let (mut new_users, mut new_emails): (Vec<NewUser>, Vec<NewEmail>) = (Vec::new(), Vec::new());
    let mut coming = Vec::new();
    for (row, outcome) in rows.iter().zip(&mut outcomes).filter(|(_, outcome)| **outcome == Ok(Found::New)) {
        let (user, email) = compose(env, by.organization_id(), row.account())?;
        let email = email.ok_or(Refusal::NotFound)?;
        coming.push(Coming { row, outcome, user_id: user.id.clone(), email_id: email.id.clone() });
        new_users.push(user);
        new_emails.push(email);
    }
    if coming.is_empty() {
        return Ok(outcomes);
    }

    let made = insert_users(tx, env, &new_users, new_emails).await?;
    let (mut provings, mut facts) = (Vec::new(), Vec::new());
    for Coming { row, outcome, user_id, email_id } in coming {
        // Somebody came between the look and the insertion, or the row before is of the same person.
        match made.get(&user_id) {
            Some(Insertion::Made) => {}
            Some(Insertion::AddressTaken) => {
                *outcome = Err(Problem::refused(Column::Email, Refusal::AddressTaken));
                continue;
            }
            None => {
                *outcome = Err(row.username_taken());
                continue;
            }
        }
        let fact = |kind, data| Fact { user_id: user_id.clone(), kind, actor: by.actor(), data };
        let canonical = row.address().canonical();
        let about = EventData { reason: Some(row.origin().to_owned()), ..EventData::address(canonical) };
        facts.push(fact(EventKind::UserCreated, about));
        if let Some(NewPassword::Hash { hash, must_change }) = &row.account().password {
            accounts::set_password(tx, &user_id, hash, *must_change, env.now()).await?;
            facts.push(fact(EventKind::PasswordSet, EventData::default()));
        }
        if row.account().address_verified {
            provings.push(Proving {
                email_id,
                user_id,
                canonical: canonical.to_owned(),
                proof: ProofKind::Import,
                actor: by.actor(),
                reason: Some(row.origin().to_owned()),
                message: None,
                ip: None,
                completes: true,
            });
        }
    }
    prove(tx, env, &provings, facts).await?;
    Ok(outcomes)
}
