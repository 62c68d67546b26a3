//! The slab behind the integer handles: who owns which memory, which of it is free for reuse.
//!
//! A handle is a generation and a slot. Released memory is kept and handed out again to requests of nearly its size, so a
//! training loop allocates nothing after its second step. Only the controller thread comes here.

use crate::door::{fail, fail_range};
use crate::idle::Idle;
use crate::machine::loan::Kind;
use crate::machine::memory::{Line, view_mut};
use core::cell::RefCell;
use core::mem::{ManuallyDrop, forget, take};

const SLOT_BITS: u32 = 20;
const SLOT_MASK: u32 = (1 << SLOT_BITS) - 1;
const LAST_GENERATION: u32 = (1 << (32 - SLOT_BITS)) - 1;

const LOST: &str = "a call that wrote to it broke off, so what it holds is lost";

/// What the call that runs does with a buffer.
#[derive(Clone, Copy, Default, PartialEq)]
enum Use {
    #[default]
    None,
    Read,
    Written,
    /// Written by a call that died; its workers may write still.
    Lost,
}

#[derive(Default)]
struct Slot {
    generation: u32,
    in_use: bool,
    bytes: usize,
    lines: Box<[Line]>,
    used: Use,
    /// Read by a call that died: its workers may read still, so the memory is never handed out again.
    haunted: bool,
}

pub struct Slab {
    slots: Vec<Slot>,
    free_slots: Vec<u32>,
    idle: Idle,
    /// The call that runs, or died, and the slots lent to it.
    call: &'static str,
    lent: Vec<u32>,
    live_bytes: usize,
    peak_bytes: usize,
    /// Scratch that kernels hold, and the most that buffers and scratch ever had together.
    scratch_bytes: usize,
    most_bytes: usize,
}

thread_local! {
    /// Never dropped: that would cost each access a look whether it still lives.
    static SLAB: ManuallyDrop<RefCell<Slab>> = const { ManuallyDrop::new(RefCell::new(Slab::new())) };
}

/// Works on the slab of the thread that calls kernels. A throw unwinds nothing: none may happen inside.
fn with_slab<R>(work: impl FnOnce(&mut Slab) -> R) -> R {
    SLAB.with(|slab| work(&mut slab.borrow_mut()))
}

impl Slab {
    const fn new() -> Slab {
        Slab {
            slots: Vec::new(),
            free_slots: Vec::new(),
            idle: Idle::new(),
            call: "",
            lent: Vec::new(),
            live_bytes: 0,
            peak_bytes: 0,
            scratch_bytes: 0,
            most_bytes: 0,
        }
    }

    fn slot(&mut self, handle: u32) -> Result<&mut Slot, String> {
        let (index, generation) = (handle & SLOT_MASK, handle >> SLOT_BITS);
        match self.slots.get_mut(index as usize) {
            Some(slot) if slot.in_use && slot.generation == generation => Ok(slot),
            _ => Err(format!("handle {handle:#x} names no living buffer: it was released, or never made")),
        }
    }

    /// A new buffer of `bytes` bytes, its contents unspecified.
    pub fn alloc(&mut self, bytes: usize) -> Result<u32, String> {
        let lines = self.lines(bytes.div_ceil(Line::BYTES).max(1)).map_err(|()| self.out_of_memory(bytes))?;
        let index = match self.free_slots.pop() {
            Some(index) => index,
            None if self.slots.len() >= SLOT_MASK as usize => {
                return Err(format!("more than {SLOT_MASK} buffers alive: release some, or keep fewer tensors"));
            }
            None => {
                self.slots.push(Slot::default());
                self.slots.len() as u32 - 1
            }
        };
        let slot = &mut self.slots[index as usize];
        // Handle 0 stands for "none", so generations start at 1.
        slot.generation = if slot.generation == LAST_GENERATION { 1 } else { slot.generation + 1 };
        slot.in_use = true;
        slot.bytes = bytes;
        slot.lines = lines;
        (slot.used, slot.haunted) = (Use::None, false);
        self.live_bytes += bytes;
        self.peak_bytes = self.peak_bytes.max(self.live_bytes);
        self.most_bytes = self.most_bytes.max(self.live_bytes + self.scratch_bytes);
        Ok(slot.generation << SLOT_BITS | index)
    }

    pub fn free(&mut self, handle: u32) -> Result<(), String> {
        let slot = self.slot(handle)?;
        let (bytes, lines) = (slot.bytes, take(&mut slot.lines));
        let reached = slot.haunted || slot.used != Use::None;
        slot.in_use = false;
        self.free_slots.push(handle & SLOT_MASK);
        self.live_bytes -= bytes;
        if reached {
            forget(lines)
        } else {
            self.recycle(lines)
        }
        Ok(())
    }

    /// Memory of at least `count` lines: idle memory of nearly that size, else new.
    fn lines(&mut self, count: usize) -> Result<Box<[Line]>, ()> {
        if let Some(lines) = self.idle.take(count) {
            return Ok(lines);
        }
        new_lines(count).or_else(|()| {
            self.idle.clear();
            new_lines(count)
        })
    }

    /// Memory for a kernel's own use, until `take_back`.
    fn lend(&mut self, count: usize) -> Result<Box<[Line]>, ()> {
        let lines = self.lines(count)?;
        self.scratch_bytes += lines.len() * Line::BYTES;
        self.most_bytes = self.most_bytes.max(self.live_bytes + self.scratch_bytes);
        Ok(lines)
    }

    fn take_back(&mut self, lines: Box<[Line]>) {
        self.scratch_bytes -= lines.len() * Line::BYTES;
        self.recycle(lines);
    }

    /// Keeps released memory for reuse, up to a quarter more than what was ever in use at once.
    fn recycle(&mut self, lines: Box<[Line]>) {
        const ALWAYS_KEPT: usize = 64 << 20;
        let limit = ALWAYS_KEPT.max(self.most_bytes + self.most_bytes / 4);
        self.idle.keep(lines, limit);
    }

    fn out_of_memory(&self, bytes: usize) -> String {
        format!(
            "out of memory: {bytes} bytes asked for, {} bytes alive in {} buffers. Use a smaller batch or model, or give \
             init() a larger maximumMemoryBytes",
            self.live_bytes,
            self.live_buffers()
        )
    }

    pub fn live_buffers(&self) -> usize {
        self.slots.len() - self.free_slots.len()
    }

    pub fn pooled_bytes(&self) -> usize {
        self.idle.bytes()
    }

    /// The address of a buffer of exactly `bytes` bytes, for the host to copy from or to before the next call.
    pub fn address(&mut self, handle: u32, bytes: usize) -> Result<usize, String> {
        let slot = self.slot(handle)?;
        if slot.bytes != bytes {
            return Err(format!("buffer {handle:#x} has {} bytes, expected {bytes}", slot.bytes));
        }
        if matches!(slot.used, Use::Written | Use::Lost) {
            // Between two calls nothing is being written: the one that did never ended.
            return Err(format!("buffer {handle:#x}: {LOST}"));
        }
        Ok(slot.lines.as_ptr() as usize)
    }

    /// A call begins. One that never ended has died: what it had may be in use by its workers for ever.
    fn begin(&mut self, call: &'static str) {
        while let Some(index) = self.lent.pop() {
            let slot = &mut self.slots[index as usize];
            slot.haunted = true;
            slot.used = if slot.used == Use::Written { Use::Lost } else { Use::None };
        }
        self.call = call;
    }

    fn end(&mut self) {
        while let Some(index) = self.lent.pop() {
            self.slots[index as usize].used = Use::None;
        }
    }

    /// Lends a buffer of `len` elements to the call: what is written can be neither read nor written by another kind.
    fn lend_buffer(&mut self, kind: &Kind, handle: u32, len: usize) -> Result<*mut Line, String> {
        if handle == 0 && len == 0 {
            return Ok(core::ptr::dangling_mut());
        }
        let slot = self.slot(handle)?;
        match (slot.used, kind.written) {
            (Use::None, _) | (Use::Read, false) => {}
            (Use::Lost, _) => return Err(LOST.into()),
            (_, true) => return Err("is an output of the same call twice".into()),
            (_, false) => return Err("is also an output of the same call".into()),
        }
        if len.checked_mul(kind.size) != Some(slot.bytes) {
            return Err(format!("{} bytes came, expected {len} elements of {}", slot.bytes, kind.element));
        }
        slot.used = if kind.written { Use::Written } else { Use::Read };
        let start = slot.lines.as_mut_ptr();
        self.lent.push(handle & SLOT_MASK);
        Ok(start)
    }
}

/// A call begins, by which `lend` names itself in errors.
#[inline(never)]
pub fn begin_call(call: &'static str) {
    with_slab(|slab| slab.begin(call));
}

/// A call ends: what was lent to it is everybody's again.
#[inline(never)]
pub fn end_call() {
    with_slab(Slab::end);
}

/// The address of the buffer, whose length is exactly `len`; it stays, and is lent to nobody else to write, until the call
/// ends. Throws where that cannot be; `name` is what the kernel calls it.
#[inline(never)]
pub fn lend(name: &'static str, kind: &'static Kind, handle: u32, len: usize) -> *mut Line {
    with_slab(|slab| slab.lend_buffer(kind, handle, len).map_err(|why| (slab.call, why))).unwrap_or_else(
        |(call, why)| {
            let way = if kind.written { "output" } else { "input" };
            fail(&format!("kernel {call}: {way} {name}: {why}"))
        },
    )
}

fn new_lines(count: usize) -> Result<Box<[Line]>, ()> {
    let mut lines = Vec::new();
    lines.try_reserve_exact(count).map_err(|_| ())?;
    lines.resize(count, Line::ZERO);
    Ok(lines.into_boxed_slice())
}

/// Runs `work` with `len` f32 of scratch memory, its contents unspecified.
pub fn with_scratch<R>(len: usize, work: impl FnOnce(&mut [f32]) -> R) -> R {
    let mut lines = scratch(len.div_ceil(Line::BYTES / size_of::<f32>()).max(1));
    let result = work(view_mut(&mut lines, len));
    return_scratch(lines);
    result
}

#[inline(never)]
fn scratch(count: usize) -> Box<[Line]> {
    let lines = with_slab(|slab| slab.lend(count).map_err(|()| slab.out_of_memory(count.saturating_mul(Line::BYTES))));
    lines.unwrap_or_else(|message| fail_range(&message))
}

#[inline(never)]
fn return_scratch(lines: Box<[Line]>) {
    with_slab(|slab| slab.take_back(lines));
}

#[cfg(target_arch = "wasm32")]
mod exports {
    use super::with_slab;
    use crate::door::{fail_range, or_fail};
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    pub fn alloc(bytes: usize) -> u32 {
        with_slab(|slab| slab.alloc(bytes)).unwrap_or_else(|message| fail_range(&message))
    }

    #[wasm_bindgen]
    pub fn free(handle: u32) {
        or_fail(with_slab(|slab| slab.free(handle)))
    }

    #[wasm_bindgen]
    pub fn buffer_address(handle: u32, bytes: usize) -> usize {
        or_fail(with_slab(|slab| slab.address(handle, bytes)))
    }

    #[wasm_bindgen]
    pub fn live_buffers() -> usize {
        with_slab(|slab| slab.live_buffers())
    }

    #[wasm_bindgen]
    pub fn live_bytes() -> usize {
        with_slab(|slab| slab.live_bytes)
    }

    #[wasm_bindgen]
    pub fn pooled_bytes() -> usize {
        with_slab(|slab| slab.pooled_bytes())
    }

    /// The most bytes that were ever alive at once.
    #[wasm_bindgen]
    pub fn peak_bytes() -> usize {
        with_slab(|slab| slab.peak_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_released_handle_is_refused_even_when_its_slot_lives_again() {
        let mut slab = Slab::new();
        let old = slab.alloc(64).unwrap();
        slab.free(old).unwrap();
        let new = slab.alloc(64).unwrap();
        assert_eq!(old & SLOT_MASK, new & SLOT_MASK);
        assert_ne!(old, new);
        assert!(slab.address(old, 64).is_err() && slab.free(old).is_err() && slab.address(new, 64).is_ok());
    }

    #[test]
    fn released_memory_serves_the_next_request_of_its_size() {
        let mut slab = Slab::new();
        let first = slab.alloc(1000).unwrap();
        let address = slab.address(first, 1000).unwrap();
        slab.free(first).unwrap();
        assert_eq!(slab.pooled_bytes(), 1024);
        let second = slab.alloc(1000).unwrap();
        assert_eq!(slab.address(second, 1000).unwrap(), address);
        assert_eq!((slab.pooled_bytes(), slab.live_bytes, slab.live_buffers()), (0, 1000, 1));
    }

    const READ: &Kind = Kind::of::<f32>(false);
    const WRITTEN: &Kind = Kind::of::<f32>(true);

    #[test]
    fn an_output_cannot_be_an_input_or_an_output_again() {
        let mut slab = Slab::new();
        let handle = slab.alloc(4).unwrap();
        slab.begin("first");
        let address = slab.lend_buffer(WRITTEN, handle, 1).unwrap();
        assert!(slab.lend_buffer(READ, handle, 1).unwrap_err().contains("also an output"));
        assert!(slab.lend_buffer(WRITTEN, handle, 1).unwrap_err().contains("output of the same call twice"));
        slab.end();
        assert_eq!(address as usize, slab.address(handle, 4).unwrap());
        slab.begin("second");
        assert!(slab.lend_buffer(READ, handle, 1).is_ok() && slab.lend_buffer(READ, handle, 1).is_ok());
        assert!(slab.lend_buffer(READ, handle, 2).unwrap_err().contains("4 bytes came, expected 2 elements of f32"));
    }

    #[test]
    fn what_a_call_that_died_had_is_kept_and_what_it_wrote_is_refused() {
        let mut slab = Slab::new();
        let (x, y) = (slab.alloc(64).unwrap(), slab.alloc(64).unwrap());
        slab.begin("dies");
        assert!(slab.lend_buffer(WRITTEN, y, 16).is_ok() && slab.lend_buffer(READ, x, 16).is_ok());
        assert!(slab.address(y, 64).unwrap_err().contains("broke off") && slab.address(x, 64).is_ok());
        slab.begin("next");
        assert!(slab.address(y, 64).unwrap_err().contains("broke off"));
        assert!(slab.lend_buffer(READ, y, 16).unwrap_err().contains("broke off"));
        assert!(slab.lend_buffer(WRITTEN, x, 16).is_ok());
        slab.end();
        slab.free(x).unwrap();
        slab.free(y).unwrap();
        assert_eq!(slab.pooled_bytes(), 0);
    }

    #[test]
    fn a_size_that_cannot_be_had_is_an_error_that_names_it() {
        let error = Slab::new().alloc(usize::MAX / 2).unwrap_err();
        assert!(error.contains(&(usize::MAX / 2).to_string()), "{error}");
    }
}
