use std::time::Duration;

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlButtonElement, PerformanceResourceTiming};

/// The button that sends a code again, once that is allowed.
///
/// Asleep it is an ordinary submit button, and the server refuses what comes too early. Awake it is disabled and counts
/// down. It never reads the wall clock of the device, which may be wrong by hours: it takes the wait from the server and
/// the time since from the browser's monotonic clock, so a reload shows the same moment.
#[island]
pub fn Countdown(
    /// When sending is allowed, in the server's unix milliseconds.
    until_ms: f64,
    /// When the page was rendered, in the server's unix milliseconds.
    now_ms: f64,
    /// What the button says when it can be pressed.
    #[prop(into)]
    label: String,
    /// What it says while it counts; `{time}` becomes minutes and seconds.
    #[prop(into)]
    waiting: String,
    /// `button quiet small push` unless given.
    #[prop(optional, into)]
    class: Option<String>,
    /// Where the button sends its form, if elsewhere than the form's own button; the form is then not checked first.
    #[prop(optional, into)]
    form_action: Option<String>,
) -> impl IntoView {
    let class = class.unwrap_or_else(|| "button quiet small push".to_owned());
    let wait = Wait { ms: until_ms - now_ms, label: label.clone(), waiting };
    view! {
        <button type="submit" class=class formnovalidate=form_action.is_some() formaction=form_action use:count_down=wait>
            {label}
        </button>
        // Spoken once at the end of the wait; a live countdown would talk over the page every second.
        <span role="status" class="visually-hidden"></span>
    }
}

#[derive(Clone)]
struct Wait {
    ms: f64,
    label: String,
    waiting: String,
}

fn count_down(button: Element, wait: Wait) {
    let button: HtmlButtonElement = button.unchecked_into();
    if wait.ms > since_rendering_ms() {
        tick(button, wait);
    }
}

/// Shows what is left now and comes again when that changes.
fn tick(button: HtmlButtonElement, wait: Wait) {
    let left = wait.ms - since_rendering_ms();
    button.set_disabled(left > 0.0);
    if left > 0.0 {
        let time = minutes_and_seconds(left);
        button.set_text_content(Some(&wait.waiting.replace("{time}", &time)));
        let until_next_second = Duration::from_millis(whole(left) % 1000 + 1);
        set_timeout(move || tick(button, wait), until_next_second);
    } else {
        button.set_text_content(Some(&wait.label));
        if let Some(status) = button.next_element_sibling() {
            status.set_text_content(Some(&wait.label));
        }
    }
}

/// Counted from the first byte of the response, the earliest moment that is surely after the server read its clock.
fn since_rendering_ms() -> f64 {
    let Some(clock) = window().performance() else {
        return 0.0;
    };
    let page: PerformanceResourceTiming = clock.get_entries_by_type("navigation").get(0).unchecked_into();
    clock.now() - page.response_start()
}

fn minutes_and_seconds(left_ms: f64) -> String {
    let seconds = whole(left_ms).div_ceil(1000);
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    let padding = if seconds < 10 { "0" } else { "" };
    format!("{minutes}:{padding}{seconds}")
}

/// A wait is positive and minutes long.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(ms: f64) -> u64 {
    ms as u64
}

#[cfg(test)]
mod tests {
    use super::minutes_and_seconds;

    #[test]
    fn a_started_second_counts_whole() {
        assert_eq!(minutes_and_seconds(41_001.0), "0:42");
        assert_eq!(minutes_and_seconds(60_000.0), "1:00");
        assert_eq!(minutes_and_seconds(605_000.0), "10:05");
    }
}
