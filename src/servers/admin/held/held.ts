/** `/services/:sid/held`: messages that wait for two people, by template; and `…/settings/release`, above what they do. */
import { approveRelease, askForRelease, HELD_GROUPS_MAX, rejectHeld } from "../../../flow/held/release.ts";
import { setRelease } from "../../../flow/services/guards.ts";
import { type HeldGroup, listHeldGroups } from "../../../records/held/held-message-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { asId, idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { heldWords } from "../messages/timeline.ts";
import { parseLimit } from "../settings/guards.ts";

const HELD_URL = "/services/:sid/held";
const RELEASE_URL = "/services/:sid/settings/release";
const MAY_ASK = { permission: ["send_messages", "manage_service"] } as const;
const MAY_AGREE = { permission: "manage_service" } as const;
const FIELDS = ["above", "abovePounds", "withinHours"] as const;
type Field = (typeof FIELDS)[number];

interface ShownGroup extends HeldGroup {
  url: string;
  lookUrl: string;
  price: string;
  why: readonly string[];
  /** Why the visitor may not be the one who agrees. */
  obstacle: string | undefined;
}

const showHeld = page<{ form: Form<"held">; groups: readonly ShownGroup[]; mayReject: boolean }>("held/held.njk");
const showRelease = page<{ serviceId: string; form: Form<Field> }>("held/release.njk");

export const heldRoutes: readonly Route[] = [
  route({ method: "GET", url: HELD_URL, who: MAY_ASK, handler: open }),
  route({ method: "POST", url: `${HELD_URL}/:tid/request`, who: MAY_ASK, handler: ask }),
  route({ method: "POST", url: `${HELD_URL}/:tid/approval`, who: MAY_AGREE, handler: approve }),
  route({ method: "POST", url: `${HELD_URL}/:tid/rejection`, who: MAY_AGREE, handler: reject }),
  route({ method: "GET", url: RELEASE_URL, who: MAY_AGREE, handler: askForLimits }),
  route({ method: "POST", url: RELEASE_URL, who: MAY_AGREE, handler: saveLimits }),
];

function open(visit: ServiceVisit): Promise<Answer> {
  return show(visit, formOf({ held: "" }));
}

async function show(visit: ServiceVisit, form: Form<"held">): Promise<Answer> {
  const { app, service, formats, may } = visit;
  const base = `/services/${service.id}`;
  const groups = await listHeldGroups(app.db, { serviceId: service.id, limit: HELD_GROUPS_MAX });
  return showHeld(visit, {
    form,
    mayReject: may("manage_service"),
    groups: groups.map((group) => ({
      ...group,
      url: `${base}/held/${group.templateId}`,
      lookUrl: `${base}/messages/${group.firstId}`,
      price: formats.money(group.cost),
      why: group.reasons.map(({ heldFor, ruleName }) => heldWords(visit, heldFor, ruleName ?? "")),
      obstacle: obstacleOf(visit, group),
    })),
  });
}

function obstacleOf({ visitor, may, text }: ServiceVisit, { askedBy, senders }: HeldGroup): string | undefined {
  if (askedBy === visitor.userId) return text("held.mayNotAsked");
  if (senders.includes(visitor.userId)) return text("held.mayNotSent");
  return may("manage_service") ? undefined : text("held.mayNotManage");
}

function ask(visit: ServiceVisit): Promise<Answer> {
  return act(visit, async (template) => {
    await askForRelease(visit.app, actorOf(visit), template);
    return visit.text("held.didAsk");
  });
}

function approve(visit: ServiceVisit): Promise<Answer> {
  return act(visit, async (template) => {
    await approveRelease(visit.app, actorOf(visit), { ...template, upTo: upTo(visit) });
    return visit.text("held.approved");
  });
}

function reject(visit: ServiceVisit): Promise<Answer> {
  return act(visit, async (template) => {
    await rejectHeld(visit.app, actorOf(visit), { ...template, upTo: upTo(visit) });
    return visit.text("held.rejected");
  });
}

/** The last that was shown: what has come since has not been looked at. */
function upTo(visit: ServiceVisit): string {
  return asId(readFields(visit, ["upTo"]).upTo) ?? "00000000-0000-0000-0000-000000000000";
}

type Deed = (template: { serviceId: string; templateId: string }) => Promise<string>;

function act(visit: ServiceVisit, deed: Deed): Promise<Answer> {
  const serviceId = visit.service.id;
  const template = { serviceId, templateId: idIn(visit, "tid") };
  return submit({
    values: { held: "" },
    refusedAt: "held",
    act: async () => redirect(`/services/${serviceId}/held`, { flash: await deed(template) }),
    showAgain: (form) => show(visit, form),
  });
}

function askForLimits(visit: ServiceVisit): Answer {
  const { above, abovePounds, withinHours } = visit.service.release;
  const values = { above: String(above), abovePounds: String(abovePounds), withinHours: String(withinHours) };
  return showRelease(visit, { serviceId: visit.service.id, form: formOf(values) });
}

function saveLimits(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "above",
    act: async () => {
      const value = {
        above: parseLimit(values.above) ?? 0,
        abovePounds: parseLimit(values.abovePounds) ?? 0,
        withinHours: parseLimit(values.withinHours) ?? Number.NaN,
      };
      await setRelease(app, actorOf(visit), { serviceId: service.id, value });
      return redirect(`/services/${service.id}/settings`, { flash: text("settings.saved") });
    },
    showAgain: (form) => showRelease(visit, { serviceId: service.id, form }),
  });
}
