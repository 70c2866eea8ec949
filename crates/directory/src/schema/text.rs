//! The one way in which text is compared without regard to case.
//!
//! Active Directory compares by Windows sort keys that ignore case, width, kana type and non-spacing marks
//! ([MS-ADTS] 6.5), and counts every space. We fold to Unicode NFKC in lower case, so case and width do not count and
//! spaces do, inside and at the ends. Marks count: "Müller" is not "Muller". Ignoring them would join names that
//! people keep apart and lets one account name be asked for in place of another.

use unicode_normalization::UnicodeNormalization;

/// Appends the folded form of `text`: two texts are equal without regard to case iff their folded forms are equal.
pub fn fold(text: &str, out: &mut Vec<u8>) {
    if text.is_ascii() {
        out.extend(text.bytes().map(|byte| byte.to_ascii_lowercase()));
        return;
    }
    let start = out.len();
    let mut buffer = [0; 4];
    for character in text.chars() {
        match plain(character) {
            Some(folded) => out.extend_from_slice(folded.encode_utf8(&mut buffer).as_bytes()),
            None => {
                out.truncate(start);
                return fold_any(text, out);
            }
        }
    }
}

/// The lower case of a letter that NFKC leaves alone wherever it stands: most of the Latin and Cyrillic alphabets.
/// These make up nearly all text that is not ASCII, and normalisation costs twenty times as much.
fn plain(character: char) -> Option<char> {
    match character {
        '\u{0}'..='\u{7F}' => Some(character.to_ascii_lowercase()),
        // Left out are ligatures, letters with a dot or an apostrophe beside them, and the long s.
        '\u{C0}'..='\u{12F}'
        | '\u{134}'..='\u{13E}'
        | '\u{141}'..='\u{148}'
        | '\u{14A}'..='\u{17E}'
        | '\u{400}'..='\u{45F}' => character.to_lowercase().next(),
        _ => None,
    }
}

fn fold_any(text: &str, out: &mut Vec<u8>) {
    let mut buffer = [0; 4];
    for character in text.nfkc().flat_map(char::to_lowercase).map(one_sigma).nfkc() {
        out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
    }
}

/// Lower-casing leaves two small sigmas, one of them for the end of words.
fn one_sigma(character: char) -> char {
    if character == 'ς' { 'σ' } else { character }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded(text: &str) -> String {
        let mut out = Vec::new();
        fold(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn case_width_and_composition_do_not_count() {
        for (left, right) in [
            ("Bob", "BOB"),
            ("MÜLLER", "müller"),
            ("Mu\u{308}ller", "Müller"),
            ("Ａｄａ", "ada"),
            ("ΟΔΟΣ", "οδος"),
            ("ẞ", "ß"),
            ("ŽIŽKA", "žižka"),
        ] {
            assert_eq!(folded(left), folded(right));
        }
    }

    #[test]
    fn spaces_and_marks_count() {
        for (left, right) in [("a b", "a  b"), (" a", "a"), ("a ", "a"), ("Müller", "Muller")] {
            assert_ne!(folded(left), folded(right));
        }
    }

    #[test]
    fn plain_letters_fold_as_all_text_does() {
        for character in '\u{0}'..='\u{500}' {
            if let Some(folded) = plain(character) {
                let mut out = Vec::new();
                fold_any(&character.to_string(), &mut out);
                assert_eq!(out, folded.to_string().into_bytes(), "{character}");
            }
        }
    }

    proptest! {
        #[test]
        fn both_ways_of_folding_agree(text in "[a-zA-Z\u{C0}-\u{17F}\u{300}-\u{310}\u{400}-\u{460}]{0,12}") {
            let mut out = Vec::new();
            fold_any(&text, &mut out);
            prop_assert_eq!(folded(&text).into_bytes(), out);
        }

        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,20}") {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
