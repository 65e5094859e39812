//! Populations: how an organization divides its users.

use super::{Tx, all, exec, is_taken, maybe};
use crate::{Result, population::Population};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    organization_id: String,
    name: String,
    description: String,
    is_default: bool,
    data: String,
    created_at: i64,
    changed_at: i64,
    users: i64,
}

impl Row {
    fn read(self) -> Result<Population> {
        Ok(Population {
            id: self.id,
            organization_id: self.organization_id,
            name: self.name,
            description: self.description,
            is_default: self.is_default,
            data: serde_json::from_str(&self.data)?,
            created_at: self.created_at,
            changed_at: self.changed_at,
            users: self.users,
        })
    }
}

// Users without a population are in the default one.
macro_rules! population {
    ($tail:literal) => {
        concat!(
            "SELECT id, organization_id, name, description, is_default, data, created_at, changed_at,
                    (SELECT COUNT(*) FROM users WHERE users.population_id = population.id)
                    + CASE WHEN is_default THEN (SELECT COUNT(*) FROM users WHERE users.organization_id = population.organization_id AND users.population_id IS NULL) ELSE 0 END AS users
             FROM population WHERE organization_id = $1 ",
            $tail
        )
    };
}

pub async fn all(tx: &mut Tx, organization_id: &str) -> Result<Vec<Population>> {
    let rows: Vec<Row> = all!(tx, population!("ORDER BY created_at, id"), organization_id)?;
    rows.into_iter().map(Row::read).collect()
}

pub async fn by_id(tx: &mut Tx, organization_id: &str, id: &str) -> Result<Option<Population>> {
    let row: Option<Row> = maybe!(tx, population!("AND id = $2"), organization_id, id)?;
    row.map(Row::read).transpose()
}

pub async fn exists(tx: &mut Tx, organization_id: &str, id: &str) -> Result<bool> {
    let row: Option<(String,)> =
        maybe!(tx, "SELECT id FROM population WHERE organization_id = $1 AND id = $2", organization_id, id)?;
    Ok(row.is_some())
}

pub async fn default_id(tx: &mut Tx, organization_id: &str) -> Result<Option<String>> {
    let row: Option<(String,)> =
        maybe!(tx, "SELECT id FROM population WHERE organization_id = $1 AND is_default", organization_id)?;
    Ok(row.map(|(id,)| id))
}

/// `false` where the name is taken, or a default one was made meanwhile.
pub async fn insert(tx: &mut Tx, population: &Population, key: &str) -> Result<bool> {
    let rows = exec!(
        tx,
        "INSERT INTO population (id, organization_id, name, name_key, description, is_default, data, created_at, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT DO NOTHING",
        &population.id,
        &population.organization_id,
        &population.name,
        key,
        &population.description,
        population.is_default,
        serde_json::to_string(&population.data)?,
        population.created_at
    )?;
    Ok(rows == 1)
}

/// `false` where the name is taken.
pub async fn update(tx: &mut Tx, population: &Population, key: &str) -> Result<bool> {
    let done = exec!(
        tx,
        "UPDATE population SET name = $3, name_key = $4, description = $5, is_default = $6, data = $7, changed_at = $8
         WHERE organization_id = $1 AND id = $2",
        &population.organization_id,
        &population.id,
        &population.name,
        key,
        &population.description,
        population.is_default,
        serde_json::to_string(&population.data)?,
        population.changed_at
    );
    match done {
        Ok(_) => Ok(true),
        Err(error) if is_taken(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The default one steps down, before another one takes its place. Its users, who are there by no word of their own,
/// stay in it.
pub async fn unset_default(tx: &mut Tx, organization_id: &str) -> Result<()> {
    exec!(
        tx,
        "UPDATE users SET population_id = (SELECT id FROM population WHERE organization_id = $1 AND is_default)
         WHERE organization_id = $1 AND population_id IS NULL",
        organization_id
    )?;
    exec!(tx, "UPDATE population SET is_default = FALSE WHERE organization_id = $1 AND is_default", organization_id)?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, organization_id: &str, id: &str) -> Result<()> {
    exec!(tx, "DELETE FROM population WHERE organization_id = $1 AND id = $2", organization_id, id)?;
    Ok(())
}
