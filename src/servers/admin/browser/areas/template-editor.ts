/** The editor of templates: what recipients will see and what it costs, at every keystroke, and a draft that is kept. */
import type { Text } from "../../catalogue/text.ts";
import { wording } from "../../catalogue/wording.ts";
import type { EditorSettings } from "../../templates/editor-settings.ts";
import { examplesFor, namesIn } from "../../templates/preview/examples.ts";
import { keepDrafts } from "../editor/drafts.ts";
import { readExamples, showExamples } from "../editor/example-fields.ts";
import { highlight } from "../editor/highlight.ts";
import { letterPreview } from "../editor/letter-preview.ts";
import { showChat } from "../editor/show-chat.ts";
import { showEmail } from "../editor/show-email.ts";
import { showText } from "../editor/show-text.ts";

const form = document.querySelector<HTMLFormElement>("#template-editor");
if (form) start(form, JSON.parse(form.dataset["settings"] ?? "") as EditorSettings);

function start(form: HTMLFormElement, settings: EditorSettings): void {
  const text = wording(settings.texts, settings.locale) as Text;
  const body = field(form, "body");
  const showLetter = settings.channel === "letter" ? letterPreview(form, settings) : undefined;
  const show = () => {
    const hasSubject = settings.channel === "email" || settings.channel === "letter";
    const subject = hasSubject ? field(form, "subject").value : undefined;
    const names = namesIn({ subject, body: body.value, ...letterWords(form) });
    showExamples(examplesFor(names, readExamples(), settings.fileNames));
    const examples = readExamples();
    if (showLetter) showLetter();
    else if (subject !== undefined) showEmail(form, { settings, subject, body: body.value, examples });
    else if (settings.channel === "chat") showChat(body.value, examples);
    else showText({ settings, body: body.value, examples, text });
  };
  highlight(body);
  if (showLetter) highlight(field(form, "welshBody"));
  onEachFrame(form, show);
  frameOf(form)?.addEventListener("load", show);
  keepDrafts(form, settings, text);
  takeOffersOf(form, body);
  show();
}

function field(form: HTMLFormElement, name: string): HTMLInputElement | HTMLTextAreaElement {
  return form.elements.namedItem(name) as HTMLInputElement | HTMLTextAreaElement;
}

/** What a letter says beside its heading and its message. */
function letterWords(form: HTMLFormElement): { contactBlock?: string; welshSubject?: string; welshBody?: string } {
  const typed = new FormData(form);
  const value = (name: string) => String(typed.get(name) ?? "");
  const contactBlock = value("contactBlock");
  if (!typed.has("isBilingual")) return { contactBlock };
  return { contactBlock, welshSubject: value("welshSubject"), welshBody: value("welshBody") };
}

function frameOf(form: HTMLFormElement): HTMLIFrameElement | null {
  return form.querySelector<HTMLIFrameElement>(".pp-frame");
}

/** However fast somebody types, once for each picture the screen shows. */
function onEachFrame(form: HTMLFormElement, show: () => void): void {
  let isWaiting = false;
  form.addEventListener("input", () => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      show();
    });
  });
}

/** A click replaces a character where it stands, without asking the server; undone as typing is. */
function takeOffersOf(form: HTMLFormElement, body: HTMLInputElement | HTMLTextAreaElement): void {
  form.querySelector("#calculator-offers")?.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>(".pp-offer") : null;
    if (!button) return;
    event.preventDefault();
    const offers = [...form.querySelectorAll<HTMLButtonElement>(".pp-offer[data-to]")];
    const taken = button.value === "all" ? offers : [button];
    const replaced = taken.reduce(
      (words, { value, dataset }) => words.replaceAll(value, dataset["to"] ?? ""),
      body.value,
    );
    body.focus();
    body.setSelectionRange(0, body.value.length);
    body.setRangeText(replaced, 0, body.value.length, "end");
    body.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
