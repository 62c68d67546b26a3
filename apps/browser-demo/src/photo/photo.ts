// The page that tells what is on a photo: dropped, pasted, chosen, or one of the test images.
import { prepareNetwork, recognize } from "../recognition/recognizer.ts";
import { element } from "../shell/element.ts";
import { notice } from "../shell/notice.ts";
import {
  type Picture,
  pictureFile,
  pictureOf,
  sheetAddress,
  type TestImage,
  testImages,
  testPicture,
} from "./pictures.ts";
import { Verdict, withArticle } from "./verdict.ts";

export function mount(root: HTMLElement): () => void {
  const verdict = new Verdict();
  const messages = element("div", { class: "messages" });
  const preview = element("canvas", { class: "preview", width: 1, height: 1, role: "img", hidden: true });
  const invitation = element("p", { class: "invitation" }, "Drop a photo here, or paste one");
  const input = element("input", {
    type: "file",
    accept: "image/*",
    id: "photo-file",
    class: "unseen",
    onchange: () => {
      const [file] = input.files ?? [];
      if (file !== undefined) void show(() => pictureOf(file));
      input.value = "";
    },
  });
  const zone = element(
    "div",
    { class: "zone" },
    preview,
    invitation,
    element("div", { class: "pick" }, input, element("label", { for: input.id, class: "button" }, "Choose a photo")),
  );
  const gallery = element("ul", { class: "gallery", "aria-label": "Test images" });
  const shelf = element(
    "div",
    { class: "shelf stack" },
    messages,
    element("h2", {}, "Or one of the test images"),
    element("p", { class: "quiet" }, "From CIFAR-10's test set, which the network never saw in training."),
    gallery,
  );
  root.append(element("div", { class: "sheet" }, zone, verdict.answer, shelf, verdict.details));

  // The newest picture counts: an older one may be decoded later.
  let newest = 0;
  const show = async (read: () => Promise<Picture>): Promise<void> => {
    const turn = ++newest;
    messages.replaceChildren();
    verdict.wait("Looking …");
    try {
      const picture = await read();
      if (turn !== newest) return;
      showPreview(preview, picture);
      invitation.hidden = true;
      await network;
      const outcome = await recognize("photos", picture.pixels);
      if (turn === newest && outcome.kind === "recognized") verdict.show(outcome);
    } catch (error) {
      if (turn !== newest) return;
      verdict.fail();
      messages.replaceChildren(notice(error instanceof Error ? error.message : String(error)));
    }
  };

  const load = async (): Promise<void> => {
    const ready = await prepareNetwork("photos");
    verdict.ready(ready);
    // A picture that came before the network is being looked at.
    if (newest === 0) verdict.rest();
    gallery.replaceChildren(
      ...testImages.map((image) =>
        element(
          "li",
          {},
          tile(image, ready.classes, (read) => void show(read)),
        ),
      ),
    );
  };
  let network = load();
  const failed = (error: unknown): void => {
    const detail = error instanceof Error ? error.message : String(error);
    verdict.fail();
    const again = () => {
      verdict.wait("Loading the network …");
      messages.replaceChildren();
      network = load();
      network.catch(failed);
    };
    messages.replaceChildren(notice("The network that knows photos could not be loaded.", { detail, again }));
  };
  network.catch(failed);
  return takePictures(root, zone, (file) => void show(() => pictureOf(file)));
}

/** Drops anywhere on the page, and pastes while it is shown. */
function takePictures(root: HTMLElement, zone: HTMLElement, take: (file: File) => void): () => void {
  const shown = () => root.offsetParent !== null;
  const listening = new AbortController();
  const { signal } = listening;
  const over = (event: DragEvent) => {
    if (!shown()) return;
    event.preventDefault();
    zone.classList.add("over");
  };
  const end = () => zone.classList.remove("over");
  document.addEventListener("dragover", over, { signal });
  document.addEventListener("dragleave", (event) => event.relatedTarget === null && end(), { signal });
  document.addEventListener(
    "drop",
    (event) => {
      if (!shown()) return;
      event.preventDefault();
      end();
      const file = pictureFile(event.dataTransfer);
      if (file !== undefined) take(file);
    },
    { signal },
  );
  document.addEventListener(
    "paste",
    (event) => {
      const file = shown() ? pictureFile(event.clipboardData) : undefined;
      if (file !== undefined) take(file);
    },
    { signal },
  );
  return () => listening.abort();
}

function tile(
  image: TestImage,
  classes: readonly string[],
  show: (read: () => Promise<Picture>) => void,
): HTMLButtonElement {
  const name = `Test image: ${withArticle(classes[image.label] ?? "thing")}`;
  const button = element("button", {
    type: "button",
    class: "tile",
    title: name,
    "aria-label": name,
    onclick: () => show(() => testPicture(image, name)),
  });
  button.style.backgroundImage = `url("${sheetAddress}")`;
  button.style.backgroundPosition = `${25 * image.column}% ${(100 / 3) * image.row}%`;
  return button;
}

/** The square in the middle, which is what the network is shown. */
function showPreview(canvas: HTMLCanvasElement, { pixels, name }: Picture): void {
  const side = Math.min(pixels.width, pixels.height);
  [canvas.width, canvas.height] = [side, side];
  const [left, top] = [Math.floor((pixels.width - side) / 2), Math.floor((pixels.height - side) / 2)];
  canvas.getContext("2d")!.putImageData(pixels, -left, -top);
  canvas.classList.toggle("coarse", side < 128);
  canvas.setAttribute("aria-label", name);
  canvas.hidden = false;
}
