//! Zitadel's community client for Rust, as it is published, over gRPC without encryption.

use tonic::{Code, Request, Status};
use zitadel::api::{
    clients::ClientBuilder,
    zitadel::{
        auth::v1::{GetMyUserRequest, HealthzRequest},
        user::v2::{
            AddHumanUserRequest, CreateInviteCodeRequest, DeleteUserRequest, GetUserByIdRequest, ListUsersRequest,
            ReturnInviteCode, SetHumanEmail, SetHumanProfile, VerifyInviteCodeRequest, create_invite_code_request,
            set_human_email, user,
        },
    },
};

use crate::{
    client::{key, serve},
    support::World,
};

both! {
    an_invited_person,
    the_older_service,
}

/// Where it is served, and what shows the key to it.
async fn served(
    world: &World,
) -> (String, impl FnMut(Request<()>) -> Result<Request<()>, Status> + Clone + Send + 'static) {
    let url = format!("http://{}", serve(world).await);
    let bearer = format!("Bearer {}", key(world).await.reveal());
    (url, move |mut request: Request<()>| {
        request.metadata_mut().insert("authorization", bearer.parse().unwrap());
        Ok(request)
    })
}

async fn an_invited_person(world: World) {
    let (url, with_key) = served(&world).await;
    let mut users = ClientBuilder::new(&url).with_interceptor(with_key).build_user_client().await.unwrap();
    let email = "edda@navy.example".to_owned();
    let unverified = set_human_email::Verification::IsVerified(false);
    let profile = SetHumanProfile {
        given_name: "Edda".to_owned(),
        family_name: "Quill".to_owned(),
        ..SetHumanProfile::default()
    };
    let asked = AddHumanUserRequest {
        profile: Some(profile),
        email: Some(SetHumanEmail { email: email.clone(), verification: Some(unverified) }),
        ..AddHumanUserRequest::default()
    };
    let user_id = users.add_human_user(asked).await.unwrap().into_inner().user_id;

    let returned = create_invite_code_request::Verification::ReturnCode(ReturnInviteCode {});
    let asked = CreateInviteCodeRequest { user_id: user_id.clone(), verification: Some(returned) };
    let code = users.create_invite_code(asked).await.unwrap().into_inner().invite_code.unwrap();
    let attempt = |code: &str| VerifyInviteCodeRequest { user_id: user_id.clone(), verification_code: code.to_owned() };
    let wrong = users.verify_invite_code(attempt(&code.chars().rev().collect::<String>())).await.unwrap_err();
    assert_eq!((wrong.code(), wrong.message()), (Code::InvalidArgument, "Code is invalid (COMMAND-Wgn4q)"));
    users.verify_invite_code(attempt(&code)).await.unwrap();
    let again = users.verify_invite_code(attempt(&code)).await.unwrap_err();
    assert_eq!((again.code(), again.message(), again.details()), (wrong.code(), wrong.message(), wrong.details()));

    let named = GetUserByIdRequest { user_id: user_id.clone() };
    let found = users.get_user_by_id(named.clone()).await.unwrap().into_inner().user.unwrap();
    let Some(user::Type::Human(human)) = &found.r#type else { panic!("{found:?}") };
    assert_eq!(human.email.as_ref().map(|address| (&address.email, address.is_verified)), Some((&email, true)));
    assert!(users.list_users(ListUsersRequest::default()).await.unwrap().into_inner().result.contains(&found));
    users.delete_user(DeleteUserRequest { user_id: user_id.clone() }).await.unwrap();
    assert_eq!(users.get_user_by_id(named).await.unwrap_err().code(), Code::NotFound);
}

async fn the_older_service(world: World) {
    let (url, with_key) = served(&world).await;
    let mut nobody = ClientBuilder::new(&url).build_auth_client().await.unwrap();
    nobody.healthz(HealthzRequest {}).await.unwrap();
    assert_eq!(nobody.get_my_user(GetMyUserRequest {}).await.unwrap_err().code(), Code::Unauthenticated);
    let mut machine = ClientBuilder::new(&url).with_interceptor(with_key).build_auth_client().await.unwrap();
    let me = machine.get_my_user(GetMyUserRequest {}).await.unwrap().into_inner().user.unwrap();
    assert_eq!(me.user_name, "Payroll");
}
