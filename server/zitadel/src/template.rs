//! Where a mail's link leads when the caller says so.

use tonic::Code;
use vestibule_core::{
    code_request::{CodeRequest, Way},
    link_template::{LinkTemplate, Name, TemplateProblem},
};

use crate::error::{Said, ZError};

const TEXT: &str = "URL Template is invalid";
/// It cannot be read.
const SYNTAX: Said = (Code::InvalidArgument, TEXT, "DOMAIN-oGh5e");
/// It names something that there is not.
const EXECUTION: Said = (Code::InvalidArgument, TEXT, "DOMAIN-ieYa7");

/// A request to send by mail, with this template if there is one.
pub fn by_mail(template: Option<&str>) -> Result<CodeRequest, ZError> {
    by_mail_with(template, &[Name::UserId, Name::OrgId, Name::Code])
}

/// A request to mail a link to register a passkey with, with this template if there is one.
pub fn passkey_link(template: Option<&str>) -> Result<CodeRequest, ZError> {
    by_mail_with(template, &[Name::UserId, Name::OrgId, Name::CodeId, Name::Code])
}

fn by_mail_with(template: Option<&str>, names: &[Name]) -> Result<CodeRequest, ZError> {
    let template = template.map(|text| parse(text, names)).transpose()?;
    Ok(CodeRequest { template, ..CodeRequest::default() })
}

/// A request to draw a code for the caller.
pub fn returned() -> CodeRequest {
    CodeRequest { way: Way::Return, ..CodeRequest::default() }
}

fn parse(text: &str, names: &[Name]) -> Result<LinkTemplate, ZError> {
    LinkTemplate::parse(text, names).map_err(|problem| match problem {
        TemplateProblem::Syntax => SYNTAX.into(),
        TemplateProblem::UnknownName => EXECUTION.into(),
    })
}
