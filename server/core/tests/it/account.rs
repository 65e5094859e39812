//! What a person does with their own account, and what a stranger may do with somebody else's.

use vestibule_core::{
    Refusal,
    actor::{Language, Person},
    address::EmailAddress,
    code::TypedCode,
    env::MINUTE,
    organization::{Method, Policy},
};

use crate::support::{Person as Somebody, World, address, refused, secret_word, typed, wrong};

both! {
    an_address_is_pending_until_proven_and_the_old_one_is_told,
    somebody_elses_address_cannot_be_taken,
    a_forgotten_password_is_chosen_anew_once,
    a_reset_link_is_good_once_and_only_for_that,
    strangers_learn_nothing_from_a_reset,
    the_own_password_is_changed_by_who_knows_it,
    sessions_are_seen_and_ended,
    a_reset_lets_nobody_in_whose_invite_was_taken_back,
    a_reset_goes_to_the_proven_primary_address_alone,
    a_policy_without_passwords_gives_none_by_a_reset,
}

/// A person with a password, who can sign in.
async fn grace(world: &World) -> (Person, Somebody) {
    let owner = world.owner().await;
    let (invited, drawn) = world.invite_mailed(&owner, "grace@navy.example").await;
    let redeemed = world.vestibule.redeem(crate::support::by_link(&drawn.token)).await.unwrap();
    world.vestibule.set_first_password(&redeemed, secret_word()).await.unwrap();
    world.deliver().await;
    let person = world.vestibule.visitor(&invited.user_id).await.unwrap().unwrap().person();
    let email_id = world.view(&owner, &invited.user_id).await.emails[0].email.id.clone();
    (person, Somebody { user_id: invited.user_id, email_id, address: address("grace@navy.example") })
}

async fn an_address_is_pending_until_proven_and_the_old_one_is_told(world: World) {
    let (person, old) = grace(&world).await;
    let issued = world.vestibule.add_own_address(&person, &address("grace@home.example"), None).await.unwrap();
    let letters = world.deliver().await;
    let told = letters.iter().find(|letter| letter.kind.as_str() == "address-added").unwrap();
    assert_eq!((told.recipient.as_str(), told.data.address.as_str()), ("grace@navy.example", "grace@home.example"));
    let drawn = letters.iter().find_map(|letter| letter.secret.clone()).unwrap();
    let record = world.vestibule.own_record(&person).await.unwrap();
    let new = record.emails.iter().find(|email| !email.primary).unwrap().id.clone();
    assert_eq!(refused(world.vestibule.make_own_primary(&person, &new).await), Refusal::NotVerified);
    world.vestibule.redeem(crate::support::at_handle(&issued.challenge_id, typed(&drawn))).await.unwrap();
    world.vestibule.make_own_primary(&person, &new).await.unwrap();
    let letters = world.deliver().await;
    assert_eq!((letters[0].kind.as_str(), letters[0].recipient.as_str()), ("primary-changed", "grace@navy.example"));
    assert_eq!(refused(world.vestibule.remove_own_address(&person, &new).await), Refusal::PrimaryAddress);
    world.vestibule.remove_own_address(&person, &old.email_id).await.unwrap();
    assert_eq!(world.vestibule.own_record(&person).await.unwrap().emails.len(), 1);
    let again = world.vestibule.sign_in("grace@home.example", secret_word(), None).await;
    assert_eq!(again.unwrap().user_id, person.user_id());
}

async fn somebody_elses_address_cannot_be_taken(world: World) {
    let (person, _) = grace(&world).await;
    let taken = world.vestibule.add_own_address(&person, &address("OLGA@acme.example"), None).await;
    assert_eq!(refused(taken), Refusal::AddressTaken);
    let owner = world.vestibule.visitor(&world.db.texts("SELECT user_id FROM administrator").await[0]).await;
    let olgas = world.vestibule.own_record(&owner.unwrap().unwrap().person()).await.unwrap().emails[0].id.clone();
    assert_eq!(refused(world.vestibule.make_own_primary(&person, &olgas).await), Refusal::NotFound);
    assert_eq!(refused(world.vestibule.remove_own_address(&person, &olgas).await), Refusal::NotFound);
    assert_eq!(refused(world.vestibule.send_own_code_to(&person, &olgas, None).await), Refusal::NotFound);
}

async fn a_forgotten_password_is_chosen_anew_once(world: World) {
    let (person, grace) = grace(&world).await;
    world
        .vestibule
        .create_session("s".to_owned(), Some(grace.user_id.clone()), "{}".to_owned(), i64::MAX)
        .await
        .unwrap();
    world.vestibule.forgot_password(&grace.address, None).await.unwrap();
    let drawn = world.deliver().await.into_iter().find_map(|letter| letter.secret).unwrap();
    let reset = async |code, password: &str| {
        world.vestibule.reset_password_at(&grace.address, code, password.to_owned(), None).await
    };
    assert_eq!(refused(reset(wrong(&drawn), "the analytical engine").await), Refusal::Wrong { left: 4 });
    assert_eq!(refused(reset(typed(&drawn), "short").await), Refusal::PasswordTooShort { min: 12 });
    reset(typed(&drawn), "the analytical engine").await.unwrap();
    assert_eq!(refused(reset(typed(&drawn), "yet another engine").await), Refusal::Used);
    // Whoever was signed in is not any more, and the holder is told.
    assert!(world.vestibule.own_sessions(&person, None).await.unwrap().is_empty());
    assert_eq!(world.deliver().await[0].kind.as_str(), "password-changed");
    world.vestibule.sign_in("grace@navy.example", "the analytical engine".to_owned(), None).await.unwrap();
    let old = world.vestibule.sign_in("grace@navy.example", secret_word(), None).await;
    assert_eq!(refused(old), Refusal::SignInFailed);
}

async fn a_reset_link_is_good_once_and_only_for_that(world: World) {
    let (_, grace) = grace(&world).await;
    world.vestibule.forgot_password(&grace.address, None).await.unwrap();
    let drawn = world.deliver().await.into_iter().find_map(|letter| letter.secret).unwrap();
    let verify = world.vestibule.redeem(crate::support::by_link(&drawn.token)).await;
    assert_eq!(refused(verify), Refusal::LinkUnknown);
    let reset =
        async |password: &str| world.vestibule.reset_password_by_link(&drawn.token, password.to_owned(), None).await;
    reset("the analytical engine").await.unwrap();
    assert_eq!(refused(reset("yet another engine").await), Refusal::Used);
}

async fn strangers_learn_nothing_from_a_reset(world: World) {
    let (_, grace) = grace(&world).await;
    let code = || TypedCode::parse("BCDF-GHJK").unwrap();
    let guess = async |text: &str| {
        let password = "the analytical engine".to_owned();
        refused(world.vestibule.reset_password_at(&address(text), code(), password, None).await)
    };
    let known = world.vestibule.forgot_password(&grace.address, None).await.unwrap();
    let unknown = world.vestibule.forgot_password(&address("nobody@navy.example"), None).await.unwrap();
    assert_eq!(known, unknown);
    world.deliver().await;
    for _ in 0..6 {
        assert_eq!(guess("grace@navy.example").await, guess("nobody@navy.example").await);
    }
    let cooling = refused(world.vestibule.forgot_password(&grace.address, None).await);
    assert_eq!(cooling, refused(world.vestibule.forgot_password(&address("nobody@navy.example"), None).await));
}

async fn the_own_password_is_changed_by_who_knows_it(world: World) {
    let (person, _) = grace(&world).await;
    let change =
        async |old: &str, new: &str| world.vestibule.set_own_password(&person, old.to_owned(), new.to_owned()).await;
    assert_eq!(refused(change("a guess", "the analytical engine").await), Refusal::SignInFailed);
    assert_eq!(refused(world.vestibule.confirm_password(&person, "a guess".to_owned()).await), Refusal::SignInFailed);
    world.vestibule.confirm_password(&person, secret_word()).await.unwrap();
    change(&secret_word(), "the analytical engine").await.unwrap();
    world.vestibule.sign_in("grace@navy.example", "the analytical engine".to_owned(), None).await.unwrap();
    for _ in 0..10 {
        assert_eq!(refused(change("a guess", "yet another engine").await), Refusal::SignInFailed);
    }
    assert!(matches!(refused(change("a guess", "yet another engine").await), Refusal::Limited { .. }));
    world.vestibule.set_own_language(&person, Language::German).await.unwrap();
    assert_eq!(world.vestibule.own_record(&person).await.unwrap().user.language, Language::German);
    let newest = world.vestibule.own_history(&person, None).await.unwrap();
    assert_eq!(newest[0].kind.as_str(), "user-changed");
}

async fn sessions_are_seen_and_ended(world: World) {
    let (person, grace) = grace(&world).await;
    let device = r#"{"device":{"agent":"Lynx","ip":"192.0.2.1","at":7}}"#.to_owned();
    for (id, data) in [("here", device), ("there", "{}".to_owned()), ("yonder", "not JSON".to_owned())] {
        let user = Some(grace.user_id.clone());
        world.vestibule.create_session(id.to_owned(), user, data, world.vestibule.now() + 1_000).await.unwrap();
    }
    let own = world.vestibule.own_sessions(&person, Some("here")).await.unwrap();
    assert_eq!(own.len(), 3);
    assert!(own[0].is_this);
    assert_eq!((own[0].device.agent.as_str(), own[0].device.ip.as_deref()), ("Lynx", Some("192.0.2.1")));
    // The browser's own secret is not among what is shown.
    assert!(own.iter().all(|session| !["here", "there", "yonder"].contains(&session.id.as_str())));
    let gone = own[1].id.clone();
    world.vestibule.end_own_session(&person, &gone).await.unwrap();
    assert_eq!(refused(world.vestibule.end_own_session(&person, &gone).await), Refusal::NotFound);
    world.vestibule.end_other_sessions(&person, Some("here")).await.unwrap();
    assert_eq!(world.vestibule.own_sessions(&person, Some("here")).await.unwrap().len(), 1);
}

async fn a_reset_lets_nobody_in_whose_invite_was_taken_back(world: World) {
    let owner = world.owner().await;
    let revoked = world.invite(&owner, "grace@navy.example").await;
    world.vestibule.revoke_invite(&owner, &revoked.id).await.unwrap();
    let (_, declined) = world.invite_mailed(&owner, "alan@park.example").await;
    world.vestibule.decline_invite(&declined.token).await.unwrap();
    for text in ["grace@navy.example", "alan@park.example"] {
        let again = world.vestibule.forgot_password(&address(text), None).await.unwrap();
        assert_eq!(again, world.vestibule.now() + MINUTE, "as for an address that nobody has");
    }
    assert!(world.deliver().await.is_empty());
    assert_eq!(world.db.count("challenge WHERE purpose = 'reset'").await, 0);
}

async fn a_reset_goes_to_the_proven_primary_address_alone(world: World) {
    let (person, grace) = grace(&world).await;
    let owner = world.admin(&world.db.texts("SELECT user_id FROM administrator").await[0]).await;
    // The address of a stranger, by a slip of the keyboard; they may even have pressed the button in the mail.
    let slip = address("grace@nvay.example");
    let issued = world.vestibule.add_own_address(&person, &slip, None).await.unwrap();
    let drawn = world.mailed(&issued.challenge_id).await;
    let asked = async |text: &EmailAddress| {
        world.env.pass(MINUTE);
        world.vestibule.forgot_password(text, None).await.unwrap();
        world.deliver().await.into_iter().map(|letter| letter.kind.as_str()).collect::<Vec<_>>()
    };
    assert!(asked(&slip).await.is_empty());
    world.vestibule.redeem(crate::support::at_handle(&issued.challenge_id, typed(&drawn))).await.unwrap();
    assert!(asked(&slip).await.is_empty());
    assert_eq!(asked(&grace.address).await, ["reset"]);
    // Somebody says that the address is not theirs any more.
    world.vestibule.unverify(&owner, &grace.user_id, &grace.email_id, "left the navy").await.unwrap();
    assert_eq!(asked(&grace.address).await, ["code"], "first it has to be proven anew");
}

async fn a_policy_without_passwords_gives_none_by_a_reset(world: World) {
    let (_, grace) = grace(&world).await;
    let mut policy = Policy { first_methods: vec![Method::Passkey], ..Policy::default() };
    world.vestibule.set_policy(&world.organization, &policy).await.unwrap();
    world.vestibule.forgot_password(&grace.address, None).await.unwrap();
    assert_eq!(world.deliver().await.len(), 1, "who has a password may choose another one");
    // For whom has a passkey and nothing else, no password is made by a mail.
    let columns = "id, user_id, credential_id, name, public_key, aaguid, backup_eligible, backup_state, user_verified,
        user_agent, credential, created_at";
    let values = format!("'k', '{}', 'k', 'Key', '', '', FALSE, FALSE, TRUE, '', '{{}}', 0", grace.user_id);
    world.db.exec(&format!("INSERT INTO passkey ({columns}) VALUES ({values}); DELETE FROM password")).await;
    let asked = async |policy: &Policy| {
        world.vestibule.set_policy(&world.organization, policy).await.unwrap();
        world.env.pass(MINUTE);
        world.vestibule.forgot_password(&grace.address, None).await.unwrap();
        world.deliver().await.len()
    };
    assert_eq!(asked(&policy).await, 0);
    policy.first_methods.push(Method::Password);
    assert_eq!(asked(&policy).await, 1);
}
