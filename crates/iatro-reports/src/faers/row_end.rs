//! Whether the rows of a table end in a `$` that its header lacks.

use super::fields::count_fields;
use super::header::Header;
use crate::text::lines::Lines;

/// How far into a table it is looked whether its rows end in a delimiter: lines, and bytes.
const LINES_AHEAD: usize = 1000;
const BYTES_AHEAD: usize = 1 << 20;

/// Whether rows end in a delimiter that the header lacks: in the legacy era, or if at least two of
/// the first lines do, and three of four.
///
/// One row with a `$` in a value and a blank last column looks the same: it must not decide for all.
pub(super) fn rows_end_in_delimiter(
    header: &Header,
    lines: &mut Lines<'_>,
) -> std::io::Result<bool> {
    if header.is_legacy() {
        return Ok(true);
    }
    let (mut ended, mut plain, mut bytes) = (0_u32, 0_u32, 0);
    for distance in 0..LINES_AHEAD {
        let Some(line) = lines.peek(distance)? else { break };
        let extra = count_fields(&line.bytes).checked_sub(header.columns());
        match extra {
            Some(0) => plain += 1,
            Some(1) if ends_in_delimiter(&line.bytes) => ended += 1,
            _ => {}
        }
        bytes += line.bytes.len();
        if bytes > BYTES_AHEAD {
            break;
        }
    }
    Ok(ended >= 2 && ended >= 3 * plain)
}

/// Whether the last field is blank: a delimiter, with no more than blanks behind it.
pub(super) fn ends_in_delimiter(bytes: &[u8]) -> bool {
    bytes.trim_ascii_end().last() == Some(&b'$')
}
