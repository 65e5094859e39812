//! Whatever happens in whatever order: the tally is right, and nothing is verified without a proof.

use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use vestibule_core::{
    actor::Admin,
    code_request::CodeRequest,
    event::Standing,
    outbox::{Delivery, Drawn},
    redeem::Redeemed,
};

use crate::support::{World, address, at_address, at_handle, by_link, people::form, typed, wrong};

const VERBS: usize = 200;

struct Play {
    world: World,
    admin: Admin,
    chance: StdRng,
    secrets: Vec<Drawn>,
    redeemed: Vec<Redeemed>,
}

both! {
    two_hundred_verbs_leave_every_count_right,
}

async fn two_hundred_verbs_leave_every_count_right(world: World) {
    let admin = world.owner().await;
    let chance = StdRng::seed_from_u64(7);
    let mut play = Play { world: world.clone(), admin, chance, secrets: Vec::new(), redeemed: Vec::new() };
    for step in 0..VERBS {
        play.step().await;
        if step % 20 == 0 {
            assert_sound(&world, &play.admin).await;
        }
    }
    assert_sound(&world, &play.admin).await;
    assert!(world.db.count("event WHERE kind = 'email-verified'").await > 3, "the play went somewhere");
    while world.vestibule.seal().await.unwrap() > 0 {}
    assert_eq!(world.vestibule.verify_seals().await.unwrap().broken, None);
}

impl Play {
    /// Does one thing at random. Most refusals are fine; a fault is not.
    async fn step(&mut self) {
        let (world, admin) = (&self.world, &self.admin);
        let vestibule = &world.vestibule;
        let somebody = address(&format!("p{}@navy.example", self.chance.random_range(0..8)));
        let users = world
            .db
            .texts("SELECT user_id FROM email WHERE NOT user_id IN (SELECT user_id FROM administrator) ORDER BY id")
            .await;
        let emails = world
            .db
            .texts("SELECT id FROM email WHERE NOT user_id IN (SELECT user_id FROM administrator) ORDER BY id")
            .await;
        let invites = world.db.texts("SELECT id FROM invite ORDER BY number").await;
        let at = self.chance.random_range(0..users.len().max(1));
        let (user, email) = (users.get(at).cloned().unwrap_or_default(), emails.get(at).cloned().unwrap_or_default());
        let invite = invites.choose(&mut self.chance).cloned().unwrap_or_default();
        let secret = self.secrets.choose(&mut self.chance).cloned();
        world.env.pass(self.chance.random_range(0..40_000));
        let verb = self.chance.random_range(0..20);
        let outcome = match (verb, secret) {
            (0..=3, _) => vestibule.invite(admin, form(somebody.typed())).await.map(drop),
            (4, _) => vestibule.revoke_invite(admin, &invite).await,
            (5, _) => vestibule.mark_verified(admin, &user, &email, "met", None).await,
            (6, _) => vestibule.unverify(admin, &user, &email, "a typo").await,
            (7, _) => vestibule.disable(admin, &user).await,
            (8, _) => vestibule.enable(admin, &user).await,
            (9, _) => vestibule.add_address(admin, &user, &somebody).await.map(drop),
            (10, _) => vestibule.remove_address(admin, &user, &email).await,
            (11, _) => vestibule.make_primary(admin, &user, &email).await,
            (12, _) => vestibule.send_code(admin, &user, Some(&email), CodeRequest::default()).await.map(drop),
            (13, _) => vestibule.request_code(&somebody, None).await.map(drop),
            (14, Some(drawn)) => {
                vestibule.redeem(by_link(&drawn.token)).await.map(|redeemed| self.redeemed.push(redeemed))
            }
            (15, Some(drawn)) => vestibule
                .redeem(at_handle(&drawn.challenge_id, typed(&drawn)))
                .await
                .map(|redeemed| self.redeemed.push(redeemed)),
            (16, Some(drawn)) => vestibule.redeem(at_address(&somebody, wrong(&drawn))).await.map(drop),
            (17, Some(drawn)) => vestibule.decline_invite(&drawn.token).await,
            (18, _) if self.redeemed.len() > 4 => {
                vestibule.set_first_password(&self.redeemed.remove(0), crate::support::secret_word()).await.map(drop)
            }
            _ => return self.deliver().await,
        };
        if let Err(error) = outcome {
            assert!(error.refusal().is_some(), "verb {verb}: {error}");
        }
    }

    /// Lets one mail out, or has it fail.
    async fn deliver(&mut self) {
        let Some(lease) = self.world.vestibule.claim_message().await.unwrap() else { return };
        let Some(letter) = self.world.vestibule.draft(&lease).await.unwrap() else { return };
        let delivery = if self.chance.random_bool(0.2) {
            Delivery::Failed("550 no".to_owned())
        } else {
            Delivery::Sent("250 OK".to_owned())
        };
        self.world.vestibule.settle(&lease, delivery).await.unwrap();
        self.secrets.extend(letter.secret);
    }
}

async fn assert_sound(world: &World, admin: &Admin) {
    let counts = world.vestibule.overview(admin).await.unwrap().standings;
    for standing in Standing::ALL {
        let truth = world.db.count(&format!("users WHERE standing = '{standing}'")).await;
        assert_eq!(counts.get(standing).copied().unwrap_or(0), truth, "{standing}");
    }
    let derived = "users WHERE standing <> CASE
        WHEN state = 'disabled' THEN 'disabled'
        WHEN id IN (SELECT user_id FROM email WHERE is_primary AND verified_at IS NOT NULL) THEN 'verified'
        WHEN id IN (SELECT user_id FROM invite WHERE state NOT IN ('ready', 'revoked', 'declined')) THEN 'invited'
        ELSE 'unverified' END";
    assert_eq!(world.db.count(derived).await, 0, "a standing is not what it is derived from");
    let unproven =
        "email WHERE (verified_at IS NULL) <> (proof IS NULL) OR (verified_at IS NOT NULL AND proof_actor IS NULL)";
    assert_eq!(world.db.count(unproven).await, 0, "verified without a proof");
    let untold = "email WHERE verified_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM event WHERE event.user_id = email.user_id AND kind = 'email-verified' AND at = verified_at)";
    assert_eq!(world.db.count(untold).await, 0, "verified without a line in the history");
    let gaps = "(SELECT user_id FROM event GROUP BY user_id HAVING COUNT(*) <> MAX(sequence)) AS gaps";
    assert_eq!(world.db.count(gaps).await, 0, "a gap in a history");
    let orphaned = "invite WHERE state NOT IN ('ready', 'revoked', 'declined')
        AND challenge_id IN (SELECT id FROM challenge WHERE ended_at IS NOT NULL)";
    assert_eq!(world.db.count(orphaned).await, 0, "an open invite on a challenge that ended");
    let undead = "challenge WHERE ended_at IS NULL AND id IN (
        SELECT challenge_id FROM invite WHERE state IN ('ready', 'revoked', 'declined'))";
    assert_eq!(world.db.count(undead).await, 0, "an open challenge of an invite that is over");
}
