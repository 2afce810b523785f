/** `/services/:sid/templates/:tid`: a template as its recipients will see it, and what can be done with it. */

import { fromAddressOf } from "../../../flow/intake/sender.ts";
import { readDraft } from "../../../flow/templates/drafts.ts";
import { defaultReplyTo } from "../../../records/services/service.ts";
import { listTemplateFiles } from "../../../records/templates/template-file-store.ts";
import type { TemplatePage } from "../../../records/templates/template-page-store.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { filesInNumbers } from "./email-files.ts";
import { sendPath, shelfPath, TEMPLATES_URL, templatePath } from "./paths.ts";
import { frameOf, type Shown, shownAs, templatePdf } from "./shown.ts";
import { memberOf, templateOf } from "./who.ts";

interface TemplatePageData extends Shown {
  template: TemplatePage;
  kind: string;
  /** Who an email comes from and is answered to. */
  mail: { from: string; replyTo: string } | undefined;
  path: string;
  back: string;
  sendHref: string | undefined;
  mayChange: boolean;
  hasDraft: boolean;
  /** How many files go with it, for an email that has any. */
  filesCount: string | undefined;
}

const showTemplate = page<TemplatePageData>("templates/template.njk");

export const showRoutes: readonly Route[] = [
  route({ method: "GET", url: `${TEMPLATES_URL}/:tid`, who: "reader", handler: openTemplate }),
  route({ method: "GET", url: `${TEMPLATES_URL}/:tid/preview`, who: "reader", handler: openPreview }),
  route({ method: "GET", url: `${TEMPLATES_URL}/:tid/letter.pdf`, who: "reader", handler: downloadPdf }),
];

async function openTemplate(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text, may } = visit;
  const template = await templateOf(visit);
  const path = templatePath(service.id, template.id);
  const isInUse = template.archivedAt === undefined;
  const mayChange = may("manage_templates");
  const draft = mayChange ? await readDraft(app, { ...memberOf(visit), templateId: template.id }) : undefined;
  return showTemplate(visit, {
    template,
    kind: text(`templates.channelTemplate.${template.channel}`),
    ...(await shownAs(visit, template, path)),
    mail: template.channel === "email" ? mailOf(visit) : undefined,
    path,
    back: shelfPath({ serviceId: service.id, folderId: template.folderId }),
    sendHref: isInUse && may("send_messages") ? sendPath(visit.admin, service.id, template.id) : undefined,
    mayChange,
    hasDraft: draft !== undefined && isInUse,
    filesCount: await filesCount(visit, template),
  });
}

async function filesCount(visit: ServiceVisit, { id, channel }: TemplatePage): Promise<string | undefined> {
  if (channel !== "email") return undefined;
  const files = await listTemplateFiles(visit.app.db, id);
  return files.length === 0 ? undefined : filesInNumbers(visit, files.length);
}

function mailOf({ app, service, text }: ServiceVisit): { from: string; replyTo: string } {
  return {
    from: `${service.name} <${fromAddressOf(app, service)}>`,
    replyTo: defaultReplyTo(service) ?? text("templates.show.noReplyTo"),
  };
}

async function openPreview(visit: ServiceVisit): Promise<Answer> {
  const template = await templateOf(visit);
  const asked = { as: visit.query.get("as") ?? "", examples: [] };
  return frameOf(visit, template, asked);
}

async function downloadPdf(visit: ServiceVisit): Promise<Answer> {
  return templatePdf(visit, await templateOf(visit));
}
