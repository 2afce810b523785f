/** `/services/:sid/templates/new`: which channel, or a copy of which template. The words are then written in the editor. */

import { copyTemplate } from "../../../flow/templates/edit-template.ts";
import { listVisibleTemplates } from "../../../flow/templates/folders.ts";
import { getVisibleTemplate } from "../../../flow/templates/read-template.ts";
import { listServicesOfUser } from "../../../records/services/membership-store.ts";
import { type Channel, mayUse, type Service as ServiceRecord } from "../../../records/services/service.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { asId } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { shelfPath, TEMPLATES_URL, templatePath, templatesPath } from "./paths.ts";
import { authorOf, memberOf } from "./who.ts";

const MAY_CHANGE = { permission: "manage_templates" } as const;
const CHANNELS = ["email", "sms", "letter", "chat"] as const;
const COPY = "copy";

interface NewPage {
  form: Form<"kind">;
  kinds: readonly { value: string; text: string }[];
  isChannelOff: boolean;
  folderId: string;
  paths: { back: string; post: string };
}

interface CopyPage {
  form: Form<"original">;
  services: readonly { name: string; items: readonly { value: string; text: string; hint: { text: string } }[] }[];
  folderId: string;
  paths: { back: string; post: string };
}

const showNew = page<NewPage>("templates/new.njk");
const showCopy = page<CopyPage>("templates/copy.njk");

export const newTemplateRoutes: readonly Route[] = [
  route({ method: "GET", url: `${TEMPLATES_URL}/new`, who: MAY_CHANGE, handler: (visit) => openNew(visit) }),
  route({ method: "POST", url: `${TEMPLATES_URL}/new`, who: MAY_CHANGE, handler: chooseKind }),
  route({ method: "GET", url: `${TEMPLATES_URL}/new/copy`, who: MAY_CHANGE, handler: (visit) => openCopy(visit) }),
  route({ method: "POST", url: `${TEMPLATES_URL}/new/copy`, who: MAY_CHANGE, handler: copy }),
];

/** The folder that the new template goes into, from the address or the form. */
export function folderChosen(visit: ServiceVisit): string | undefined {
  return asId(visit.query.get("folder") ?? visit.body.get("folder")?.[0]);
}

export function usableChannels(service: ServiceRecord): readonly Channel[] {
  return CHANNELS.filter((channel) => mayUse(service, channel));
}

function openNew(visit: ServiceVisit, form: Form<"kind"> = formOf({ kind: "" })): Answer {
  const { text, service } = visit;
  const usable = usableChannels(service);
  const folderId = folderChosen(visit);
  const kinds = [...usable, COPY] as const;
  return showNew(visit, {
    form,
    kinds: kinds.map((kind) => ({ value: kind, text: text(`templates.add.${kind}`) })),
    isChannelOff: usable.length < CHANNELS.length,
    folderId: folderId ?? "",
    paths: {
      back: shelfPath({ serviceId: service.id, folderId }),
      post: templatesPath({ serviceId: service.id }, "new"),
    },
  });
}

async function chooseKind(visit: ServiceVisit): Promise<Answer> {
  const { text, service } = visit;
  const values = readFields(visit, ["kind"]);
  return submit({
    values,
    refusedAt: "kind",
    act: async () => {
      const isThere = values.kind === COPY || usableChannels(service).some((channel) => channel === values.kind);
      refuseIfInvalid({ kind: !isThere && text("templates.add.choose") });
      return redirect(templatesPath({ serviceId: service.id, folderId: folderChosen(visit) }, `new/${values.kind}`));
    },
    showAgain: (form) => openNew(visit, form),
  });
}

async function openCopy(visit: ServiceVisit, form: Form<"original"> = formOf({ original: "" })): Promise<Answer> {
  const { service } = visit;
  const folderId = folderChosen(visit);
  return showCopy(visit, {
    form,
    services: await originals(visit),
    folderId: folderId ?? "",
    paths: {
      back: templatesPath({ serviceId: service.id, folderId }, "new"),
      post: templatesPath({ serviceId: service.id }, "new/copy"),
    },
  });
}

/** What the author sees in each service they work in, this one first. */
async function originals({ app, service, visitor, text }: ServiceVisit): Promise<CopyPage["services"]> {
  const { userId } = visitor;
  const own = (await listServicesOfUser(app.db, userId)).filter(({ id }) => id !== service.id);
  const all = await Promise.all(
    [service, ...own].map(async ({ id, name }) => {
      const templates = await listVisibleTemplates(app, { serviceId: id, userId });
      return { id, name, templates };
    }),
  );
  const listed = all.map(({ id, name, templates }) => ({
    name,
    items: templates.map((one) => ({
      value: `${id}:${one.id}`,
      text: one.name,
      hint: { text: text(`templates.channelTemplate.${one.channel}`) },
    })),
  }));
  return listed.filter(({ items }) => items.length > 0);
}

async function copy(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const values = readFields(visit, ["original"]);
  return submit({
    values,
    refusedAt: "original",
    act: async () => {
      const from = await originalOf(visit, values.original);
      const folderId = folderChosen(visit);
      const id = await copyTemplate(app, authorOf(visit), { from, service, folderId });
      return redirect(templatePath(service.id, id), { flash: text("templates.copied") });
    },
    showAgain: (form) => openCopy(visit, form),
  });
}

/** A template of a service that the author works in, or of this one. */
async function originalOf(visit: ServiceVisit, value: string): Promise<{ serviceId: string; templateId: string }> {
  const [serviceId, templateId] = value.split(":").map(asId);
  const { visitor, service, text } = visit;
  const isTheirs = serviceId === service.id || visitor.memberships.has(serviceId ?? "");
  if (!serviceId || !templateId || !isTheirs) throw new InvalidFields({ original: text("templates.copy.choose") });
  await getVisibleTemplate(visit.app, { ...memberOf(visit), serviceId }, templateId);
  return { serviceId, templateId };
}
