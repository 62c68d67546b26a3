//! The slab behind the integer handles: who owns which memory, which of it is free for reuse.
//!
//! A handle is a generation and a slot. Released memory is kept and handed out again to requests of nearly its size, so a
//! training loop allocates nothing after its second step. Only the controller thread comes here.

use crate::idle::Idle;
use crate::machine::memory::{Element, Line, view, view_mut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const SLOT_BITS: u32 = 20;
const SLOT_MASK: u32 = (1 << SLOT_BITS) - 1;
const LAST_GENERATION: u32 = (1 << (32 - SLOT_BITS)) - 1;

/// A buffer's memory, and how many bytes of it are in use.
pub struct Block {
    lines: Box<[Line]>,
    bytes: usize,
}

impl Block {
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn elements<T: Element>(&self) -> &[T] {
        view(&self.lines, self.bytes / size_of::<T>())
    }

    pub fn elements_mut<T: Element>(&mut self) -> &mut [T] {
        view_mut(&mut self.lines, self.bytes / size_of::<T>())
    }
}

#[derive(Default)]
struct Slot {
    generation: u32,
    in_use: bool,
    bytes: usize,
    /// None while free, while a kernel writes to it, and after one that did so has died.
    block: Option<Arc<Block>>,
}

pub struct Slab {
    slots: Vec<Slot>,
    free_slots: Vec<u32>,
    idle: Idle,
    live_bytes: usize,
    peak_bytes: usize,
    /// Scratch that kernels hold, and the most that buffers and scratch ever had together.
    scratch_bytes: usize,
    most_bytes: usize,
}

static SLAB: Mutex<Slab> = Mutex::new(Slab::new());

/// The slab. Uncontended by design: workers never ask for it.
pub fn slab() -> MutexGuard<'static, Slab> {
    SLAB.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Slab {
    const fn new() -> Slab {
        Slab {
            slots: Vec::new(),
            free_slots: Vec::new(),
            idle: Idle::new(),
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
        slot.block = Some(Arc::new(Block { lines, bytes }));
        self.live_bytes += bytes;
        self.peak_bytes = self.peak_bytes.max(self.live_bytes);
        self.most_bytes = self.most_bytes.max(self.live_bytes + self.scratch_bytes);
        Ok(slot.generation << SLOT_BITS | index)
    }

    pub fn free(&mut self, handle: u32) -> Result<(), String> {
        let slot = self.slot(handle)?;
        let (bytes, block) = (slot.bytes, slot.block.take());
        slot.in_use = false;
        self.free_slots.push(handle & SLOT_MASK);
        self.live_bytes -= bytes;
        if let Some(Ok(block)) = block.map(Arc::try_unwrap) {
            self.recycle(block.lines);
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

    pub fn live_bytes(&self) -> usize {
        self.live_bytes
    }

    pub fn pooled_bytes(&self) -> usize {
        self.idle.bytes()
    }

    pub fn peak_bytes(&self) -> usize {
        self.peak_bytes
    }

    /// The address of a buffer of exactly `bytes` bytes, for the host to copy from or to before the next call.
    pub fn address(&mut self, handle: u32, bytes: usize) -> Result<usize, String> {
        let block = self.shared(handle)?;
        if block.bytes != bytes {
            return Err(format!("buffer {handle:#x} has {} bytes, expected {bytes}", block.bytes));
        }
        Ok(block.lines.as_ptr() as usize)
    }

    /// A buffer to read.
    pub fn shared(&mut self, handle: u32) -> Result<Arc<Block>, String> {
        self.slot(handle)?.block.clone().ok_or_else(|| "is also an output of the same call".into())
    }

    /// A buffer to write: out of the slab until `give_back`, so that nothing else can reach it.
    pub fn take(&mut self, handle: u32) -> Result<Arc<Block>, String> {
        self.slot(handle)?.block.take().ok_or_else(|| "is an output of the same call twice".into())
    }

    pub fn give_back(&mut self, handle: u32, block: Arc<Block>) {
        if let Ok(slot) = self.slot(handle) {
            slot.block = Some(block);
        }
    }
}

fn new_lines(count: usize) -> Result<Box<[Line]>, ()> {
    let mut lines = Vec::new();
    lines.try_reserve_exact(count).map_err(|_| ())?;
    lines.resize(count, Line::ZERO);
    Ok(lines.into_boxed_slice())
}

/// Runs `work` with `len` f32 of scratch memory, its contents unspecified.
pub fn with_scratch<R>(len: usize, work: impl FnOnce(&mut [f32]) -> R) -> R {
    let lines = slab().lend((len * size_of::<f32>()).div_ceil(Line::BYTES).max(1));
    let Ok(mut lines) = lines else {
        let message = slab().out_of_memory(len * size_of::<f32>());
        crate::door::fail_range(&message)
    };
    let result = work(view_mut(&mut lines, len));
    slab().take_back(lines);
    result
}

#[cfg(target_arch = "wasm32")]
mod exports {
    use super::slab;
    use crate::door::{fail_range, or_fail};
    use wasm_bindgen::prelude::*;

    // A throw unwinds nothing: each statement below must have let go of the slab before it.

    #[wasm_bindgen]
    pub fn alloc(bytes: usize) -> u32 {
        let handle = slab().alloc(bytes);
        handle.unwrap_or_else(|message| fail_range(&message))
    }

    #[wasm_bindgen]
    pub fn free(handle: u32) {
        let freed = slab().free(handle);
        or_fail(freed)
    }

    #[wasm_bindgen]
    pub fn buffer_address(handle: u32, bytes: usize) -> usize {
        let address = slab().address(handle, bytes);
        or_fail(address)
    }

    #[wasm_bindgen]
    pub fn live_buffers() -> usize {
        slab().live_buffers()
    }

    #[wasm_bindgen]
    pub fn live_bytes() -> usize {
        slab().live_bytes()
    }

    #[wasm_bindgen]
    pub fn pooled_bytes() -> usize {
        slab().pooled_bytes()
    }

    /// The most bytes that were ever alive at once.
    #[wasm_bindgen]
    pub fn peak_bytes() -> usize {
        slab().peak_bytes()
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
        assert!(slab.shared(old).is_err() && slab.free(old).is_err() && slab.shared(new).is_ok());
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
        assert_eq!((slab.pooled_bytes(), slab.live_bytes(), slab.live_buffers()), (0, 1000, 1));
    }

    #[test]
    fn an_output_cannot_be_an_input_or_an_output_again() {
        let mut slab = Slab::new();
        let handle = slab.alloc(4).unwrap();
        let block = slab.take(handle).unwrap();
        assert!(slab.shared(handle).is_err() && slab.take(handle).is_err());
        slab.give_back(handle, block);
        assert!(slab.shared(handle).is_ok());
    }

    #[test]
    fn a_size_that_cannot_be_had_is_an_error_that_names_it() {
        let error = Slab::new().alloc(usize::MAX / 2).unwrap_err();
        assert!(error.contains(&(usize::MAX / 2).to_string()), "{error}");
    }
}
