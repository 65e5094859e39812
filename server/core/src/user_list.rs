//! The users list: by standing, by search, a page at a time.

use crate::{
    Result, Vestibule,
    actor::Admin,
    event::Standing,
    store::lists::{self, Found, Side},
};

pub use crate::store::lists::{ListedUser, PAGE};

/// Which page: newest first, keyed by the user's number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cursor {
    #[default]
    First,
    /// The page after the user of this number.
    Below(i64),
    /// The page before the user of this number.
    Above(i64),
}

/// A page and the ways on from it. One of a search may have fewer users than `PAGE` although there is a next one.
#[derive(Clone, Debug, Default)]
pub struct UserPage {
    pub users: Vec<ListedUser>,
    pub previous: Option<Cursor>,
    pub next: Option<Cursor>,
}

/// What an administrator looks for.
#[derive(Clone, Debug, Default)]
pub struct UserQuery {
    pub standing: Option<Standing>,
    /// Part of a name, a user name or an address; fewer than three characters find nothing less than everything.
    pub search: String,
    pub cursor: Cursor,
}

impl Vestibule {
    /// A page of the organization's users. Costs the same at a thousand and at a million users.
    pub async fn users(&self, admin: &Admin, query: &UserQuery) -> Result<UserPage> {
        let organization = &admin.organization_id;
        let mut text = crate::user::fold(query.search.trim());
        text.retain(|sign| !sign.is_control());
        let searching = text.chars().count() >= 3;
        let (side, backwards) = match query.cursor {
            Cursor::Below(number) => (Side::Below(number), false),
            // A search goes forward only.
            Cursor::Above(number) if !searching => (Side::Above(number), true),
            Cursor::Above(_) | Cursor::First => (Side::Below(i64::MAX), false),
        };
        let mut tx = self.store.read().await?;
        let Found { mut users, unseen } = match side {
            Side::Below(number) if searching => {
                lists::search(&mut tx, organization, query.standing, &text, number).await?
            }
            side => Found { users: lists::page(&mut tx, organization, query.standing, side).await?, unseen: false },
        };
        let more = users.len() > PAGE || unseen;
        users.truncate(PAGE);
        if backwards {
            users.reverse();
        }
        let (first, last) = (users.first().map(|user| user.number), users.last().map(|user| user.number));
        let next = last.filter(|_| more || backwards).map(Cursor::Below);
        let previous = match (query.cursor, searching) {
            (Cursor::First, _) | (_, true) => None,
            (Cursor::Below(_), false) => first.map(Cursor::Above),
            (Cursor::Above(_), false) => first.filter(|_| more).map(Cursor::Above),
        };
        Ok(UserPage { users, previous, next })
    }
}
