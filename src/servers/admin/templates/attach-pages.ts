/** `/services/:sid/templates/:tid/attach-pages`: a PDF whose pages go with every letter of a template. */
import { LETTER_PAGES_MAX } from "../../../core/letter/sheets.ts";
import { Refusal } from "../../../core/refusal.ts";
import { type Attached, attachPages, removeAttachedPages } from "../../../flow/templates/attach-pages.ts";
import { findLetterAttachment } from "../../../records/letters/letter-attachment-store.ts";
import type { TemplatePage } from "../../../records/templates/template-page-store.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, submit } from "../http/form.ts";
import { withPictures } from "../http/frame-answer.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UploadedFile } from "../http/uploads.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { drawnPages } from "../letters/letter-frame.ts";
import { TEMPLATES_URL, templatePath } from "./paths.ts";
import { showConfirm } from "./template-changes.ts";
import { authorOf, templateOf } from "./who.ts";

const MAY_CHANGE = { permission: "manage_templates" } as const;
const ATTACH_PAGES = `${TEMPLATES_URL}/:tid/attach-pages`;
const BAD_REQUEST = 400;

export const attachPagesRoutes: readonly Route[] = [
  route({ method: "GET", url: ATTACH_PAGES, who: MAY_CHANGE, handler: (visit) => showForm(visit) }),
  route({ method: "POST", url: ATTACH_PAGES, who: MAY_CHANGE, takesFile: true, handler: attach }),
  route({ method: "GET", url: `${ATTACH_PAGES}/remove`, who: MAY_CHANGE, handler: askToRemove }),
  route({ method: "POST", url: `${ATTACH_PAGES}/remove`, who: MAY_CHANGE, handler: remove }),
];

interface AttachPage {
  form: Form<"pdf">;
  attachment: { fileName: string; size: string } | undefined;
  /** Why a file was refused, and its pages, each with what is wrong on it marked. */
  refused: { title: string; detail: string; where: string | undefined; pictures: Pictures } | undefined;
  path: string;
}

type Pictures = readonly { data: string; name: string }[];
type Refused = Extract<Attached, { kind: "refused" }>;

const showPage = page<AttachPage>("templates/attach-pages.njk");

async function showForm(visit: ServiceVisit, form: Form<"pdf"> = formOf({ pdf: "" })): Promise<Answer> {
  return showPage(visit, { form, refused: undefined, ...(await shared(visit)) });
}

async function shared(visit: ServiceVisit): Promise<Pick<AttachPage, "attachment" | "path">> {
  const { service, text } = visit;
  const template = await letterTemplateOf(visit);
  const attachment = await attachmentOf(visit, template);
  return {
    attachment: attachment && {
      fileName: attachment.fileName,
      size: text("letter.pages", { count: attachment.pages }),
    },
    path: templatePath(service.id, template.id),
  };
}

/** Of a template in use. */
async function letterTemplateOf(visit: ServiceVisit): Promise<TemplatePage> {
  const template = await templateOf(visit);
  if (template.channel === "letter" && template.archivedAt === undefined) return template;
  throw new Refusal("not-found", "There is no such letter template");
}

async function attachmentOf({ app, service }: ServiceVisit, { attachmentId: id }: TemplatePage) {
  return id === undefined ? undefined : findLetterAttachment(app.db, { serviceId: service.id, id });
}

async function attach(visit: ServiceVisit): Promise<Answer> {
  return submit({
    values: { pdf: "" },
    refusedAt: "pdf",
    act: () => attachFile(visit, chosenFile(visit)),
    showAgain: (form) => showForm(visit, form),
  });
}

function chosenFile({ files, text }: ServiceVisit): UploadedFile {
  const file = files.get("pdf");
  if (!file) throw new InvalidFields({ pdf: text("templatePages.choose") });
  if (file.isTooLarge) throw new InvalidFields({ pdf: text("templatePages.tooLarge") });
  return file;
}

async function attachFile(visit: ServiceVisit, file: UploadedFile): Promise<Answer> {
  const { app, admin, service, text } = visit;
  const template = await letterTemplateOf(visit);
  const wish = { service, template, fileName: file.fileName, pdf: file.bytes };
  try {
    const attached = await attachPages({ ...app, letters: admin.letters }, authorOf(visit), wish);
    if (attached.kind === "refused") return await showRefused(visit, attached, file);
    return redirect(templatePath(service.id, template.id), { flash: text("templatePages.attached") });
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind !== "unavailable") throw error;
    throw new InvalidFields({ pdf: text("templatePages.unavailable") });
  }
}

/** What is refused is kept nowhere: its pages are shown in the answer itself. */
async function showRefused(visit: ServiceVisit, refused: Refused, { bytes }: UploadedFile): Promise<Answer> {
  const { text } = visit;
  const { problem, pages } = refused;
  const title = text(`templatePages.${problem}.title`);
  const where =
    pages.length === 0 ? undefined : text("letterProblem.pages", { count: pages.length, pages: pages.join(", ") });
  const pictures = pages.length === 0 ? [] : await picturesOf(visit, refused, bytes);
  const shown = showPage(visit, {
    form: formOf({ pdf: "" }, { pdf: title }),
    refused: { title, detail: detailOf(visit, refused), where, pictures },
    ...(await shared(visit)),
  });
  return withPictures({ ...shown, status: BAD_REQUEST });
}

function detailOf({ text }: ServiceVisit, { problem, ownPages }: Refused): string {
  if (problem !== "letter-too-long") return text(`templatePages.${problem}.detail`);
  const count = LETTER_PAGES_MAX - ownPages;
  return count > 0 ? text("templatePages.room", { count }) : text("templatePages.noRoom");
}

async function picturesOf(visit: ServiceVisit, { problem }: Refused, pdf: Buffer): Promise<Pictures> {
  const marksInk = problem === "content-outside-printable-area";
  return drawnPages(visit, pdf, { pages: LETTER_PAGES_MAX, marksInk, followsLetter: true });
}

async function askToRemove(visit: ServiceVisit): Promise<Answer> {
  const { text, service } = visit;
  const template = await letterTemplateOf(visit);
  const attachment = await attachmentOf(visit, template);
  if (!attachment) throw new Refusal("not-found", "No pages are attached");
  return showConfirm(visit, {
    heading: text("templatePages.remove.title", { file: attachment.fileName }),
    paragraphs: [text("templatePages.remove.explain")],
    button: text("templatePages.remove.button"),
    back: `${templatePath(service.id, template.id)}/attach-pages`,
  });
}

async function remove(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const { id } = await letterTemplateOf(visit);
  await removeAttachedPages(app, authorOf(visit), { serviceId: service.id, templateId: id });
  return redirect(templatePath(service.id, id), { flash: text("templatePages.removed") });
}
