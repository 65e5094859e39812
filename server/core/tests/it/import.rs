//! Users of elsewhere come in by rows.

use vestibule_core::{
    Refusal,
    actor::{Actor, Role},
    api_key::Keeper,
    event::Standing,
    import::{Column, Fault, Found, Outcome, Reader, Row},
    prove::ProofKind,
    user_list::UserQuery,
};

use crate::support::{World, at_address, refused, typed};

both! {
    a_row_becomes_a_user_with_proof_history_webhooks_and_standing,
    the_same_rows_once_more_change_nothing,
    who_is_there_already_stays_as_they_are,
    a_look_changes_nothing_and_tells_what_would_become,
    the_same_people_from_two_files_at_once_are_there_once,
    an_imported_password_signs_in,
    an_owner_may_and_a_manager_may_not,
}

const FILE: &[[&str; 5]] = &[
    ["grace@navy.example", "Grace Hopper", "", "yes", ""],
    ["alan@park.example", "", "alan", "no", ""],
    ["konrad@z3.example", "Konrad Zuse", "", "yes", ""],
];

fn rows(file: &[[&str; 5]]) -> Vec<Row> {
    let headings = ["email", "name", "username", "verified", "password_hash"];
    let mut reader = Reader::new("people.csv", headings).unwrap();
    (2..).zip(file).map(|(line, cells)| reader.read(line, cells).unwrap()).collect()
}

fn operator(world: &World) -> Keeper {
    Keeper::operator(&world.organization)
}

async fn import(world: &World, file: &[[&str; 5]]) -> Vec<Outcome> {
    world.vestibule.import(operator(world), rows(file)).await.unwrap()
}

async fn id_of(world: &World, address: &str) -> String {
    world.db.texts(&format!("SELECT user_id FROM email WHERE canonical = '{address}'")).await.remove(0)
}

#[track_caller]
fn refusal(outcome: &Outcome) -> (Column, Refusal) {
    let problem = outcome.clone().unwrap_err();
    let Fault::Refused(refusal) = problem.fault else { panic!("another fault") };
    (problem.column.unwrap(), refusal)
}

async fn a_row_becomes_a_user_with_proof_history_webhooks_and_standing(world: World) {
    let owner = world.owner().await;
    world.add_webhook().await;
    assert_eq!(import(&world, FILE).await, [Ok(Found::New), Ok(Found::New), Ok(Found::New)]);

    let grace = world.view(&owner, &id_of(&world, "grace@navy.example").await).await;
    let email = &grace.emails[0];
    assert_eq!((grace.user.name.as_str(), grace.user.standing), ("Grace Hopper", Standing::Verified));
    assert_eq!((email.email.proof, email.email.verified_at), (Some(ProofKind::Import), Some(world.vestibule.now())));
    assert_eq!(email.email.proof_reason.as_deref(), Some("people.csv:2"));
    assert_eq!(email.proof_actor, Some(Actor::System));
    let steps = world.steps(&owner, &grace.user.id).await;
    assert_eq!(steps, ["user-created", "email-verified"]);
    assert_eq!(world.db.count(&format!("webhook WHERE user_id = '{}'", grace.user.id)).await, 2);

    let alan = world.view(&owner, &id_of(&world, "alan@park.example").await).await;
    assert_eq!((alan.user.username.as_str(), alan.user.standing), ("alan", Standing::Unverified));
    assert_eq!(world.steps(&owner, &alan.user.id).await, ["user-created"]);
    let overview = world.vestibule.overview(&owner).await.unwrap();
    assert_eq!((overview.standing(Standing::Verified), overview.standing(Standing::Unverified)), (2, 2));
    assert!(world.deliver().await.is_empty(), "nobody is written to");
    let query = UserQuery { search: "konrad".to_owned(), ..UserQuery::default() };
    assert_eq!(world.vestibule.users(&owner, &query).await.unwrap().users.len(), 1, "the search finds who came in");
}

async fn the_same_rows_once_more_change_nothing(world: World) {
    import(&world, FILE).await;
    let before = world.db.dump().await;
    world.env.pass(5_000);
    assert_eq!(import(&world, FILE).await, [Ok(Found::Known), Ok(Found::Known), Ok(Found::Known)]);
    assert_eq!(world.db.dump().await, before);
}

async fn who_is_there_already_stays_as_they_are(world: World) {
    let owner = world.owner().await;
    let grace = world.person(&owner, "grace@navy.example").await;
    let drawn = world.send_code(&owner, &grace).await;
    import(&world, &[["bob@park.example", "Bob", "alan", "no", ""]]).await;
    let before = world.db.dump().await;

    let mut file = FILE.to_vec();
    file.truncate(2);
    let outcomes = import(&world, &file).await;
    // The address may have been entered by anybody who wants the proof to fall to them.
    assert_eq!(refusal(&outcomes[0]), (Column::Email, Refusal::NotVerified));
    assert_eq!(refusal(&outcomes[1]), (Column::Username, Refusal::UsernameTaken));
    assert_eq!(world.db.dump().await, before);
    world.vestibule.redeem(at_address(&grace.address, typed(&drawn))).await.unwrap();
    assert_eq!(import(&world, &file[..1]).await, [Ok(Found::Known)]);
    let email = world.view(&owner, &grace.user_id).await.emails.remove(0).email;
    assert_eq!(email.proof, Some(ProofKind::Code), "the first proof stays");

    // A row that is left out takes nobody along.
    file.push(["konrad@z3.example", "", "", "yes", ""]);
    let outcomes = import(&world, &file).await;
    assert!(outcomes[1].is_err() && outcomes[2] == Ok(Found::New), "{outcomes:?}");
}

async fn a_look_changes_nothing_and_tells_what_would_become(world: World) {
    let owner = world.owner().await;
    world.person(&owner, "grace@navy.example").await;
    let before = world.db.dump().await;
    let looked = world.vestibule.preview_import(operator(&world), &rows(FILE)).await.unwrap();
    assert_eq!(world.db.dump().await, before);
    assert_eq!(looked, import(&world, FILE).await);
    assert!(looked[0].is_err() && looked[1] == Ok(Found::New));
}

async fn the_same_people_from_two_files_at_once_are_there_once(world: World) {
    let second = world.second().await;
    let mut backwards = FILE.to_vec();
    backwards.reverse();
    let by = operator(&world);
    let racers = (0..8).map(|number| {
        let vestibule = if number % 2 == 0 { world.vestibule.clone() } else { second.clone() };
        let (rows, by) = (rows(if number % 4 < 2 { FILE } else { &backwards }), by.clone());
        tokio::spawn(async move { vestibule.import(by, rows).await.unwrap() })
    });
    let mut new = 0;
    for racer in racers.collect::<Vec<_>>() {
        for outcome in racer.await.unwrap() {
            match outcome {
                Ok(Found::New) => new += 1,
                Ok(Found::Known) => {}
                // Somebody else's transaction ended between the look and the insertion.
                Err(_) => assert!(matches!(refusal(&outcome).1, Refusal::UsernameTaken | Refusal::AddressTaken)),
            }
        }
    }
    assert_eq!((new, world.db.count("users").await, world.db.count("email").await), (3, 3, 3));
    assert_eq!(world.db.count("event WHERE kind = 'email-verified'").await, 2);
}

async fn an_imported_password_signs_in(world: World) {
    let password = "correct horse battery staple".to_owned();
    let hash = bcrypt::hash_with_salt(&password, 4, [7; 16]).unwrap().to_string();
    assert_eq!(import(&world, &[["grace@navy.example", "", "", "yes", &hash]]).await, [Ok(Found::New)]);
    let owner = world.owner().await;
    let id = id_of(&world, "grace@navy.example").await;
    assert_eq!(world.steps(&owner, &id).await, ["user-created", "password-set", "email-verified"]);
    let signed_in = world.vestibule.sign_in("grace@navy.example", password, None).await.unwrap();
    assert_eq!(signed_in.user_id, id);
}

async fn an_owner_may_and_a_manager_may_not(world: World) {
    let owner = world.owner().await;
    let mia = world.person(&owner, "mia@acme.example").await;
    world.vestibule.mark_verified(&owner, &mia.user_id, &mia.email_id, "met her", None).await.unwrap();
    assert_eq!(world.vestibule.import(&owner, rows(FILE)).await.unwrap().len(), 3);
    let grace = world.view(&owner, &id_of(&world, "grace@navy.example").await).await;
    assert_eq!(grace.emails[0].proof_actor, Some(owner.actor()));
    world.vestibule.grant_role(&owner, &mia.user_id, Some(Role::Manager)).await.unwrap();
    let manager = world.admin(&mia.user_id).await;
    let before = world.db.dump().await;
    assert_eq!(refused(world.vestibule.import(&manager, rows(FILE)).await), Refusal::Forbidden);
    assert_eq!(refused(world.vestibule.preview_import(&manager, &rows(FILE)).await), Refusal::Forbidden);
    assert_eq!(world.db.dump().await, before);
}
