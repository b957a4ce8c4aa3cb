//! Physical lines of a stream, with their number and offset, and a look at the lines to come.

use std::collections::VecDeque;
use std::io::{self, BufRead};

/// Lines below this many bytes are read whole; others are cut into pieces of this size, so that a
/// file without line breaks cannot fill the memory.
pub(crate) const LONGEST: usize = 1 << 20;

/// One line without its line break, or a piece of one that is too long.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Line {
    /// Counted from 1; the pieces of a line share its number.
    pub(crate) number: u64,
    /// Offset of its first byte.
    pub(crate) offset: u64,
    pub(crate) bytes: Vec<u8>,
    /// Whether this is only a piece of a line, and so no row.
    pub(crate) cut: bool,
}

/// Reads lines, which end in LF or CR LF; a byte order mark at the start is passed over.
pub(crate) struct Lines<'r> {
    reader: &'r mut dyn BufRead,
    ahead: VecDeque<Line>,
    spare: Vec<Vec<u8>>,
    number: u64,
    offset: u64,
    /// Whether the piece read last leaves its line unfinished.
    unfinished: bool,
}

impl<'r> Lines<'r> {
    pub(crate) fn new(reader: &'r mut dyn BufRead) -> Self {
        Self {
            reader,
            ahead: VecDeque::new(),
            spare: Vec::new(),
            number: 0,
            offset: 0,
            unfinished: false,
        }
    }

    /// The next line, or `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line>> {
        match self.ahead.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.read(),
        }
    }

    /// The line `distance` lines after the next one (0 is the next), without taking it.
    pub(crate) fn peek(&mut self, distance: usize) -> io::Result<Option<&Line>> {
        while self.ahead.len() <= distance {
            match self.read()? {
                Some(line) => self.ahead.push_back(line),
                None => return Ok(None),
            }
        }
        Ok(self.ahead.get(distance))
    }

    /// Gives a line's memory back for use by a later line.
    pub(crate) fn recycle(&mut self, line: Line) {
        self.spare.push(line.bytes);
    }

    fn read(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = self.spare.pop().unwrap_or_default();
        bytes.clear();
        let taken = self.fill(&mut bytes)?;
        if taken == 0 {
            return Ok(None);
        }
        let offset = self.offset;
        self.offset += taken as u64;
        let continued = self.unfinished;
        self.number += u64::from(!continued);
        self.unfinished = taken == LONGEST && bytes.last() != Some(&b'\n');
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        if offset == 0 && bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        let cut = continued || self.unfinished;
        Ok(Some(Line { number: self.number, offset, bytes, cut }))
    }

    fn fill(&mut self, bytes: &mut Vec<u8>) -> io::Result<usize> {
        loop {
            let available = match self.reader.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if available.is_empty() {
                return Ok(bytes.len());
            }
            let room = LONGEST - bytes.len();
            let end = memchr::memchr(b'\n', available).map_or(available.len(), |at| at + 1);
            let take = end.min(room);
            bytes.extend_from_slice(&available[..take]);
            self.reader.consume(take);
            if bytes.last() == Some(&b'\n') || bytes.len() == LONGEST {
                return Ok(bytes.len());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn all(bytes: &[u8]) -> Vec<(u64, u64, Vec<u8>)> {
        let mut reader = bytes;
        let mut lines = Lines::new(&mut reader);
        let mut found = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            found.push((line.number, line.offset, line.bytes));
        }
        found
    }

    #[test]
    fn numbers_offsets_and_line_ends() {
        assert_eq!(
            all(b"\xef\xbb\xbfa$b\r\nc\n\nd"),
            [
                (1, 0, b"a$b".to_vec()),
                (2, 8, b"c".to_vec()),
                (3, 10, b"".to_vec()),
                (4, 11, b"d".to_vec())
            ]
        );
        assert!(all(b"").is_empty());
    }

    #[test]
    fn peeking_takes_nothing() {
        let mut reader: &[u8] = b"a\nb\nc\n";
        let mut lines = Lines::new(&mut reader);
        assert_eq!(lines.peek(1).unwrap().unwrap().bytes, b"b");
        assert_eq!(lines.peek(3).unwrap(), None);
        assert_eq!(lines.next().unwrap().unwrap().bytes, b"a");
        assert_eq!(lines.next().unwrap().unwrap().number, 2);
    }

    #[test]
    fn a_line_without_an_end_is_cut_and_its_pieces_are_marked() {
        let found = all(&vec![b'x'; LONGEST + 5]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].2.len(), 5);
        let bytes = [b"a\n".as_slice(), &vec![b'x'; 2 * LONGEST + 5], b"\nb\n"].concat();
        let mut reader = bytes.as_slice();
        let mut lines = Lines::new(&mut reader);
        let mut found = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            found.push((line.number, line.bytes.len(), line.cut));
        }
        let pieces = [(2, LONGEST, true), (2, LONGEST, true), (2, 5, true)];
        assert_eq!(found[0], (1, 1, false));
        assert_eq!(found[1..4], pieces);
        assert_eq!(found[4..], [(3, 1, false)]);
    }
}
