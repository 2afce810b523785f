/** The guard against floods: what a message counts towards, whether its like is stopped, and stopping it. */
import { floodDayOf, slotOf, stopEndsAt, subjectOf } from "../../core/floods/flood-rule.ts";
import { Refusal } from "../../core/refusal.ts";
import { newId } from "../../platform/ids.ts";
import { insertAuditEntries } from "../../records/audit/audit-store.ts";
import { insertFloodStop } from "../../records/floods/flood-stop-store.ts";
import type { FloodCount } from "../../records/floods/flood-tally-store.ts";
import type { NewNotification } from "../../records/notifications/notification.ts";
import { floodKey, type ServiceFloodRule } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { costOf, type HoldReason } from "./release.ts";
import { keyKindOf, type SendRequest } from "./send-request.ts";
import { isSimulated } from "./simulated.ts";

const HELD: HoldReason = { heldFor: "flood", ruleName: undefined };
/** As the audit log names who stopped something. */
const GUARD = "flood guard";

/** What keeps its like from going; undefined where nothing does. What is urgent cannot be held, and is refused for either sort of rule. */
export function refuseIfFlooded(request: SendRequest, now: Date): HoldReason | undefined {
  const { service } = request;
  if (service.floodStops.size === 0 || !isCounted(request)) return undefined;
  const stopped = service.floodRules.filter((rule) => {
    const subject = subjectOf(rule, messageOf(request));
    const endsAt = subject === undefined ? undefined : service.floodStops.get(floodKey(rule.id, subject));
    return endsAt !== undefined && (endsAt === "never" || endsAt > now);
  });
  return heldOrRefused(request, stopped);
}

/** Nobody is sent what a test key, or somebody who tries the API, sends. */
function isCounted(request: SendRequest): boolean {
  return keyKindOf(request) !== "test" && !isSimulated(request.recipient);
}

function messageOf({ recipient, templateId }: SendRequest) {
  const { channel } = recipient;
  return { channel, number: channel === "sms" ? recipient.number : undefined, templateId };
}

function heldOrRefused(request: SendRequest, stopped: readonly ServiceFloodRule[]): HoldReason | undefined {
  const refusing = stopped.find(({ action }) => action === "refuse" || request.priority === "high");
  if (refusing) throw flooded(refusing);
  return stopped.length > 0 ? HELD : undefined;
}

/** Nothing for most services. */
export function floodsOf(request: SendRequest, notification: NewNotification, at: Date): FloodCount[] {
  const { service } = request;
  if (service.floodRules.length === 0 || !isCounted(request)) return [];
  return service.floodRules.flatMap((rule) => {
    const subject = subjectOf(rule, messageOf(request));
    const amount = rule.countsBy === "spend" ? costOf(notification) : "1";
    if (subject === undefined || Number(amount) === 0) return [];
    const { id: ruleId, atLeast, timesUsual } = rule;
    const moment = { slot: slotOf(rule, at), day: floodDayOf(at) };
    return [{ ruleId, serviceId: service.id, subject, ...moment, amount, atLeast, timesUsual }];
  });
}

/** A flight has found a limit reached: stops what is like the message from now on. Says whether the message itself is held, or refuses it. */
export async function stopFlood(
  app: Pick<App, "db" | "clock" | "services">,
  request: SendRequest,
  { ruleId, subject }: FloodCount,
): Promise<HoldReason | undefined> {
  const { service } = request;
  const rule = service.floodRules.find(({ id }) => id === ruleId);
  if (!rule) throw new Error("a flood was counted by a rule that the service does not have");
  const startedAt = app.clock.now();
  const stop = { id: newId(), ruleId, serviceId: service.id, subject, startedAt, endsAt: stopEndsAt(rule, startedAt) };
  await app.db.transaction(async (tx) => {
    if (!(await insertFloodStop(tx, stop))) return;
    const { countsBy, action, isPlatform } = rule;
    const after = { countsBy, subject, action, ofInstallation: isPlatform, until: stop.endsAt?.toISOString() ?? null };
    const deed = { serviceId: service.id, action: "flood.stopped", subject: countsBy, after };
    await insertAuditEntries(tx, [{ actor: GUARD, ...deed }]);
  });
  app.services.forget(service.id);
  return heldOrRefused(request, [rule]);
}

const WHAT = {
  prefix: "Far more texts than usual were sent to numbers that begin as this one does",
  template: "Far more texts than usual were sent with this template",
  spend: "Far more than usual was spent on messages",
} as const;

/** Names the guard, and nothing of the number. */
function flooded({ countsBy, isPlatform }: ServiceFloodRule): Refusal {
  const whose = isPlatform ? "this installation" : "your service";
  return new Refusal("bad-request", `${WHAT[countsBy]}: the flood guard of ${whose} has stopped them for now`);
}
