//! Raw memory in cache lines, and the typed views on it that the kernels see.

/// One cache line. Buffers are made of lines, so that every view is aligned for every element type and every lane.
#[repr(C, align(64))]
#[derive(Clone, Copy)]
pub struct Line([u8; Line::BYTES]);

impl Line {
    pub const BYTES: usize = 64;
    pub const ZERO: Line = Line([0; Line::BYTES]);
}

mod sealed {
    pub trait Sealed {}
}

/// What a buffer may hold: plain numbers for which every bit pattern is a value.
pub trait Element: Copy + Send + Sync + Default + sealed::Sealed + 'static {
    const NAME: &'static str;
}

macro_rules! element {
    ($($type:ty),*) => {$(
        impl sealed::Sealed for $type {}
        impl Element for $type {
            const NAME: &'static str = stringify!($type);
        }
    )*};
}
element!(f32, i32, u32, u8);

/// The first `len` elements of `lines`.
pub fn view<T: Element>(lines: &[Line], len: usize) -> &[T] {
    assert!(len.saturating_mul(size_of::<T>()) <= size_of_val(lines), "view longer than its buffer");
    // SAFETY: the lines are initialized, aligned to 64 bytes and hold at least `len` elements (asserted);
    // every bit pattern is a value of T (sealed trait).
    unsafe { core::slice::from_raw_parts(lines.as_ptr().cast(), len) }
}

/// The first `len` elements of `lines`, to write.
pub fn view_mut<T: Element>(lines: &mut [Line], len: usize) -> &mut [T] {
    assert!(len.saturating_mul(size_of::<T>()) <= size_of_val(lines), "view longer than its buffer");
    // SAFETY: as in `view`; the borrow of `lines` is exclusive.
    unsafe { core::slice::from_raw_parts_mut(lines.as_mut_ptr().cast(), len) }
}
