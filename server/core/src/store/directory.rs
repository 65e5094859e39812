//! Filters as SQL: the one place where a query's text is put together. Every value is a parameter.

use sqlx::AssertSqlSafe;

use super::{Tx, tx::Conn};
use crate::{
    Result,
    address::EmailAddress,
    directory::{AccountState, DirectoryQuery, Field, Filter, SortBy, Start, Test},
    user::fold,
};

/// How many users match.
pub async fn count(tx: &mut Tx, organization_id: &str, filter: &Filter) -> Result<i64> {
    let mut sql = Sql::new(tx, organization_id);
    if let Filter::Always = filter {
        let text = "SELECT CAST(COALESCE(SUM(count), 0) AS BIGINT) FROM tally WHERE organization_id = $1".to_owned();
        return Ok(sql.fetch::<(i64,)>(tx, text).await?.first().map_or(0, |(count,)| *count));
    }
    let condition = sql.condition(filter);
    let text = format!("SELECT COUNT(*) FROM users WHERE users.organization_id = $1 AND {condition}");
    Ok(sql.fetch::<(i64,)>(tx, text).await?.first().map_or(0, |(count,)| *count))
}

/// Ids and numbers of a page of them.
pub async fn page(
    tx: &mut Tx,
    organization_id: &str,
    query: &DirectoryQuery,
    limit: i64,
) -> Result<Vec<(String, i64)>> {
    let mut sql = Sql::new(tx, organization_id);
    let condition = sql.condition(&query.filter);
    let direction = if query.descending { "DESC" } else { "ASC" };
    let tail = match query.start {
        Start::After(number) => {
            let number = sql.bind(number.to_string());
            format!("AND users.number > CAST({number} AS BIGINT) ORDER BY users.number LIMIT {limit}")
        }
        Start::Offset(offset) => {
            let key = sql.sort_key(query.sort);
            format!("ORDER BY {key} {direction}, users.number {direction} LIMIT {limit} OFFSET {}", offset.max(0))
        }
    };
    sql.fetch(
        tx,
        format!("SELECT users.id, users.number FROM users WHERE users.organization_id = $1 AND {condition} {tail}"),
    )
    .await
}

/// A text in the making and its values, all of them texts.
struct Sql {
    postgres: bool,
    values: Vec<String>,
}

impl Sql {
    fn new(tx: &mut Tx, organization_id: &str) -> Self {
        let postgres = matches!(tx.conn(), Conn::Postgres(_));
        Self { postgres, values: vec![organization_id.to_owned()] }
    }

    fn bind(&mut self, value: impl Into<String>) -> String {
        // Postgres takes no NUL in a text, and nothing that is kept has one.
        self.values.push(value.into().replace('\0', "\u{fffd}"));
        format!("${}", self.values.len())
    }

    async fn fetch<T>(self, tx: &mut Tx, text: String) -> Result<Vec<T>>
    where
        T: Send + Unpin,
        for<'r> T: sqlx::FromRow<'r, sqlx::sqlite::SqliteRow> + sqlx::FromRow<'r, sqlx::postgres::PgRow>,
    {
        Ok(match tx.conn() {
            Conn::Sqlite(conn) => {
                let query = sqlx::query_as(AssertSqlSafe(text)).persistent(false);
                self.values.into_iter().fold(query, sqlx::query::QueryAs::bind).fetch_all(conn).await
            }
            Conn::Postgres(conn) => {
                let query = sqlx::query_as(AssertSqlSafe(text)).persistent(false);
                self.values.into_iter().fold(query, sqlx::query::QueryAs::bind).fetch_all(conn).await
            }
        }?)
    }

    fn condition(&mut self, filter: &Filter) -> String {
        match filter {
            Filter::And(parts) => self.join(parts, " AND ", "1 = 1"),
            Filter::Or(parts) => self.join(parts, " OR ", "1 = 0"),
            Filter::Not(part) => format!("NOT COALESCE({}, FALSE)", self.condition(part)),
            Filter::Text { field, test, value, fold } => self.text(*field, *test, value, *fold),
            Filter::Id(ids) => {
                let places = self.list(ids);
                format!("users.id IN ({places})")
            }
            Filter::Email(addresses) => {
                let keys: Vec<String> = addresses.iter().map(|address| canonical(address)).collect();
                let places = self.list(&keys);
                format!(
                    "users.id IN (SELECT user_id FROM email WHERE email.organization_id = $1 AND email.canonical IN ({places}))"
                )
            }
            Filter::State(AccountState::Active) => "(users.state = 'active' AND users.locked_at IS NULL)".to_owned(),
            Filter::State(AccountState::Inactive) | Filter::Enabled(false) => "users.state = 'disabled'".to_owned(),
            Filter::State(AccountState::Locked) => {
                "(users.state = 'active' AND users.locked_at IS NOT NULL)".to_owned()
            }
            Filter::Enabled(true) => "users.state = 'active'".to_owned(),
            Filter::Verified(verified) => {
                let not = if *verified { "" } else { "NOT " };
                format!(
                    "{not}EXISTS (SELECT 1 FROM email WHERE email.user_id = users.id AND email.is_primary AND email.verified_at IS NOT NULL)"
                )
            }
            Filter::Population(id) => {
                let place = self.bind(id);
                format!(
                    "COALESCE(users.population_id, (SELECT id FROM population WHERE organization_id = $1 AND is_default)) = {place}"
                )
            }
            Filter::Any(text) => {
                let folded = self.bind(format!("%{}%", escaped(&fold(text))));
                let id = self.bind(text);
                format!(
                    "(users.search LIKE {folded} ESCAPE '\\' OR users.id = {id} OR EXISTS (SELECT 1 FROM phone WHERE phone.user_id = users.id AND phone.number LIKE {folded} ESCAPE '\\'))"
                )
            }
            Filter::MetadataKey { test, key, fold } => {
                let (key, column) = match (fold, self.postgres) {
                    // SQLite folds ASCII alone, and Postgres under this collation.
                    (true, false) => (key.to_ascii_lowercase(), "LOWER(kept.key)"),
                    (true, true) => (key.to_ascii_lowercase(), "LOWER(kept.key COLLATE \"C\")"),
                    (false, _) => (key.clone(), "kept.key"),
                };
                let place = self.bind(key);
                let like = self.compares(column, *test, &place);
                self.keeps(&like)
            }
            Filter::MetadataValue { value, is } => {
                let place = self.bind(value);
                self.keeps(&format!("kept.value {} {place}", if *is { "=" } else { "<>" }))
            }
            Filter::Always => "1 = 1".to_owned(),
            Filter::Never => "1 = 0".to_owned(),
        }
    }

    fn join(&mut self, parts: &[Filter], between: &str, none: &str) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.condition(part)).collect();
        if parts.is_empty() { none.to_owned() } else { format!("({})", parts.join(between)) }
    }

    fn list(&mut self, values: &[String]) -> String {
        let places: Vec<String> = values.iter().map(|value| self.bind(value)).collect();
        if places.is_empty() { "NULL".to_owned() } else { places.join(", ") }
    }

    fn text(&mut self, field: Field, test: Test, value: &str, folds: bool) -> String {
        // Whole addresses and user names have indexes of their own.
        if (field, test, folds) == (Field::Email, Test::Equals, true) {
            let place = self.bind(canonical(value));
            return format!(
                "users.id IN (SELECT user_id FROM email WHERE email.organization_id = $1 AND email.canonical = {place} AND email.is_primary)"
            );
        }
        if (field, test, folds) == (Field::Username, Test::Equals, true) {
            return format!("users.username_key = {}", self.bind(canonical(value)));
        }
        let column = self.field(field, folds);
        let value = if folds { fold(value) } else { value.to_owned() };
        let place = self.bind(value);
        self.compares(&column, test, &place)
    }

    /// LIKE ignores case on SQLite, so what must not is compared by parts of the text.
    fn compares(&self, column: &str, test: Test, place: &str) -> String {
        match test {
            Test::Equals => format!("{column} = {place}"),
            Test::StartsWith => format!("SUBSTR({column}, 1, LENGTH({place})) = {place}"),
            Test::EndsWith => {
                format!(
                    "(LENGTH({column}) >= LENGTH({place}) AND SUBSTR({column}, LENGTH({column}) - LENGTH({place}) + 1) = {place})"
                )
            }
            Test::Contains if self.postgres => format!("STRPOS({column}, {place}) > 0"),
            Test::Contains => format!("INSTR({column}, {place}) > 0"),
        }
    }

    /// Whether something is kept of which this is true. Keys are rows here, never parts of a path: they are somebody else's.
    fn keeps(&self, condition: &str) -> String {
        let kept = if self.postgres {
            "jsonb_each_text(CAST(users.metadata AS JSONB)) AS kept (key, value)"
        } else {
            "json_each(users.metadata) AS kept"
        };
        format!("EXISTS (SELECT 1 FROM {kept} WHERE {condition})")
    }

    fn field(&mut self, field: Field, folds: bool) -> String {
        let of_profile = |sql: &mut Self, name: &'static str| {
            let place = sql.bind(name);
            sql.json(if folds { "folded" } else { "profile" }, &place)
        };
        match field {
            Field::Id => "users.id".to_owned(),
            Field::Username if folds => "users.username_key".to_owned(),
            Field::Username => "users.username".to_owned(),
            Field::Name if folds => {
                let folded = of_profile(self, "name");
                format!("COALESCE({folded}, LOWER(users.name))")
            }
            Field::Name => "users.name".to_owned(),
            Field::GivenName => of_profile(self, "given_name"),
            Field::FamilyName => of_profile(self, "family_name"),
            Field::MiddleName => of_profile(self, "middle_name"),
            Field::Nickname => of_profile(self, "nickname"),
            Field::Email => {
                let column = if folds { "canonical" } else { "address" };
                format!("(SELECT email.{column} FROM email WHERE email.user_id = users.id AND email.is_primary)")
            }
            Field::Phone => {
                "(SELECT phone.number FROM phone WHERE phone.user_id = users.id AND phone.is_primary)".to_owned()
            }
            Field::Profile(name) => match name.strip_prefix("address.") {
                Some(part) => {
                    let column = if folds { "folded" } else { "profile" };
                    let place = self.bind(part);
                    if self.postgres {
                        format!("(CAST(users.{column} AS JSONB)->'address'->>{place})")
                    } else {
                        format!("(users.{column}->'address'->>{place})")
                    }
                }
                None => of_profile(self, name),
            },
        }
    }

    fn json(&self, column: &str, place: &str) -> String {
        if self.postgres {
            format!("(CAST(users.{column} AS JSONB)->>{place})")
        } else {
            format!("(users.{column}->>{place})")
        }
    }

    /// What is not known comes before everything that is, on both engines.
    fn sort_key(&mut self, sort: SortBy) -> String {
        let mut known = |field| format!("COALESCE({}, '')", self.field(field, true));
        match sort {
            SortBy::Id => "users.id".to_owned(),
            SortBy::Username => "users.username_key".to_owned(),
            SortBy::Name => known(Field::Name),
            SortBy::GivenName => known(Field::GivenName),
            SortBy::FamilyName => known(Field::FamilyName),
            SortBy::MiddleName => known(Field::MiddleName),
            SortBy::Nickname => known(Field::Nickname),
            SortBy::Email => known(Field::Email),
            SortBy::State => "users.state".to_owned(),
            SortBy::CreatedAt => "users.created_at".to_owned(),
            SortBy::ChangedAt => "users.changed_at".to_owned(),
            SortBy::LastSignIn => "COALESCE(users.last_sign_in_at, 0)".to_owned(),
            SortBy::SignIns => "users.sign_ins".to_owned(),
        }
    }
}

/// An address or user name as it is compared.
fn canonical(text: &str) -> String {
    EmailAddress::parse(text).map_or_else(|_| fold(text.trim()), |address| address.canonical().to_owned())
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
