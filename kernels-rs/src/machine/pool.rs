//! The pool: workers of one memory that take chunks of the current job until none is left.
//!
//! The controller (the thread that calls kernels) opens a job, works on it itself, waits for the rest and closes it.
//! `EPOCH` is odd while a job is open. A worker counts itself INSIDE before it looks whether the job is (still) open, and
//! the controller waits for INSIDE = 0 after closing: no worker can hold a job that has ended.

use core::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering::SeqCst};

/// A chunk's work: `(chunk, thread)`.
type Work<'a> = &'a (dyn Fn(usize, usize) + Sync);

static EPOCH: AtomicU32 = AtomicU32::new(0);
static NEXT: AtomicU32 = AtomicU32::new(0);
static FINISHED: AtomicU32 = AtomicU32::new(0);
static INSIDE: AtomicU32 = AtomicU32::new(0);
static CHUNKS: AtomicU32 = AtomicU32::new(0);
/// The two words of the job's `Work`.
static WORK: [AtomicUsize; 2] = [AtomicUsize::new(0), AtomicUsize::new(0)];

static SLEEPERS: AtomicU32 = AtomicU32::new(0);
static CONTROLLER_SLEEPS: AtomicBool = AtomicBool::new(false);
static READY: AtomicU32 = AtomicU32::new(0);
static THREADS: AtomicU32 = AtomicU32::new(1);
static MAY_WAIT: AtomicBool = AtomicBool::new(false);
static WORKER_FAILED: AtomicBool = AtomicBool::new(false);
static DEAD: AtomicBool = AtomicBool::new(false);

/// Turns of a spinning wait before a thread goes to sleep: some 50 µs, longer than the gap between two ops.
const SPINS: u32 = 40_000;
/// Without progress for so long, the pool is dead.
const PATIENCE_MS: f64 = 5_000.0;

pub fn threads() -> usize {
    if DEAD.load(SeqCst) { 1 } else { THREADS.load(SeqCst) as usize }
}

/// Runs `work(chunk, thread)` once for each chunk below `chunks`.
pub fn run(chunks: usize, work: Work) {
    if chunks <= 1 || threads() == 1 {
        (0..chunks).for_each(|chunk| work(chunk, 0));
        return;
    }
    assert!(EPOCH.load(SeqCst) & 1 == 0, "parallel work inside parallel work");
    open(chunks, work);
    take_chunks(work, chunks as u32, 0);
    wait_for_the_rest(chunks as u32);
    EPOCH.fetch_add(1, SeqCst);
    wait_until(|| INSIDE.load(SeqCst) == 0);
}

fn open(chunks: usize, work: Work) {
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

fn take_chunks(work: Work, chunks: u32, thread: usize) {
    loop {
        let chunk = NEXT.fetch_add(1, SeqCst);
        if chunk >= chunks {
            return;
        }
        work(chunk as usize, thread);
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
        let work: Work = unsafe { core::mem::transmute(words) };
        take_chunks(work, CHUNKS.load(SeqCst), thread);
    }
    INSIDE.fetch_sub(1, SeqCst);
}

fn wait_for_the_rest(chunks: u32) {
    wait_until(|| FINISHED.load(SeqCst) == chunks);
}

/// Spins, then sleeps where the controller may; gives the pool up when nothing moves any more.
fn wait_until(done: impl Fn() -> bool) {
    for _ in 0..SPINS {
        if done() {
            return;
        }
        core::hint::spin_loop();
    }
    let mut finished = FINISHED.load(SeqCst);
    let mut since = wait::now();
    while !done() {
        if MAY_WAIT.load(SeqCst) {
            CONTROLLER_SLEEPS.store(true, SeqCst);
            if !done() {
                wait::sleep(&FINISHED, FINISHED.load(SeqCst), 20);
            }
            CONTROLLER_SLEEPS.store(false, SeqCst);
        }
        let now_finished = FINISHED.load(SeqCst);
        if now_finished != finished {
            finished = now_finished;
            since = wait::now();
        }
        if WORKER_FAILED.load(SeqCst) || wait::now() - since > PATIENCE_MS {
            give_up();
        }
    }
}

/// The job's closure and buffers stay where they are for ever: a worker that wakes late finds them, not freed memory.
fn give_up() -> ! {
    DEAD.store(true, SeqCst);
    NEXT.store(u32::MAX / 2, SeqCst);
    crate::door::fail(
        "the thread pool stopped answering (no progress for 5 s, or a worker failed): this operation's result is lost. \
         Later operations run on one thread; explainBackend() says so. Restart the process or page to get the threads back.",
    )
}

/// What the workers and the host do with the pool.
#[cfg(target_arch = "wasm32")]
mod exports {
    use super::*;
    use wasm_bindgen::prelude::*;

    const STOP: u32 = u32::MAX - 1;

    /// A worker's life: returns when the pool is stopped. `thread` counts from 1.
    #[wasm_bindgen]
    pub fn pool_work(thread: usize) {
        READY.fetch_add(1, SeqCst);
        let mut seen = u32::MAX;
        loop {
            let epoch = EPOCH.load(SeqCst);
            if epoch == STOP {
                break;
            }
            if epoch & 1 == 1 && epoch != seen && (thread as u32) < THREADS.load(SeqCst) {
                take_part(thread);
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
        THREADS.store(threads.max(1), SeqCst);
    }

    /// Ends every worker; `pool_ready` falls to 0 when they are gone.
    #[wasm_bindgen]
    pub fn pool_stop() {
        THREADS.store(1, SeqCst);
        EPOCH.store(STOP, SeqCst);
        wait::notify(&EPOCH);
    }

    /// After `pool_stop`, once `pool_ready` is 0: workers may be started again.
    #[wasm_bindgen]
    pub fn pool_reset() {
        EPOCH.store(0, SeqCst);
    }

    /// Said by the host when a worker's script failed: the controller need not wait out its patience.
    #[wasm_bindgen]
    pub fn pool_worker_failed() {
        WORKER_FAILED.store(true, SeqCst);
    }

    #[wasm_bindgen]
    pub fn pool_is_dead() -> bool {
        DEAD.load(SeqCst)
    }

    /// Threads that take part in the next job.
    #[wasm_bindgen]
    pub fn pool_threads() -> u32 {
        threads() as u32
    }
}

#[cfg(target_arch = "wasm32")]
mod wait {
    use core::arch::wasm32::{memory_atomic_notify, memory_atomic_wait32};
    use core::sync::atomic::AtomicU32;
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = performance)]
        pub fn now() -> f64;
    }

    /// Sleeps while `*at == value`, for `timeout_ms` at most (negative: for ever).
    pub fn sleep(at: &AtomicU32, value: u32, timeout_ms: i64) {
        let timeout_ns = if timeout_ms < 0 { -1 } else { timeout_ms * 1_000_000 };
        // SAFETY: the pointer is to a living, aligned atomic of the shared memory.
        unsafe { memory_atomic_wait32(at.as_ptr().cast(), value as i32, timeout_ns) };
    }

    pub fn notify(at: &AtomicU32) {
        // SAFETY: as in `sleep`.
        unsafe { memory_atomic_notify(at.as_ptr().cast(), u32::MAX) };
    }
}

/// Natively there are no workers: `cargo test` runs the chunks one after the other.
#[cfg(not(target_arch = "wasm32"))]
mod wait {
    use core::sync::atomic::AtomicU32;

    pub fn now() -> f64 {
        0.0
    }

    pub fn sleep(_at: &AtomicU32, _value: u32, _timeout_ms: i64) {}

    pub fn notify(_at: &AtomicU32) {}
}
