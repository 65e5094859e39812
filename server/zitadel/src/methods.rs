//! Every method: its messages and its route, read from the protos, and its handler.

use std::{fmt, sync::LazyLock};

use futures::future::BoxFuture;
use prost::Message;
use prost_reflect::{DynamicMessage, MessageDescriptor, MethodDescriptor};
use tonic::Code;
use vestibule_api::Api;

use crate::{
    call::Call,
    create, email,
    error::ZError,
    invite, list, my, passkey, password,
    plan::extension,
    proto::{
        POOL,
        google::api::{HttpRule, http_rule::Pattern},
    },
    read, state, update,
};

/// Who may call at all; more is checked inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Open,
    /// Any valid token.
    Token,
    /// Who may write users in the organization that the message names.
    Write,
}

type Answer = BoxFuture<'static, Result<Vec<u8>, ZError>>;

/// A handler: from a checked message to an encoded answer.
pub enum Run {
    Open(Box<dyn Fn(Api, DynamicMessage) -> Answer + Send + Sync>),
    Token(Box<dyn Fn(Call, DynamicMessage) -> Answer + Send + Sync>),
}

/// A method as REST has it.
#[derive(Clone, Debug)]
pub struct Binding {
    pub verb: http::Method,
    /// `/v2/users/{user_id}`: OpenAPI's syntax and the router's too.
    pub path: String,
    /// Whether there is a body; else what is not in the path is in the query.
    pub has_body: bool,
}

pub struct Method {
    pub name: String,
    /// `zitadel.user.v2.UserService`.
    pub service: String,
    /// What the proto says of it, one sentence.
    pub summary: String,
    pub input: MessageDescriptor,
    pub output: MessageDescriptor,
    pub binding: Binding,
    pub access: Access,
    pub run: Run,
}

impl fmt::Debug for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path())
    }
}

impl Method {
    /// Where gRPC and Connect have it.
    pub fn path(&self) -> String {
        format!("/{}/{}", self.service, self.name)
    }

    /// Whether Connect has it: the older services never had.
    pub fn has_connect(&self) -> bool {
        self.service == USER
    }
}

pub const USER: &str = "zitadel.user.v2.UserService";
pub const AUTH: &str = "zitadel.auth.v1.AuthService";

/// The methods of both services, in the order of the protos.
pub static METHODS: LazyLock<Vec<Method>> = LazyLock::new(|| {
    let services = [USER, AUTH].into_iter().filter_map(|name| POOL.get_service_by_name(name));
    services.flat_map(|service| service.methods().map(method).collect::<Vec<_>>()).collect()
});

fn method(descriptor: MethodDescriptor) -> Method {
    let rule: HttpRule = extension(&descriptor.options(), "google.api.http").expect("every method has a route");
    let has_body = rule.body == "*";
    let (verb, path) = match rule.pattern.expect("every route has a path") {
        Pattern::Get(path) => (http::Method::GET, path),
        Pattern::Put(path) => (http::Method::PUT, path),
        Pattern::Post(path) => (http::Method::POST, path),
        Pattern::Delete(path) => (http::Method::DELETE, path),
        Pattern::Patch(path) => (http::Method::PATCH, path),
    };
    let (access, run) = handler(descriptor.full_name()).expect("every method has a handler");
    Method {
        name: descriptor.name().to_owned(),
        service: descriptor.parent_service().full_name().to_owned(),
        summary: comment(&descriptor),
        input: descriptor.input(),
        output: descriptor.output(),
        binding: Binding { verb, path, has_body },
        access,
        run,
    }
}

fn comment(descriptor: &MethodDescriptor) -> String {
    let file = descriptor.parent_file();
    let comments = file.file_descriptor_proto().source_code_info.iter().flat_map(|info| &info.location);
    let comment = comments.into_iter().find(|location| location.path == descriptor.path());
    let comment = comment.map(|location| location.leading_comments().trim().trim_end_matches('.').to_owned());
    comment.unwrap_or_default()
}

fn handler(name: &str) -> Option<(Access, Run)> {
    let (service, method) = name.rsplit_once('.')?;
    match service {
        USER => user(method),
        AUTH => auth(method),
        _ => None,
    }
}

fn user(method: &str) -> Option<(Access, Run)> {
    Some(match method {
        "VerifyInviteCode" => token(invite::verify),
        "CreateInviteCode" => token(invite::create),
        "ResendInviteCode" => token(invite::resend),
        "SetEmail" => token(email::set),
        "ResendEmailCode" => token(email::resend_code),
        "SendEmailCode" => token(email::send_code),
        "VerifyEmail" => token(email::verify),
        "CreateUser" => token(create::create_user),
        "AddHumanUser" => write(create::add_human),
        "UpdateUser" => token(update::update_user),
        "UpdateHumanUser" => token(update::update_human),
        "GetUserByID" => token(read::get),
        "ListAuthenticationMethodTypes" => token(read::methods),
        "ListUsers" => token(list::list),
        "DeleteUser" => token(state::delete),
        "DeactivateUser" => token(state::deactivate),
        "ReactivateUser" => token(state::reactivate),
        "LockUser" => token(state::lock),
        "UnlockUser" => token(state::unlock),
        "PasswordReset" => token(password::request_reset),
        "SetPassword" => token(password::set),
        "RegisterPasskey" => token(passkey::register),
        "VerifyPasskeyRegistration" => token(passkey::verify_registration),
        "CreatePasskeyRegistrationLink" => write(passkey::create_link),
        "ListPasskeys" => token(passkey::list),
        _ => return None,
    })
}

fn auth(method: &str) -> Option<(Access, Run)> {
    Some(match method {
        "Healthz" => open(my::healthz),
        "GetMyUser" => token(my::user),
        "GetMyEmail" => token(my::email),
        "SetMyEmail" => token(my::set_email),
        "VerifyMyEmail" => token(my::verify_email),
        "ResendMyEmailVerification" => token(my::resend),
        _ => return None,
    })
}

fn open<Q, A, F>(handler: fn(Api, Q) -> F) -> (Access, Run)
where
    Q: Message + Default + 'static,
    A: Message + 'static,
    F: Future<Output = Result<A, ZError>> + Send + 'static,
{
    let run = move |api, message: DynamicMessage| -> Answer {
        Box::pin(async move { Ok(handler(api, typed(&message)?).await?.encode_to_vec()) })
    };
    (Access::Open, Run::Open(Box::new(run)))
}

fn token<Q, A, F>(handler: fn(Call, Q) -> F) -> (Access, Run)
where
    Q: Message + Default + 'static,
    A: Message + 'static,
    F: Future<Output = Result<A, ZError>> + Send + 'static,
{
    let run = move |call, message: DynamicMessage| -> Answer {
        Box::pin(async move { Ok(handler(call, typed(&message)?).await?.encode_to_vec()) })
    };
    (Access::Token, Run::Token(Box::new(run)))
}

fn write<Q, A, F>(handler: fn(Call, Q) -> F) -> (Access, Run)
where
    Q: Message + Default + 'static,
    A: Message + 'static,
    F: Future<Output = Result<A, ZError>> + Send + 'static,
{
    (Access::Write, token(handler).1)
}

fn typed<Q: Message + Default>(message: &DynamicMessage) -> Result<Q, ZError> {
    message
        .transcode_to()
        .map_err(|_| ZError::raw(Code::InvalidArgument, "proto: cannot parse invalid wire-format data"))
}
