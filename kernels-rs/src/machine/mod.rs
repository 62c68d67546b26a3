//! The machine: lanes, threads, memory. The one folder of the crate where `unsafe` may stand.
#![allow(unsafe_code)]

pub mod memory;
mod pool;
pub mod simd;
pub mod threads;
pub mod tiles;
