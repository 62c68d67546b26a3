//! Buffers lent to a call of a kernel, as slices that live as long as it.

use super::memory::{Element, Line};
use crate::buffers::{begin_call, end_call, lend};
use core::marker::PhantomData;
use core::slice::{from_raw_parts, from_raw_parts_mut};

/// What an array holds, and whether it is written.
pub struct Kind {
    pub element: &'static str,
    pub size: usize,
    pub written: bool,
}

impl Kind {
    pub const fn of<T: Element>(written: bool) -> &'static Kind {
        const { assert!(align_of::<T>() <= align_of::<Line>()) };
        if written {
            &Kind { element: T::NAME, size: size_of::<T>(), written: true }
        } else {
            &Kind { element: T::NAME, size: size_of::<T>(), written: false }
        }
    }
}

/// The buffers of the call that runs; each is lent whole, by handle and exact length, or the call throws.
pub struct Loans(PhantomData<*const ()>);

impl Loans {
    #[inline(always)]
    pub fn read<T: Element>(&self, name: &'static str, handle: u32, len: usize) -> &[T] {
        let start = lend(name, Kind::of::<T>(false), handle, len);
        // SAFETY: `lend` has checked the length against the buffer's, in bytes; memory is aligned to lines, initialized, and
        // every bit pattern is a value (sealed trait). Until the call ends, which `Loans` does not outlive, the buffer is
        // neither freed nor lent to be written.
        unsafe { from_raw_parts(start.cast(), len) }
    }

    #[inline(always)]
    #[allow(clippy::mut_from_ref)]
    pub fn write<T: Element>(&self, name: &'static str, handle: u32, len: usize) -> &mut [T] {
        let start = lend(name, Kind::of::<T>(true), handle, len);
        // SAFETY: as in `read`, and the buffer is lent to nobody else at all.
        unsafe { from_raw_parts_mut(start.cast(), len) }
    }
}

/// Runs a call with what it borrows from the slab.
#[inline(always)]
pub fn with_loans<R>(call: &'static str, work: impl FnOnce(&Loans) -> R) -> R {
    begin_call(call);
    let result = work(&Loans(PhantomData));
    end_call();
    result
}
