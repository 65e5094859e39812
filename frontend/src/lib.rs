//! The wasm entry: wakes the islands, nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

// Naming the crate is what links its islands in; the page calls each by name.
use app as _;

/// Called once by the page before it wakes its islands one by one.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
