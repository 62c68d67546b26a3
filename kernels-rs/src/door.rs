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

use crate::buffers::end_call;
use crate::machine::threads::job_is_open;

/// What did not pass, and why.
pub type Refusal = String;

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

/// Throws a JavaScript Error, which ends the call that runs; natively, panics.
pub fn fail(message: &str) -> ! {
    give_back();
    #[cfg(target_arch = "wasm32")]
    crate::machine::throw::error(message);
    #[cfg(not(target_arch = "wasm32"))]
    panic!("{message}");
}

/// As `fail`, by a RangeError: what was asked for is more than there can be.
pub fn fail_range(message: &str) -> ! {
    give_back();
    #[cfg(target_arch = "wasm32")]
    crate::machine::throw::range_error(message);
    #[cfg(not(target_arch = "wasm32"))]
    panic!("{message}");
}

/// As `fail`, where workers may go on with the call's buffers and frames: they stay lent, and on the stack, for ever.
#[cfg(target_arch = "wasm32")]
pub fn break_off(message: &str) -> ! {
    crate::machine::throw::keep_stack();
    crate::machine::throw::error(message)
}

fn give_back() {
    if !job_is_open() {
        end_call();
    }
}

/// The length of an input that may be left out: in a length, an input's name is its handle.
pub fn optional(handle: u32, len: usize) -> usize {
    if handle == 0 { 0 } else { len }
}

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
                $(let $group = &$crate::door::or_fail($group_type::from_numbers([$($part),*]));)?
                let verdict = $crate::machine::loan::with_loans(stringify!($name), |loans| {
                    $(let $output = loans.write::<$output_type>(stringify!($output), $output, $output_len);)*
                    $(let $input = loans.read::<$input_type>(stringify!($input), $input, $input_len);)*
                    $name($($group,)? $($number,)* $($input,)* $($output),*)
                });
                $crate::door::or_fail($crate::door::Verdict::refusal(verdict));
            }
        };
    )*};
}
pub(crate) use kernel;
