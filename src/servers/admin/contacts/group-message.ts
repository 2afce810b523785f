/** `/services/:sid/contacts/groups/:gid/messages`: one message to everybody in a group, from its template to how far it has come. */
import { readPurpose } from "../../../core/contacts/consent.ts";
import { findSavedArea, readAreaNames } from "../../../flow/contacts/areas.ts";
import { getGroup } from "../../../flow/contacts/contact-groups.ts";
import {
  cancelGroupSend,
  channelOf,
  getGroupSend,
  mayResume,
  resumeGroupSend,
  startGroupSend,
} from "../../../flow/contacts/group-send.ts";
import { countInArea } from "../../../flow/contacts/members-in-area.ts";
import { listVisibleTemplates } from "../../../flow/templates/folders.ts";
import { newRandomId } from "../../../platform/ids.ts";
import { blindIndex } from "../../../platform/sealing.ts";
import type { SavedArea } from "../../../records/contacts/area-store.ts";
import type { CountedGroup } from "../../../records/contacts/contact.ts";
import type { StoredGroupSend } from "../../../records/contacts/group-send.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit, type Values } from "../http/form.ts";
import { asId, idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { groupsPath } from "./groups.ts";
import { CONTACTS, contactsPath, MAY_SEE, MAY_SEND } from "./paths.ts";

/** `seen` is the area whose count has been looked at. */
const FIELDS = ["template", "consent", "area", "once", "seen"] as const;
type Field = (typeof FIELDS)[number];
const COUNTS = [
  "accepted",
  "suppressed",
  "unreachable",
  "withoutConsent",
  "outside",
  "withoutPosition",
  "refused",
] as const;
/** Before it is sent. */
const COUNTED = ["outside", "withoutPosition", "withoutConsent", "unreachable"] as const;

interface Choice {
  value: string;
  text: string;
}

interface NewPage {
  groupUrl: string;
  group: CountedGroup;
  templates: readonly Choice[];
  /** With everybody before them; none where the service has none. */
  areas: readonly Choice[];
  areasUrl: string;
  mayChange: boolean;
  form: Form<Field>;
}

interface AreaPage {
  groupUrl: string;
  group: CountedGroup;
  areaName: string;
  counts: readonly { text: string; count: number }[];
  counted: number;
  isWhole: boolean;
  /** What was chosen, to be sent along. */
  values: Values<Field>;
  maySend: boolean;
}

interface SentPage {
  groupUrl: string;
  url: string;
  group: { name: string };
  send: StoredGroupSend;
  status: string;
  counts: readonly { text: string; count: number }[];
  mayCancel: boolean;
  mayResume: boolean;
}

const MESSAGES = `${CONTACTS}/groups/:gid/messages`;
const showNew = page<NewPage>("contacts/message.njk");
const showArea = page<AreaPage>("contacts/message-area.njk");
const showSent = page<SentPage>("contacts/sent.njk");

export const groupMessageRoutes: readonly Route[] = [
  route({ method: "GET", url: `${MESSAGES}/new`, who: MAY_SEND, handler: askForMessage }),
  route({ method: "POST", url: `${MESSAGES}/new`, who: MAY_SEND, handler: send }),
  route({ method: "GET", url: `${MESSAGES}/:mid`, who: MAY_SEE, handler: openMessage }),
  route({ method: "POST", url: `${MESSAGES}/:mid/cancellation`, who: MAY_SEND, handler: cancel }),
  route({ method: "POST", url: `${MESSAGES}/:mid/resumption`, who: MAY_SEND, handler: resume }),
];

function groupPath(visit: ServiceVisit): string {
  return `${groupsPath(visit)}/${idIn(visit, "gid")}`;
}

/** A page that was asked for once sends once, however often its button is pressed. */
function askForMessage(visit: ServiceVisit): Promise<Answer> {
  return show(visit, formOf({ template: "", consent: "", area: "", once: newRandomId(), seen: "" }));
}

async function show(visit: ServiceVisit, form: Form<Field>): Promise<Answer> {
  const { app, service, visitor, may } = visit;
  const group = await getGroup(app, service, idIn(visit, "gid"));
  const templates = await listVisibleTemplates(app, { serviceId: service.id, userId: visitor.userId });
  const sendable = templates.filter(({ channel }) => channel !== "letter" && service.permissions.has(channel));
  return showNew(visit, {
    ...{ groupUrl: groupPath(visit), group, form },
    templates: sendable.map(choice),
    ...{
      areas: await areasToChoose(visit),
      areasUrl: `${contactsPath(visit)}/areas`,
      mayChange: may("manage_service"),
    },
  });
}

function choice({ id, name }: { id: string; name: string }): Choice {
  return { value: id, text: name };
}

async function areasToChoose({ app, service, text }: ServiceVisit): Promise<Choice[]> {
  const areas = await readAreaNames(app, service);
  const everybody = { value: "", text: text("contacts.message.area.everybody") };
  return areas.length === 0 ? [] : [everybody, ...areas.map(choice)];
}

async function send(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, text, body } = visit;
  const values = readFields(visit, FIELDS);
  if (body.has("change")) return show(visit, formOf({ ...values, seen: "" }));
  return submit({
    values,
    refusedAt: "template",
    act: async () => {
      const templateId = asId(values.template);
      if (templateId === undefined) throw new InvalidFields({ template: text("contacts.message.template.missing") });
      const consent = consentOf(visit, values.consent.trim());
      const saved = await areaOf(visit, values.area);
      if (saved && values.seen !== seenOf(saved)) return showCount(visit, { values, templateId, consent, saved });
      const { id } = await startGroupSend(app, actorOf(visit), {
        ...{ service, groupId: idIn(visit, "gid"), templateId, by: { name: visitor.name } },
        message: { ...NOTHING_SAID, consent, area: saved?.area },
        idempotency: onceOf(visit, values),
      });
      return redirect(`${groupPath(visit)}/messages/${id}`, { flash: text("contacts.message.begun") });
    },
    showAgain: (form) => show(visit, form),
  });
}

async function areaOf({ app, service, text }: ServiceVisit, chosen: string): Promise<SavedArea | undefined> {
  if (chosen === "") return undefined;
  const id = asId(chosen);
  const saved = id && (await findSavedArea(app, service, id));
  if (!saved) throw new InvalidFields({ area: text("contacts.message.area.gone") });
  return saved;
}

/** An area that somebody changes meanwhile is to be looked at again. */
function seenOf({ id, updatedAt }: SavedArea): string {
  return `${id} ${updatedAt.toISOString()}`;
}

async function showCount(
  visit: ServiceVisit,
  wish: { values: Values<Field>; templateId: string; consent: string | undefined; saved: SavedArea },
): Promise<Answer> {
  const { app, service, text } = visit;
  const { values, templateId, consent, saved } = wish;
  const group = await getGroup(app, service, idIn(visit, "gid"));
  const channel = await channelOf(app, { service, templateId });
  const count = await countInArea(app, service, { groupId: group.id, channel, area: saved.area, consent });
  const others = COUNTED.filter((one) => one !== "withoutConsent" || consent !== undefined);
  return showArea(visit, {
    ...{ groupUrl: groupPath(visit), group, areaName: saved.name, counted: count.counted, isWhole: count.isWhole },
    counts: [
      { text: text("contacts.message.area.inside"), count: count.inside },
      ...others.map((one) => ({ text: text(`contacts.message.count.${one}`), count: count[one] })),
    ],
    values: { ...values, seen: seenOf(saved) },
    maySend: count.inside > 0 || !count.isWhole,
  });
}

const NOTHING_SAID = {
  ...{ personalisation: {}, reference: undefined, senderId: undefined, priority: undefined },
  ...{ scheduledFor: undefined, validForSeconds: undefined, callbackUrl: undefined },
};

function consentOf({ text }: ServiceVisit, typed: string): string | undefined {
  if (typed === "") return undefined;
  const purpose = readPurpose(typed);
  if (purpose === undefined) throw new InvalidFields({ consent: text("contacts.consent.purpose.wrong") });
  return purpose;
}

function onceOf({ app, visitor }: ServiceVisit, { template, consent, area, once }: Values<Field>) {
  const hash = (words: string) => blindIndex(app.keys.searchIndex, words);
  return {
    keyHash: hash(`group message ${visitor.userId} ${once}`),
    bodyHash: hash(`group message ${template} ${consent} ${area}`),
  };
}

async function openMessage(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text, isMember, may } = visit;
  const message = await getGroupSend(app, service, idIn(visit, "mid"));
  const { name } = await getGroup(app, service, message.groupId).catch(() => ({ name: text("contacts.group.gone") }));
  const groupUrl = groupPath(visit);
  return showSent(visit, {
    ...{ groupUrl, url: `${groupUrl}/messages/${message.id}`, group: { name }, send: message },
    status: text(`contacts.message.status.${message.status}`),
    counts: COUNTS.map((one) => ({ text: text(`contacts.message.count.${one}`), count: message[one] })),
    mayCancel: message.status === "sending" && isMember && may("send_messages"),
    mayResume: mayResume(app, message) && isMember && may("send_messages"),
  });
}

async function cancel(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const id = idIn(visit, "mid");
  await cancelGroupSend(app, actorOf(visit), { service, id });
  return redirect(`${groupPath(visit)}/messages/${id}`, { flash: text("contacts.message.cancelled") });
}

async function resume(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const id = idIn(visit, "mid");
  await resumeGroupSend(app, actorOf(visit), { service, id });
  return redirect(`${groupPath(visit)}/messages/${id}`, { flash: text("contacts.message.resumed") });
}
