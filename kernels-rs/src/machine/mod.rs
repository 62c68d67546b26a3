//! The machine: lanes, threads, memory. The one folder of the crate where `unsafe` may stand.
#![allow(unsafe_code)]

pub mod loan;
pub mod memory;
#[cfg_attr(not(target_arch = "wasm32"), path = "pool_native.rs")]
mod pool;
pub mod simd;
pub mod threads;
#[cfg(target_arch = "wasm32")]
pub mod throw;
pub mod tiles;
#[cfg(target_arch = "wasm32")]
mod wait;
mod work;
