//! The door of every kernel: handles become slices here, checked; nothing behind it sees a handle or an address.
//!
//! `kernel!` writes a plain Rust function over slices and the export of the same name over handles:
//!
//! ```text
//! kernel! {
//!     /// y = x row by row times `factor`.
//!     fn scale(rows: usize, cols: usize; factor: f32[rows], x: f32[rows * cols]; y: f32[rows * cols]) { ... }
//! }
//! ```
//! Sizes and numbers first, then what is read, then what is written (whose old contents are there: an update in place is
//! an output). Each length is exact. Handle 0 is the empty slice: it passes where the length is 0, so an optional input has
//! a length that depends on a flag, or on the handle itself (`optional`). Many numbers that mean one thing stand
//! before the others, `fn name[thing: Type = number, ...](...)`: `Type::from_numbers` checks them, the rest sees `thing`. A kernel that can
//! refuse what its inputs hold (a label out of range) returns a `Result`; its message becomes the JavaScript error.

use crate::buffers::{Block, slab};
use crate::machine::memory::Element;
use std::sync::Arc;

/// An input or output that did not pass: what it is called in the kernel, and why.
pub type Refusal = String;

/// A buffer lent to a kernel to read.
pub struct Input(Option<Arc<Block>>);

impl Input {
    pub fn open<T: Element>(place: &str, handle: u32, len: usize) -> Result<Input, Refusal> {
        if handle == 0 && len == 0 {
            return Ok(Input(None));
        }
        let block = slab().shared(handle).map_err(|why| format!("{place}: {why}"))?;
        check_length::<T>(place, &block, len)?;
        Ok(Input(Some(block)))
    }

    pub fn elements<T: Element>(&self) -> &[T] {
        self.0.as_ref().map_or(&[], |block| block.elements())
    }
}

/// A buffer lent to a kernel to write; goes back to the slab when dropped.
pub struct Output {
    handle: u32,
    block: Option<Arc<Block>>,
}

impl Output {
    pub fn open<T: Element>(place: &str, handle: u32, len: usize) -> Result<Output, Refusal> {
        if handle == 0 && len == 0 {
            return Ok(Output { handle, block: None });
        }
        let block = slab().take(handle).map_err(|why| format!("{place}: {why}"))?;
        let output = Output { handle, block: Some(block) };
        check_length::<T>(place, output.block.as_ref().expect("just put there"), len)?;
        Ok(output)
    }

    pub fn elements<T: Element>(&mut self) -> &mut [T] {
        let Some(block) = self.block.as_mut() else { return &mut [] };
        Arc::get_mut(block).expect("outputs are taken before inputs are shared").elements_mut()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Some(block) = self.block.take() {
            slab().give_back(self.handle, block);
        }
    }
}

fn check_length<T: Element>(place: &str, block: &Block, len: usize) -> Result<(), Refusal> {
    let have = block.bytes();
    if len.checked_mul(size_of::<T>()) == Some(have) {
        return Ok(());
    }
    Err(format!("{place}: {have} bytes came, expected {len} elements of {}", T::NAME))
}

/// What a kernel returns: nothing, or a refusal of what its inputs hold.
pub trait Verdict {
    fn refusal(self) -> Result<(), Refusal>;
}

impl Verdict for () {
    fn refusal(self) -> Result<(), Refusal> {
        Ok(())
    }
}

impl Verdict for Result<(), Refusal> {
    fn refusal(self) -> Result<(), Refusal> {
        self
    }
}

/// Throws a JavaScript Error; natively, panics.
pub fn fail(message: &str) -> ! {
    #[cfg(target_arch = "wasm32")]
    crate::machine::throw::error(message);
    #[cfg(not(target_arch = "wasm32"))]
    panic!("{message}");
}

/// As `fail`, by a RangeError: what was asked for is more than there can be.
pub fn fail_range(message: &str) -> ! {
    #[cfg(target_arch = "wasm32")]
    crate::machine::throw::range_error(message);
    #[cfg(not(target_arch = "wasm32"))]
    panic!("{message}");
}

/// The length of an input that may be left out: in a length, an input's name is its handle.
pub fn optional(handle: u32, len: usize) -> usize {
    if handle == 0 { 0 } else { len }
}

#[cfg(target_arch = "wasm32")]
pub fn or_fail<T>(result: Result<T, String>) -> T {
    result.unwrap_or_else(|message| fail(&message))
}

macro_rules! kernel {
    ($($(#[$doc:meta])* fn $name:ident $([$group:ident: $group_type:ident = $($part:ident),*])?(
        $($number:ident: $number_type:ty),* $(,)?;
        $($input:ident: $input_type:ident[$input_len:expr]),* $(,)?;
        $($output:ident: $output_type:ident[$output_len:expr]),* $(,)?
    ) $(-> $verdict:ty)? $body:block)*) => {$(
        $(#[$doc])*
        #[allow(clippy::too_many_arguments)]
        pub fn $name(
            $($group: &$group_type,)?
            $($number: $number_type,)*
            $($input: &[$input_type],)*
            $($output: &mut [$output_type]),*
        ) $(-> $verdict)? {
            $(let _ = $number;)*
            $body
        }

        const _: () = {
            #[allow(clippy::too_many_arguments)]
            #[wasm_bindgen::prelude::wasm_bindgen(js_name = $name)]
            pub fn export($($($part: usize,)*)? $($number: $number_type,)* $($input: u32,)* $($output: u32),*) {
                let pass = || -> Result<(), $crate::door::Refusal> {
                    $(let $group = &$group_type::from_numbers([$($part),*])?;)?
                    $(let mut $output =
                        $crate::door::Output::open::<$output_type>(concat!("kernel ", stringify!($name), ": output ", stringify!($output)), $output, $output_len)?;)*
                    $(let $input =
                        $crate::door::Input::open::<$input_type>(concat!("kernel ", stringify!($name), ": input ", stringify!($input)), $input, $input_len)?;)*
                    let verdict = $name($($group,)? $($number,)* $($input.elements(),)* $($output.elements()),*);
                    $crate::door::Verdict::refusal(verdict)
                };
                if let Err(why) = pass() {
                    $crate::door::fail(&why);
                }
            }
        };
    )*};
}
pub(crate) use kernel;
