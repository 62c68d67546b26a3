// Shows running steps: lines that redraw themselves at a terminal, one line an event elsewhere.
export const duration = (ms) => {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
};

/** How far a line of cargo's or pnpm's output says that the work has come: "3/120" gives 0.025. */
export function fractionIn(line) {
  const counted = /(?:^|[\s\]])(\d+)\/(\d+)(?:[\s:,]|$)/.exec(line);
  if (counted && Number(counted[2]) > 0) return Math.min(1, Number(counted[1]) / Number(counted[2]));
  const percent = /(?:^|\s)(\d{1,3})(?:\.\d+)? ?%/.exec(line);
  return percent ? Math.min(1, Number(percent[1]) / 100) : undefined;
}

const bar = (fraction, width = 12) => {
  if (fraction === undefined) return " ".repeat(width + 2);
  const full = Math.round(fraction * width);
  return `[${"=".repeat(full)}${" ".repeat(width - full)}]`;
};

const heartbeatMs = 30_000;

/**
 * To stderr, so that a program's own stdout can be piped on even where the machine had to be set up first; `now` gives
 * milliseconds.
 */
export function createProgress({ out = process.stderr, now = () => performance.now() } = {}) {
  const live = Boolean(out.isTTY) && !process.env.CI;
  const running = new Map();
  let drawn = 0;
  let timer;

  const clear = () => {
    if (drawn) out.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = () => {
    clear();
    const width = (out.columns ?? 80) - 1;
    for (const [title, step] of running) {
      const line = `  ${duration(now() - step.began).padStart(12)} ${bar(step.fraction)} ${title}  ${step.last}`;
      out.write(`${line.slice(0, width)}\n`);
      drawn += 1;
    }
  };
  const say = (line) => {
    if (live) clear();
    out.write(`${line}\n`);
    if (live) draw();
  };
  const beat = () => {
    if (live) return draw();
    for (const [title, step] of running) {
      if (now() - step.spoke < heartbeatMs) continue;
      step.spoke = now();
      say(`  ${duration(now() - step.began).padStart(12)}   ${title} goes on: ${step.last}`.trimEnd());
    }
  };

  return {
    say,
    begin(title) {
      running.set(title, { began: now(), spoke: now(), last: "", fraction: undefined });
      if (!live) say(`${" ".repeat(14)}   ${title} ...`);
      timer ??= setInterval(beat, live ? 120 : 1000);
    },
    hear(title, line) {
      const step = running.get(title);
      if (!step) return;
      step.fraction = fractionIn(line) ?? step.fraction;
      // The margins of a compiler's messages say nothing about progress.
      if (!/^\s*(\||=|-->)/.test(line)) step.last = line.trim();
    },
    end(title, mark, note = "") {
      const step = running.get(title);
      running.delete(title);
      say(`  ${duration(now() - step.began).padStart(12)} ${mark} ${title}${note && `: ${note}`}`);
      if (running.size === 0) this.stop();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
      if (live) clear();
    },
  };
}
