/** Writes the email into its frame, whose own policy allows the styles that emails need and no script. */
import type { EditorSettings } from "../../templates/editor-settings.ts";
import type { Example } from "../../templates/preview/examples.ts";
import { EMAIL_VIEWS, previewEmail } from "../../templates/preview/preview-email.ts";
import { fitFrame } from "../fit-frames.ts";

interface Email {
  settings: EditorSettings;
  subject: string;
  body: string;
  examples: readonly Example[];
}

export function showEmail(form: HTMLFormElement, { settings, ...words }: Email): void {
  const frame = form.querySelector<HTMLIFrameElement>(".pp-frame");
  const root = frame?.contentDocument?.documentElement;
  if (!frame || !root || frame.contentDocument?.URL === "about:blank") return; // it is still loading
  const chosen = new FormData(form);
  const view = EMAIL_VIEWS.find((name) => name === chosen.get("as")) ?? "light";
  const hasUnsubscribeLink = chosen.has("hasUnsubscribeLink");
  const { sender, brand } = settings;
  root.innerHTML = previewEmail({ ...words, hasUnsubscribeLink, sender, brand }, view);
  root.lang = "en";
  fitFrame(frame);
}
