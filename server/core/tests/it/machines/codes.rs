//! Codes that machines ask for, hand on and enter.

use vestibule_core::{
    Refusal,
    api_key::Scope,
    code::{Purpose, TypedCode},
    code_request::{CodeRequest, Way},
    env::{HOUR, MINUTE},
    link_template::{LinkTemplate, Name},
    redeem::{Aim, Secret, Try, UserCode},
    user::{
        change::{AddressChange, AddressThen, Change},
        create::{NewAccount, Then},
    },
};

use super::ada;
use crate::support::{World, address, refused, typed, wrong};

both! {
    a_returned_code_verifies_and_no_mail_is_sent,
    a_code_that_was_never_sent_is_told_apart,
    the_newest_code_counts_and_only_once,
    sixteen_tries_of_a_machine_are_one_success,
    a_verification_is_told_as_it_was_whatever_follows,
    an_invite_code_is_good_once_for_a_machine_and_on_for_the_person,
    a_changed_address_completes_the_account_and_proves_nothing,
    an_account_waits_for_its_code,
    a_template_leads_elsewhere_and_is_inherited,
    a_reset_code_is_good_for_nothing_else,
    mails_cool_down_and_returned_codes_do_not,
}

const RETURN: CodeRequest = CodeRequest {
    way: Way::Return,
    lifetime: None,
    template: None,
    application: None,
    words: String::new(),
    account: false,
};

fn of(world: &World, user_id: &str, purpose: Purpose, code: TypedCode, aim: Aim) -> Try {
    let (organization_id, user_id) = (world.organization.clone(), user_id.to_owned());
    Try { secret: Secret::CodeOf(UserCode { organization_id, user_id, purpose, code, aim }), by: None, ip: None }
}

fn email(world: &World, user_id: &str, code: TypedCode) -> Try {
    of(world, user_id, Purpose::Email, code, Aim::Address)
}

async fn a_returned_code_verifies_and_no_mail_is_sent(world: World) {
    let robot = world.client(Scope::ALL).await;
    let made = NewAccount { then: Then::SendCode(RETURN), ..ada("ada@engine.example") };
    let made = world.vestibule.create_account(&robot, made).await.unwrap();
    let drawn = made.issued.unwrap().drawn.unwrap();
    assert!(world.deliver().await.is_empty());
    world.vestibule.redeem(email(&world, &made.user_id, typed(&drawn))).await.unwrap();
    let record = world.vestibule.record(&robot, &made.user_id).await.unwrap();
    assert_eq!(record.emails[0].proof.unwrap().as_str(), "code");
}

async fn a_code_that_was_never_sent_is_told_apart(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let code = || TypedCode::parse("BCDF-GHJK").unwrap();
    assert_eq!(refused(world.vestibule.redeem(email(&world, &id, code())).await), Refusal::NoneOpen);
    assert_eq!(refused(world.vestibule.redeem(email(&world, "nobody", code())).await), Refusal::NotFound);
    assert_eq!(refused(world.vestibule.redeem(email(&world, "a\0b", code())).await), Refusal::NotFound);
    assert_eq!(refused(world.vestibule.resend_code(&robot, &id, RETURN).await), Refusal::NoneOpen);
    assert_eq!(refused(world.vestibule.resend_invite_of(&robot, &id).await), Refusal::NoneOpen);
}

async fn the_newest_code_counts_and_only_once(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let draw = async || world.vestibule.send_code(&robot, &id, None, RETURN).await.unwrap().drawn.unwrap();
    let (first, second) = (draw().await, draw().await);
    assert_eq!(refused(world.vestibule.redeem(email(&world, &id, typed(&first))).await), Refusal::Replaced);
    world.vestibule.redeem(email(&world, &id, typed(&second))).await.unwrap();
    assert_eq!(refused(world.vestibule.redeem(email(&world, &id, typed(&second))).await), Refusal::Used);
}

async fn sixteen_tries_of_a_machine_are_one_success(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let drawn = world.vestibule.send_code(&robot, &id, None, RETURN).await.unwrap().drawn.unwrap();
    let other = world.second().await;
    let tries = (0..16).map(|at| {
        let vestibule = if at % 2 == 0 { world.vestibule.clone() } else { other.clone() };
        tokio::spawn({
            let attempt = email(&world, &id, typed(&drawn));
            async move { vestibule.redeem(attempt).await }
        })
    });
    let answers = futures::future::join_all(tries).await;
    assert_eq!(answers.into_iter().filter(|answer| answer.as_ref().unwrap().is_ok()).count(), 1);
}

async fn a_verification_is_told_as_it_was_whatever_follows(world: World) {
    let robot = world.client(Scope::ALL).await;
    let verify = async |number: usize| {
        let id = world.account(&robot, ada(&format!("ada{number}@engine.example"))).await;
        let drawn = world.vestibule.send_code(&robot, &id, None, RETURN).await.unwrap().drawn.unwrap();
        let (organization_id, user_id) = (world.organization.clone(), id.clone());
        let (purpose, aim) = (Purpose::Email, Aim::Address);
        let code = UserCode { organization_id, user_id, purpose, code: typed(&drawn), aim };
        let renaming = async {
            for round in 0.. {
                let change = Change { name: Some(format!("Ada the {round}th")), ..Change::default() };
                world.vestibule.change_user(&robot, &id, change).await.unwrap();
            }
        };
        let told = tokio::select! {
            told = world.vestibule.redeem_of(code, robot.actor(), None) => told,
            () = renaming => unreachable!("it goes on for ever"),
        };
        let sequence = told.unwrap().user.sequence;
        let step = format!("event WHERE user_id = '{id}' AND sequence = {sequence} AND kind = 'email-verified'");
        assert_eq!(world.db.count(&step).await, 1, "{sequence} is another step");
    };
    futures::future::join_all((0..60).map(verify)).await;
}

async fn an_invite_code_is_good_once_for_a_machine_and_on_for_the_person(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let drawn = world.vestibule.invite_user(&robot, &id, RETURN).await.unwrap().drawn.unwrap();
    assert_eq!(drawn.code.plain().len(), 15);
    assert_eq!(refused(world.vestibule.resend_invite_of(&robot, &id).await), Refusal::NoneOpen);
    let invite = |code| of(&world, &id, Purpose::Invite, code, Aim::Address);
    // An invite's code is no email code.
    assert_eq!(refused(world.vestibule.redeem(email(&world, &id, typed(&drawn))).await), Refusal::NoneOpen);
    world.vestibule.redeem(invite(typed(&drawn))).await.unwrap();
    assert_eq!(refused(world.vestibule.redeem(invite(typed(&drawn))).await), Refusal::Used);
    world.vestibule.redeem(crate::support::by_link(&drawn.token)).await.unwrap();
    let record = world.vestibule.record(&robot, &id).await.unwrap();
    assert_eq!(record.emails[0].proof.unwrap().as_str(), "invite");
}

async fn a_changed_address_completes_the_account_and_proves_nothing(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let request = CodeRequest { account: true, ..RETURN };
    let drawn = world.vestibule.send_code(&robot, &id, None, request).await.unwrap().drawn.unwrap();
    assert!(world.vestibule.record(&robot, &id).await.unwrap().user.verification_required);
    let change = Change {
        address: Some(AddressChange { address: address("ada@new.example"), then: AddressThen::Nothing }),
        ..Change::default()
    };
    world.vestibule.change_user(&robot, &id, change).await.unwrap();
    // To everybody else the code is dead, and it is to nobody any good once it has expired.
    let account = || of(&world, &id, Purpose::Email, typed(&drawn), Aim::Account);
    world.db.exec("UPDATE challenge SET expires_at = expires_at - 100000000").await;
    assert_eq!(refused(world.vestibule.redeem(account()).await), Refusal::Expired);
    world.db.exec("UPDATE challenge SET expires_at = expires_at + 100000000").await;
    assert_eq!(refused(world.vestibule.redeem(email(&world, &id, typed(&drawn))).await), Refusal::AddressChanged);
    world.vestibule.redeem(account()).await.unwrap();
    let record = world.vestibule.record(&robot, &id).await.unwrap();
    assert!(!record.user.verification_required);
    assert_eq!(record.emails[0].verified_at, None);
    assert_eq!(refused(world.vestibule.redeem(account()).await), Refusal::Used);
}

async fn an_account_waits_for_its_code(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let waits = async || world.vestibule.record(&robot, &id).await.unwrap().user.verification_required;
    let request = || CodeRequest { account: true, ..RETURN };
    let draw = async || world.vestibule.send_code(&robot, &id, None, request()).await.unwrap().drawn.unwrap();
    // PingOne's email verification leaves the account alone …
    let only = of(&world, &id, Purpose::Email, typed(&draw().await), Aim::AddressOnly);
    world.vestibule.redeem(only).await.unwrap();
    assert!(waits().await);
    // … and any other proof does not, on the page too.
    let drawn = draw().await;
    world.vestibule.redeem(crate::support::by_link(&drawn.token)).await.unwrap();
    assert!(!waits().await);
}

async fn a_template_leads_elsewhere_and_is_inherited(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let text = "https://app.example/join?u={{.UserID}}&c={{.Code}}&o={{.OrgID}}";
    let request = CodeRequest {
        template: Some(LinkTemplate::parse(text, &[Name::UserId, Name::Code, Name::OrgId]).unwrap()),
        application: Some("Engine".to_owned()),
        ..CodeRequest::default()
    };
    for request in [request, CodeRequest::default()] {
        world.env.pass(2 * MINUTE);
        let issued = world.vestibule.invite_user(&robot, &id, request).await.unwrap();
        let drawn = world.mailed(&issued.challenge_id).await;
        let link = format!("https://app.example/join?u={id}&c={}&o={}", drawn.code.plain(), world.organization);
        assert_eq!(drawn.link, Some(link));
        assert_eq!(drawn.application.as_deref(), Some("Engine"));
    }
    world.env.pass(2 * MINUTE);
    let again = world.vestibule.resend_invite_of(&robot, &id).await.unwrap();
    assert!(world.mailed(&again.challenge_id).await.link.is_some());
}

async fn a_reset_code_is_good_for_nothing_else(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let drawn = world.vestibule.request_password_reset(&robot, &id, RETURN).await.unwrap().drawn.unwrap();
    let by_link = crate::support::by_link(&drawn.token);
    assert_eq!(refused(world.vestibule.redeem(by_link).await), Refusal::LinkUnknown);
    let at_handle = crate::support::at_handle(&drawn.challenge_id, typed(&drawn));
    assert_eq!(refused(world.vestibule.redeem(at_handle).await), Refusal::LinkUnknown);
    let at_address = crate::support::at_address(&address("ada@engine.example"), typed(&drawn));
    assert!(world.vestibule.redeem(at_address).await.is_err());
    assert_eq!(refused(world.vestibule.redeem(email(&world, &id, typed(&drawn))).await), Refusal::NoneOpen);
    assert_eq!(world.vestibule.record(&robot, &id).await.unwrap().emails[0].verified_at, None);
}

async fn mails_cool_down_and_returned_codes_do_not(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let hour = CodeRequest { lifetime: Some(HOUR), ..CodeRequest::default() };
    let issued = world.vestibule.send_code(&robot, &id, None, hour).await.unwrap();
    assert_eq!(issued.expires_at, world.vestibule.now() + HOUR);
    let again = world.vestibule.send_code(&robot, &id, None, CodeRequest::default()).await;
    assert_eq!(refused(again), Refusal::Cooling { until: issued.again_at });
    let drawn = world.vestibule.send_code(&robot, &id, None, RETURN).await.unwrap().drawn.unwrap();
    // The mail that waited would hold another code: it does not go out.
    assert!(world.deliver().await.is_empty());
    let miss = world.vestibule.redeem(email(&world, &id, wrong(&drawn))).await;
    assert_eq!(refused(miss), Refusal::Wrong { left: 4 });
    let short = CodeRequest { lifetime: Some(1), ..RETURN };
    assert_eq!(refused(world.vestibule.send_code(&robot, &id, None, short).await), Refusal::Text);
}
