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
    let template = template.map(parse).transpose()?;
    Ok(CodeRequest { template, ..CodeRequest::default() })
}

/// A request to draw a code for the caller.
pub fn returned() -> CodeRequest {
    CodeRequest { way: Way::Return, ..CodeRequest::default() }
}

fn parse(text: &str) -> Result<LinkTemplate, ZError> {
    LinkTemplate::parse(text, &[Name::UserId, Name::OrgId, Name::Code]).map_err(|problem| match problem {
        TemplateProblem::Syntax => SYNTAX.into(),
        TemplateProblem::UnknownName => EXECUTION.into(),
    })
}
