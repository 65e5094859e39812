//! A row of a file, read into an account.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::column::{Column, HeaderFault};
use crate::{
    Refusal,
    address::{AddressProblem, EmailAddress},
    password::{NewPassword, parse_hash},
    user::{
        create::{NewAccount, parse_username, username_key},
        parse_name,
        profile::Profile,
    },
};

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `None` where the row as a whole cannot be read.
    pub column: Option<Column>,
    pub fault: Fault,
}

impl Problem {
    fn new(column: Column, fault: Fault) -> Self {
        Self { column: Some(column), fault }
    }

    pub(super) fn refused(column: Column, refusal: Refusal) -> Self {
        Self::new(column, Fault::Refused(refusal))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The rules say no.
    Refused(Refusal),
    /// Not one of the languages of pages and mails.
    Language,
    /// Neither yes nor no.
    Flag,
    /// It stands on this line already.
    Repeated { line: u64 },
    /// The row has more or fewer cells than there are headings.
    Cells { found: usize, expected: usize },
}

/// A row that can become a user.
#[derive(Clone, Debug)]
pub struct Row {
    account: NewAccount,
    address: EmailAddress,
    username_key: String,
    origin: String,
}

impl Row {
    pub(super) fn account(&self) -> &NewAccount {
        &self.account
    }

    pub(super) fn address(&self) -> &EmailAddress {
        &self.address
    }

    pub(super) fn username_key(&self) -> &str {
        &self.username_key
    }

    /// Where it stands, as a history tells it.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// A user name that was left out is the address.
    pub(super) fn username_taken(&self) -> Problem {
        let column = if self.account.username.is_some() { Column::Username } else { Column::Email };
        Problem::refused(column, Refusal::UsernameTaken)
    }
}

/// Reads the rows of one file, and remembers whom it has met.
#[derive(Debug)]
pub struct Reader {
    columns: Vec<Column>,
    file: String,
    met: HashMap<(Met, String), u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Met {
    Address,
    Username,
}

impl Reader {
    /// Begins with the headings of a file; its name is what histories tell.
    pub fn new<'a>(file: &str, headings: impl IntoIterator<Item = &'a str>) -> Result<Self, HeaderFault> {
        let mut columns: Vec<Column> = Vec::new();
        for heading in headings {
            let column =
                Column::parse(heading).ok_or_else(|| HeaderFault::Unknown(heading.chars().take(100).collect()))?;
            if columns.contains(&column) {
                return Err(HeaderFault::Twice(column));
            }
            columns.push(column);
        }
        if !columns.contains(&Column::Email) {
            return Err(HeaderFault::NoEmail);
        }
        let file = file.chars().filter(|sign| !sign.is_control()).take(200).collect();
        Ok(Self { columns, file, met: HashMap::new() })
    }

    /// Reads the cells of a line. An empty cell says nothing.
    pub fn read(&mut self, line: u64, cells: &[&str]) -> Result<Row, Problem> {
        if cells.len() != self.columns.len() {
            let fault = Fault::Cells { found: cells.len(), expected: self.columns.len() };
            return Err(Problem { column: None, fault });
        }
        let mut new = NewAccount::default();
        let mut profile = Map::new();
        for (column, cell) in self.columns.iter().zip(cells.iter().map(|cell| cell.trim())) {
            if !cell.is_empty() {
                fill(&mut new, &mut profile, column, cell).map_err(|fault| Problem::new(column.clone(), fault))?;
            }
        }
        new.profile = serde_json::from_value(profile.into()).unwrap_or_default();
        let missing = || Problem::refused(Column::Email, Refusal::Address(AddressProblem::Empty));
        let address = new.address.clone().ok_or_else(missing)?;
        let username = new.username.as_deref().unwrap_or(address.typed());
        let name = new.name.clone().or_else(|| new.profile.full_name()).unwrap_or_else(|| username.to_owned());
        parse_name(&name).map_err(|refusal| Problem::refused(Column::Name, refusal))?;
        let username_key = username_key(username);
        let seen = [
            (Column::Email, Met::Address, address.canonical()),
            (Column::Username, Met::Username, username_key.as_str()),
        ];
        for (column, met, key) in seen {
            let first = *self.met.entry((met, key.to_owned())).or_insert(line);
            if first != line {
                return Err(Problem::new(column, Fault::Repeated { line: first }));
            }
        }
        Ok(Row { account: new, address, username_key, origin: format!("{}:{line}", self.file) })
    }
}

/// Puts what a cell says into the account.
fn fill(new: &mut NewAccount, profile: &mut Map<String, Value>, column: &Column, cell: &str) -> Result<(), Fault> {
    match column {
        Column::Email => {
            let address = EmailAddress::parse(cell).map_err(|problem| Fault::Refused(Refusal::Address(problem)))?;
            new.address = Some(address);
        }
        Column::Name => new.name = Some(parse_name(cell).map_err(Fault::Refused)?),
        Column::Username => new.username = Some(parse_username(cell).map_err(Fault::Refused)?),
        Column::Language => {
            let word = cell.split(['-', '_']).next().unwrap_or_default().to_lowercase();
            new.language = Some(word.parse().map_err(|_| Fault::Language)?);
        }
        Column::Verified => new.address_verified = yes_or_no(cell).ok_or(Fault::Flag)?,
        Column::PasswordHash => {
            let hash = parse_hash(cell).map_err(Fault::Refused)?;
            new.password = Some(NewPassword::Hash { hash, must_change: false });
        }
        Column::Profile(name) => {
            let one = Map::from_iter([(name.clone(), Value::from(cell))]);
            let field = || Fault::Refused(Refusal::Profile { field: name.clone() });
            let checked: Profile = serde_json::from_value(one.into()).map_err(|_| field())?;
            checked.check().map_err(Fault::Refused)?;
            profile.insert(name.clone(), cell.into());
        }
    }
    Ok(())
}

fn yes_or_no(cell: &str) -> Option<bool> {
    match cell.to_lowercase().as_str() {
        "yes" | "true" | "1" => Some(true),
        "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader() -> Reader {
        let headings = ["Email", "Given name", "family-name", "USERNAME", " language", "verified", "password_hash"];
        Reader::new("people.csv", headings).unwrap()
    }

    fn fault(cells: [&str; 7]) -> (String, Fault) {
        let problem = reader().read(2, &cells).unwrap_err();
        (problem.column.unwrap().as_str().to_owned(), problem.fault)
    }

    #[test]
    fn a_row_says_what_it_says_and_nothing_more() {
        let row = reader().read(2, &[" Grace@Navy.example ", "Grace", "Hopper", "", "de-AT", "Yes", ""]).unwrap();
        assert_eq!((row.address().canonical(), row.username_key()), ("grace@navy.example", "grace@navy.example"));
        assert_eq!(row.account().profile.full_name().as_deref(), Some("Grace Hopper"));
        assert_eq!(row.account().language.map(crate::actor::Language::as_str), Some("de"));
        assert!(row.account().address_verified && row.account().password.is_none());
        assert_eq!(row.origin(), "people.csv:2");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_column() {
        let refused = |column: &str, refusal| (column.to_owned(), Fault::Refused(refusal));
        assert_eq!(fault(["", "", "", "", "", "", ""]), refused("email", Refusal::Address(AddressProblem::Empty)));
        assert_eq!(fault(["grace", "", "", "", "", "", ""]), refused("email", Refusal::Address(AddressProblem::NoAt)));
        assert_eq!(fault(["g@n.example", "", "", "gr\0ace", "", "", ""]), refused("username", Refusal::Name));
        assert_eq!(fault(["g@n.example", "", "", "", "tlh", "", ""]), ("language".to_owned(), Fault::Language));
        assert_eq!(fault(["g@n.example", "", "", "", "", "maybe", ""]), ("verified".to_owned(), Fault::Flag));
        assert_eq!(fault(["g@n.example", "", "", "", "", "", "md5:0"]), refused("password_hash", Refusal::Hash));
        let long = "x".repeat(300);
        let field = Refusal::Profile { field: "given_name".to_owned() };
        assert_eq!(fault(["g@n.example", &long, "", "", "", "", ""]), refused("given_name", field));
        let (half, name) = ("x".repeat(150), "name");
        assert_eq!(fault(["g@n.example", &half, &half, "", "", "", ""]), refused(name, Refusal::Name));
    }

    #[test]
    fn nobody_comes_twice_in_one_file_by_address_or_user_name() {
        let mut reader = reader();
        let row = |email, username| [email, "", "", username, "", "", ""];
        reader.read(2, &row("grace@navy.example", "grace")).unwrap();
        let again = reader.read(3, &row("GRACE@navy.example", "hopper")).unwrap_err();
        assert_eq!((again.column, again.fault), (Some(Column::Email), Fault::Repeated { line: 2 }));
        let named = reader.read(4, &row("hopper@navy.example", "Grace")).unwrap_err();
        assert_eq!((named.column, named.fault), (Some(Column::Username), Fault::Repeated { line: 2 }));
        let short = reader.read(5, &["alan@park.example"]).unwrap_err();
        assert_eq!((short.column, short.fault), (None, Fault::Cells { found: 1, expected: 7 }));
    }

    #[test]
    fn headings_are_known_once_and_name_the_address() {
        let read = |headings: &[&str]| Reader::new("f", headings.iter().copied()).map(|_| ()).unwrap_err();
        assert_eq!(read(&["email", "shoe size"]), HeaderFault::Unknown("shoe size".to_owned()));
        assert_eq!(read(&["email", "mfa_enabled"]), HeaderFault::Unknown("mfa_enabled".to_owned()));
        assert_eq!(read(&["email", "name", "NAME "]), HeaderFault::Twice(Column::Name));
        assert_eq!(read(&["name"]), HeaderFault::NoEmail);
    }
}
