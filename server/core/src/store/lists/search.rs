//! Users by a part of what they are called. The engines index the same pieces (see the migration *places*) and are asked
//! in different ways: SQLite walks a list of users newest first and stops when the page is full; Postgres gathers whole
//! lists, each of a shelf of users (see the migration *shelves*), and a frequent text is looked for among the newest users
//! instead (`gather`).

mod gather;

use serde_json::json;
use sqlx::SqliteConnection;

use super::{ListedUser, PAGE, fetched, listed};
use crate::{
    Result,
    event::Standing,
    store::{Tx, all, tx::Conn, users},
};

/// How many signs a piece has at the most.
const PIECE: usize = 5;
/// How many pieces of a long text are weighed.
const PIECES: usize = 8;
/// The end of the organization's id that each piece begins with.
const MARK: usize = 4;
/// A standing that so few users have is read through: a text that everybody has finds a rare standing late.
const FEW: i64 = 3_000;

/// What is looked for.
struct Wanted<'a> {
    organization_id: &'a str,
    standing: Option<Standing>,
    /// Whether hardly any users have another standing.
    most: bool,
    text: &'a str,
    /// The users below this number.
    number: i64,
}

/// What a search found.
#[derive(Debug)]
pub struct Found {
    /// Newest first.
    pub users: Vec<ListedUser>,
    /// Whether there are users below the last of these who were not looked at.
    pub unseen: bool,
}

/// Users whose name, user name or address holds the folded text of three characters or more, newest first: a page and one
/// more, or fewer if that many would have taken long to find.
///
/// The text has no control signs: none is in what is searched.
pub async fn search(
    tx: &mut Tx,
    organization_id: &str,
    standing: Option<Standing>,
    text: &str,
    number: i64,
) -> Result<Found> {
    let mut wanted = Wanted { organization_id, standing, most: false, text, number };
    if let Some(standing) = standing {
        let counts = users::counts(tx, organization_id).await?;
        let all: i64 = counts.iter().map(|(_, count)| count).sum();
        let of_it: i64 = counts.iter().filter(|(counted, _)| *counted == standing).map(|(_, count)| count).sum();
        if of_it <= FEW {
            return Ok(Found { users: read_through(tx, &wanted).await?, unseen: false });
        }
        wanted.most = of_it >= all / 4 * 3;
    }
    match tx.conn() {
        Conn::Sqlite(conn) => Ok(Found { users: walk(conn, &wanted).await?, unseen: false }),
        Conn::Postgres(conn) => gather::gather(conn, &wanted).await,
    }
}

/// Looks at every user of the standing.
async fn read_through(tx: &mut Tx, wanted: &Wanted<'_>) -> Result<Vec<ListedUser>> {
    Ok(all!(
        tx,
        (
            listed!("organization_id = $1 AND standing = $2 AND number < $3 AND instr(search, $4) > 0"; "DESC"),
            listed!("organization_id = $1 AND standing = $2 AND number < $3 AND strpos(search, $4) > 0"; "DESC"),
        ),
        wanted.organization_id,
        wanted.standing,
        wanted.number,
        wanted.text
    )?)
}

/// SQLite: walks the list of the text's rarest piece. One that several of the newest users have is frequent; of the
/// others that one is the rarest whose hundredth user is the oldest or missing.
async fn walk(conn: &mut SqliteConnection, wanted: &Wanted<'_>) -> Result<Vec<ListedUser>> {
    let mark = wanted.organization_id.chars().count().saturating_sub(MARK);
    let mark: String = wanted.organization_id.chars().skip(mark).collect();
    let pieces: serde_json::Value =
        pieces(wanted.text).iter().map(|piece| json!({ "piece": piece, "word": word(&mark, piece) })).collect();
    let query = sqlx::query_as(concat!(
        "SELECT users.id, users.number, users.name, users.state, users.standing, users.last_step, users.changed_at, email.address, email.id AS email_id
         FROM user_search CROSS JOIN users ON users.number = user_search.rowid LEFT JOIN email ON email.user_id = users.id AND email.is_primary
         WHERE user_search MATCH (
             WITH sample AS MATERIALIZED (
                 SELECT search FROM users WHERE organization_id = $1 AND number < $3 ORDER BY number DESC LIMIT 32
             ), piece AS MATERIALIZED (
                 SELECT value->>'word' AS word, (SELECT COUNT(*) FROM sample WHERE instr(search, value->>'piece') > 0) AS hits FROM json_each($4)
             )
             SELECT word FROM piece ORDER BY hits > 3, CASE WHEN hits <= 3 THEN (
                 SELECT rarity.rowid FROM user_search AS rarity WHERE rarity.user_search MATCH word AND rarity.rowid < $3
                 ORDER BY rarity.rowid DESC LIMIT 1 OFFSET 100
             ) END NULLS FIRST, hits LIMIT 1
         )
         AND user_search.rowid < $3 AND instr(users.search, $5) > 0 AND users.organization_id = $1 AND ($2 IS NULL OR users.standing = $2)
         ORDER BY user_search.rowid DESC LIMIT ",
        fetched!()
    ));
    let query = query.bind(wanted.organization_id).bind(wanted.standing).bind(wanted.number);
    Ok(query.bind(pieces.to_string()).bind(wanted.text).fetch_all(conn).await?)
}

/// A piece as FTS5's query language has it: quoted, and a short one as the beginning of words.
fn word(mark: &str, piece: &str) -> String {
    let ending = if piece.chars().count() < PIECE { " *" } else { "" };
    format!("\"{mark}{}\"{ending}", piece.replace('"', "\"\"").replace(' ', "\u{a0}"))
}

/// Pieces of a text that are spread over it; a short text is its own piece.
fn pieces(text: &str) -> Vec<&str> {
    let starts: Vec<usize> = text.char_indices().map(|(start, _)| start).chain([text.len()]).collect();
    let Some(last) = starts.len().checked_sub(PIECE + 1).filter(|last| *last > 0) else { return vec![text] };
    let count = PIECES.min(last + 1);
    (0..count)
        .map(|place| place * last / (count - 1))
        .map(|start| &text[starts[start]..starts[start + PIECE]])
        .collect()
}
