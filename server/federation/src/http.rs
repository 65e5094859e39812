//! Requests to one provider: bounded in time and size, never redirected, by https.

use std::{future::Future, pin::Pin, sync::OnceLock};

use http::{Request, Response};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::{Client, redirect::Policy};

use crate::{
    PATIENCE,
    trouble::{Step, Trouble},
};

/// Most that is read of an answer, in bytes: key sets of large providers have some tens of thousands.
const MOST: usize = 256 * 1024;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("not by https")]
    Insecure,
    #[error("the answer is too large")]
    TooLarge,
    #[error("{0}")]
    Client(reqwest::Error),
}

impl Fault {
    pub fn at(self, step: Step) -> Trouble {
        let word = match &self {
            Self::Insecure => "insecure",
            Self::TooLarge => "unreadable",
            Self::Client(_) => "unreachable",
        };
        Trouble::new(step, word, self)
    }
}

/// The connections of all providers. They are made ready with the first request, not with the start.
#[derive(Clone, Debug, Default)]
pub struct Http(std::sync::Arc<OnceLock<Client>>);

/// The same for one of them.
#[derive(Clone, Debug)]
pub struct HttpOf {
    http: Http,
    /// Whether the issuer is on this machine, and plain http can be.
    here: bool,
}

impl Http {
    pub fn of(&self, issuer: &str) -> HttpOf {
        HttpOf { http: self.clone(), here: is_here(issuer) }
    }

    fn client(&self) -> Result<&Client, reqwest::Error> {
        if let Some(client) = self.0.get() {
            return Ok(client);
        }
        let client = Client::builder()
            .user_agent("Vestibule")
            .timeout(PATIENCE)
            .redirect(Policy::none())
            // A variable of the environment is none of our settings.
            .no_proxy()
            .build()?;
        Ok(self.0.get_or_init(|| client))
    }
}

impl HttpOf {
    /// Whether the provider may be asked there, or the browser sent.
    pub fn admits(&self, url: &str) -> bool {
        url.starts_with("https://") || (self.here && is_here(url))
    }

    pub async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Fault> {
        if !self.admits(&request.uri().to_string()) {
            return Err(Fault::Insecure);
        }
        let request = request.try_into().map_err(Fault::Client)?;
        let client = self.http.client().map_err(Fault::Client)?;
        let mut answer = client.execute(request).await.map_err(Fault::Client)?;
        let mut response = Response::new(Vec::new());
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        while let Some(chunk) = answer.chunk().await.map_err(Fault::Client)? {
            if response.body().len() + chunk.len() > MOST {
                return Err(Fault::TooLarge);
            }
            response.body_mut().extend_from_slice(&chunk);
        }
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for HttpOf {
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Fault>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// Plain http to this machine.
fn is_here(url: &str) -> bool {
    url.parse::<http::Uri>().is_ok_and(|uri| {
        uri.scheme_str() == Some("http") && matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_on_this_machine() {
        let (outside, here) = (Http::default().of("https://id.example"), Http::default().of("http://127.0.0.1:4000"));
        for (url, outside_too, here_too) in [
            ("https://id.example/token", true, true),
            ("http://id.example/token", false, false),
            ("http://127.0.0.1:5000/token", false, true),
            ("http://[::1]:5000/token", false, true),
            ("http://127.0.0.1.example/token", false, false),
            ("http://127.0.0.1@id.example/token", false, false),
            ("file:///etc/passwd", false, false),
        ] {
            assert_eq!((outside.admits(url), here.admits(url)), (outside_too, here_too), "{url}");
        }
    }
}
