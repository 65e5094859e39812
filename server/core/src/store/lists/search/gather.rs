//! A search on Postgres. The index names every user who has the text, so it is asked for rare texts only; others are looked
//! for among the newest users, of whom so many are looked at that a page costs about the same whatever is looked for.

use sqlx::PgConnection;

use super::{Found, ListedUser, Wanted, listed, pieces};
use crate::Result;

/// So many of the newest users are looked at before the index is asked; one costs a quarter of one whom the index names.
const NEWEST: i64 = 1_000;
/// If so many of those have the text, it is looked for among the next ones too ...
const FREQUENT: usize = 2;
/// ... who are so many: the index would name more.
const NEXT: i64 = 3_000;
/// As a page, so many found among all of these do.
const ENOUGH: usize = 8;

pub(super) async fn gather(conn: &mut PgConnection, wanted: &Wanted<'_>) -> Result<Found> {
    let full = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let Looked { mut numbers, mut end } = look(conn, wanted, wanted.number, NEWEST).await?;
    let mut enough = full;
    if let Some(last) = end.filter(|_| numbers.len() >= FREQUENT) {
        let next = look(conn, wanted, last, NEXT).await?;
        numbers.extend(next.numbers);
        (end, enough) = (next.end, ENOUGH);
    }
    if end.is_some() && numbers.len() < enough {
        numbers = indexed(conn, wanted).await?;
        end = None;
    }
    Ok(Found { users: lines_of(conn, wanted, &numbers).await?, unseen: end.is_some() })
}

/// What a look at some users found.
struct Looked {
    /// Who has the text, the newest first.
    numbers: Vec<i64>,
    /// The number below which nobody was looked at, if there is anybody and the page is not full.
    end: Option<i64>,
}

/// Looks for the text among the users below a number, so many of them at the most.
async fn look(conn: &mut PgConnection, wanted: &Wanted<'_>, number: i64, lines: i64) -> Result<Looked> {
    macro_rules! among {
        ($lines:literal, $standing:literal) => {
            concat!(
                "SELECT number, hit FROM (
                     SELECT number, place, place < $6 AND search LIKE $5 AND ",
                $standing,
                " AS hit FROM (
                         SELECT number, search, row_number() OVER (ORDER BY number DESC) AS place FROM (
                             SELECT number, search FROM ",
                $lines,
                " AND number < $3 ORDER BY number DESC LIMIT $6
                         ) AS line
                     ) AS numbered
                 ) AS looked WHERE hit OR place = $6 ORDER BY number DESC LIMIT $4"
            )
        };
    }
    // A user's own row is wide: where most have the standing, the narrow ones are read and who has the text is asked for it.
    let query = sqlx::query_as(match wanted.standing {
        None => among!("user_search WHERE organization_id = $1", "CAST($2 AS TEXT) IS NULL"),
        Some(_) if wanted.most => among!(
            "user_search WHERE organization_id = $1",
            "EXISTS (SELECT 1 FROM users WHERE users.number = numbered.number AND users.standing = $2)"
        ),
        Some(_) => among!("users WHERE organization_id = $1 AND standing = $2", "TRUE"),
    });
    let query = query.bind(wanted.organization_id).bind(wanted.standing).bind(number).bind(wanted.limit);
    // One more, who is not looked at, tells that there is one.
    let rows: Vec<(i64, bool)> = query.bind(pattern(wanted.text)).bind(lines + 1).fetch_all(conn).await?;
    Ok(Looked {
        numbers: rows.iter().filter(|(_, hit)| *hit).map(|(number, _)| *number).collect(),
        end: rows.iter().find(|(_, hit)| !hit).map(|(number, _)| number + 1),
    })
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

async fn indexed(conn: &mut PgConnection, wanted: &Wanted<'_>) -> Result<Vec<i64>> {
    // The index is asked for those pieces that are rarest among a few hundred users: a piece that everybody has costs its
    // whole list and tells nothing. Sorted by a sum, or the limit would lure the planner into reading every user.
    let query = sqlx::query_scalar(
        "WITH sample AS MATERIALIZED (
             SELECT search FROM user_search WHERE organization_id = $1 AND number < $3 ORDER BY number DESC LIMIT 300
         ), piece AS MATERIALIZED (
             SELECT piece, (SELECT COUNT(*) FROM sample WHERE strpos(search, piece) > 0) AS hits FROM unnest(CAST($6 AS TEXT[])) AS piece
         ), words AS MATERIALIZED (
             SELECT string_agg('''' || right($1, 4) || replace(replace(piece, '\\', '\\\\'), '''', '''''') || ''''
                 || CASE WHEN char_length(piece) < 5 THEN ':*' ELSE '' END, ' & ') AS query
             FROM piece WHERE hits <= (SELECT MIN(hits) + 2 FROM piece)
         )
         SELECT number FROM (
             SELECT number FROM user_search
             WHERE search_places(organization_id, search) @@ (SELECT CAST(query AS tsquery) FROM words)
             AND strpos(search, $5) > 0 AND organization_id = $1 AND number < $3
             ORDER BY number + 0 DESC OFFSET 0
         ) AS found
         WHERE CAST($2 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM users WHERE users.number = found.number AND users.standing = $2)
         LIMIT $4",
    );
    let query = query.bind(wanted.organization_id).bind(wanted.standing).bind(wanted.number).bind(wanted.limit);
    Ok(query.bind(wanted.text).bind(pieces(wanted.text)).fetch_all(conn).await?)
}

/// The lines of these users.
async fn lines_of(conn: &mut PgConnection, wanted: &Wanted<'_>, numbers: &[i64]) -> Result<Vec<ListedUser>> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let query = sqlx::query_as(listed!("organization_id = $1 AND number = ANY ($2) AND number < $3"; "DESC"));
    let query = query.bind(wanted.organization_id).bind(numbers).bind(wanted.number).bind(wanted.limit);
    Ok(query.fetch_all(conn).await?)
}
