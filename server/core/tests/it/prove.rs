//! Rule 1: one verb proves, and everything about it in one transaction.

use vestibule_core::{actor::Actor, event::Standing, prove::ProofKind};

use crate::support::{address, at_handle, by_link, typed};

both! {
    async fn a_code_proves_with_proof_event_webhook_standing_and_tally(world: World) {
        let owner = world.owner().await;
        let endpoint = format!("INSERT INTO webhook_endpoint (id, organization_id, url, created_at) VALUES ('hook', '{}', 'https://hook.example', 0)", world.organization);
        let grace = world.person(&owner, "grace@navy.example").await;
        let drawn = world.send_code(&owner, &grace).await;
        world.db.exec(&endpoint).await;
        let message = world.db.texts("SELECT message_id FROM generation ORDER BY number DESC LIMIT 1").await.remove(0);

        world.vestibule.redeem(at_handle(&drawn.challenge_id, typed(&drawn))).await.unwrap();

        let view = world.view(&owner, &grace.user_id).await;
        let email = &view.emails[0];
        assert_eq!(email.email.proof, Some(ProofKind::Code));
        assert_eq!(email.email.verified_at, Some(world.vestibule.now()));
        assert_eq!(email.email.proof_message.as_deref(), Some(message.as_str()));
        assert_eq!(email.proof_actor, Some(Actor::Person { id: grace.user_id.clone() }));
        assert_eq!(view.user.standing, Standing::Verified);
        let event = &view.history[0];
        assert_eq!((event.kind.as_str(), event.data.proof.as_deref()), ("email-verified", Some("code")));
        assert_eq!(event.data.message, Some(message));
        let told = format!("webhook WHERE user_id = '{}' AND sequence = {}", grace.user_id, event.sequence);
        assert_eq!(world.db.count(&told).await, 1);
        let overview = world.vestibule.overview(&owner, 1).await.unwrap();
        assert_eq!((overview.standing(Standing::Verified), overview.standing(Standing::Unverified)), (1, 1));
        assert_eq!(overview.verified_lately, 1);
    }

    async fn a_link_and_an_administrator_prove_through_the_same_verb(world: World) {
        let owner = world.owner().await;
        let grace = world.person(&owner, "grace@navy.example").await;
        let drawn = world.send_code(&owner, &grace).await;
        world.vestibule.redeem(by_link(&drawn.token)).await.unwrap();
        assert_eq!(world.view(&owner, &grace.user_id).await.emails[0].email.proof, Some(ProofKind::Link));

        let alan = world.person(&owner, "alan@park.example").await;
        world.vestibule.mark_verified(&owner, &alan.user_id, &alan.email_id, " met him ", None).await.unwrap();
        let view = world.view(&owner, &alan.user_id).await;
        assert_eq!(view.emails[0].email.proof, Some(ProofKind::Admin));
        assert_eq!(view.emails[0].email.proof_reason.as_deref(), Some("met him"));
        assert_eq!(view.emails[0].proof_actor, Some(owner.actor()));
        assert_eq!(view.history[0].data.reason.as_deref(), Some("met him"));
        assert_eq!(view.user.standing, Standing::Verified);
    }

    async fn a_second_mark_keeps_the_first_proof(world: World) {
        let owner = world.owner().await;
        let grace = world.person(&owner, "grace@navy.example").await;
        let drawn = world.send_code(&owner, &grace).await;
        world.vestibule.redeem(at_handle(&drawn.challenge_id, typed(&drawn))).await.unwrap();
        let first = world.view(&owner, &grace.user_id).await;
        world.env.pass(5_000);
        world.vestibule.mark_verified(&owner, &grace.user_id, &grace.email_id, "again", None).await.unwrap();
        let second = world.view(&owner, &grace.user_id).await;
        assert_eq!(second.emails[0].email.proof, Some(ProofKind::Code));
        assert_eq!(second.emails[0].email.verified_at, first.emails[0].email.verified_at);
        assert_eq!(second.history.len(), first.history.len(), "nothing happened, so nothing is told");
    }

    /// The challenge still names the address, but the row behind its id belongs to somebody or something else by now.
    async fn a_stale_proving_verifies_nothing(world: World) {
        let owner = world.owner().await;
        let alan = world.person(&owner, "alan@park.example").await;
        for (change, back) in [
            ("canonical = 'other@navy.example'", "canonical = 'grace@navy.example'"),
            (&*format!("is_primary = FALSE, user_id = '{}'", alan.user_id), "is_primary = FALSE"),
        ] {
            let grace = match world.vestibule.users(&owner, &query("grace")).await.unwrap().users.first() {
                Some(found) => crate::support::Person { user_id: found.id.clone(), email_id: world.view(&owner, &found.id).await.emails[0].email.id.clone(), address: address("grace@navy.example") },
                None => world.person(&owner, "grace@navy.example").await,
            };
            world.env.pass(60_000);
            let drawn = world.send_code(&owner, &grace).await;
            world.db.exec(&format!("UPDATE email SET {change} WHERE id = '{}'", grace.email_id)).await;
            let _ = world.vestibule.redeem(at_handle(&drawn.challenge_id, typed(&drawn))).await;
            let verified = world.db.count("email WHERE verified_at IS NOT NULL OR proof IS NOT NULL").await;
            assert_eq!(verified, 0, "after {change}");
            let proven = world.db.count("event WHERE kind = 'email-verified'").await;
            assert_eq!(proven, 0, "after {change}");
            world.db.exec(&format!("UPDATE email SET {back}, is_primary = TRUE, user_id = '{}' WHERE id = '{}'", grace.user_id, grace.email_id).replace("is_primary = FALSE, is_primary = TRUE", "is_primary = TRUE")).await;
        }
    }
}

fn query(search: &str) -> vestibule_core::user_list::UserQuery {
    vestibule_core::user_list::UserQuery { search: search.to_owned(), ..Default::default() }
}
