//! A search on Postgres. The index names every user of a shelf who has the text, so it is asked for rare texts only; others
//! are looked for among the newest users, of whom so many are looked at that a page costs about the same whatever is looked
//! for.

use sqlx::PgConnection;

use super::{Found, ListedUser, PAGE, Wanted, fetched, listed, pieces};
use crate::Result;

/// So many of the newest users are looked at, and so many again, before the index is asked; one costs a quarter of one whom
/// the index names. In the texts, as the limit of a page is.
macro_rules! lines {
    () => {
        1250
    };
}
/// If so many of the newest have the text, it is looked for among the next ones too: the index would name fifty times as
/// many on a shelf.
const FREQUENT: usize = 6;
/// As a page, so many found among all of these do.
const ENOUGH: usize = 10;

pub(super) async fn gather(conn: &mut PgConnection, wanted: &Wanted<'_>) -> Result<Found> {
    let mut numbers = look(conn, wanted, wanted.number).await?;
    let mut unseen = false;
    if (FREQUENT..=PAGE).contains(&numbers.len())
        && let Some(next) = behind(conn, wanted, wanted.number).await?
    {
        numbers.extend(look(conn, wanted, next).await?);
        unseen = (ENOUGH..=PAGE).contains(&numbers.len()) && behind(conn, wanted, next).await?.is_some();
    }
    let users = if numbers.len() <= PAGE && !unseen {
        indexed(conn, wanted).await?
    } else {
        lines_of(conn, wanted, &numbers).await?
    };
    Ok(Found { users, unseen })
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

/// Who has the text among the first users below a number: the newest first, and no more than a page.
async fn look(conn: &mut PgConnection, wanted: &Wanted<'_>, number: i64) -> Result<Vec<i64>> {
    macro_rules! among {
        ($which:ident, $standing:literal) => {
            concat!(
                "SELECT number FROM (SELECT number, search ",
                looked_at!($which),
                " LIMIT ",
                lines!(),
                ") AS line
                 WHERE search LIKE $4 ",
                $standing,
                " ORDER BY number DESC LIMIT ",
                fetched!()
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
    let query = query.bind(wanted.organization_id).bind(wanted.standing).bind(number);
    Ok(query.bind(pattern(wanted.text)).fetch_all(conn).await?)
}

/// The number below which are those behind the first users below a number, if there are any.
async fn behind(conn: &mut PgConnection, wanted: &Wanted<'_>, number: i64) -> Result<Option<i64>> {
    macro_rules! first_behind {
        ($which:ident) => {
            concat!("SELECT number ", looked_at!($which), " OFFSET ", lines!(), " LIMIT 1")
        };
    }
    let query = sqlx::query_scalar::<_, i64>(match wanted.standing {
        None => first_behind!(all),
        Some(_) if wanted.most => first_behind!(most),
        Some(_) => first_behind!(some),
    });
    let query = query.bind(wanted.organization_id).bind(wanted.standing).bind(number);
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

/// Who has the text, by the index, which is asked for one shelf after the other until the page is full.
async fn indexed(conn: &mut PgConnection, wanted: &Wanted<'_>) -> Result<Vec<ListedUser>> {
    // The index is asked for those pieces that are rarest among a hundred users: a piece that everybody has costs its whole
    // list and tells nothing. A shelf's users are sorted by a sum, or the planner would be lured into reading all of them.
    macro_rules! by_index {
        ($standing:literal) => {
            listed!(
                "organization_id = $1 AND number < $3 AND number = ANY (ARRAY(
                     WITH sample AS MATERIALIZED (
                         SELECT search FROM user_search WHERE organization_id = $1 AND number < $3 ORDER BY number DESC LIMIT 100
                     ), piece AS MATERIALIZED (
                         SELECT piece, (SELECT COUNT(*) FROM sample WHERE strpos(search, piece) > 0) AS hits FROM unnest(CAST($5 AS TEXT[])) AS piece
                     ), rare AS MATERIALIZED (
                         SELECT replace(replace(piece, '\\', '\\\\'), '''', '''''') AS piece, CASE WHEN char_length(piece) < 5 THEN ':*' ELSE '' END AS ending
                         FROM piece WHERE hits <= (SELECT MIN(hits) + 1 FROM piece)
                     ), shelf AS MATERIALIZED (
                         SELECT first_number, (
                             SELECT CAST(string_agg('''' || right($1, 4) || CAST(shelf AS TEXT) || '/' || piece || '''' || ending, ' & ') AS tsquery) FROM rare
                         ) AS query
                         FROM (SELECT shelf, first_number FROM search_shelf WHERE organization_id = $1 AND first_number < $3 UNION ALL SELECT 0, 0) AS begun
                     )
                     SELECT number FROM (SELECT first_number, query FROM shelf ORDER BY first_number DESC OFFSET 0) AS shelf CROSS JOIN LATERAL (
                         SELECT number FROM (
                             SELECT number FROM user_search
                             WHERE search_places(organization_id, user_search.shelf, search) @@ shelf.query AND strpos(search, $4) > 0
                             AND organization_id = $1 AND number < $3
                             ORDER BY number + 0 DESC OFFSET 0
                         ) AS found WHERE ",
                $standing,
                " LIMIT ",
                fetched!(),
                ") AS found ORDER BY first_number DESC, number DESC LIMIT ",
                fetched!(),
                "))";
                "DESC"
            )
        };
    }
    let query = sqlx::query_as(match wanted.standing {
        None => by_index!("CAST($2 AS TEXT) IS NULL"),
        Some(_) => {
            by_index!("EXISTS (SELECT 1 FROM users WHERE users.number = found.number AND users.standing = $2)")
        }
    });
    let query = query.bind(wanted.organization_id).bind(wanted.standing).bind(wanted.number);
    Ok(query.bind(wanted.text).bind(pieces(wanted.text)).fetch_all(conn).await?)
}

/// The lines of these users.
async fn lines_of(conn: &mut PgConnection, wanted: &Wanted<'_>, numbers: &[i64]) -> Result<Vec<ListedUser>> {
    let query = sqlx::query_as(listed!("organization_id = $1 AND number = ANY ($2) AND number < $3"; "DESC"));
    Ok(query.bind(wanted.organization_id).bind(numbers).bind(wanted.number).fetch_all(conn).await?)
}
