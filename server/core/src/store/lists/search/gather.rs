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
const NEXT: i64 = 1_500;
/// As a page, so many found among all of these do.
const ENOUGH: usize = 4;

pub(super) async fn gather(conn: &mut PgConnection, wanted: &Wanted<'_>) -> Result<Found> {
    let full = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let mut numbers = look(conn, wanted, wanted.number, NEWEST).await?;
    let mut unseen = false;
    if (FREQUENT..full).contains(&numbers.len())
        && let Some(next) = behind(conn, wanted, wanted.number, NEWEST).await?
    {
        numbers.extend(look(conn, wanted, next, NEXT).await?);
        unseen = (ENOUGH..full).contains(&numbers.len()) && behind(conn, wanted, next, NEXT).await?.is_some();
    }
    if numbers.len() < full && !unseen {
        numbers = indexed(conn, wanted).await?;
    }
    Ok(Found { users: lines_of(conn, wanted, &numbers).await?, unseen })
}

/// The users of the standing or all below a number, newest first.
macro_rules! looked_at {
    (all) => {
        "FROM user_search WHERE organization_id = $1 AND CAST($2 AS TEXT) IS NULL AND number < $3 ORDER BY number DESC"
    };
    (most) => {
        "FROM user_search WHERE organization_id = $1 AND CAST($2 AS TEXT) IS NOT NULL AND number < $3 ORDER BY number DESC"
    };
    (some) => {
        "FROM users WHERE organization_id = $1 AND standing = $2 AND number < $3 ORDER BY number DESC"
    };
}

/// Who has the text among the users below a number, so many lines at the most: the newest first, and no more than a page.
async fn look(conn: &mut PgConnection, wanted: &Wanted<'_>, number: i64, lines: i64) -> Result<Vec<i64>> {
    macro_rules! among {
        ($which:ident, $standing:literal) => {
            concat!(
                "SELECT number FROM (SELECT number, search ",
                looked_at!($which),
                " LIMIT $6) AS line
                 WHERE search LIKE $5 ",
                $standing,
                " ORDER BY number DESC LIMIT $4"
            )
        };
    }
    // A user's own row is wide: where most have the standing, the narrow ones are read and who has the text is asked for it.
    let query = sqlx::query_scalar(match wanted.standing {
        None => among!(all, ""),
        Some(_) if wanted.most => {
            among!(most, "AND EXISTS (SELECT 1 FROM users WHERE users.number = line.number AND users.standing = $2)")
        }
        Some(_) => among!(some, ""),
    });
    let query = query.bind(wanted.organization_id).bind(wanted.standing).bind(number).bind(wanted.limit);
    Ok(query.bind(pattern(wanted.text)).bind(lines).fetch_all(conn).await?)
}

/// The number below which are those behind so many lines, if there are any.
async fn behind(conn: &mut PgConnection, wanted: &Wanted<'_>, number: i64, lines: i64) -> Result<Option<i64>> {
    let query = sqlx::query_scalar::<_, i64>(match wanted.standing {
        None => concat!("SELECT number ", looked_at!(all), " OFFSET $4 LIMIT 1"),
        Some(_) if wanted.most => concat!("SELECT number ", looked_at!(most), " OFFSET $4 LIMIT 1"),
        Some(_) => concat!("SELECT number ", looked_at!(some), " OFFSET $4 LIMIT 1"),
    });
    let query = query.bind(wanted.organization_id).bind(wanted.standing).bind(number).bind(lines);
    Ok(query.fetch_optional(conn).await?.map(|first| first + 1))
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
