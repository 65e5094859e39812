//! The users list: keyset pages and text search. The search is the one read in which the engines differ.

use super::{Tx, all, tx::Conn};
use crate::{
    Result,
    event::{EventKind, Standing},
    user::UserState,
};

/// A line of the users list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ListedUser {
    pub id: String,
    pub number: i64,
    pub name: String,
    pub state: UserState,
    pub standing: Standing,
    pub last_step: EventKind,
    pub changed_at: i64,
    pub address: Option<String>,
    pub email_id: Option<String>,
}

macro_rules! listed {
    ($($from:literal)+ ; $order:literal) => {
        concat!(
            "SELECT page.id, page.number, page.name, page.state, page.standing, page.last_step, page.changed_at, email.address, email.id AS email_id
             FROM (SELECT id, number, name, state, standing, last_step, changed_at FROM users WHERE ", $($from,)+
            " ORDER BY number ", $order, " LIMIT $4) AS page
             LEFT JOIN email ON email.user_id = page.id AND email.is_primary ORDER BY page.number ", $order
        )
    };
}

/// Users of one standing or all whose number is below the given one, newest first.
pub async fn before(
    tx: &mut Tx,
    organization_id: &str,
    standing: Option<Standing>,
    number: i64,
    limit: i64,
) -> Result<Vec<ListedUser>> {
    // Two texts instead of `$2 IS NULL OR`: each has its own index, and a prepared plan must pick one.
    Ok(if let Some(standing) = standing {
        all!(
            tx,
            listed!("organization_id = $1 AND standing = $2 AND number < $3"; "DESC"),
            organization_id,
            standing,
            number,
            limit
        )
    } else {
        all!(
            tx,
            listed!("organization_id = $1 AND (CAST($2 AS TEXT) IS NULL) AND number < $3"; "DESC"),
            organization_id,
            standing,
            number,
            limit
        )
    }?)
}

/// Users above the given number, oldest of them first: for going back a page.
pub async fn after(
    tx: &mut Tx,
    organization_id: &str,
    standing: Option<Standing>,
    number: i64,
    limit: i64,
) -> Result<Vec<ListedUser>> {
    Ok(if let Some(standing) = standing {
        all!(
            tx,
            listed!("organization_id = $1 AND standing = $2 AND number > $3"; "ASC"),
            organization_id,
            standing,
            number,
            limit
        )
    } else {
        all!(
            tx,
            listed!("organization_id = $1 AND (CAST($2 AS TEXT) IS NULL) AND number > $3"; "ASC"),
            organization_id,
            standing,
            number,
            limit
        )
    }?)
}

/// Users whose name, user name or address holds the folded text of three characters or more, newest first.
pub async fn search(
    tx: &mut Tx,
    organization_id: &str,
    standing: Option<Standing>,
    text: &str,
    number: i64,
    limit: i64,
) -> Result<Vec<ListedUser>> {
    Ok(match tx.conn() {
        Conn::Sqlite(conn) => {
            let phrase = format!("\"{}\"", text.replace('"', "\"\""));
            let query = sqlx::query_as(
                "SELECT users.id, users.number, users.name, users.state, users.standing, users.last_step, users.changed_at, email.address, email.id AS email_id
                 FROM user_search CROSS JOIN users ON users.number = user_search.rowid LEFT JOIN email ON email.user_id = users.id AND email.is_primary
                 WHERE user_search MATCH $5 AND user_search.rowid < $3 AND users.organization_id = $1 AND ($2 IS NULL OR users.standing = $2)
                 ORDER BY user_search.rowid DESC LIMIT $4",
            );
            query.bind(organization_id).bind(standing).bind(number).bind(limit).bind(phrase).fetch_all(conn).await
        }
        Conn::Postgres(conn) => {
            let pattern = format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
            // Planned anew for each text: a plan for any text walks the whole list, which a rare text makes slow.
            let query = sqlx::query_as(listed!(
                "organization_id = $1 AND number < $3 AND (CAST($2 AS TEXT) IS NULL OR standing = $2) AND search LIKE $5 ESCAPE '\\'";
                "DESC"
            ))
            .persistent(false);
            query.bind(organization_id).bind(standing).bind(number).bind(limit).bind(pattern).fetch_all(conn).await
        }
    }?)
}
