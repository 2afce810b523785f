/** Renaming a template, hiding its values, deleting it and bringing it back. */

import {
  archiveTemplate,
  hidePersonalisationAfterSending,
  renameTemplate,
  unarchive,
} from "../../../flow/templates/edit-template.ts";
import { findLastUseOf } from "../../../flow/templates/read-template.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { shelfPath, TEMPLATES_URL, templatePath } from "./paths.ts";
import { authorOf, templateOf } from "./who.ts";

const MAY_CHANGE = { permission: "manage_templates" } as const;
const TEMPLATE = `${TEMPLATES_URL}/:tid`;

interface ConfirmPage {
  heading: string;
  paragraphs: readonly string[];
  button: string;
  back: string;
}

const showRename = page<{ form: Form<"name">; back: string }>("templates/rename.njk");
/** Asks before what cannot simply be undone. */
export const showConfirm = page<ConfirmPage>("templates/confirm.njk");

export const changeRoutes: readonly Route[] = [
  route({ method: "GET", url: `${TEMPLATE}/rename`, who: MAY_CHANGE, handler: openRename }),
  route({ method: "POST", url: `${TEMPLATE}/rename`, who: MAY_CHANGE, handler: rename }),
  route({ method: "GET", url: `${TEMPLATE}/delete`, who: MAY_CHANGE, handler: askToDelete }),
  route({ method: "POST", url: `${TEMPLATE}/delete`, who: MAY_CHANGE, handler: deleteTemplate }),
  route({ method: "POST", url: `${TEMPLATE}/return`, who: MAY_CHANGE, handler: bringBack }),
  route({ method: "GET", url: `${TEMPLATE}/hide-personalisation`, who: MAY_CHANGE, handler: askToHide }),
  route({ method: "POST", url: `${TEMPLATE}/hide-personalisation`, who: MAY_CHANGE, handler: hide }),
];

async function openRename(visit: ServiceVisit): Promise<Answer> {
  const { id, name } = await templateOf(visit);
  return showRename(visit, { form: formOf({ name }), back: templatePath(visit.service.id, id) });
}

async function rename(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const { id } = await templateOf(visit);
  const values = readFields(visit, ["name"]);
  const back = templatePath(service.id, id);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      await renameTemplate(app, authorOf(visit), { service, templateId: id, name: values.name });
      return redirect(back, { flash: text("templates.renamed") });
    },
    showAgain: (form) => showRename(visit, { form, back }),
  });
}

async function askToDelete(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text, formats } = visit;
  const template = await templateOf(visit);
  const lastUse = await findLastUseOf(app, template);
  return showConfirm(visit, {
    heading: text("templates.delete.title", { name: template.name }),
    paragraphs: [
      lastUse ? text("templates.delete.lastUsed", { day: formats.date(lastUse) }) : text("templates.delete.notUsed"),
      text("templates.delete.explain"),
    ],
    button: text("templates.delete.button"),
    back: templatePath(service.id, template.id),
  });
}

async function deleteTemplate(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const { id, name, folderId } = await templateOf(visit);
  await archiveTemplate(app, actorOf(visit), { serviceId: service.id, templateId: id });
  return redirect(shelfPath({ serviceId: service.id, folderId }), { flash: text("templates.deleted", { name }) });
}

async function bringBack(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const { id } = await templateOf(visit);
  await unarchive(app, actorOf(visit), { serviceId: service.id, templateId: id });
  return redirect(templatePath(service.id, id), { flash: text("templates.broughtBack") });
}

async function askToHide(visit: ServiceVisit): Promise<Answer> {
  const { service, text } = visit;
  const { id } = await templateOf(visit);
  return showConfirm(visit, {
    heading: text("templates.hide.title"),
    paragraphs: [text("templates.hide.explain"), text("templates.hide.forGood")],
    button: text("templates.hide.button"),
    back: templatePath(service.id, id),
  });
}

async function hide(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const { id } = await templateOf(visit);
  await hidePersonalisationAfterSending(app, actorOf(visit), { serviceId: service.id, templateId: id });
  return redirect(templatePath(service.id, id), { flash: text("templates.hidden") });
}
