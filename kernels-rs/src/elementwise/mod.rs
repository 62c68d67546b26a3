//! One value in, one value out: a line an operation, for each lane alike.
//!
//! `unary`: activations and functions of one value with their derivatives. `binary`: two values with broadcasting.

pub mod binary;
pub mod math;
pub mod unary;
