//! How far an app reaches into the account of a person who let it in.

use vestibule_core::{
    Refusal,
    code_request::{CodeRequest, Way},
    link_template::{LinkTemplate, Name},
    passkey::Registrar,
};

use crate::{
    keys::token_of,
    support::{World, address, refused},
};

both! {
    only_who_was_let_write_changes_and_sends,
    a_persons_own_code_goes_by_mail_alone,
}

async fn only_who_was_let_write_changes_and_sends(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let (vestibule, eve) = (&world.vestibule, address("eve@evil.example"));
    for (scopes, calls, changes) in [
        ("openid profile email", false, false),
        ("openid read", true, false),
        ("openid verify", true, false),
        ("openid write", true, true),
    ] {
        world.env.pass(60_000);
        let principal = vestibule.principal(&token_of(&world, &grace.user_id, scopes).await).await.unwrap();
        let her = principal.person().unwrap();
        assert_eq!(her.may_call(), calls, "{scopes}");
        let sent = vestibule.send_own_code(her, CodeRequest::default(), None).await;
        let begun = vestibule.register_passkey(Registrar::Person(her.clone()), her.user_id()).await;
        let moved = vestibule.change_own_address(her, &eve, CodeRequest::default()).await;
        if changes {
            assert!(sent.is_ok() && begun.is_ok() && moved.is_ok(), "{scopes}");
        } else {
            assert_eq!((refused(sent), refused(begun)), (Refusal::Forbidden, Refusal::Forbidden), "{scopes}");
            assert_eq!(refused(moved), Refusal::Forbidden, "{scopes}");
        }
    }
}

async fn a_persons_own_code_goes_by_mail_alone(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let person = world.vestibule.visitor(&grace.user_id).await.unwrap().unwrap().person();
    let returned = CodeRequest { way: Way::Return, ..CodeRequest::default() };
    let new = address("g@navy.example");
    let shown = world.vestibule.send_own_code(&person, returned.clone(), None).await;
    assert_eq!(refused(shown), Refusal::Forbidden, "a code that she is handed proves nothing");
    let shown = world.vestibule.change_own_address(&person, &new, returned).await;
    assert_eq!(refused(shown), Refusal::Forbidden);
    let template = LinkTemplate::parse("https://app.example/{{.Code}}", &[Name::Code]).unwrap();
    let mail = CodeRequest { template: Some(template), ..CodeRequest::default() };
    let sent = world.vestibule.send_own_code(&person, mail.clone(), None).await.unwrap();
    let drawn = world.mailed(&sent.challenge_id).await;
    assert_eq!(drawn.link, Some(format!("https://app.example/{}", drawn.code.plain())));
    let sent = world.vestibule.change_own_address(&person, &new, mail).await.unwrap();
    let drawn = world.mailed(&sent.challenge_id).await;
    assert_eq!(drawn.link, Some(format!("https://app.example/{}", drawn.code.plain())));
}
