//! The users list: keyset pages, and what a search finds.

mod search;

use super::{Tx, all};
use crate::{
    Result,
    event::{EventKind, Standing},
    user::UserState,
};

pub use search::{Found, search};

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

/// Which users a page is of: those next to a number.
#[derive(Clone, Copy, Debug)]
pub enum Side {
    /// Those below it, newest first.
    Below(i64),
    /// Those above it, oldest first: for going back a page.
    Above(i64),
}

/// A page and one more, which tells that there is a next one. It stands in the texts: where a limit is a parameter, Postgres
/// plans the statement anew each time, which takes longer than the page.
macro_rules! fetched {
    () => {
        51
    };
}
use fetched;

/// Users on a page.
pub const PAGE: usize = fetched!() - 1;

/// The text of a page of users of whom the condition is true.
macro_rules! listed {
    ($($condition:expr),+ ; $order:literal) => {
        concat!(
            "SELECT page.id, page.number, page.name, page.state, page.standing, page.last_step, page.changed_at, email.address, email.id AS email_id
             FROM (SELECT id, number, name, state, standing, last_step, changed_at FROM users WHERE ", $($condition,)+
            " ORDER BY number ", $order, " LIMIT ", fetched!(), ") AS page
             LEFT JOIN email ON email.user_id = page.id AND email.is_primary ORDER BY page.number ", $order
        )
    };
}
use listed;

/// Users of one standing or all, next to the given number.
pub async fn page(
    tx: &mut Tx,
    organization_id: &str,
    standing: Option<Standing>,
    side: Side,
) -> Result<Vec<ListedUser>> {
    // Texts of their own instead of `$2 IS NULL OR`: each has its own index, and a prepared plan must pick one.
    let (number, sql) = match (side, standing) {
        (Side::Below(number), Some(_)) => {
            (number, listed!("organization_id = $1 AND standing = $2 AND number < $3"; "DESC"))
        }
        (Side::Above(number), Some(_)) => {
            (number, listed!("organization_id = $1 AND standing = $2 AND number > $3"; "ASC"))
        }
        (Side::Below(number), None) => {
            (number, listed!("organization_id = $1 AND CAST($2 AS TEXT) IS NULL AND number < $3"; "DESC"))
        }
        (Side::Above(number), None) => {
            (number, listed!("organization_id = $1 AND CAST($2 AS TEXT) IS NULL AND number > $3"; "ASC"))
        }
    };
    Ok(all!(tx, sql, organization_id, standing, number)?)
}
