//! Pages of lists: `page` and `size`, and the header that says how many there are (spec B4).

use std::collections::BTreeMap;

use axum::{
    extract::{FromRequestParts, Query},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, request::Parts};
use serde::Serialize;

use crate::{failure::Failure, finish::X_PAGINATION};

/// How many there are on a page where nobody says.
const USUAL: i64 = 10;
/// How many there can be; who asks for more gets this many.
const MOST: i64 = 100;

/// A query, by name; where one stands twice, the last counts. An empty one is none.
#[derive(Debug)]
pub struct Asked(BTreeMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(parameters)) => Ok(Self(parameters)),
            Err(_) => Err(Failure::bad_request("The query cannot be read.")),
        }
    }
}

impl Asked {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    pub fn page(&self) -> Result<Page, Failure> {
        let number = |name: &'static str, usual: i64| match self.get(name).map(str::parse::<i64>) {
            None => Ok(usual),
            Some(Ok(number)) if number >= 1 => Ok(number),
            Some(_) => Err(Failure::bad_request(format!("{name} must be a whole number from 1 on."))),
        };
        Ok(Page { number: number("page", 1)?, size: number("size", USUAL)?.min(MOST) })
    }
}

/// Which part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// From 1 on.
    pub number: i64,
    pub size: i64,
}

impl Page {
    /// How many come before it.
    pub fn offset(self) -> i64 {
        (self.number - 1).saturating_mul(self.size)
    }

    /// A bare array, with the header that tells of the rest.
    pub fn answer<T: Serialize>(self, rows: &[T], total: i64) -> Response {
        let told = Told {
            page_size: self.size,
            current_page: self.number,
            total_count: total,
            has_previous: self.number > 1 && total > 0,
            has_next: self.offset().saturating_add(self.size) < total,
        };
        let told = serde_json::to_string(&told).ok().and_then(|told| HeaderValue::from_str(&told).ok());
        let mut response = axum::Json(rows).into_response();
        response.headers_mut().extend(told.map(|told| (X_PAGINATION, told)));
        response
    }
}

#[derive(Serialize)]
struct Told {
    page_size: i64,
    current_page: i64,
    total_count: i64,
    has_previous: bool,
    has_next: bool,
}
