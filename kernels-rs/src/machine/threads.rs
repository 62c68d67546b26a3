//! Work over slices, split into fixed chunks and run by the pool.
//!
//! A chunk's bounds depend on the sizes alone, never on the number of threads, so neither does any result.

use super::pool;
use core::marker::PhantomData;

/// How many threads may run chunks at once, the caller among them.
pub fn threads() -> usize {
    pool::threads()
}

/// Whether a job's chunks may be running now.
pub fn job_is_open() -> bool {
    pool::is_open()
}

/// The chunk length for `len` items of `cost` operations each: fixed for a size, at least `multiple_of`, a multiple of
/// it, and large enough that a chunk outweighs handing it over.
pub fn chunk_len(len: usize, cost: usize, multiple_of: usize) -> usize {
    const OPERATIONS_A_CHUNK: usize = 32 * 1024;
    const MOST_CHUNKS: usize = 64;
    let least = (OPERATIONS_A_CHUNK / cost.max(1)).max(len.div_ceil(MOST_CHUNKS)).max(1);
    least.div_ceil(multiple_of) * multiple_of
}

/// A slice to be handed out in chunks of `len` items, the last one shorter.
pub struct Chunks<'a, T> {
    start: *mut T,
    total: usize,
    len: usize,
    slice: PhantomData<&'a mut [T]>,
}

// SAFETY: `Split::piece` hands out disjoint parts of an exclusively borrowed slice.
unsafe impl<T: Send> Sync for Chunks<'_, T> {}

/// `slice` in chunks of `len` items.
pub fn chunks<T>(slice: &mut [T], len: usize) -> Chunks<'_, T> {
    assert!(len > 0, "chunks of no items");
    Chunks { start: slice.as_mut_ptr(), total: slice.len(), len, slice: PhantomData }
}

/// What can be handed out in disjoint pieces: `Chunks`, and tuples of them that have as many pieces each.
///
/// # Safety
/// Pieces of different indices must be disjoint.
pub unsafe trait Split: Sync {
    type Piece;
    fn count(&self) -> usize;
    /// # Safety
    /// No two living pieces of one index, `index < count()`.
    unsafe fn piece(&self, index: usize) -> Self::Piece;
}

// SAFETY: chunk i covers items i·len to (i + 1)·len and no others.
unsafe impl<'a, T: Send> Split for Chunks<'a, T> {
    type Piece = &'a mut [T];

    fn count(&self) -> usize {
        self.total.div_ceil(self.len)
    }

    unsafe fn piece(&self, index: usize) -> &'a mut [T] {
        let from = index * self.len;
        // SAFETY: index < count(), so `from` lies in the slice, and the length is cut at its end; the caller lets no two
        // pieces of one index live at once, and the slice is borrowed exclusively for 'a.
        unsafe { core::slice::from_raw_parts_mut(self.start.add(from), self.len.min(self.total - from)) }
    }
}

macro_rules! split_tuple {
    ($($part:ident $field:tt),*) => {
        // SAFETY: each part's pieces are disjoint, so are the tuples of them.
        unsafe impl<$($part: Split),*> Split for ($($part,)*) {
            type Piece = ($($part::Piece,)*);

            fn count(&self) -> usize {
                let count = self.0.count();
                $(assert_eq!(self.$field.count(), count, "parts of different counts");)*
                count
            }

            unsafe fn piece(&self, index: usize) -> Self::Piece {
                // SAFETY: the caller's promise holds for each part.
                unsafe { ($(self.$field.piece(index),)*) }
            }
        }
    };
}
split_tuple!(A 0, B 1);
split_tuple!(A 0, B 1, C 2);
split_tuple!(A 0, B 1, C 2, D 3);

/// The pieces of one split, then those of another, to be worked on at once.
pub struct Both<A, B>(pub A, pub B);

/// A piece of `Both`, with its index in its own split.
pub enum Either<A, B> {
    First(usize, A),
    Second(usize, B),
}

// SAFETY: an index belongs to one of the two, whose pieces are disjoint; the two borrow different slices.
unsafe impl<A: Split, B: Split> Split for Both<A, B> {
    type Piece = Either<A::Piece, B::Piece>;

    fn count(&self) -> usize {
        self.0.count() + self.1.count()
    }

    unsafe fn piece(&self, index: usize) -> Self::Piece {
        let first = self.0.count();
        // SAFETY: the caller's promise holds for the part that the index belongs to.
        unsafe {
            match index.checked_sub(first) {
                None => Either::First(index, self.0.piece(index)),
                Some(index) => Either::Second(index, self.1.piece(index)),
            }
        }
    }
}

/// Runs `work(index, piece)` once for each piece of `split`, on all threads.
pub fn parallel<S: Split>(split: S, work: impl Fn(usize, S::Piece) + Sync) {
    // SAFETY: the pool runs each index below the count exactly once.
    pool::run(split.count(), &|index: usize, _: usize| work(index, unsafe { split.piece(index) }));
}

/// As `parallel`; each thread has a part of `scratch` (of length `scratch.len() / threads()`) to itself.
pub fn parallel_with_scratch<S: Split, T: Send>(
    split: S,
    scratch: &mut [T],
    work: impl Fn(usize, S::Piece, &mut [T]) + Sync,
) {
    let parts = chunks(scratch, (scratch.len() / threads()).max(1));
    let have = parts.count().min(threads());
    pool::run(split.count(), &|index: usize, thread: usize| {
        // SAFETY: the pool runs each index once, and one chunk at a time on each thread; `thread < threads()`. Where
        // the scratch is empty there is no part to hand out.
        let (piece, part) = unsafe { (split.piece(index), if thread < have { parts.piece(thread) } else { &mut [] }) };
        work(index, piece, part);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_visited_once_and_the_last_chunk_is_shorter() {
        let mut a = [0; 10];
        let mut b = [0; 4];
        parallel((chunks(&mut a, 3), chunks(&mut b, 1)), |i, (a, b)| {
            a.iter_mut().for_each(|x| *x += i + 1);
            b[0] = a.len();
        });
        assert_eq!(a, [1, 1, 1, 2, 2, 2, 3, 3, 3, 4]);
        assert_eq!(b, [3, 3, 3, 1]);
    }

    #[test]
    fn two_splits_of_different_counts_are_worked_on_at_once() {
        let (mut a, mut b) = ([0; 5], [0; 2]);
        parallel(Both(chunks(&mut a, 2), chunks(&mut b, 1)), |_, piece| match piece {
            Either::First(index, a) => a.fill(index + 1),
            Either::Second(index, b) => b[0] = 10 * (index + 1),
        });
        assert_eq!((a, b), ([1, 1, 2, 2, 3], [10, 20]));
    }

    #[test]
    fn chunk_lengths_are_multiples_and_bounded_in_number() {
        assert_eq!(chunk_len(0, 1, 4) % 4, 0);
        assert_eq!(chunk_len(1 << 20, 1, 4), 1 << 15);
        assert!((1usize << 26).div_ceil(chunk_len(1 << 26, 1, 4)) <= 64);
        assert_eq!(chunk_len(1000, 1_000_000, 4), 16);
    }
}
