//! The pool: workers of one memory that take chunks of the current job until none is left.
//!
//! The controller (the thread that calls kernels) opens a job, works on it itself, waits for the rest and closes it.
//! `EPOCH` is odd while a job is open. A worker counts itself INSIDE before it looks whether the job is (still) open, and
//! the controller waits for INSIDE = 0 after closing: no worker can hold a job that has ended.

use super::work::Work;
use super::{throw, wait};
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering::SeqCst};
use wasm_bindgen::prelude::*;

static EPOCH: AtomicU32 = AtomicU32::new(0);
static NEXT: AtomicU32 = AtomicU32::new(0);
static FINISHED: AtomicU32 = AtomicU32::new(0);
static INSIDE: AtomicU32 = AtomicU32::new(0);
static CHUNKS: AtomicU32 = AtomicU32::new(0);
/// The two words of the job's `&dyn Work`.
static WORK: [AtomicUsize; 2] = [AtomicUsize::new(0), AtomicUsize::new(0)];

static SLEEPERS: AtomicU32 = AtomicU32::new(0);
static CONTROLLER_SLEEPS: AtomicBool = AtomicBool::new(false);
static READY: AtomicU32 = AtomicU32::new(0);
static THREADS: AtomicU32 = AtomicU32::new(1);
static MAY_WAIT: AtomicBool = AtomicBool::new(false);
static STOPPING: AtomicBool = AtomicBool::new(false);
static WORKER_FAILED: AtomicBool = AtomicBool::new(false);
static SHARED_CHUNKS: AtomicU32 = AtomicU32::new(0);
static DEAD: AtomicBool = AtomicBool::new(false);

/// Turns of a spinning wait before a thread goes to sleep: some 50 µs and more, longer than the gap between two ops, or
/// between two small inferences.
const SPINS: u32 = 120_000;
/// Without progress for so long, the pool is dead.
const PATIENCE_MS: f64 = 5_000.0;
/// The controller's longest sleep: so often it looks whether a worker has failed.
const NAP_MS: i64 = 20;

pub fn threads() -> usize {
    if DEAD.load(SeqCst) { 1 } else { THREADS.load(SeqCst) as usize }
}

/// Does `work` once on each chunk below `chunks`.
pub fn run(chunks: usize, work: &dyn Work) {
    if chunks > 1 && threads() > 1 && EPOCH.load(SeqCst) & 1 == 1 {
        // A kernel broke off (a trap) and left its job open: its workers cannot be trusted with another one.
        DEAD.store(true, SeqCst);
        throw::keep_stack();
    }
    if chunks <= 1 || threads() == 1 {
        (0..chunks).for_each(|chunk| work.on(chunk, 0));
        return;
    }
    open(chunks, work);
    take_chunks(work, chunks as u32, 0);
    wait_until(&FINISHED, chunks as u32);
    EPOCH.fetch_add(1, SeqCst);
    wait_until(&INSIDE, 0);
}

/// Whether workers may be at work on the call that runs. A dead pool has none but those of the call it died in.
pub fn is_open() -> bool {
    EPOCH.load(SeqCst) & 1 == 1 && !DEAD.load(SeqCst)
}

fn open(chunks: usize, work: &dyn Work) {
    // SAFETY: a `&dyn` is two words; they are put together again in `take_part` while the job is open, and `run` does
    // not return (or unwind: panics abort) before every worker has left the job, so the borrow outlives each use.
    let words: [usize; 2] = unsafe { core::mem::transmute(work) };
    WORK[0].store(words[0], SeqCst);
    WORK[1].store(words[1], SeqCst);
    CHUNKS.store(chunks as u32, SeqCst);
    FINISHED.store(0, SeqCst);
    NEXT.store(0, SeqCst);
    EPOCH.fetch_add(1, SeqCst);
    if SLEEPERS.load(SeqCst) > 0 {
        wait::notify(&EPOCH);
    }
}

fn take_chunks(work: &dyn Work, chunks: u32, thread: usize) {
    loop {
        let chunk = NEXT.fetch_add(1, SeqCst);
        if chunk >= chunks {
            return;
        }
        if thread > 0 {
            SHARED_CHUNKS.fetch_add(1, SeqCst);
        }
        work.on(chunk as usize, thread);
        if FINISHED.fetch_add(1, SeqCst) + 1 == chunks && CONTROLLER_SLEEPS.load(SeqCst) {
            wait::notify(&FINISHED);
        }
    }
}

/// A worker's share in the job that is open, if one is.
fn take_part(thread: usize) {
    INSIDE.fetch_add(1, SeqCst);
    if EPOCH.load(SeqCst) & 1 == 1 {
        let words = [WORK[0].load(SeqCst), WORK[1].load(SeqCst)];
        // SAFETY: the words are those of `open`, written before the epoch became odd; the controller keeps the closure
        // alive until INSIDE is 0.
        let work: &dyn Work = unsafe { core::mem::transmute(words) };
        take_chunks(work, CHUNKS.load(SeqCst), thread);
    }
    if INSIDE.fetch_sub(1, SeqCst) == 1 && CONTROLLER_SLEEPS.load(SeqCst) {
        wait::notify(&INSIDE);
    }
}

/// The controller's wait for `*at == value`: spins, then sleeps where it may; gives the pool up when nothing moves.
fn wait_until(at: &AtomicU32, value: u32) {
    for _ in 0..SPINS {
        if at.load(SeqCst) == value {
            return;
        }
        core::hint::spin_loop();
    }
    let mut last = at.load(SeqCst);
    let mut then = wait::now();
    let mut waited = 0.0;
    while last != value {
        if MAY_WAIT.load(SeqCst) {
            // Either the worker sees that the controller sleeps, or the sleep ends at once because `at` has moved on.
            CONTROLLER_SLEEPS.store(true, SeqCst);
            let current = at.load(SeqCst);
            if current != value {
                wait::sleep(at, current, NAP_MS);
            }
            CONTROLLER_SLEEPS.store(false, SeqCst);
        }
        let current = at.load(SeqCst);
        let now = wait::now();
        // A machine that was suspended must not look like a pool that is dead: one look counts for a second at most.
        waited = if current == last { waited + (now - then).min(1_000.0) } else { 0.0 };
        (last, then) = (current, now);
        if last != value && (WORKER_FAILED.load(SeqCst) || waited > PATIENCE_MS) {
            break_off();
        }
    }
}

/// The job's closure and buffers stay where they are for ever: a worker that wakes late finds them, not freed memory.
fn break_off() -> ! {
    DEAD.store(true, SeqCst);
    NEXT.store(u32::MAX / 2, SeqCst);
    crate::door::break_off(
        "the thread pool stopped answering (no progress for 5 s, or a worker failed): this operation's result is lost. \
         Later operations run on one thread; explainBackend() says so. Restart the process or page to get the threads back.",
    )
}

/// A worker's life: returns when the pool is stopped. Workers are numbered from 1 as they arrive.
#[wasm_bindgen]
pub fn pool_work() {
    let thread = READY.fetch_add(1, SeqCst) + 1;
    let mut seen = 0;
    loop {
        // The epoch is read before the flag, and changed after it: a worker that misses the flag does not fall asleep.
        let epoch = EPOCH.load(SeqCst);
        if STOPPING.load(SeqCst) {
            break;
        }
        if epoch & 1 == 1 && epoch != seen && thread < THREADS.load(SeqCst) {
            take_part(thread as usize);
            seen = epoch;
        }
        rest(epoch);
    }
    READY.fetch_sub(1, SeqCst);
}

/// Until the epoch is no longer `epoch`: spin, then sleep.
fn rest(epoch: u32) {
    for _ in 0..SPINS {
        if EPOCH.load(SeqCst) != epoch {
            return;
        }
        core::hint::spin_loop();
    }
    SLEEPERS.fetch_add(1, SeqCst);
    wait::sleep(&EPOCH, epoch, -1);
    SLEEPERS.fetch_sub(1, SeqCst);
}

/// Workers that have arrived in `pool_work`.
#[wasm_bindgen]
pub fn pool_ready() -> u32 {
    READY.load(SeqCst)
}

/// From now on `threads` threads share the work, the controller among them (1: it works alone).
#[wasm_bindgen]
pub fn pool_use(threads: u32, controller_may_wait: bool) {
    MAY_WAIT.store(controller_may_wait, SeqCst);
    WORKER_FAILED.store(false, SeqCst);
    THREADS.store(threads.max(1), SeqCst);
}

/// Ends every worker; `pool_ready` falls to 0 when they are gone.
#[wasm_bindgen]
pub fn pool_stop() {
    THREADS.store(1, SeqCst);
    STOPPING.store(true, SeqCst);
    EPOCH.fetch_add(2, SeqCst);
    wait::notify(&EPOCH);
}

/// After `pool_stop`, once `pool_ready` is 0: workers may be started again.
#[wasm_bindgen]
pub fn pool_reset() {
    STOPPING.store(false, SeqCst);
}

/// Said by a worker that has failed, before it ends: the controller need not wait out its patience.
#[wasm_bindgen]
pub fn pool_worker_failed() {
    WORKER_FAILED.store(true, SeqCst);
}

/// Said by the controller between two jobs, when it hears that a worker has ended: from now on it works alone.
#[wasm_bindgen]
pub fn pool_give_up() {
    DEAD.store(true, SeqCst);
}

#[wasm_bindgen]
pub fn pool_is_dead() -> bool {
    DEAD.load(SeqCst)
}

/// Chunks that were done by workers, modulo 2³²: whether the threads are at work.
#[wasm_bindgen]
pub fn pool_shared_chunks() -> u32 {
    SHARED_CHUNKS.load(SeqCst)
}

/// Threads that take part in the next job.
#[wasm_bindgen]
pub fn pool_threads() -> u32 {
    threads() as u32
}
