//! A file as its decoder may see it: a header of our own, then one stretch of the real file.

use std::io::{self, Read, Seek, SeekFrom};
use symphonia::core::io::MediaSource;

/// `head`, then `len` bytes of `inner` from `start` on. Whatever else the file holds stays out of the decoder's sight.
pub(super) struct Splice<S> {
    head: Vec<u8>,
    inner: S,
    start: u64,
    len: u64,
    at: u64,
}

impl<S> Splice<S> {
    pub(super) fn new(head: Vec<u8>, inner: S, start: u64, len: u64) -> Self {
        Self { head, inner, start, len, at: 0 }
    }

    fn total(&self) -> u64 {
        (self.head.len() as u64).saturating_add(self.len)
    }
}

impl<S: Read + Seek> Read for Splice<S> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let head = self.head.len() as u64;
        let count = if self.at < head {
            let mut rest = self.head.get(self.at as usize..).unwrap_or_default();
            rest.read(buf)?
        } else {
            let inside = self.at - head;
            let left = self.len.saturating_sub(inside).min(buf.len() as u64) as usize;
            self.inner.seek(SeekFrom::Start(self.start.saturating_add(inside)))?;
            self.inner.read(buf.get_mut(..left).unwrap_or_default())?
        };
        self.at += count as u64;
        Ok(count)
    }
}

impl<S> Seek for Splice<S> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.total().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

impl<S: Read + Seek + Send + Sync> MediaSource for Splice<S> {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.total())
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn shows_the_head_and_then_only_its_stretch() {
        let mut splice = Splice::new(b"head".to_vec(), Cursor::new(b"....body....".to_vec()), 4, 4);
        let mut all = String::new();
        splice.read_to_string(&mut all).unwrap();
        assert_eq!(all, "headbody");
        splice.seek(SeekFrom::End(-6)).unwrap();
        let mut rest = String::new();
        splice.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "adbody");
        assert!(splice.seek(SeekFrom::Current(-9)).is_err());
    }
}
