//! Users by a part of what they are called. The engines index the same pieces (see the migration *places*) and are asked
//! in different ways: SQLite walks a list of users newest first and stops when the page is full; Postgres gathers the
//! whole list, so that a frequent text is looked for among the newest users instead, of whom so many are looked at that a
//! page costs about the same whatever is looked for.

use serde_json::json;
use sqlx::{PgConnection, SqliteConnection};

use super::{ListedUser, listed};
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
    text: &'a str,
    /// The users below this number.
    number: i64,
    limit: i64,
}

/// What a search found.
#[derive(Debug)]
pub struct Found {
    /// Newest first.
    pub users: Vec<ListedUser>,
    /// Whether there are users below the last of these who were not looked at.
    pub unseen: bool,
}

/// Users whose name, user name or address holds the folded text of three characters or more, newest first: so many as the
/// limit says, or fewer if that many would have taken long to find.
///
/// The text has no control signs: none is in what is searched.
pub async fn search(
    tx: &mut Tx,
    organization_id: &str,
    standing: Option<Standing>,
    text: &str,
    number: i64,
    limit: i64,
) -> Result<Found> {
    let wanted = Wanted { organization_id, standing, text, number, limit };
    if let Some(standing) = standing {
        let counts = users::counts(tx, organization_id).await?;
        if counts.iter().all(|(counted, count)| *counted != standing || *count <= FEW) {
            return Ok(Found { users: read_through(tx, &wanted).await?, unseen: false });
        }
    }
    match tx.conn() {
        Conn::Sqlite(conn) => Ok(Found { users: walk(conn, &wanted).await?, unseen: false }),
        Conn::Postgres(conn) => gather(conn, &wanted).await,
    }
}

/// Looks at every user of the standing.
async fn read_through(tx: &mut Tx, wanted: &Wanted<'_>) -> Result<Vec<ListedUser>> {
    Ok(all!(
        tx,
        (
            listed!("organization_id = $1 AND standing = $2 AND number < $3 AND instr(search, $5) > 0"; "DESC"),
            listed!("organization_id = $1 AND standing = $2 AND number < $3 AND strpos(search, $5) > 0"; "DESC"),
        ),
        wanted.organization_id,
        wanted.standing,
        wanted.number,
        wanted.limit,
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
    let query = sqlx::query_as(
        "SELECT users.id, users.number, users.name, users.state, users.standing, users.last_step, users.changed_at, email.address, email.id AS email_id
         FROM user_search CROSS JOIN users ON users.number = user_search.rowid LEFT JOIN email ON email.user_id = users.id AND email.is_primary
         WHERE user_search MATCH (
             WITH sample AS MATERIALIZED (
                 SELECT search FROM users WHERE organization_id = $1 AND number < $3 ORDER BY number DESC LIMIT 32
             ), piece AS MATERIALIZED (
                 SELECT value->>'word' AS word, (SELECT COUNT(*) FROM sample WHERE instr(search, value->>'piece') > 0) AS hits FROM json_each($5)
             )
             SELECT word FROM piece ORDER BY hits > 3, CASE WHEN hits <= 3 THEN (
                 SELECT rarity.rowid FROM user_search AS rarity WHERE rarity.user_search MATCH word AND rarity.rowid < $3
                 ORDER BY rarity.rowid DESC LIMIT 1 OFFSET 100
             ) END NULLS FIRST, hits LIMIT 1
         )
         AND user_search.rowid < $3 AND instr(users.search, $6) > 0 AND users.organization_id = $1 AND ($2 IS NULL OR users.standing = $2)
         ORDER BY user_search.rowid DESC LIMIT $4",
    );
    let query = query.bind(wanted.organization_id).bind(wanted.standing).bind(wanted.number).bind(wanted.limit);
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

/// So many of the newest users Postgres looks at before it asks the index; one costs a tenth of one whom the index names.
const NEWEST: i64 = 2_000;
/// If so many of those have the text, it is looked for among the farther ones too ...
const FREQUENT: usize = 5;
/// ... which are so many: the index would name more.
const FARTHER: i64 = 10_000;
/// As a page, so many found among the farther ones do.
const ENOUGH: usize = 20;

/// Postgres: looks among the newest users, and if the text is rare there, gathers by the index whoever has its pieces.
async fn gather(conn: &mut PgConnection, wanted: &Wanted<'_>) -> Result<Found> {
    let full = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let mut users = newest(conn, wanted, NEWEST).await?;
    if (FREQUENT..full).contains(&users.len()) {
        users = newest(conn, wanted, FARTHER).await?;
        if (ENOUGH..full).contains(&users.len()) && older(conn, wanted, FARTHER).await? {
            return Ok(Found { users, unseen: true });
        }
    }
    if users.len() < full {
        users = indexed(conn, wanted).await?;
    }
    Ok(Found { users, unseen: false })
}

/// Users of the standing or all, newest first, to be looked at.
macro_rules! looked_at {
    (standing) => {
        "SELECT number, search FROM users WHERE organization_id = $1 AND standing = $2 AND number < $3 ORDER BY number DESC"
    };
    (all) => {
        "SELECT number, search FROM user_search WHERE organization_id = $1 AND CAST($2 AS TEXT) IS NULL AND number < $3 ORDER BY number DESC"
    };
}

async fn newest(conn: &mut PgConnection, wanted: &Wanted<'_>, lines: i64) -> Result<Vec<ListedUser>> {
    macro_rules! among {
        ($which:ident) => {
            listed!(
                "number = ANY (ARRAY(SELECT number FROM (",
                looked_at!($which),
                " LIMIT $6) AS newest WHERE search LIKE $5 ORDER BY number DESC LIMIT $4))"; "DESC"
            )
        };
    }
    let query = sqlx::query_as(if wanted.standing.is_some() { among!(standing) } else { among!(all) });
    let query = query.bind(wanted.organization_id).bind(wanted.standing).bind(wanted.number).bind(wanted.limit);
    Ok(query.bind(pattern(wanted.text)).bind(lines).fetch_all(conn).await?)
}

/// Whether there are users older than the newest of so many lines.
async fn older(conn: &mut PgConnection, wanted: &Wanted<'_>, lines: i64) -> Result<bool> {
    let query = sqlx::query(if wanted.standing.is_some() {
        concat!("SELECT 1 FROM (", looked_at!(standing), " OFFSET $4 LIMIT 1) AS oldest")
    } else {
        concat!("SELECT 1 FROM (", looked_at!(all), " OFFSET $4 LIMIT 1) AS oldest")
    });
    let query = query.bind(wanted.organization_id).bind(wanted.standing).bind(wanted.number).bind(lines);
    Ok(query.fetch_optional(conn).await?.is_some())
}

/// The text for `LIKE`, which is quicker than `strpos` on short lines.
fn pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for sign in text.chars() {
        if matches!(sign, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(sign);
    }
    pattern.push('%');
    pattern
}

async fn indexed(conn: &mut PgConnection, wanted: &Wanted<'_>) -> Result<Vec<ListedUser>> {
    // The index is asked for those pieces that are rarest among a few hundred users: a piece that everybody has costs its
    // whole list and tells nothing. `found` is fenced off, or the limit would lure the planner into reading every user.
    let query = sqlx::query_as(listed!(
        "number = ANY (ARRAY(
             WITH sample AS MATERIALIZED (
                 SELECT search FROM user_search WHERE organization_id = $1 AND number < $3 ORDER BY number DESC LIMIT 300
             ), piece AS MATERIALIZED (
                 SELECT piece, (SELECT COUNT(*) FROM sample WHERE strpos(search, piece) > 0) AS hits FROM unnest(CAST($6 AS TEXT[])) AS piece
             ), words AS MATERIALIZED (
                 SELECT string_agg('''' || right($1, 4) || replace(replace(piece, '\\', '\\\\'), '''', '''''') || ''''
                     || CASE WHEN char_length(piece) < 5 THEN ':*' ELSE '' END, ' & ') AS query
                 FROM piece WHERE hits <= (SELECT MIN(hits) + 2 FROM piece)
             ), found AS MATERIALIZED (
                 SELECT number FROM user_search
                 WHERE search_places(organization_id, search) @@ (SELECT CAST(query AS tsquery) FROM words)
                 AND strpos(search, $5) > 0 AND organization_id = $1 AND number < $3
             )
             SELECT number FROM found
             WHERE CAST($2 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM users WHERE users.number = found.number AND users.standing = $2)
             ORDER BY number DESC LIMIT $4
         ))"; "DESC"
    ));
    let query = query.bind(wanted.organization_id).bind(wanted.standing).bind(wanted.number).bind(wanted.limit);
    Ok(query.bind(wanted.text).bind(pieces(wanted.text)).fetch_all(conn).await?)
}
