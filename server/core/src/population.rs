//! Populations: how an organization divides its users. Whoever was put into none is in the default one.

use serde_json::{Map, Value};

use crate::{
    Refusal, Result, Vestibule,
    actor::Operator,
    api_key::Scope,
    env::Env,
    limit,
    store::{Tx, populations},
    user::{fold, parse_name, parse_text},
};

/// A part of an organization's users.
#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    pub id: String,
    pub organization_id: String,
    pub name: String,
    pub description: String,
    pub is_default: bool,
    /// What clients keep with it.
    pub data: Map<String, Value>,
    pub created_at: i64,
    pub changed_at: i64,
    /// How many users are in it.
    pub users: i64,
}

/// What a client says of a population.
#[derive(Clone, Debug, Default)]
pub struct NewPopulation {
    pub name: String,
    pub description: String,
    pub is_default: bool,
    pub data: Map<String, Value>,
}

impl NewPopulation {
    fn checked(self) -> Result<Self, Refusal> {
        Ok(Self { name: parse_name(&self.name)?, description: parse_text(&self.description, 1_000)?, ..self })
    }
}

impl Vestibule {
    /// All populations, oldest first; there is at least the default one.
    pub async fn populations(&self, by: impl Into<Operator>) -> Result<Vec<Population>> {
        let by = by.into();
        by.must(Scope::Read)?;
        self.default_population(&by.organization_id).await?;
        populations::all(&mut self.store.read().await?, &by.organization_id).await
    }

    pub async fn population(&self, by: impl Into<Operator>, id: &str) -> Result<Population> {
        let by = by.into();
        by.must(Scope::Read)?;
        let found = populations::by_id(&mut self.store.read().await?, &by.organization_id, id).await?;
        Ok(found.ok_or(Refusal::NotFound)?)
    }

    pub async fn create_population(&self, by: impl Into<Operator>, new: NewPopulation) -> Result<Population> {
        let by = by.into();
        by.must(Scope::Write)?;
        self.default_population(&by.organization_id).await?;
        let context = (self.env.clone(), by, new.checked()?);
        self.store
            .change(context, |tx, (env, by, new)| {
                Box::pin(async move {
                    if new.is_default {
                        populations::unset_default(tx, &by.organization_id).await?;
                    }
                    let population = build(env.as_ref(), &by.organization_id, new);
                    let made = populations::insert(tx, &population, &fold(&population.name)).await?;
                    if made { Ok(population) } else { Err(Refusal::NameTaken.into()) }
                })
            })
            .await
    }

    /// Replaces what is said of a population. The default one stays it until another one is.
    pub async fn change_population(&self, by: impl Into<Operator>, id: &str, new: NewPopulation) -> Result<Population> {
        let by = by.into();
        by.must(Scope::Write)?;
        let context = (self.env.clone(), by, id.to_owned(), new.checked()?);
        self.store
            .change(context, |tx, (env, by, id, new)| {
                Box::pin(async move {
                    let old = populations::by_id(tx, &by.organization_id, id).await?.ok_or(Refusal::NotFound)?;
                    if new.is_default && !old.is_default {
                        populations::unset_default(tx, &by.organization_id).await?;
                    }
                    let population = Population {
                        name: new.name.clone(),
                        description: new.description.clone(),
                        is_default: new.is_default || old.is_default,
                        data: new.data.clone(),
                        changed_at: env.now(),
                        ..old
                    };
                    if !populations::update(tx, &population, &fold(&population.name)).await? {
                        return Err(Refusal::NameTaken.into());
                    }
                    Ok(populations::by_id(tx, &by.organization_id, id).await?.ok_or(Refusal::NotFound)?)
                })
            })
            .await
    }

    /// Deletes a population that nobody is in, if it is not the last one. The oldest of the others becomes the default
    /// one where it was.
    pub async fn delete_population(&self, by: impl Into<Operator>, id: &str) -> Result<()> {
        let by = by.into();
        by.must(Scope::Write)?;
        let context = (self.env.clone(), by, id.to_owned());
        self.store
            .change(context, |tx, (env, by, id)| {
                Box::pin(async move {
                    limit::alone(tx, env.as_ref(), &format!("populations:{}", by.organization_id)).await?;
                    let all = populations::all(tx, &by.organization_id).await?;
                    let population = all.iter().find(|population| population.id == *id).ok_or(Refusal::NotFound)?;
                    if all.len() == 1 {
                        return Err(Refusal::LastPopulation.into());
                    }
                    if population.users > 0 {
                        return Err(Refusal::NotEmpty.into());
                    }
                    populations::delete(tx, &by.organization_id, id).await?;
                    if population.is_default
                        && let Some(next) = all.iter().find(|population| population.id != *id)
                    {
                        let next = Population { is_default: true, ..next.clone() };
                        populations::update(tx, &next, &fold(&next.name)).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// The id of an organization's default population, which is made with its first use.
    pub async fn default_population(&self, organization_id: &str) -> Result<String> {
        if let Some(id) = populations::default_id(&mut self.store.read().await?, organization_id).await? {
            return Ok(id);
        }
        self.store
            .change((self.env.clone(), organization_id.to_owned()), |tx, (env, organization_id)| {
                Box::pin(async move { make_default(tx, env.as_ref(), organization_id).await })
            })
            .await
    }
}

async fn make_default(tx: &mut Tx, env: &dyn Env, organization_id: &str) -> Result<String> {
    limit::alone(tx, env, &format!("populations:{organization_id}")).await?;
    if let Some(id) = populations::default_id(tx, organization_id).await? {
        return Ok(id);
    }
    let new = NewPopulation { name: "Default".to_owned(), is_default: true, ..NewPopulation::default() };
    let population = build(env, organization_id, &new);
    populations::insert(tx, &population, &fold(&population.name)).await?;
    Ok(population.id)
}

fn build(env: &dyn Env, organization_id: &str, new: &NewPopulation) -> Population {
    let now = env.now();
    Population {
        id: env.id(),
        organization_id: organization_id.to_owned(),
        name: new.name.clone(),
        description: new.description.clone(),
        is_default: new.is_default,
        data: new.data.clone(),
        created_at: now,
        changed_at: now,
        users: 0,
    }
}
