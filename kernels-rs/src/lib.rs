//! The arithmetic of Lanewise: every kernel, over one shared memory.
//!
//! - `machine/`: SIMD lanes, threads and raw memory. All `unsafe` of the crate is there.
//! - `buffers`: the slab behind the integer handles that JavaScript holds. `idle`: released memory that waits there.
//! - `door`: the macro that writes each export and checks what comes through it.
//! - `lanes`: the loop of all that goes element by element.
//! - one file or folder a family of kernels: `elementwise`, `reduce`, `gemm`, `conv`, `pool`, `norm`, `pad`, `image`, `softmax`,
//!   `random`, `optim`, `layout`.
//!
//! A kernel's result never depends on the number of threads: work is cut into fixed chunks, sums run over a fixed tree.
#![deny(unsafe_code)]
#![cfg_attr(target_arch = "wasm32", feature(asm_experimental_arch, stdarch_wasm_atomic_wait))]

#[cfg(all(target_arch = "wasm32", not(all(target_feature = "simd128", target_feature = "atomics"))))]
compile_error!(
    "lanewise_kernels needs -Ctarget-feature=+simd128,+atomics,+bulk-memory,+mutable-globals; build it with `npm run setup`"
);

pub mod buffers;
pub mod conv;
mod door;
pub mod elementwise;
pub mod gemm;
mod idle;
pub mod image;
mod lanes;
pub mod layout;
pub mod machine;
pub mod norm;
pub mod optim;
pub mod pad;
pub mod pool;
pub mod random;
pub mod reduce;
pub mod softmax;
