//! Company accounts that are taken away by those who look after users.

use vestibule_core::{Refusal, api_key::Scope};

use super::{EMAIL, holder, provider, subject, vouched};
use crate::support::{World, refused};

both! {
    an_operator_takes_any_account_the_last_one_too,
    sixteen_who_take_one_account_take_it_once,
    only_who_may_takes_an_account,
}

async fn an_operator_takes_any_account_the_last_one_too(world: World) {
    let owner = world.owner().await;
    let id = provider(&world, &owner).await;
    let grace = holder(&world, &owner, &id).await;
    let robot = world.client(Scope::ALL).await;
    for more in ["hopper", "admiral"] {
        world.vestibule.link_provider(&grace, &id, subject(more), vouched(EMAIL)).await.unwrap();
    }
    let until = world.vestibule.now() + 1_000;
    world
        .vestibule
        .create_session("hers".to_owned(), Some(grace.user_id().to_owned()), "{}".to_owned(), until)
        .await
        .unwrap();
    world.deliver().await;
    world.add_webhook().await;
    let subjects = async || {
        let record = world.vestibule.record(&robot, grace.user_id()).await.unwrap();
        record.providers.into_iter().map(|link| link.subject).collect::<Vec<_>>()
    };
    let unlink =
        async |subject: Option<&str>| world.vestibule.unlink_provider_of(&robot, grace.user_id(), &id, subject).await;
    unlink(Some("hopper")).await.unwrap();
    assert_eq!(refused(unlink(Some("hopper")).await), Refusal::NotFound);
    assert_eq!(subjects().await, ["admiral", "grace"]);
    unlink(None).await.unwrap();
    assert!(subjects().await.is_empty());
    assert_eq!(refused(unlink(None).await), Refusal::NotFound);

    let history = world.view(&owner, grace.user_id()).await.history;
    let told: Vec<(&str, Option<&str>)> =
        history.iter().take(2).map(|event| (event.kind.as_str(), event.data.reason.as_deref())).collect();
    assert_eq!(told, [("provider-unlinked", Some("Contoso")); 2]);
    assert_eq!(history[0].actor, robot.actor());
    assert_eq!(world.db.count("webhook").await, 2);
    let letters = world.deliver().await;
    let told: Vec<_> = letters.iter().map(|letter| (letter.kind.as_str(), letter.data.what.as_str())).collect();
    assert_eq!(told, [("company-unlinked", "Contoso"); 2]);
    let signed_in = world.vestibule.sign_in_by_provider(&id, subject("grace"), vouched(EMAIL), None).await;
    assert_eq!(refused(signed_in), Refusal::ProviderUnknown);
    assert!(world.vestibule.load_session("hers").await.unwrap().is_some(), "sessions are ended by their own verb");
}

async fn sixteen_who_take_one_account_take_it_once(world: World) {
    let owner = world.owner().await;
    let id = provider(&world, &owner).await;
    let grace = holder(&world, &owner, &id).await;
    let robot = world.client(Scope::ALL).await;
    let racers = (0..16).map(|_| {
        let (vestibule, robot, id, user) =
            (world.vestibule.clone(), robot.clone(), id.clone(), grace.user_id().to_owned());
        tokio::spawn(async move { vestibule.unlink_provider_of(&robot, &user, &id, None).await.is_ok() })
    });
    let won = futures::future::join_all(racers).await.into_iter().filter(|won| *won.as_ref().unwrap()).count();
    assert_eq!(won, 1);
    let steps = world.steps(&owner, grace.user_id()).await;
    assert_eq!(steps.iter().filter(|step| **step == "provider-unlinked").count(), 1);
}

async fn only_who_may_takes_an_account(world: World) {
    let owner = world.owner().await;
    let id = provider(&world, &owner).await;
    let grace = holder(&world, &owner, &id).await;
    let own = world.vestibule.visitor(owner.user_id()).await.unwrap().unwrap().person();
    world.vestibule.link_provider(&own, &id, subject("olga"), vouched("olga@acme.example")).await.unwrap();
    world.db.exec("INSERT INTO organization (id, name, policy, created_at) VALUES ('o2', 'Other', '{}', 1)").await;
    let (reader, writer) = (world.client(&[Scope::Read, Scope::Verify]).await, world.client(&[Scope::Write]).await);
    let stranger = world.client_of("o2", Scope::ALL).await;
    let before = world.db.dump().await;
    let vestibule = &world.vestibule;
    for (answer, refusal) in [
        (vestibule.unlink_provider_of(&reader, grace.user_id(), &id, None).await, Refusal::Forbidden),
        (vestibule.unlink_provider_of(&writer, owner.user_id(), &id, None).await, Refusal::Forbidden),
        (vestibule.unlink_provider_of(&stranger, grace.user_id(), &id, None).await, Refusal::NotFound),
        (vestibule.unlink_provider_of(&writer, grace.user_id(), &id, Some("olga")).await, Refusal::NotFound),
        (vestibule.unlink_provider_of(&writer, grace.user_id(), "another", None).await, Refusal::NotFound),
        (vestibule.unlink_provider_of(&writer, "nobody", &id, None).await, Refusal::NotFound),
    ] {
        assert_eq!(refused(answer), refusal);
    }
    assert_eq!(world.db.dump().await, before);
    vestibule.unlink_provider_of(&writer, grace.user_id(), &id, Some("grace")).await.unwrap();
}
