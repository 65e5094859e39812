//! What machines do with users: the verbs that only they need.

mod choosing;
mod codes;
mod directory;
mod passwords;
mod people;
mod populations;
mod sending;
mod showing;

use vestibule_core::{
    actor::{Client, Principal},
    address::EmailAddress,
    api_key::{Keeper, NewKey, Scope},
    user::{create::NewAccount, profile::Profile},
};

use crate::support::World;

impl World {
    /// A client of the world's organization with these scopes.
    pub async fn client(&self, scopes: &[Scope]) -> Client {
        self.client_of(&self.organization, scopes).await
    }

    /// A client of an organization with these scopes.
    pub async fn client_of(&self, organization: &str, scopes: &[Scope]) -> Client {
        let new = NewKey { name: "Robot".to_owned(), scopes: scopes.to_vec(), lifetime: None };
        let made = self.vestibule.create_api_key(Keeper::operator(organization), new).await.unwrap();
        match self.vestibule.principal(&made.secret).await.unwrap() {
            Principal::Client(client) => client,
            other @ Principal::Person { .. } => panic!("{other:?} is no client"),
        }
    }

    /// Makes a user for a client.
    pub async fn account(&self, client: &Client, new: NewAccount) -> String {
        self.vestibule.create_account(client, new).await.unwrap().user_id
    }
}

/// A user with a name and an address.
pub fn ada(address: &str) -> NewAccount {
    NewAccount {
        address: Some(EmailAddress::parse(address).unwrap()),
        profile: Profile {
            given_name: Some("Ada".to_owned()),
            family_name: Some("Lovelace".to_owned()),
            ..Profile::default()
        },
        ..NewAccount::default()
    }
}
