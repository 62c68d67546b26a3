//! Errors thrown to JavaScript. Nothing is unwound: the stack pointer is put back by hand, or each error would cost a
//! piece of the stack for ever.

use core::arch::asm;
use core::cell::Cell;
use wasm_bindgen::prelude::*;

thread_local! {
    /// The stack pointer as it is when JavaScript calls; 0 in workers, which end with their first error.
    static STACK_START: Cell<usize> = const { Cell::new(0) };
}

#[wasm_bindgen]
extern "C" {
    /// Throws a RangeError: the host's, like the throw of wasm-bindgen, so that no value of JavaScript comes to Rust.
    fn throw_range(message: &str);
}

/// Called by the thread that will call kernels, before it does.
#[wasm_bindgen]
pub fn enter() {
    let pointer: usize;
    // SAFETY: reads a global.
    unsafe {
        asm!(".globaltype __stack_pointer, i32", "global.get __stack_pointer", "local.set {}", out(local) pointer)
    };
    STACK_START.set(pointer);
}

/// From now on nothing that is on the stack is given up: workers may look at the frames of a call that never ends.
pub fn keep_stack() {
    enter();
}

/// Throws an Error.
pub fn error(message: &str) -> ! {
    rewind();
    wasm_bindgen::throw_str(message)
}

/// Throws a RangeError.
pub fn range_error(message: &str) -> ! {
    rewind();
    throw_range(message);
    unreachable!()
}

#[inline(always)]
fn rewind() {
    let pointer = STACK_START.get();
    if pointer != 0 {
        // SAFETY: the callers throw next, so no frame that is given up here is ever returned to.
        unsafe {
            asm!(".globaltype __stack_pointer, i32", "local.get {}", "global.set __stack_pointer", in(local) pointer)
        };
    }
}
