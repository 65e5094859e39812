//! The command line. Results go to standard output, words about them to standard error; 1 is failure, 2 is misuse.

mod admin;
mod api_key;
mod arguments;
mod audit;
mod backup;
mod client;
mod doctor;
mod failure;
mod import;
mod log;
mod migrate;
mod open;
mod organization;
mod output;
mod refusal;
mod restore;
mod serve;
mod settings;
mod stop;
mod test_mail;

use std::{ffi::OsString, process::ExitCode, sync::Arc};

use arguments::{AdminCommand, Arguments, AuditCommand, Command, OrgCommand};
use failure::Failure;
use output::Output;

use crate::config::{Config, Sources};

/// Reads the process's arguments and environment, does what they ask, and says how it ended.
pub fn main() -> ExitCode {
    let arguments = match Arguments::read(std::env::args_os()) {
        Ok(arguments) => arguments,
        // Usage, help and version: clap knows which stream and which code.
        Err(error) => error.exit(),
    };
    let mut output = Output::stdio();
    let done = runtime().map_err(|error| Failure::io("start its threads", error)).and_then(|runtime| {
        let done = runtime.block_on(run(arguments, std::env::vars_os(), &mut output));
        // A resolver or a disk that hangs must not keep the process from ending.
        runtime.shutdown_background();
        done
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output.complain(&failure);
            ExitCode::FAILURE
        }
    }
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    // With a single worker, one verb that computes would hold up all others.
    let workers = std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
    tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build()
}

async fn run(
    arguments: Arguments,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    out: &mut Output,
) -> Result<(), Failure> {
    let sources = Sources::gather(arguments.flags, environment, arguments.config);
    // Unsound settings end every command but those two that tell what is wrong with them.
    let config = Config::read(&sources);
    if let Ok(config) = &config {
        log::start(config);
    }
    match arguments.command {
        Command::Serve { no_migrate } => serve::serve(Arc::new(config?), no_migrate, out).await,
        Command::Migrate => migrate::migrate(&config?, out).await,
        Command::Admin(AdminCommand::Create(new)) => admin::create(&config?, new, out).await,
        Command::Admin(AdminCommand::WithoutPasskey { at }) => {
            admin::without_passkey(&config?, at.org.as_deref(), out).await
        }
        Command::ApiKey(command) => api_key::run(&config?, command, out).await,
        Command::Client(command) => client::run(&config?, command, out).await,
        Command::Import(asked) => import::import(&config?, asked, out).await,
        Command::Audit(AuditCommand::Verify { json }) => audit::verify(&config?, json, out).await,
        Command::Org(OrgCommand::List { json }) => organization::list(&config?, json, out).await,
        Command::Doctor { json } => doctor::doctor(config.as_ref(), json, out).await,
        Command::SendTestMail { address } => test_mail::send(&config?, &address, out).await,
        Command::Config { json } => settings::show(&sources, config.as_ref(), json, out),
        Command::Backup { file } => backup::backup(&config?, &file, out).await,
        Command::Restore { file, force } => restore::restore(&config?, &file, force, out).await,
    }
}

#[cfg(test)]
mod tests;
