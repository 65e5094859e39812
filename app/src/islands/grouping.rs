//! How a code looks while it is typed: capitals in groups, nothing refused.

/// What the input should show, and where its caret belongs (in UTF-16 units, as the browser counts).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tidied {
    pub text: String,
    pub caret: u32,
}

/// Tidies `typed`, whose caret stands at `caret` UTF-16 units.
///
/// `groups` names the sizes to show, such as `4-4-4`; alternatives stand between bars (`6|4-4-4`) and the first that can
/// hold all characters is used, so that one field serves short and long codes. Letters and digits of any script stay:
/// whether they can be read as a code is the server's decision. `forward` says that the sign after the caret was just
/// deleted; the caret then steps over a separator, or the next press would delete that separator for ever.
pub(super) fn tidy(typed: &str, caret: u32, groups: &str, forward: bool) -> Tidied {
    let mut kept = Vec::with_capacity(typed.len());
    let (mut read, mut before_caret) = (0, 0);
    for sign in typed.chars() {
        if carries_meaning(sign) {
            kept.push(sign.to_ascii_uppercase());
            before_caret += usize::from(read < caret);
        }
        read += utf16_len(sign);
    }

    let breaks = breaks_for(groups, kept.len());
    let mut tidied = Tidied { text: String::with_capacity(typed.len() + breaks.len()), caret: 0 };
    let mut written = 0;
    for (place, sign) in kept.iter().enumerate() {
        if place > 0 && breaks.contains(&place) {
            if place == before_caret {
                tidied.caret = written + u32::from(forward);
            }
            tidied.text.push('-');
            written += 1;
        } else if place == before_caret {
            tidied.caret = written;
        }
        tidied.text.push(*sign);
        written += utf16_len(*sign);
    }
    if before_caret == kept.len() {
        tidied.caret = written;
    }
    tidied
}

/// Spaces, dashes and other signs only help the eye; everything else may be part of a code, or be folded into one.
fn carries_meaning(sign: char) -> bool {
    match sign {
        '\0'..='\x7f' => sign.is_ascii_alphanumeric(),
        // General punctuation, the minus sign, CJK punctuation, and the small and full-width dashes and stops.
        '\u{80}'..='\u{bf}'
        | '\u{2000}'..='\u{206f}'
        | '\u{2212}'
        | '\u{3000}'..='\u{303f}'
        | '\u{fe50}'..='\u{fe6f}'
        | '\u{feff}'
        | '\u{ff01}'..='\u{ff0f}'
        | '\u{ff3f}' => false,
        _ => true,
    }
}

/// Before which kept characters a separator belongs.
fn breaks_for(groups: &str, kept: usize) -> Vec<usize> {
    let mut best = Vec::new();
    for alternative in groups.split('|') {
        let mut total = 0;
        let mut breaks = Vec::new();
        for size in alternative.split('-').filter_map(|size| size.parse::<usize>().ok()) {
            breaks.push(total);
            total += size;
        }
        best = breaks;
        if kept <= total {
            break;
        }
    }
    best
}

fn utf16_len(sign: char) -> u32 {
    if sign > '\u{ffff}' { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tidied(typed: &str, caret: u32, groups: &str) -> (String, u32) {
        let Tidied { text, caret } = tidy(typed, caret, groups, false);
        (text, caret)
    }

    #[test]
    fn a_pasted_code_is_grouped_whatever_stood_between() {
        assert_eq!(tidied("kxtw pqrz\u{2013}mnvb\n", 15, "4-4-4"), ("KXTW-PQRZ-MNVB".into(), 14));
        assert_eq!(tidied(" 7kx-4qz ", 9, "6"), ("7KX4QZ".into(), 6));
    }

    #[test]
    fn the_groups_follow_the_length() {
        assert_eq!(tidied("7kx4qz", 6, "6|4-4-4").0, "7KX4QZ");
        assert_eq!(tidied("7kx4qza", 7, "6|4-4-4"), ("7KX4-QZA".into(), 8));
    }

    #[test]
    fn too_much_is_shown_not_cut() {
        assert_eq!(tidied("ABCDEFGHIJ", 10, "4-4").0, "ABCD-EFGHIJ");
    }

    #[test]
    fn the_caret_stays_beside_the_sign_just_typed() {
        assert_eq!(tidied("ABxCD-EFGH", 3, "4-4"), ("ABXC-DEFGH".into(), 3));
        assert_eq!(tidied("ABCDx-EFG", 5, "4-4"), ("ABCD-XEFG".into(), 6));
    }

    #[test]
    fn both_delete_keys_pass_a_separator() {
        assert_eq!(tidied("ABCDE", 4, "4-4"), ("ABCD-E".into(), 4));
        assert_eq!(tidy("ABCDE", 4, "4-4", true).caret, 5);
        assert_eq!(tidied("ABCD-", 5, "4-4"), ("ABCD".into(), 4));
    }

    #[test]
    fn what_the_server_folds_is_not_blocked() {
        assert_eq!(tidied("７ＫＸo1𝟘", 7, "4-4"), ("７ＫＸO-1𝟘".into(), 8));
    }
}
