//! The user whom a call is about.

use vestibule_core::{
    Error,
    actor::{Operator, Person},
    api_key::Scope,
    user::{UserRow, record::Record},
};

use crate::{
    call::{Call, NO_MEMBER},
    error::ZError,
    model,
    proto::zitadel::object::v2::Details,
    refusals::Family,
};

/// Who may do what a call asks.
#[derive(Clone, Debug)]
pub enum Right {
    /// Somebody with the permission.
    Operator(Operator),
    /// The user themselves, without it.
    Own(Person),
}

impl Call {
    /// What a verb ended with, in a family's words.
    pub fn refused(&self, family: &Family, error: &Error) -> ZError {
        family.error(error, self.api.vestibule.now())
    }

    /// The user, whoever asks: who may not act on them is told so later, and after it whether they exist.
    pub async fn subject(&self, user_id: &str, family: &Family) -> Result<Record, ZError> {
        match self.record(user_id).await {
            Some(record) => record.map_err(|error| self.refused(family, &error)),
            None => Err(NO_MEMBER.into()),
        }
    }

    /// The user's record, for members and for the user themselves.
    async fn record(&self, user_id: &str) -> Option<Result<Record, Error>> {
        let vestibule = &self.api.vestibule;
        match (self.principal.operator(), self.principal.person()) {
            (Some(operator), _) => Some(vestibule.record_after(operator, user_id).await),
            (None, Some(person)) if person.user_id() == user_id => Some(vestibule.own_record(person).await),
            (None, _) => None,
        }
    }

    /// The permission to write the user, or to be them.
    pub fn right(&self, user_id: &str) -> Result<Right, ZError> {
        self.or_own(user_id, self.operator(Scope::Write))
    }

    /// The permission to send the user a mail: who may verify users sends codes as well as who may write them.
    pub fn right_to_send(&self, user_id: &str) -> Result<Right, ZError> {
        self.or_own(user_id, self.operator(Scope::Write).or_else(|_| self.operator(Scope::Verify)))
    }

    fn or_own(&self, user_id: &str, operator: Result<Operator, ZError>) -> Result<Right, ZError> {
        match (operator, self.principal.person()) {
            (Ok(operator), _) => Ok(Right::Operator(operator)),
            (Err(_), Some(person)) if person.user_id() == user_id => Ok(Right::Own(person.clone())),
            (Err(error), _) => Err(error),
        }
    }

    /// Where the user's history stands after a change.
    pub async fn details(&self, user_id: &str, family: &Family) -> Result<Details, ZError> {
        if !self.sees(user_id) {
            return Ok(self.details_unseen());
        }
        let row = self.api.vestibule.row_after(&self.principal, user_id).await;
        row.map(|row| self.details_of(&row)).map_err(|error| self.refused(family, &error))
    }

    /// The same of a user whom the change was answered with.
    pub fn details_of(&self, row: &UserRow) -> Details {
        if self.sees(&row.id) { model::changed(row) } else { self.details_unseen() }
    }

    fn sees(&self, user_id: &str) -> bool {
        let own = self.principal.person().is_some_and(|person| person.user_id() == user_id);
        own || self.principal.operator().is_some()
    }

    /// Who may not see the user is told the owner alone.
    fn details_unseen(&self) -> Details {
        Details {
            change_date: Some(model::timestamp(self.api.vestibule.now())),
            resource_owner: self.principal.organization_id().to_owned(),
            ..Details::default()
        }
    }
}
