//! Stretches of a circle, counted in whole items.

use std::ops::Range;

/// `length` items from `first` on a circle of `count`: latents or samples of a region, which may run across the seam.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    first: usize,
    length: usize,
    count: usize,
}

impl Span {
    /// Goes round once at most; `first` is counted round the circle. Of an empty circle the span is empty.
    pub fn new(first: usize, length: usize, count: usize) -> Self {
        Self { first: first.checked_rem(count).unwrap_or(0), length: length.min(count), count }
    }

    /// The first item, below [`Span::count`] (0 where there are none).
    pub fn first(self) -> usize {
        self.first
    }

    /// How many items.
    pub fn len(self) -> usize {
        self.length
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.length == 0
    }

    /// Items of the whole circle.
    pub fn count(self) -> usize {
        self.count
    }

    /// How far `item` lies behind the first, if it is inside.
    pub fn position(self, item: usize) -> Option<usize> {
        let behind = if item >= self.first { item - self.first } else { item + self.count - self.first };
        (item < self.count && behind < self.length).then_some(behind)
    }

    /// The items in order, from the first one and round the seam.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let [before, after] = self.ranges();
        before.chain(after)
    }

    /// Up to the seam, and from it on: the second is empty where the span doesn't run across it.
    pub fn ranges(self) -> [Range<usize>; 2] {
        let end = self.first + self.length;
        [self.first..end.min(self.count), 0..end.saturating_sub(self.count)]
    }
}
