/** `/services/:sid/templates/:tid/files`: files that go with every email of a template, each as a link. */
import { fileSize } from "../../../core/files/shown-file.ts";
import { hasPlaceholder } from "../../../core/files/template-file.ts";
import { Refusal } from "../../../core/refusal.ts";
import { addTemplateFile, changeTemplateFile, removeFileOfTemplate } from "../../../flow/templates/email-files.ts";
import type { TemplateFile } from "../../../records/templates/template-file.ts";
import { listTemplateFiles } from "../../../records/templates/template-file-store.ts";
import type { TemplatePage } from "../../../records/templates/template-page-store.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UploadedFile } from "../http/uploads.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { TEMPLATES_URL, templatePath } from "./paths.ts";
import { showConfirm } from "./template-changes.ts";
import { authorOf, templateOf } from "./who.ts";

const MAY_CHANGE = { permission: "manage_templates" } as const;
export const EMAIL_FILES = `${TEMPLATES_URL}/:tid/files`;
const EMAIL_FILE = `${EMAIL_FILES}/:fid`;

export const emailFileRoutes: readonly Route[] = [
  route({ method: "GET", url: EMAIL_FILES, who: MAY_CHANGE, handler: (visit) => showFiles(visit) }),
  route({ method: "POST", url: EMAIL_FILES, who: MAY_CHANGE, takesFile: true, handler: addFile }),
  route({ method: "GET", url: EMAIL_FILE, who: MAY_CHANGE, handler: openFile }),
  route({ method: "POST", url: EMAIL_FILE, who: MAY_CHANGE, handler: changeFile }),
  route({ method: "GET", url: `${EMAIL_FILE}/remove`, who: MAY_CHANGE, handler: askToRemove }),
  route({ method: "POST", url: `${EMAIL_FILE}/remove`, who: MAY_CHANGE, handler: removeFile }),
];

interface FilesPage {
  form: Form<"file">;
  files: readonly ListedFile[];
  count: string;
  /** Undefined: contact details are there. Where they are set, for those who may. */
  setUp: { url: string | undefined } | undefined;
  path: string;
}

interface ListedFile {
  name: string;
  url: string;
  facts: readonly string[];
}

type Setting = "linkText" | "retentionWeeks" | "asksForAddress";

interface FilePage {
  form: Form<Setting>;
  name: string;
  facts: readonly string[];
  path: string;
  fileUrl: string;
}

const showFilesPage = page<FilesPage>("templates/email-files.njk");
const showFilePage = page<FilePage>("templates/email-file.njk");

/** "2 files added" */
export function filesInNumbers({ text }: Pick<ServiceVisit, "text">, count: number): string {
  return count === 0 ? text("emailFiles.none") : text("emailFiles.count", { count });
}

async function showFiles(visit: ServiceVisit, form: Form<"file"> = formOf({ file: "" })): Promise<Answer> {
  const { app, service } = visit;
  const template = await emailTemplateOf(visit);
  const files = await listTemplateFiles(app.db, template.id);
  const path = templatePath(service.id, template.id);
  return showFilesPage(visit, {
    form,
    files: files.map((file) => ({ name: file.fileName, url: `${path}/files/${file.id}`, facts: factsOf(visit, file) })),
    count: filesInNumbers(visit, files.length),
    setUp: service.filesContact ? undefined : { url: setUpUrl(visit) },
    path,
  });
}

function setUpUrl({ service, may }: ServiceVisit): string | undefined {
  return may("manage_service") ? `/services/${service.id}/settings/send-files-by-email` : undefined;
}

function factsOf({ text }: ServiceVisit, file: TemplateFile): string[] {
  return [
    fileSize(file.size),
    file.linkText ? text("emailFiles.linkText.is", { words: file.linkText }) : text("emailFiles.linkText.none"),
    text("emailFiles.weeks.is", { count: file.retentionWeeks }),
    text(file.asksForAddress ? "emailFiles.asks.yes" : "emailFiles.asks.no"),
  ];
}

/** Of a template in use. */
async function emailTemplateOf(visit: ServiceVisit): Promise<TemplatePage> {
  const template = await templateOf(visit);
  if (template.channel === "email" && template.archivedAt === undefined) return template;
  throw new Refusal("not-found", "There is no such email template");
}

export async function emailFileOf(visit: ServiceVisit): Promise<{ template: TemplatePage; file: TemplateFile }> {
  const template = await emailTemplateOf(visit);
  const files = await listTemplateFiles(visit.app.db, template.id);
  const file = files.find(({ id }) => id === visit.params["fid"]);
  if (!file) throw new Refusal("not-found", "There is no such file");
  return { template, file };
}

async function addFile(visit: ServiceVisit): Promise<Answer> {
  return submit({
    values: { file: "" },
    refusedAt: "file",
    act: () => add(visit, chosenFile(visit)),
    showAgain: (form) => showFiles(visit, form),
  });
}

function chosenFile({ files, text }: ServiceVisit): UploadedFile {
  const file = files.get("file");
  if (!file) throw new InvalidFields({ file: text("emailFiles.choose") });
  if (file.isTooLarge) throw new InvalidFields({ file: text("emailFiles.tooLarge") });
  return file;
}

async function add(visit: ServiceVisit, { fileName, bytes }: UploadedFile): Promise<Answer> {
  const { app, service, text } = visit;
  const template = await emailTemplateOf(visit);
  try {
    const { id } = await addTemplateFile(app, authorOf(visit), { service, template, fileName, bytes });
    return redirect(`${templatePath(service.id, template.id)}/files/${id}`, { flash: text("emailFiles.added") });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.kind === "unavailable") throw new InvalidFields({ file: text("emailFiles.unavailable") });
    if (error.message.includes("file size limit")) throw new InvalidFields({ file: text("emailFiles.tooLarge") });
    if (error.message.startsWith("Document must not be empty"))
      throw new InvalidFields({ file: text("emailFiles.empty") });
    if (error.message.startsWith("`filename`")) throw new InvalidFields({ file: text("emailFiles.name") });
    throw error;
  }
}

async function openFile(visit: ServiceVisit): Promise<Answer> {
  const { file } = await emailFileOf(visit);
  const { linkText = "", retentionWeeks, asksForAddress } = file;
  const values = { linkText, retentionWeeks: String(retentionWeeks), asksForAddress: asksForAddress ? "yes" : "no" };
  return showFile(visit, formOf(values));
}

async function showFile(visit: ServiceVisit, form: Form<Setting>): Promise<Answer> {
  const { service, text } = visit;
  const { template, file } = await emailFileOf(visit);
  const path = templatePath(service.id, template.id);
  const place = text(hasPlaceholder(template.body, file.fileName) ? "emailFiles.place" : "emailFiles.noPlace", {
    name: file.fileName,
  });
  return showFilePage(visit, {
    form,
    name: file.fileName,
    facts: [...factsOf(visit, file), place],
    path,
    fileUrl: `${path}/files/${file.id}`,
  });
}

async function changeFile(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const { template, file } = await emailFileOf(visit);
  const values = readFields(visit, ["linkText", "retentionWeeks", "asksForAddress"]);
  const named = { serviceId: service.id, templateId: template.id, fileId: file.id };
  return submit<Setting>({
    values,
    refusedAt: "linkText",
    act: async () => {
      if (!["yes", "no"].includes(values.asksForAddress))
        throw new InvalidFields({ asksForAddress: text("emailFiles.asks.choose") });
      const form = { ...values, asksForAddress: values.asksForAddress === "yes" };
      await changeTemplateFile(app, authorOf(visit), { ...named, form });
      return redirect(`${templatePath(service.id, template.id)}/files/${file.id}`, { flash: text("emailFiles.saved") });
    },
    showAgain: (form) => showFile(visit, form),
  });
}

async function askToRemove(visit: ServiceVisit): Promise<Answer> {
  const { text, service } = visit;
  const { template, file } = await emailFileOf(visit);
  return showConfirm(visit, {
    heading: text("emailFiles.remove.title", { file: file.fileName }),
    paragraphs: [text("emailFiles.remove.explain"), text("emailFiles.remove.sent")],
    button: text("emailFiles.remove.button"),
    back: `${templatePath(service.id, template.id)}/files/${file.id}`,
  });
}

async function removeFile(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const { template, file } = await emailFileOf(visit);
  const named = { serviceId: service.id, templateId: template.id, fileId: file.id };
  await removeFileOfTemplate(app, authorOf(visit), named);
  const flash = text("emailFiles.removed", { file: file.fileName });
  return redirect(`${templatePath(service.id, template.id)}/files`, { flash });
}
