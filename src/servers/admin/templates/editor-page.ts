/** The page on which a template is written: the form, and beside it what recipients will see and what it costs. */

import { decimal, decimalText, times } from "../../../core/price/decimal.ts";
import { takeOffers } from "../../../core/sms/calculate-text.ts";
import type { HighlightedPiece } from "../../../core/template/highlight-placeholders.ts";
import { type Channel, defaultTextSender } from "../../../records/services/service.ts";
import { listTemplateFiles } from "../../../records/templates/template-file-store.ts";
import type { TemplatePage } from "../../../records/templates/template-page-store.ts";
import { localeOf, textsOf } from "../catalogue/text.ts";
import type { Answer } from "../http/answer.ts";
import { type Form, formOf, readFields } from "../http/form.ts";
import { page } from "../http/page.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { type Difference, differenceOf } from "./difference.ts";
import type { EditorSettings } from "./editor-settings.ts";
import { type LetterPart, letterPart } from "./letter-part.ts";
import { shelfPath, templatePath, templatesPath } from "./paths.ts";
import { type Example, examplesFor, namesIn } from "./preview/examples.ts";
import { type CalculationInWords, explainCalculation } from "./preview/explain-calculation.ts";
import { previewChat } from "./preview/preview-chat.ts";
import { EMAIL_VIEWS } from "./preview/preview-email.ts";
import { previewText } from "./preview/preview-text.ts";
import { emailBrandOf, emailSenderOf } from "./shown.ts";
import { textPricesOf } from "./text-prices.ts";
import { type EditorField, type Written, wordingOf } from "./written.ts";

/** What is being written: a new template, or another version of one. */
export type Subject =
  | { kind: "new"; channel: Channel; folderId: string | undefined }
  | { kind: "existing"; channel: Channel; template: TemplatePage };

export interface Editing {
  subject: Subject;
  written: Written;
  form?: Form<EditorField>;
  /** When the draft that is shown was last saved. */
  draftSavedAt?: Date | undefined;
  /** What somebody else has saved meanwhile. */
  conflict?: TemplatePage | undefined;
}

interface TextPart {
  pieces: readonly HighlightedPiece[];
  sender: string;
  words: CalculationInWords;
  /** What a fragment costs at home. */
  homeUnit: string;
  prices: readonly PriceGroup[];
}

/** Countries that cost the same: a fragment, exactly, and the whole text. */
interface PriceGroup {
  unit: string;
  price: string;
  countries: string;
}

interface EditorPage {
  form: Form<EditorField>;
  heading: string;
  channel: Channel;
  hasUnsubscribeLink: boolean;
  baseVersion: number;
  folderId: string;
  examples: readonly Example[];
  draftSavedAt: Date | undefined;
  conflict: { version: number; who: string; difference: Difference } | undefined;
  sms: TextPart | undefined;
  chat: { pieces: readonly HighlightedPiece[]; sender: string } | undefined;
  letter: LetterPart | undefined;
  views: readonly { value: string; text: string; checked: boolean }[];
  paths: { back: string; save: string; preview: string; frame: string; discard: string | undefined };
  /** For the script, as JSON. */
  settings: string;
}

const showPage = page<EditorPage>("templates/editor.njk");

export async function showEditor(visit: ServiceVisit, editing: Editing): Promise<Answer> {
  const { subject, written } = editing;
  const { channel } = subject;
  const names = namesIn(wordingOf(written, channel));
  const fileNames = await fileNamesOf(visit, subject);
  const examples = examplesFor(names, written.examples, fileNames);
  const paths = pathsOf(visit, subject);
  return showPage(visit, {
    form: editing.form ?? formOf(written.values),
    heading: headingOf(visit, subject),
    channel,
    hasUnsubscribeLink: written.hasUnsubscribeLink,
    baseVersion: editing.conflict?.version ?? written.baseVersion,
    folderId: subject.kind === "new" ? (subject.folderId ?? "") : "",
    examples,
    draftSavedAt: editing.draftSavedAt,
    conflict: editing.conflict && conflictOf(visit, editing.conflict, wordingOf(written, channel)),
    sms: channel === "sms" ? await textPart(visit, written.values.body, examples) : undefined,
    chat:
      channel === "chat"
        ? { pieces: previewChat(written.values.body, examples), sender: visit.service.name }
        : undefined,
    letter: channel === "letter" ? await letterPart(visit, written, attachmentIdOf(subject)) : undefined,
    views: EMAIL_VIEWS.map((value) => ({
      value,
      text: visit.text(`templates.show.as.${value}`),
      checked: value === "light",
    })),
    paths,
    settings: JSON.stringify(await settingsOf(visit, subject, fileNames)),
  });
}

function attachmentIdOf(subject: Subject): string | undefined {
  return subject.kind === "existing" ? subject.template.attachmentId : undefined;
}

function headingOf({ text }: ServiceVisit, subject: Subject): string {
  if (subject.kind === "existing") return text("templates.edit.title", { name: subject.template.name });
  return text(`templates.edit.new.${subject.channel}`);
}

function pathsOf({ service }: ServiceVisit, subject: Subject): EditorPage["paths"] {
  const preview = templatesPath({ serviceId: service.id }, "preview");
  if (subject.kind === "new") {
    const { folderId, channel } = subject;
    const save = templatesPath({ serviceId: service.id }, `new/${channel}`);
    const frame = channel === "letter" ? `${preview}?channel=letter` : preview;
    return { back: shelfPath({ serviceId: service.id, folderId }), save, preview, frame, discard: undefined };
  }
  const back = templatePath(service.id, subject.template.id);
  return { back, save: `${back}/edit`, preview, frame: `${back}/draft/preview`, discard: `${back}/draft/delete` };
}

function conflictOf({ text }: ServiceVisit, theirs: TemplatePage, mine: Parameters<typeof differenceOf>[2]) {
  // Nobody edits attached pages here: they stay as they are.
  const difference = differenceOf(text, theirs, { ...mine, attachmentId: theirs.attachmentId });
  return { version: theirs.version, who: theirs.createdBy, difference };
}

async function textPart(visit: ServiceVisit, body: string, examples: readonly Example[]): Promise<TextPart> {
  const { service, text, formats } = visit;
  const { pieces, calculation } = previewText(body, examples, service);
  const { fragments } = calculation;
  const { home, abroad } = await textPricesOf(visit);
  const price = (unit: string): string => formats.money(decimalText(times(decimal(unit), fragments)));
  return {
    pieces,
    sender: defaultTextSender(service) ?? text("layout.product"),
    words: explainCalculation(calculation, price(home), text),
    homeUnit: home,
    prices: abroad.map(({ unit, countries }) => ({ unit, countries, price: price(unit) })),
  };
}

async function fileNamesOf({ app }: ServiceVisit, subject: Subject): Promise<string[]> {
  if (subject.kind === "new" || subject.channel !== "email") return [];
  return (await listTemplateFiles(app.db, subject.template.id)).map(({ fileName }) => fileName);
}

async function settingsOf(
  visit: ServiceVisit,
  subject: Subject,
  fileNames: readonly string[],
): Promise<EditorSettings> {
  const { service, language, formats } = visit;
  const { preview } = pathsOf(visit, subject);
  return {
    channel: subject.channel,
    previewUrl: preview,
    style: { name: service.name, textMode: service.textMode, prefixesTexts: service.prefixesTexts },
    sender: emailSenderOf(visit),
    fileNames,
    brand: subject.channel === "email" ? await emailBrandOf(visit) : undefined,
    locale: localeOf(language),
    currency: formats.currency,
    texts: textsOf(language, "templateEditor"),
    draftUrl: subject.kind === "existing" ? `${templatePath(service.id, subject.template.id)}/draft` : undefined,
  };
}

/** What was typed, with what the author asked to be replaced: one character, or all that have a cheaper one. */
export function withReplacement(visit: ServiceVisit, written: Written): Written {
  const { replace } = readFields(visit, ["replace"]);
  if (replace === "") return written;
  const { offered } = previewText(written.values.body, [], visit.service).calculation;
  const taken = offered.filter(({ from }) => replace === "all" || replace === from);
  return { ...written, values: { ...written.values, body: takeOffers(written.values.body, taken) } };
}
