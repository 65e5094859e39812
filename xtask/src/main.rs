//! Build, run, test and measure Vestibule with nothing but cargo.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::test::Part;

mod bench;
mod browser;
mod command;
mod css;
mod machine;
mod postgres;
mod run;
mod schemathesis;
mod site;
mod test;
mod wasm;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Build, run, test and measure Vestibule")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Make the release binary, complete in itself: `target/release/vestibule`
    Build,
    /// Build, then start Vestibule with SQLite under `data/`
    Run {
        /// Arguments for `vestibule serve`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Build, then measure it and print the tables
    Bench {
        /// Arguments for the measuring program, such as `--only-verify`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Install what the tests need and run them all; stop at the first failure
    Test {
        /// Run only this part
        #[arg(long)]
        only: Option<Part>,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Build => run::build(),
        Task::Run { arguments } => run::serve(&arguments),
        Task::Bench { arguments } => bench::run(&arguments),
        Task::Test { only } => test::run(only),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}
