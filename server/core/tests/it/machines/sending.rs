//! Mails that machines ask for: by whose right, and how soon one follows another.

use vestibule_core::{
    Refusal,
    api_key::Scope,
    code_request::{CodeRequest, Way},
    env::{MINUTE, SECOND},
    organization::Policy,
    user::create::{NewAccount, Then},
};

use super::ada;
use crate::support::{World, refused};

both! {
    a_first_invite_counts_like_any_other_mail,
    a_first_invite_is_never_too_soon,
    of_many_first_invites_at_once_one_goes_out,
    codes_are_sent_by_who_may_write_and_by_who_may_verify,
}

fn mail() -> CodeRequest {
    CodeRequest::default()
}

fn returned() -> CodeRequest {
    CodeRequest { way: Way::Return, ..CodeRequest::default() }
}

async fn a_first_invite_counts_like_any_other_mail(world: World) {
    let robot = world.client(Scope::ALL).await;
    world.vestibule.set_policy(&world.organization, &Policy { mails_a_day: 3, ..Policy::default() }).await.unwrap();
    let vestibule = &world.vestibule;
    let ada_id = world.account(&robot, ada("ada@engine.example")).await;
    let invited = NewAccount { then: Then::Invite(mail()), ..ada("grace@engine.example") };
    let grace = vestibule.create_account(&robot, invited).await.unwrap();
    let first = vestibule.invite_user(&robot, &ada_id, mail()).await.unwrap();
    let until = vestibule.now() + MINUTE;
    assert_eq!((first.again_at, grace.issued.unwrap().again_at), (until, until));
    let view = vestibule.challenge(&first.challenge_id).await.unwrap().unwrap();
    assert_eq!(view.resend_at, until, "the page says the same");
    world.env.pass(59 * SECOND);
    for id in [&ada_id, &grace.user_id] {
        assert_eq!(refused(vestibule.resend_invite_of(&robot, id).await), Refusal::Cooling { until });
        assert_eq!(refused(vestibule.invite_user(&robot, id, mail()).await), Refusal::Cooling { until });
        assert_eq!(refused(vestibule.send_code(&robot, id, None, mail()).await), Refusal::Cooling { until });
    }
    assert_eq!(refused(vestibule.resend(&first.challenge_id, None).await), Refusal::Cooling { until });
    // A code that a machine passes on itself waits for nothing, and lets the next mail wait as before.
    vestibule.invite_user(&robot, &ada_id, returned()).await.unwrap();
    assert_eq!(refused(vestibule.invite_user(&robot, &ada_id, mail()).await), Refusal::Cooling { until });
    world.env.pass(SECOND);
    vestibule.invite_user(&robot, &ada_id, mail()).await.unwrap();
    world.env.pass(MINUTE);
    vestibule.resend_invite_of(&robot, &ada_id).await.unwrap();
    world.env.pass(MINUTE);
    let fourth = refused(vestibule.resend_invite_of(&robot, &ada_id).await);
    assert!(matches!(fourth, Refusal::Limited { .. }), "the first is one of the day's: {fourth:?}");
}

async fn a_first_invite_is_never_too_soon(world: World) {
    let robot = world.client(Scope::ALL).await;
    let made = NewAccount { then: Then::SendCode(mail()), ..ada("ada@engine.example") };
    let id = world.vestibule.create_account(&robot, made).await.unwrap().user_id;
    world.env.pass(30 * SECOND);
    world.vestibule.invite_user(&robot, &id, mail()).await.unwrap();
    let until = world.vestibule.now() + MINUTE;
    world.env.pass(31 * SECOND);
    let soon = refused(world.vestibule.resend_invite_of(&robot, &id).await);
    assert_eq!(soon, Refusal::Cooling { until }, "counted from the invite, not from the code before it");
}

async fn of_many_first_invites_at_once_one_goes_out(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    let other = world.second().await;
    let tries = (0..16).map(|at| {
        let (vestibule, robot, id) = (if at % 2 == 0 { &world.vestibule } else { &other }, robot.clone(), id.clone());
        let vestibule = vestibule.clone();
        tokio::spawn(async move { vestibule.invite_user(&robot, &id, mail()).await })
    });
    let answers = futures::future::join_all(tries).await;
    assert_eq!(answers.into_iter().filter(|answer| answer.as_ref().unwrap().is_ok()).count(), 1);
    assert_eq!(world.deliver().await.len(), 1);
}

async fn codes_are_sent_by_who_may_write_and_by_who_may_verify(world: World) {
    let robot = world.client(Scope::ALL).await;
    let id = world.account(&robot, ada("ada@engine.example")).await;
    world.vestibule.invite_user(&robot, &id, mail()).await.unwrap();
    for (scope, may) in [(Scope::Read, false), (Scope::Write, true), (Scope::Verify, true)] {
        let client = world.client(&[scope]).await;
        world.env.pass(MINUTE);
        let sent = world.vestibule.send_code(&client, &id, None, mail()).await;
        world.env.pass(MINUTE);
        let sent_again = world.vestibule.resend_code(&client, &id, mail()).await;
        world.env.pass(MINUTE);
        let invited = world.vestibule.resend_invite_of(&client, &id).await;
        for answer in [sent, sent_again, invited] {
            match answer {
                Ok(_) => assert!(may, "{scope}"),
                answer => assert_eq!((refused(answer), may), (Refusal::Forbidden, false), "{scope}"),
            }
        }
    }
}
