//! An app with a person who signs in to it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use vestibule_core::{
    actor::Admin,
    api_key::{Keeper, NewKey, Scope},
    authorization::{Authenticated, NewApp, Parameters, Step},
};

use crate::{
    support::World,
    wire::{Answer, ISSUER, Wire},
};

pub const CALLBACK: &str = "https://shop.example/callback";
pub const VERIFIER: &str = "a-verifier-of-more-than-forty-three-characters";

pub struct Shop {
    pub world: World,
    pub owner: Admin,
    pub wire: Wire,
    /// Id and secret.
    pub client: (String, String),
    pub user_id: String,
}

impl Shop {
    pub async fn open(world: World) -> Self {
        let owner = world.owner().await;
        let made = world.vestibule.create_app(&owner, own(false)).await.unwrap();
        let user_id = world.person(&owner, "grace@navy.example").await.user_id;
        let client = (made.id, made.secret.unwrap().reveal().to_owned());
        Self { wire: Wire::new(&world), owner, client, user_id, world }
    }

    pub async fn public(&self) -> String {
        self.world.vestibule.create_app(&self.owner, own(true)).await.unwrap().id
    }

    pub async fn code(&self, scope: &str) -> String {
        self.code_for(&self.client.0, scope).await
    }

    /// The code that a person who is signed in brings back to an app.
    pub async fn code_for(&self, client_id: &str, scope: &str) -> String {
        let vestibule = &self.world.vestibule;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let query = format!(
            "client_id={client_id}&redirect_uri={CALLBACK}&response_type=code&scope={}&nonce=n-1\
             &code_challenge={challenge}&code_challenge_method=S256",
            scope.replace(' ', "+")
        );
        let request = vestibule.authorization_request(&Parameters::parse(&query), ISSUER).await.unwrap().unwrap();
        let who = Authenticated {
            user_id: self.user_id.clone(),
            organization_id: self.world.organization.clone(),
            at: vestibule.now(),
            methods: vec!["pwd".to_owned()],
            session: "s-1".to_owned(),
        };
        match vestibule.authorize(&request, Some(&who), None, None, ISSUER).await.unwrap() {
            Step::Leave(departure) => departure.parameters[0].1.clone(),
            step => panic!("{step:?}"),
        }
    }

    pub async fn token(&self, form: &str) -> Answer {
        self.wire.post("/oauth/v2/token", &self.client, form).await
    }

    /// The answer with the tokens for these scopes.
    pub async fn tokens(&self, scope: &str) -> Answer {
        let answer = self.token(&by_code(&self.code(scope).await)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer
    }
}

pub fn by_code(code: &str) -> String {
    format!("grant_type=authorization_code&code={code}&redirect_uri={CALLBACK}&code_verifier={VERIFIER}")
}

/// Id and secret of a machine that may read.
pub async fn machine(world: &World) -> (String, String) {
    let new = NewKey { name: "Payroll".to_owned(), scopes: vec![Scope::Read], lifetime: None };
    let made = world.vestibule.create_client(Keeper::operator(&world.organization), new).await.unwrap();
    (made.id, made.secret.reveal().to_owned())
}

fn own(public: bool) -> NewApp {
    NewApp {
        name: "Shop".to_owned(),
        redirect_uris: vec![CALLBACK.to_owned()],
        first_party: true,
        public,
        ..NewApp::default()
    }
}
