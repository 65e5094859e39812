//! Signing in to apps: from the request to the last token, and everything that must come to nothing on the way.

mod changing;
mod codes;
mod consent;
mod keys;
mod refreshing;
mod requests;
mod tokens;
mod withdrawing;

use sha2::{Digest, Sha256};
use vestibule_core::{
    actor::Admin,
    api_key::{Keeper, NewKey, Scope},
    authorization::{
        Answer, Authenticated, AuthorizationRequest, CallingClient, CodeGrant, Denial, MadeApp, NewApp, Parameters,
        Step, Tokens,
    },
};

use crate::support::World;

pub const ISSUER: &str = "https://vestibule.example";
pub const CALLBACK: &str = "https://shop.example/callback";
pub const VERIFIER: &str = "a-verifier-of-more-than-forty-three-characters";

/// What a test of this folder begins with: an owner, a person who is signed in, and a confidential app.
pub struct Shop {
    pub world: World,
    pub owner: Admin,
    pub app: MadeApp,
    pub who: Authenticated,
}

impl Shop {
    pub async fn open(world: World) -> Self {
        let owner = world.owner().await;
        let app = world.vestibule.create_app(&owner, new_app()).await.unwrap();
        let grace = world.person(&owner, "grace@navy.example").await;
        let who = Authenticated {
            user_id: grace.user_id,
            organization_id: world.organization.clone(),
            at: world.vestibule.now(),
            methods: vec!["pwd".to_owned()],
            session: "s-1".to_owned(),
        };
        Self { world, owner, app, who }
    }

    pub async fn client(&self) -> CallingClient {
        self.client_of(&self.app).await
    }

    pub async fn client_of(&self, app: &MadeApp) -> CallingClient {
        let secret = app.secret.as_ref().map(vestibule_core::secret::Token::reveal);
        self.world.vestibule.calling_client(&app.id, secret).await.unwrap().unwrap()
    }

    /// The query of a sound request, with more parameters or others.
    pub fn query(&self, more: &str) -> String {
        format!("client_id={}&redirect_uri={CALLBACK}&response_type=code&{}&{more}", self.app.id, pkce())
    }

    pub async fn request(&self, more: &str) -> AuthorizationRequest {
        let parameters = Parameters::parse(&self.query(more));
        self.world.vestibule.authorization_request(&parameters, ISSUER).await.unwrap().unwrap()
    }

    /// Takes a request on for the person, who has just said this, if anything.
    pub async fn step(&self, request: &AuthorizationRequest, answer: Option<Answer>) -> Step {
        self.world.vestibule.authorize(request, Some(&self.who), None, answer, ISSUER).await.unwrap()
    }

    /// The code that a person's consent gives.
    pub async fn code(&self, scope: &str) -> String {
        let request = self.request(&format!("scope={}&nonce=n-1", scope.replace(' ', "+"))).await;
        code_of(self.step(&request, Some(Answer::Allow)).await)
    }

    pub async fn redeem(&self, code: &str) -> Result<Tokens, Denial> {
        self.world.vestibule.redeem_authorization(&self.client().await, grant(code), ISSUER).await.unwrap()
    }

    pub async fn tokens(&self, scope: &str) -> Tokens {
        self.redeem(&self.code(scope).await).await.unwrap()
    }

    /// Whether an access token still says who the person is.
    pub async fn is_known(&self, tokens: &Tokens) -> bool {
        let known = self.world.vestibule.userinfo(&tokens.access).await.unwrap().is_ok();
        assert_eq!(self.world.vestibule.principal(&tokens.access).await.is_ok(), known, "the API agrees");
        known
    }
}

pub fn new_app() -> NewApp {
    NewApp {
        name: "Shop".to_owned(),
        redirect_uris: vec![CALLBACK.to_owned()],
        post_logout_uris: vec!["https://shop.example/bye".to_owned()],
        ..NewApp::default()
    }
}

pub async fn machine(world: &World) -> CallingClient {
    machine_of(world, &world.organization).await
}

pub async fn machine_of(world: &World, organization: &str) -> CallingClient {
    let by = Keeper::operator(organization);
    let new = NewKey { name: "Payroll".to_owned(), scopes: vec![Scope::Read, Scope::Verify], lifetime: None };
    let made = world.vestibule.create_client(by, new).await.unwrap();
    world.vestibule.calling_client(&made.id, Some(made.secret.reveal())).await.unwrap().unwrap()
}

pub fn pkce() -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    format!("code_challenge={challenge}&code_challenge_method=S256")
}

pub fn grant(code: &str) -> CodeGrant {
    CodeGrant { code: code.to_owned(), redirect_uri: Some(CALLBACK.to_owned()), verifier: VERIFIER.to_owned() }
}

/// One parameter of the answer that leaves for the app.
pub fn left_with(step: &Step, name: &str) -> Option<String> {
    let Step::Leave(departure) = step else { panic!("{step:?}") };
    departure.parameters.iter().find(|(own, _)| *own == name).map(|(_, value)| value.clone())
}

pub fn code_of(step: Step) -> String {
    left_with(&step, "code").unwrap_or_else(|| panic!("{step:?}"))
}
