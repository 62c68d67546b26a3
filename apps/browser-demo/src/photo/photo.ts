// The page "photo".
import { notice } from "../shell/notice.ts";

export function mount(root: HTMLElement): () => void {
  root.append(notice("This page is being made.", { tone: "calm" }));
  return () => {};
}
