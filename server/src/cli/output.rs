//! Standard output for results, standard error for words about them.

use std::{
    fmt::Display,
    io::{self, Write},
};

use serde::Serialize;

use super::failure::Failure;

/// Where a command writes.
pub(super) struct Output {
    results: Box<dyn Write + Send>,
    words: Box<dyn Write + Send>,
}

impl Output {
    /// The process's own streams.
    pub fn stdio() -> Self {
        Self { results: Box::new(io::stdout()), words: Box::new(io::stderr()) }
    }

    /// One line of the result. It is out when this returns: what reads it may be waiting.
    pub fn line(&mut self, line: impl Display) -> Result<(), Failure> {
        let written = writeln!(self.results, "{line}").and_then(|()| self.results.flush());
        written.map_err(|error| Failure::io("write the result", error))
    }

    /// The result as JSON, for machines and for eyes.
    pub fn json(&mut self, record: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(record);
        self.line(text.map_err(|error| Failure::said(format!("the result is not JSON: {error}")))?)
    }

    /// A remark for the person at the terminal.
    pub fn remark(&mut self, words: impl Display) {
        // Nobody is left to be told when standard error is closed.
        let _ = writeln!(self.words, "{words}");
    }

    pub fn complain(&mut self, failure: &Failure) {
        self.remark(format_args!("vestibule: {failure}"));
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// What a command wrote, shared with the output that writes it.
    #[derive(Clone, Debug, Default)]
    pub struct Page(Arc<Mutex<Vec<u8>>>);

    impl Page {
        pub fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Output {
        /// An output whose results are kept; words about them are dropped.
        pub fn kept() -> (Self, Page) {
            let page = Page::default();
            (Self { results: Box::new(page.clone()), words: Box::new(io::sink()) }, page)
        }
    }
}
