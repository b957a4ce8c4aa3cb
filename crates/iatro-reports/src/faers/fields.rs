//! Where the fields of a line lie, and whether it holds control characters: found in one pass, eight
//! bytes at a time. Fields are short; a search for each delimiter would mostly begin and end.

use std::ops::Range;

/// Eight times the low seven bits.
const LOW: u64 = u64::from_ne_bytes([0x7f; 8]);
const HIGH: u64 = !LOW;

/// Puts the fields of a line in place of what the list held; returns whether it holds a control
/// character (a tab counts as one).
pub(super) fn scan(bytes: &[u8], fields: &mut Vec<Range<usize>>) -> bool {
    fields.clear();
    let mut start = 0;
    let mut end_at = |end: usize| {
        fields.push(start..end);
        start = end + 1;
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let mut control = 0;
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        control |= below_blank(word) | is(word, 0x7f);
        let mut found = is(word, b'$');
        while found != 0 {
            end_at(at * 8 + (found.trailing_zeros() / 8) as usize);
            found &= found - 1;
        }
    }
    let scanned = bytes.len() - rest.len();
    let mut control = control != 0;
    for (at, byte) in rest.iter().enumerate() {
        control |= byte.is_ascii_control();
        if *byte == b'$' {
            end_at(scanned + at);
        }
    }
    end_at(bytes.len());
    control
}

/// Where the fields of a line lie.
pub(super) fn field_ranges(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut fields = Vec::with_capacity(32);
    scan(bytes, &mut fields);
    fields
}

/// How many fields a line has.
pub(super) fn count_fields(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'$', bytes).count() + 1
}

/// The high bit of every byte of the word that is `byte`.
fn is(word: u64, byte: u8) -> u64 {
    let other = word ^ u64::from_ne_bytes([byte; 8]);
    // A byte is 0 if neither its high bit is set nor a carry from its low bits reaches it.
    !(((other & LOW) + LOW) | other | LOW)
}

/// Not 0 if a byte of the word is below a blank.
fn below_blank(word: u64) -> u64 {
    // A borrow sets the high bit of the first byte that is, and of no byte before it.
    word.wrapping_sub(u64::from_ne_bytes([b' '; 8])) & !word & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_byte_is_told_at_every_place() {
        for byte in 0..=u8::MAX {
            for at in 0..19 {
                let mut bytes = [b'a'; 19];
                bytes[at] = byte;
                let mut fields = vec![3..9, 4..5];
                assert_eq!(
                    scan(&bytes, &mut fields),
                    byte < 0x20 || byte == 0x7f,
                    "{byte} at {at}"
                );
                let expected = if byte == b'$' { vec![0..at, at + 1..19] } else { vec![0..19; 1] };
                assert_eq!(fields, expected, "{byte} at {at}");
            }
        }
    }

    proptest! {
        #[test]
        fn fields_are_what_stands_between_delimiters(
            bytes in prop::collection::vec(prop::sample::select(b"$$$a#%\x1f \x7f\x80\xa4\xff".to_vec()), 0..70),
        ) {
            let fields = field_ranges(&bytes);
            let found: Vec<&[u8]> = fields.iter().map(|range| &bytes[range.clone()]).collect();
            let expected: Vec<&[u8]> = bytes.split(|&b| b == b'$').collect();
            prop_assert_eq!(found, expected);
            prop_assert_eq!(fields.len(), count_fields(&bytes));
            let control = bytes.iter().any(u8::is_ascii_control);
            prop_assert_eq!(scan(&bytes, &mut Vec::new()), control);
        }
    }
}
