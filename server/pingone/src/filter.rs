//! What a filter's attributes mean to the core.

use vestibule_core::directory::{Field, Filter, Test};

use crate::{
    attribute::ATTRIBUTES,
    fault::{Detail, Fault},
    scim::{self, Compare, Expr, Literal},
};

/// An attribute that a filter may name.
struct Known {
    name: &'static str,
    kind: Kind,
    operators: &'static [&'static str],
}

#[derive(Clone, Copy)]
enum Kind {
    /// A text; whether upper and lower case are the same.
    Text(Field, bool),
    Enabled,
    Population,
    /// Kept by nobody here, so nobody has it.
    Absent,
}

const EQ: &[&str] = &["eq"];
const EQ_SW: &[&str] = &["eq", "sw"];
const EQ_SW_EW: &[&str] = &["eq", "sw", "ew"];
const EQ_SW_EW_CO: &[&str] = &["eq", "sw", "ew", "co"];
const ALL: &[&str] = EQ_SW_EW_CO;

fn known() -> impl Iterator<Item = Known> {
    const fn of(name: &'static str, kind: Kind, operators: &'static [&'static str]) -> Known {
        Known { name, kind, operators }
    }
    let own = [
        of("email", Kind::Text(Field::Email, true), EQ_SW_EW),
        of("enabled", Kind::Enabled, EQ),
        of("endDate", Kind::Absent, EQ_SW),
        of("id", Kind::Text(Field::Id, false), EQ),
        of("population.id", Kind::Population, EQ),
        of("startDate", Kind::Absent, EQ_SW),
        of("username", Kind::Text(Field::Username, true), EQ_SW),
    ];
    let attributes = ATTRIBUTES.iter().map(|attribute| {
        let field = match attribute.field {
            "given_name" => Field::GivenName,
            "family_name" => Field::FamilyName,
            "middle_name" => Field::MiddleName,
            "nickname" => Field::Nickname,
            field => Field::Profile(field),
        };
        let operators = if attribute.name.starts_with("name.") { EQ_SW_EW_CO } else { EQ_SW };
        of(attribute.name, Kind::Text(field, false), operators)
    });
    own.into_iter().chain(attributes)
}

/// Reads a filter for users.
pub fn parse(text: &str) -> Result<Filter, Fault> {
    let expr = scim::parse(text).map_err(|trouble| invalid(Detail::new("INVALID_FILTER", "filter", trouble), ALL))?;
    meaning(&expr)
}

fn meaning(expr: &Expr) -> Result<Filter, Fault> {
    let all = |parts: &[Expr]| parts.iter().map(meaning).collect::<Result<Vec<_>, _>>();
    Ok(match expr {
        Expr::And(parts) => Filter::And(all(parts)?),
        Expr::Or(parts) => Filter::Or(all(parts)?),
        Expr::Not(part) => Filter::Not(Box::new(meaning(part)?)),
        Expr::Compare(compare) => comparison(compare)?,
        Expr::Within(holder, compare) => within(holder, compare)?,
    })
}

fn comparison(compare: &Compare) -> Result<Filter, Fault> {
    let Some(known) = known().find(|known| known.name.eq_ignore_ascii_case(&compare.attribute)) else {
        return Err(refused(format!("The attribute {} is not supported.", compare.attribute), ALL));
    };
    if !known.operators.contains(&compare.operator.as_str()) {
        let message = format!("The operator {} is not supported for {}.", compare.operator, known.name);
        return Err(refused(message, known.operators));
    }
    Ok(match (known.kind, &compare.value) {
        (Kind::Absent, _) => Filter::Never,
        (Kind::Enabled, Literal::Bool(enabled)) => Filter::Enabled(*enabled),
        (Kind::Enabled, Literal::Text(text)) => match text.as_str() {
            "true" => Filter::Enabled(true),
            "false" => Filter::Enabled(false),
            _ => Filter::Never,
        },
        (Kind::Population, Literal::Text(id)) => Filter::Population(id.clone()),
        (Kind::Text(field, fold), Literal::Text(value)) => {
            let test = match compare.operator.as_str() {
                "sw" => Test::StartsWith,
                "ew" => Test::EndsWith,
                "co" => Test::Contains,
                _ => Test::Equals,
            };
            Filter::Text { field, test, value: value.clone(), fold }
        }
        (Kind::Text(..) | Kind::Population, Literal::Bool(_)) => {
            return Err(refused(
                format!("{} is compared with a string in double quotes.", known.name),
                known.operators,
            ));
        }
    })
}

/// `memberOfGroups[id eq "…"]`: there are no groups here, so nobody is in one.
fn within(holder: &str, compare: &Compare) -> Result<Filter, Fault> {
    if holder.eq_ignore_ascii_case("memberOfGroups") && compare.attribute == "id" && compare.operator == "eq" {
        return Ok(Filter::Never);
    }
    Err(refused(format!("{holder}[{} {}] is not supported.", compare.attribute, compare.operator), ALL))
}

/// A filter that cannot be, with what could be.
pub fn refused(message: impl Into<String>, operators: &[&str]) -> Fault {
    invalid(Detail::new("INVALID_FILTER", "filter", message), operators)
}

fn invalid(detail: Detail, operators: &[&str]) -> Fault {
    let mut attributes: Vec<&str> = known().map(|known| known.name).collect();
    attributes.push("memberOfGroups[id]");
    attributes.sort_unstable();
    Fault::invalid_request(vec![detail.with("supportedAttributes", attributes).with("supportedOperators", operators)])
}

/// A filter that is too much for the core.
pub fn too_large() -> Fault {
    refused("The filter is too large.", ALL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_becomes_the_cores() {
        let read = |text: &str| {
            parse(text).map_or_else(|fault| fault.details[0].message.clone(), |filter| format!("{filter:?}"))
        };
        insta::assert_snapshot!([
            r#"email eq "A@b.c" or Username sw "a""#,
            r#"name.given co "a" AND NOT (enabled eq false)"#,
            r#"population.id eq "p" and externalId eq "x""#,
            r#"memberOfGroups[id eq "g"]"#,
            r#"startDate eq "2020""#,
            r#"enabled eq "true""#,
            r#"createdAt eq "x""#,
            r#"email co "x""#,
            "email eq true",
            r#"memberOfGroups[name eq "g"]"#,
        ].map(read).join("\n"), @r#"
        Or([Text { field: Email, test: Equals, value: "A@b.c", fold: true }, Text { field: Username, test: StartsWith, value: "a", fold: true }])
        And([Text { field: GivenName, test: Contains, value: "a", fold: false }, Not(Enabled(false))])
        And([Population("p"), Text { field: Profile("external_id"), test: Equals, value: "x", fold: false }])
        Never
        Never
        Enabled(true)
        The attribute createdAt is not supported.
        The operator co is not supported for email.
        email is compared with a string in double quotes.
        memberOfGroups[name eq] is not supported.
        "#);
    }
}
