//! Sleeping and waking on an atomic of the shared memory, and the host's clock.

use core::arch::wasm32::{memory_atomic_notify, memory_atomic_wait32};
use core::sync::atomic::AtomicU32;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds.
    #[wasm_bindgen(js_namespace = performance)]
    pub fn now() -> f64;
}

/// Sleeps while `*at == value`, for `timeout_ms` at most (negative: for ever).
pub fn sleep(at: &AtomicU32, value: u32, timeout_ms: i64) {
    let timeout_ns = if timeout_ms < 0 { -1 } else { timeout_ms * 1_000_000 };
    // SAFETY: the pointer is to a living, aligned atomic of the shared memory.
    unsafe { memory_atomic_wait32(at.as_ptr().cast(), value as i32, timeout_ns) };
}

/// Wakes all that sleep on `at`.
pub fn notify(at: &AtomicU32) {
    // SAFETY: as in `sleep`.
    unsafe { memory_atomic_notify(at.as_ptr().cast(), u32::MAX) };
}
