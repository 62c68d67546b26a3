// The page "train": its parts, and what each change of the training does to them.
import { element } from "../shell/element.ts";
import { notice } from "../shell/notice.ts";
import { textOf } from "./settings.ts";
import { Trainer, type TrainerState } from "./trainer.ts";
import { Announcer } from "./view/announcer.ts";
import { Controls } from "./view/controls.ts";
import { SettingsForm } from "./view/form.ts";
import { KeptView } from "./view/kept-run.ts";
import { ModelView } from "./view/model-file.ts";
import { ProgressView, statusOf } from "./view/progress.ts";
import { loss, percent } from "./view/words.ts";

const newWorker = (): Worker => new Worker(new URL("./train-worker.ts", import.meta.url), { type: "module" });

export function mount(root: HTMLElement): () => void {
  const trainer = new Trainer(newWorker);
  const announcer = new Announcer();
  const controls = new Controls({
    pause: () => void trainer.pause(),
    resume: () => void trainer.resume(),
    stop: () => void trainer.stop(),
  });
  const problems = element("div", { class: "problems" });
  const form = new SettingsForm(controls.element, (settings) => void trainer.start(settings));
  const kept = new KeptView({ goOn: () => void trainer.goOn(), forget: () => void trainer.forget() });
  const progress = new ProgressView();
  const model = new ModelView({
    file: (format) => trainer.file(format),
    python: () => trainer.python(),
    async load(file) {
      const settings = form.read();
      if (settings === null) return trainer.tell("Mend the settings first; the file comes after.");
      const shape = await trainer.load(file, settings);
      if (shape !== null) form.text = textOf({ ...settings, ...shape }, form.text);
    },
    unload: () => trainer.unload(),
    tell: (problem) => trainer.tell(problem),
  });
  const left = element("div", { class: "stack" }, form.element);
  root.append(
    announcer.element,
    kept.element,
    element(
      "div",
      { class: "two" },
      left,
      element("div", { class: "stack" }, problems, progress.element, model.element),
    ),
  );

  /** Who reloads or closes the page while it trains is asked first. */
  const ask = (event: BeforeUnloadEvent): void => {
    if (trainer.busy) event.preventDefault();
  };
  addEventListener("beforeunload", ask);

  let before = trainer.state;
  const show = (state: TrainerState): void => {
    const focused = root.contains(document.activeElement) ? document.activeElement : null;
    form.disabled = trainer.busy;
    controls.show(state.phase, state.loaded !== null);
    kept.show(state);
    progress.show(state);
    model.show(state);
    if (state.problem !== before.problem) {
      problems.replaceChildren(...(state.problem === null ? [] : [notice(state.problem)]));
    }
    if (state.settings !== before.settings && state.settings !== null) form.text = textOf(state.settings, form.text);
    announce(announcer, before, state);
    if (state.phase === "preparing" && before.phase !== "preparing") showBoth(controls.element, progress.element);
    // Who uses the keyboard goes on where something can be done, not at the top of the page.
    if (focused !== null && (focused.matches(":disabled") || focused.closest("[hidden]") !== null)) controls.focus();
    before = state;
  };
  show(before);
  const stop = trainer.listen(show);
  void trainer.findKept();
  return () => {
    stop();
    removeEventListener("beforeunload", ask);
    progress.end();
    trainer.end();
  };
}

/** On a phone the curves are below: who starts a training sees them and the buttons then. */
function showBoth(controls: HTMLElement, progress: HTMLElement): void {
  if (progress.getBoundingClientRect().top <= innerHeight / 2) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  controls.scrollIntoView({ behavior: calm ? "instant" : "smooth" });
}

function announce(announcer: Announcer, before: TrainerState, state: TrainerState): void {
  const last = state.history.at(-1);
  if (state.phase !== before.phase) announcer.say(`${statusOf(state)}.`);
  else if (state.history !== before.history && last !== undefined) {
    const { epoch, metrics } = last;
    announcer.sayFigures(
      `Epoch ${epoch}: held-out error ${percent(metrics.heldOutError)}, loss ${loss(metrics.heldOutLoss)}.`,
    );
  }
}
