/** `/services/:sid/templates/:tid/whatsapp`: under which name WhatsApp has approved a chat template, and with which of its values. */
import type { ApprovedTemplate } from "../../../core/chat/approved-template.ts";
import { parseTemplate, placeholderNames } from "../../../core/template/placeholders.ts";
import { readApproved, setApproved } from "../../../flow/templates/set-approved.ts";
import type { TemplatePage } from "../../../records/templates/template-page-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { errorPage } from "../http/error-pages.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { TEMPLATES_URL, templatePath } from "./paths.ts";
import { templateOf } from "./who.ts";

const FIELDS = ["name", "language", "values"] as const;
type Field = (typeof FIELDS)[number];

const WHATSAPP_URL = `${TEMPLATES_URL}/:tid/whatsapp`;
const who = { permission: "manage_templates" } as const;

const showWhatsApp = page<{ form: Form<Field>; placeholders: readonly string[]; body: string; back: string }>(
  "templates/whatsapp.njk",
);

export const whatsappRoutes: readonly Route[] = [
  route({ method: "GET", url: WHATSAPP_URL, who, handler: openWhatsApp }),
  route({ method: "POST", url: WHATSAPP_URL, who, handler: saveWhatsApp }),
];

async function openWhatsApp(visit: ServiceVisit): Promise<Answer> {
  const template = await templateOf(visit);
  if (template.channel !== "chat") return errorPage(visit, "notFound");
  const which = { serviceId: visit.service.id, templateId: template.id };
  const { name = "", language = "", values = [] } = (await readApproved(visit.app, which)) ?? {};
  return show(visit, template, formOf({ name, language, values: values.join("\n") }));
}

function show(visit: ServiceVisit, { id, body }: TemplatePage, form: Form<Field>): Answer {
  const placeholders = placeholderNames(parseTemplate(body));
  return showWhatsApp(visit, { form, placeholders, body, back: templatePath(visit.service.id, id) });
}

async function saveWhatsApp(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const template = await templateOf(visit);
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      const approved = readForm(values);
      await setApproved(app, actorOf(visit), { serviceId: service.id, templateId: template.id, approved });
      const flash = text(approved ? "templates.whatsapp.saved" : "templates.whatsapp.removed");
      return redirect(templatePath(service.id, template.id), { flash });
    },
    showAgain: (form) => show(visit, template, form),
  });
}

/** With nothing filled in there is none. Values stand a line each, with or without their brackets. */
function readForm({ name, language, values }: Record<Field, string>): ApprovedTemplate | undefined {
  const named = values
    .split(/[\n,]/)
    .map((line) => line.trim().replace(/^\(\((.*)\)\)$/, "$1"))
    .filter((line) => line !== "");
  const [trimmed, inLanguage] = [name.trim(), language.trim()];
  return trimmed === "" && inLanguage === "" && named.length === 0
    ? undefined
    : { name: trimmed, language: inLanguage, values: named };
}
