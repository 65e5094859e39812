//! Who may do what.

use futures::future::BoxFuture;
use vestibule_core::{
    Refusal, Result, Vestibule,
    actor::{Admin, Role},
    api_key::{NewKey, Scope},
    code_request::CodeRequest,
    invite::InviteFilter,
    organization::Policy,
    user_list::UserQuery,
};

use crate::support::{Person, World, address, people::form, refused, secret_word};

/// Something for every verb to be done to. The verbs need not succeed: here it only matters who is let at them.
#[derive(Clone)]
pub struct Target {
    pub person: Person,
    pub invite_id: String,
    pub challenge_id: String,
    pub message_id: String,
    pub key_id: String,
    pub client_id: String,
}

type Verb = for<'a> fn(&'a Vestibule, &'a Admin, &'a Target) -> BoxFuture<'a, Result<()>>;

macro_rules! verb {
    (|$vestibule:ident, $admin:ident, $target:ident| $call:expr) => {
        |$vestibule, $admin, $target| Box::pin(async move { $call.await.map(drop) })
    };
}

/// Every verb that takes an administrator, with the weakest role that may do it and whether it names something.
pub const VERBS: &[(&str, Role, bool, Verb)] = &[
    ("grant_role", Role::Owner, true, verb!(|v, admin, t| v.grant_role(admin, &t.person.user_id, Some(Role::Viewer)))),
    ("sessions_of", Role::Viewer, true, verb!(|v, admin, t| v.sessions_of(admin, &t.person.user_id))),
    ("users", Role::Viewer, false, verb!(|v, admin, _t| async { v.users(admin, &UserQuery::default()).await })),
    ("user", Role::Viewer, true, verb!(|v, admin, t| v.user(admin, &t.person.user_id, None))),
    ("overview", Role::Viewer, false, verb!(|v, admin, _t| v.overview(admin))),
    ("lately", Role::Viewer, false, verb!(|v, admin, _t| v.lately(admin, 7))),
    ("messages", Role::Viewer, false, verb!(|v, admin, _t| v.messages(admin, None, None, None, 10))),
    ("invites", Role::Viewer, false, verb!(|v, admin, _t| v.invites(admin, InviteFilter::All, None, 10))),
    (
        "mark_verified",
        Role::Support,
        true,
        verb!(|v, admin, t| v.mark_verified(admin, &t.person.user_id, &t.person.email_id, "met", None)),
    ),
    (
        "send_code",
        Role::Support,
        true,
        verb!(|v, admin, t| v.send_code(admin, &t.person.user_id, Some(&t.person.email_id), CodeRequest::default())),
    ),
    ("resend_invite", Role::Support, true, verb!(|v, admin, t| v.resend_invite(admin, &t.invite_id))),
    ("hand_over", Role::Manager, true, verb!(|v, admin, t| v.hand_over(admin, &t.challenge_id))),
    ("retry_message", Role::Support, true, verb!(|v, admin, t| v.retry_message(admin, &t.message_id))),
    ("cancel_message", Role::Support, true, verb!(|v, admin, t| v.cancel_message(admin, &t.message_id))),
    (
        "unverify",
        Role::Manager,
        true,
        verb!(|v, admin, t| v.unverify(admin, &t.person.user_id, &t.person.email_id, "a typo")),
    ),
    ("invite", Role::Manager, false, verb!(|v, admin, _t| v.invite(admin, form("new@navy.example")))),
    ("revoke_invite", Role::Manager, true, verb!(|v, admin, t| v.revoke_invite(admin, &t.invite_id))),
    (
        "add_address",
        Role::Manager,
        true,
        verb!(|v, admin, t| async { v.add_address(admin, &t.person.user_id, &address("second@navy.example")).await }),
    ),
    (
        "make_primary",
        Role::Manager,
        true,
        verb!(|v, admin, t| v.make_primary(admin, &t.person.user_id, &t.person.email_id)),
    ),
    (
        "remove_address",
        Role::Manager,
        true,
        verb!(|v, admin, t| v.remove_address(admin, &t.person.user_id, &t.person.email_id)),
    ),
    (
        "request_passkey_link",
        Role::Manager,
        true,
        verb!(|v, admin, t| v.request_passkey_link(admin, &t.person.user_id, CodeRequest::default())),
    ),
    ("disable", Role::Manager, true, verb!(|v, admin, t| v.disable(admin, &t.person.user_id))),
    ("enable", Role::Manager, true, verb!(|v, admin, t| v.enable(admin, &t.person.user_id))),
    (
        "check_password",
        Role::Manager,
        true,
        verb!(|v, admin, t| v.check_password(admin, &t.person.user_id, secret_word())),
    ),
    ("forget_guesses", Role::Manager, true, verb!(|v, admin, t| v.forget_guesses(admin, &t.person.user_id))),
    ("create_api_key", Role::Owner, false, verb!(|v, admin, _t| v.create_api_key(admin, new_key()))),
    ("api_keys", Role::Owner, false, verb!(|v, admin, _t| v.api_keys(admin))),
    ("revoke_api_key", Role::Owner, true, verb!(|v, admin, t| v.revoke_api_key(admin, &t.key_id))),
    ("create_client", Role::Owner, false, verb!(|v, admin, _t| v.create_client(admin, new_key()))),
    ("apps", Role::Owner, false, verb!(|v, admin, _t| v.apps(admin))),
    ("clients", Role::Owner, false, verb!(|v, admin, _t| v.clients(admin))),
    ("rename_client", Role::Owner, true, verb!(|v, admin, t| v.rename_client(admin, &t.client_id, "Other"))),
    ("revoke_client", Role::Owner, true, verb!(|v, admin, t| v.revoke_client(admin, &t.client_id))),
    (
        "change_policy",
        Role::Owner,
        false,
        verb!(|v, admin, _t| async { v.change_policy(admin, &Policy::default()).await }),
    ),
];

pub fn new_key() -> NewKey {
    NewKey { name: "Payroll".to_owned(), scopes: vec![Scope::Read], lifetime: None }
}

both! {
    each_verb_asks_for_its_role,
    nobody_changes_an_administrator_of_a_stronger_role,
    a_changed_role_counts_at_once,
    what_gives_an_account_is_handed_to_no_weaker_role,
    an_owner_gives_roles_and_never_to_themselves,
    two_owners_cannot_unseat_each_other_at_once,
    two_owners_cannot_shut_each_other_out_at_once,
}

async fn each_verb_asks_for_its_role(world: World) {
    let owner = world.owner().await;
    let invited = world.invite(&owner, "grace@navy.example").await;
    let person = Person {
        email_id: world.view(&owner, &invited.user_id).await.emails[0].email.id.clone(),
        user_id: invited.user_id,
        address: address("grace@navy.example"),
    };
    let message_id = world.vestibule.messages(&owner, None, None, None, 1).await.unwrap().remove(0).id;
    let key_id = world.vestibule.create_api_key(&owner, new_key()).await.unwrap().id;
    let client_id = world.vestibule.create_client(&owner, new_key()).await.unwrap().id;
    let (invite_id, challenge_id) = (invited.id, invited.challenge_id);
    let target = Target { person, invite_id, challenge_id, message_id, key_id, client_id };

    let mut admins = vec![owner];
    for role in [Role::Manager, Role::Support, Role::Viewer] {
        let made = world
            .vestibule
            .create_administrator(&address(&format!("{role}@acme.example")), "Ada", role, secret_word())
            .await;
        admins.push(world.admin(&made.unwrap()).await);
    }
    // The weakest first, so that what they are refused has not been done yet.
    for admin in admins.iter().rev() {
        let before = world.db.dump().await;
        for (name, needed, _, verb) in VERBS.iter().filter(|(_, needed, ..)| !admin.is(*needed)) {
            let answer = verb(&world.vestibule, admin, &target).await;
            assert_eq!(refused(answer), Refusal::Forbidden, "{name} needs {needed}, but {} may", admin.role());
        }
        assert_eq!(world.db.dump().await, before, "what is forbidden changes nothing");
        for (name, _, _, verb) in VERBS.iter().filter(|(_, needed, ..)| admin.is(*needed)) {
            let answer = verb(&world.vestibule, admin, &target).await;
            let refusal =
                answer.err().map(|error| error.refusal().unwrap_or_else(|| panic!("{name}: {error}")).clone());
            assert!(
                !matches!(refusal, Some(Refusal::Forbidden | Refusal::NotFound)) || *name == "remove_address",
                "{name}: {refusal:?}"
            );
        }
    }
}

async fn nobody_changes_an_administrator_of_a_stronger_role(world: World) {
    let owner = world.owner().await;
    let made = world
        .vestibule
        .create_administrator(&address("max@acme.example"), "Max", Role::Manager, secret_word())
        .await
        .unwrap();
    let manager = world.admin(&made).await;
    let email_id = world.view(&owner, owner.user_id()).await.emails[0].email.id.clone();
    world.vestibule.mark_verified(&owner, owner.user_id(), &email_id, "myself", None).await.unwrap();
    let before = world.db.dump().await;
    for answer in [
        world.vestibule.disable(&manager, owner.user_id()).await,
        world.vestibule.add_address(&manager, owner.user_id(), &address("evil@navy.example")).await.map(drop),
        world.vestibule.remove_address(&manager, owner.user_id(), &email_id).await,
        world.vestibule.make_primary(&manager, owner.user_id(), &email_id).await,
        world.vestibule.unverify(&manager, owner.user_id(), &email_id, "a typo").await,
    ] {
        assert_eq!(refused(answer), Refusal::Forbidden);
    }
    assert_eq!(world.db.dump().await, before);
    world.vestibule.disable(&owner, &made).await.unwrap();
}

async fn what_gives_an_account_is_handed_to_no_weaker_role(world: World) {
    let owner = world.owner().await;
    let mut admins = Vec::new();
    for role in [Role::Manager, Role::Support] {
        let login = address(&format!("{role}@acme.example"));
        let made = world.vestibule.create_administrator(&login, "Ada", role, secret_word()).await;
        admins.push(world.admin(&made.unwrap()).await);
    }
    let (vestibule, own) = (&world.vestibule, address("olga@acme.example"));
    world.prove_own(&owner).await;
    vestibule.forgot_password(&own, None).await.unwrap();
    let reset = world.deliver().await.into_iter().find_map(|letter| letter.secret).unwrap().challenge_id;
    world.env.pass(60_000);
    let passkey = vestibule.request_passkey_link(&owner, owner.user_id(), CodeRequest::default()).await.unwrap();
    for challenge in [&reset, &passkey.challenge_id] {
        for admin in &admins {
            assert_eq!(refused(vestibule.hand_over(admin, challenge).await), Refusal::Forbidden, "{}", admin.role());
        }
        vestibule.hand_over(&owner, challenge).await.unwrap();
    }
    world.env.pass(60_000);
    let person = world.person(&owner, "grace@navy.example").await;
    let link = vestibule.request_passkey_link(&owner, &person.user_id, CodeRequest::default()).await.unwrap();
    vestibule.hand_over(&admins[0], &link.challenge_id).await.unwrap();
    assert_eq!(refused(vestibule.hand_over(&admins[1], &link.challenge_id).await), Refusal::Forbidden);
}

async fn a_changed_role_counts_at_once(world: World) {
    let owner = world.owner().await;
    let made = world
        .vestibule
        .create_administrator(&address("max@acme.example"), "Max", Role::Viewer, secret_word())
        .await
        .unwrap();
    assert_eq!(world.admin(&made).await.role(), Role::Viewer);
    world.db.exec(&format!("UPDATE administrator SET role = 'support' WHERE user_id = '{made}'")).await;
    assert_eq!(world.admin(&made).await.role(), Role::Support);
    world.db.exec(&format!("DELETE FROM administrator WHERE user_id = '{made}'")).await;
    assert!(world.vestibule.visitor(&made).await.unwrap().unwrap().admin.is_none());
    let answer =
        world.vestibule.create_administrator(&address("MAX@acme.example"), "Max", Role::Owner, secret_word()).await;
    assert_eq!(refused(answer), Refusal::AddressTaken);
    assert_eq!(world.steps(&owner, &made).await, ["user-created", "password-set", "role-granted"]);
}

async fn an_owner_gives_roles_and_never_to_themselves(world: World) {
    let owner = world.owner().await;
    let grace = world.invite(&owner, "grace@navy.example").await.user_id;
    world.vestibule.grant_role(&owner, &grace, Some(Role::Support)).await.unwrap();
    assert_eq!(world.admin(&grace).await.role(), Role::Support);
    assert_eq!(world.view(&owner, &grace).await.role, Some(Role::Support));
    let again = world.vestibule.grant_role(&owner, &grace, Some(Role::Support)).await;
    assert_eq!(refused(again), Refusal::Unchanged);
    world.vestibule.grant_role(&owner, &grace, None).await.unwrap();
    assert!(world.vestibule.visitor(&grace).await.unwrap().unwrap().admin.is_none());
    assert_eq!(refused(world.vestibule.grant_role(&owner, owner.user_id(), None).await), Refusal::Yourself);
    assert_eq!(refused(world.vestibule.grant_role(&owner, "nobody", None).await), Refusal::NotFound);
}

async fn two_owners_cannot_unseat_each_other_at_once(world: World) {
    let first = world.owner().await;
    let id = world.invite(&first, "grace@navy.example").await.user_id;
    for _ in 0..4 {
        world.vestibule.grant_role(&first, &id, Some(Role::Owner)).await.unwrap();
        let second = world.admin(&id).await;
        let other = world.second().await;
        let both = tokio::join!(
            world.vestibule.grant_role(&first, second.user_id(), None),
            other.grant_role(&second, first.user_id(), None)
        );
        assert!(both.0.is_ok() != both.1.is_ok(), "{both:?}");
        if both.1.is_ok() {
            world.vestibule.grant_role(&second, first.user_id(), Some(Role::Owner)).await.unwrap();
            world.vestibule.grant_role(&first, second.user_id(), None).await.unwrap();
        }
    }
}

async fn two_owners_cannot_shut_each_other_out_at_once(world: World) {
    let first = world.owner().await;
    let id = world.invite(&first, "grace@navy.example").await.user_id;
    world.vestibule.grant_role(&first, &id, Some(Role::Owner)).await.unwrap();
    let (second, other) = (world.admin(&id).await, world.second().await);
    for round in 0..6 {
        let (one, two) = tokio::join!(
            async {
                match round % 3 {
                    0 => world.vestibule.disable(&first, second.user_id()).await,
                    1 => world.vestibule.lock_user(&first, second.user_id()).await,
                    _ => world.vestibule.grant_role(&first, second.user_id(), None).await,
                }
            },
            other.disable(&second, first.user_id())
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        let _ = world.vestibule.enable(&first, second.user_id()).await;
        let _ = world.vestibule.unlock_user(&first, second.user_id()).await;
        let _ = world.vestibule.grant_role(&first, second.user_id(), Some(Role::Owner)).await;
        let _ = world.vestibule.enable(&second, first.user_id()).await;
    }
}
