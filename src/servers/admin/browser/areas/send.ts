/** Shows the message while it is being filled in, made by the same code that will make it. */
import type { HighlightedPiece } from "../../../../core/template/highlight-placeholders.ts";
import { highlightPlaceholders } from "../../../../core/template/highlight-placeholders.ts";
import { parseTemplate } from "../../../../core/template/placeholders.ts";
import { renderSubject } from "../../../../core/template/render-email.ts";
import { emailHtml } from "../../messages/email-html.ts";
import { previewText } from "../../templates/preview/preview-text.ts";
import { letterPreview } from "../editor/letter-preview.ts";
import { fitFrames } from "../fit-frames.ts";

fitFrames();
const letterForm = document.querySelector<HTMLFormElement>("form[action*='/send/']");
const previewUrl = document.querySelector<HTMLElement>("[data-preview-url]")?.dataset["previewUrl"];
if (letterForm && previewUrl) letterForm.addEventListener("input", letterPreview(letterForm, { previewUrl }));

const preview = document.querySelector<HTMLElement>("[data-send-preview]");
const form = document.querySelector<HTMLFormElement>("form[action*='/send/']");
if (preview && form) {
  const show = preview.dataset["channel"] === "sms" ? showText : showEmail;
  form.addEventListener("input", () => show(preview, valuesIn(form)));
  show(preview, valuesIn(form));
  fillInOwnRecipient(form);
}

/** Without loading the page, so that what is filled in already stays. */
function fillInOwnRecipient(filled: HTMLFormElement): void {
  const link = filled.querySelector<HTMLAnchorElement>("[data-own-recipient]");
  const field = filled.querySelector<HTMLInputElement>("#recipient");
  link?.addEventListener("click", (event) => {
    const own = link.dataset["ownRecipient"];
    if (!own || !field) return;
    event.preventDefault();
    field.value = own;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}

/** By placeholder, what is filled in so far. */
function valuesIn(filled: HTMLFormElement): Record<string, string> {
  const fields = [...filled.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("[data-placeholder]")];
  const given = fields.filter((field) => field.type !== "radio" || (field as HTMLInputElement).checked);
  const pairs = given.map((field) => [field.dataset["placeholder"] ?? "", field.value] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value.trim() !== ""));
}

function showText(shown: HTMLElement, values: Record<string, string>): void {
  const { body = "", name = "", textMode, prefixesTexts } = shown.dataset;
  const examples = Object.entries(values).map(([placeholder, value]) => ({ name: placeholder, value }));
  const style = { name, textMode: textMode === "gsm" ? "gsm" : "unicode", prefixesTexts: prefixesTexts !== undefined };
  const { pieces, calculation } = previewText(body, examples, style as Parameters<typeof previewText>[2]);
  shown.querySelector("[data-preview-body]")?.replaceChildren(...pieces.map(nodeOf));
  showCharged(calculation.fragments);
}

function showEmail(shown: HTMLElement, values: Record<string, string>): void {
  const { subject = "", body = "" } = shown.dataset;
  const pieces = highlightPlaceholders(renderSubject(parseTemplate(subject), values));
  shown.querySelector("[data-preview-subject]")?.replaceChildren(...pieces.map(nodeOf));
  const words = shown.querySelector("[data-preview-body]");
  if (words) words.innerHTML = emailHtml(body, values); // every text in it is escaped
}

function nodeOf({ kind, text }: HighlightedPiece): Node {
  if (kind === "text") return document.createTextNode(text);
  const mark = document.createElement("mark");
  mark.className = "pp-gap";
  mark.textContent = text;
  return mark;
}

function showCharged(fragments: number): void {
  const charged = document.querySelector<HTMLElement>("[data-send-charged]");
  if (!charged) return;
  const { one = "", other = "" } = charged.dataset;
  charged.textContent = fragments === 1 ? one : other.replace("{count}", String(fragments));
  charged.hidden = false;
}
