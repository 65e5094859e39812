//! Populations.

use vestibule_core::{
    Refusal,
    api_key::Scope,
    population::NewPopulation,
    user::{change::Change, create::NewAccount},
};

use super::ada;
use crate::support::{World, refused};

both! {
    there_is_always_a_default_one,
    one_with_users_stays,
    sixteen_first_uses_make_one,
}

fn named(name: &str, is_default: bool) -> NewPopulation {
    NewPopulation { name: name.to_owned(), is_default, ..NewPopulation::default() }
}

async fn there_is_always_a_default_one(world: World) {
    let robot = world.client(Scope::ALL).await;
    let all = world.vestibule.populations(&robot).await.unwrap();
    assert_eq!((all.len(), all[0].is_default), (1, true));
    assert_eq!(refused(world.vestibule.delete_population(&robot, &all[0].id).await), Refusal::LastPopulation);
    let staff = world.vestibule.create_population(&robot, named("Staff", true)).await.unwrap();
    let taken = world.vestibule.create_population(&robot, named("STAFF", false)).await;
    assert_eq!(refused(taken), Refusal::NameTaken);
    let defaults = async || {
        let all = world.vestibule.populations(&robot).await.unwrap();
        all.into_iter().filter(|population| population.is_default).map(|population| population.id).collect::<Vec<_>>()
    };
    assert_eq!(defaults().await, std::slice::from_ref(&staff.id));
    world.vestibule.delete_population(&robot, &staff.id).await.unwrap();
    assert_eq!(defaults().await, [all[0].id.clone()]);
}

async fn one_with_users_stays(world: World) {
    let robot = world.client(Scope::ALL).await;
    let staff = world.vestibule.create_population(&robot, named("Staff", false)).await.unwrap();
    let new = NewAccount { population_id: Some(staff.id.clone()), ..ada("ada@engine.example") };
    let id = world.account(&robot, new).await;
    assert_eq!(refused(world.vestibule.delete_population(&robot, &staff.id).await), Refusal::NotEmpty);
    let default = world.vestibule.default_population(&world.organization).await.unwrap();
    let change = Change { population_id: Some(default), ..Change::default() };
    world.vestibule.change_user(&robot, &id, change).await.unwrap();
    world.vestibule.delete_population(&robot, &staff.id).await.unwrap();
    let nowhere = NewAccount { population_id: Some("nowhere".to_owned()), ..ada("eve@engine.example") };
    assert_eq!(refused(world.vestibule.create_account(&robot, nowhere).await), Refusal::NotFound);
}

async fn sixteen_first_uses_make_one(world: World) {
    let other = world.second().await;
    let uses = (0..16).map(|at| {
        let vestibule = if at % 2 == 0 { world.vestibule.clone() } else { other.clone() };
        let organization = world.organization.clone();
        tokio::spawn(async move { vestibule.default_population(&organization).await.unwrap() })
    });
    let mut ids: Vec<String> = futures::future::join_all(uses).await.into_iter().map(Result::unwrap).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1);
}
