//! The two operations that must be right to the letter.

use http::Method;
use serde_json::{Value, json};

use crate::{support::World, wire::Wire};

both!(
    an_invite_code_verifies_the_address,
    a_person_verifies_their_own_address,
    the_media_types_of_the_documents_are_taken
);

async fn an_invite_code_verifies_the_address(world: World) {
    let mut wire = Wire::new(world).await;
    wire.user("69629023906488334").await;
    let code = wire.invite_code("69629023906488334").await;
    let body = json!({"verificationCode": code});
    wire.tell(Method::POST, "/v2/users/69629023906488334/invite_code/verify", body).await;
    let seen = wire.get("/v2/users/69629023906488334").await.json();
    assert_eq!(seen["user"]["human"]["email"]["isVerified"], true);
    snapshot!(wire.told, @r#"
    POST /v2/users/69629023906488334/invite_code/verify {"verificationCode":"SKDQDJPLWZBDBXW"}
    200 {"details":{"sequence":"4","changeDate":"2025-06-15T15:06:40.001Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}
    "#);
}

async fn a_person_verifies_their_own_address(world: World) {
    let mut wire = Wire::new(world).await;
    let token = wire.token_of(&wire.user("69629023906488334").await).await;
    let code = wire.email_code("69629023906488334").await;
    let path = "/auth/v1/users/me/email/_verify";
    wire.tell_as(&token, Method::POST, path, json!({"code": code})).await;
    wire.tell_as(&token, Method::GET, "/auth/v1/users/me/email", Value::Null).await;
    snapshot!(wire.told, @r#"
    POST /auth/v1/users/me/email/_verify {"code":"WCGRRQVB"}
    200 {"details":{"sequence":"3","changeDate":"2025-06-15T15:06:40.001Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"}}

    GET /auth/v1/users/me/email
    200 {"details":{"sequence":"3","creationDate":"2025-06-15T15:06:40Z","changeDate":"2025-06-15T15:06:40.001Z","resourceOwner":"01977420-dc00-7118-b0d3-641a68f94a69"},"email":{"email":"69629023906488334@navy.example","isEmailVerified":true}}
    "#);
}

/// The pages of the vendor name `application/grpc` and `application/grpc-web+proto` at the gateway's own paths.
async fn the_media_types_of_the_documents_are_taken(world: World) {
    use crate::wire::frames;
    use prost::Message;
    use vestibule_zitadel::proto::zitadel::{
        auth::v1::{VerifyMyEmailRequest, VerifyMyEmailResponse},
        user::v2::{VerifyInviteCodeRequest, VerifyInviteCodeResponse},
    };

    let wire = Wire::new(world).await;
    for (place, media_type) in ["application/grpc", "application/grpc-web+proto"].into_iter().enumerate() {
        let id = wire.user(&format!("u{place}")).await;
        let token = wire.token_of(&id).await;
        // The path says whose code it is.
        let message =
            VerifyInviteCodeRequest { user_id: String::new(), verification_code: wire.invite_code(&id).await };
        let path = format!("/v2/users/{id}/invite_code/verify");
        let heard = wire.framed(&token, &path, media_type, &message.encode_to_vec()).await;
        let (flag, answer) = frames(&heard.body).remove(0);
        let answer = VerifyInviteCodeResponse::decode(answer.as_slice()).unwrap();
        assert_eq!((flag, answer.details.unwrap().resource_owner.as_str()), (0, wire.world.organization.as_str()));

        let message = VerifyMyEmailRequest { code: wire.email_code(&id).await };
        let path = "/auth/v1/users/me/email/_verify";
        let heard = wire.framed(&token, path, media_type, &message.encode_to_vec()).await;
        let (flag, answer) = frames(&heard.body).remove(0);
        let answer = VerifyMyEmailResponse::decode(answer.as_slice()).unwrap();
        assert_eq!((flag, answer.details.unwrap().resource_owner.as_str()), (0, wire.world.organization.as_str()));
    }
}
