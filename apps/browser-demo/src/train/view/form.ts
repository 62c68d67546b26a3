// The form of the hyper-parameters: labelled fields with their ranges below, and words where a text is none of a setting.
import { element } from "../../shell/element.ts";
import {
  countParameters,
  DEFAULT_RATES,
  DEFAULT_TEXT,
  FIELDS,
  type FieldName,
  type FormText,
  fieldsOf,
  type OptimizerKind,
  type Problems,
  readSettings,
  type TextFieldName,
  type TrainingSettings,
} from "../settings.ts";

const NETWORK_NAMES = { mlp: "MLP", cnn: "CNN" } as const;
const OPTIMIZER_NAMES = { sgd: "SGD", adam: "Adam", adamw: "AdamW" } as const;
const TEXT_FIELDS = Object.keys(FIELDS) as TextFieldName[];

interface Field {
  readonly box: HTMLElement;
  readonly input: HTMLInputElement;
  readonly problem: HTMLElement;
}

export class SettingsForm {
  readonly element: HTMLFormElement;
  readonly #fieldset = element("fieldset", { class: "settings" }, element("legend", { class: "unseen" }, "Settings"));
  readonly #networks = new Map<string, HTMLInputElement>();
  readonly #optimizer = element("select", { id: "train-optimizer" });
  readonly #fields = new Map<TextFieldName, Field>();
  readonly #weights = element("p", { class: "quiet weights" });

  /** @param actions what stands below the fields; one of them submits */
  constructor(actions: HTMLElement, submit: (settings: TrainingSettings) => void) {
    this.element = element(
      "form",
      {
        class: "card stack",
        "aria-label": "Training",
        novalidate: true,
        onsubmit: (event: SubmitEvent) => {
          event.preventDefault();
          const settings = this.read();
          if (settings !== null) submit(settings);
        },
        onchange: () => this.#follow(),
      },
      this.#fieldset,
      actions,
    );
    for (const [value, name] of Object.entries(OPTIMIZER_NAMES)) {
      this.#optimizer.append(element("option", { value }, name));
    }
    this.#optimizer.addEventListener("change", () => this.#proposeRate());
    for (const name of TEXT_FIELDS) this.#fields.set(name, this.#field(name));
    const box = (name: TextFieldName): HTMLElement => this.#fields.get(name)!.box;
    this.#fieldset.append(
      this.#networkChoice(),
      box("hidden"),
      box("channels"),
      this.#weights,
      element("div", { class: "field" }, element("label", { for: "train-optimizer" }, "Optimizer"), this.#optimizer),
      ...(["lr", "momentum", "batchSize", "epochs", "seed"] as const).map(box),
    );
    this.text = DEFAULT_TEXT;
  }

  get text(): FormText {
    const network = [...this.#networks].find(([, input]) => input.checked)?.[0] ?? "";
    const texts = [...this.#fields].map(([name, { input }]) => [name, input.value] as const);
    return { ...DEFAULT_TEXT, ...Object.fromEntries(texts), network, optimizer: this.#optimizer.value };
  }

  set text(text: FormText) {
    for (const [value, input] of this.#networks) input.checked = value === text.network;
    this.#optimizer.value = text.optimizer;
    for (const [name, { input }] of this.#fields) input.value = text[name];
    this.#show(new Map());
    this.#follow();
  }

  set disabled(disabled: boolean) {
    this.#fieldset.disabled = disabled;
  }

  /** The settings; or null, with words at each field that is wrong and the focus in the first of them. */
  read(): TrainingSettings | null {
    const came = readSettings(this.text);
    this.#show("problems" in came ? came.problems : new Map());
    if ("settings" in came) return came.settings;
    const [first] = came.problems.keys();
    this.#fields.get(first as TextFieldName)?.input.focus();
    return null;
  }

  #networkChoice(): HTMLElement {
    const choices = Object.entries(NETWORK_NAMES).map(([value, name]) => {
      const input = element("input", { type: "radio", name: "train-network", value });
      this.#networks.set(value, input);
      return element("label", {}, input, name);
    });
    const group = element("div", { class: "segments" }, ...choices);
    return element("fieldset", { class: "field whole" }, element("legend", {}, "Network"), group);
  }

  #field(name: TextFieldName): Field {
    const { label, hint, keyboard } = FIELDS[name];
    const id = `train-${name}`;
    const input = element("input", {
      type: "text",
      id,
      inputmode: keyboard,
      autocomplete: "off",
      spellcheck: "false",
      "aria-describedby": `${id}-hint ${id}-problem`,
      onchange: () => this.#check(name),
    });
    const problem = element("p", { class: "problem", id: `${id}-problem`, hidden: true });
    const about = element("p", { class: "hint", id: `${id}-hint` }, hint);
    const whole = name === "hidden" || name === "channels" ? " whole" : "";
    const box = element("div", { class: `field${whole}` }, element("label", { for: id }, label), input, problem, about);
    return { box, input, problem };
  }

  /** A text is looked at when its field is left, and again at the start. */
  #check(name: TextFieldName): void {
    const came = readSettings(this.text);
    const words = "problems" in came ? came.problems.get(name) : undefined;
    this.#showAt(name, words);
  }

  #show(problems: Problems): void {
    for (const name of TEXT_FIELDS) this.#showAt(name, problems.get(name as FieldName));
  }

  #showAt(name: TextFieldName, words: string | undefined): void {
    const { input, problem } = this.#fields.get(name)!;
    problem.hidden = words === undefined;
    problem.textContent = words ?? "";
    if (words === undefined) input.removeAttribute("aria-invalid");
    else input.setAttribute("aria-invalid", "true");
  }

  /** Shows the fields that count with what is chosen, and how many weights that makes. */
  #follow(): void {
    const { text } = this;
    const counting = fieldsOf(text as { network: string; optimizer: string });
    for (const [name, { box }] of this.#fields) box.hidden = !counting.includes(name);
    const came = readSettings(otherwise(text));
    this.#weights.textContent =
      "settings" in came ? `${countParameters(came.settings).toLocaleString("en")} weights and biases` : "";
  }

  /** Another optimizer wants another rate; one that somebody wrote stays. */
  #proposeRate(): void {
    const { input } = this.#fields.get("lr")!;
    if (!Object.values(DEFAULT_RATES).includes(input.value.trim())) return;
    input.value = DEFAULT_RATES[this.#optimizer.value as OptimizerKind];
    this.#check("lr");
  }
}

/** Whatever else is wrong does not keep the weights from being counted. */
function otherwise({ hidden, channels, network, optimizer }: FormText): FormText {
  return { ...DEFAULT_TEXT, hidden, channels, network, optimizer };
}
