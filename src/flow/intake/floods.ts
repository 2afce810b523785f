/** The guard against floods: what a message counts towards, whether its like is stopped, and stopping it. */
import { floodDayOf, slotOf, stopEndsAt, subjectOf } from "../../core/floods/flood-rule.ts";
import { Refusal } from "../../core/refusal.ts";
import { newId } from "../../platform/ids.ts";
import { insertAuditEntries } from "../../records/audit/audit-store.ts";
import { insertFloodStop, type StoppedLike } from "../../records/floods/flood-stop-store.ts";
import { type FloodCount, floodCeiling } from "../../records/floods/flood-tally-store.ts";
import type { NewNotification } from "../../records/notifications/notification.ts";
import { floodKey, type ServiceFloodRule } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { costOf, type HoldReason } from "./release.ts";
import { keyKindOf, type SendRequest } from "./send-request.ts";
import { isSimulated } from "./simulated.ts";

/** As the audit log names who stopped something. */
const GUARD = "flood guard";

/** What keeps its like from going; undefined where nothing does. What is urgent cannot be held, and is refused for either sort of rule. */
export function refuseIfFlooded(app: Pick<App, "floods" | "clock">, request: SendRequest): HoldReason | undefined {
  const { service } = request;
  if (service.floodStops.size === 0 || !isCounted(request)) return undefined;
  const now = app.clock.now();
  const stopped = service.floodRules.flatMap((rule): Stopped[] => {
    const subject = subjectOf(rule, messageOf(request));
    if (subject === undefined) return [];
    const endsAt = service.floodStops.get(floodKey(rule.id, subject));
    return endsAt !== undefined && (endsAt === "never" || endsAt > now) ? [{ rule, subject }] : [];
  });
  return heldOrRefused(app, request, stopped);
}

/** Nobody is sent what a test key, or somebody who tries the API, sends. */
function isCounted(request: SendRequest): boolean {
  return keyKindOf(request) !== "test" && !isSimulated(request.recipient);
}

function messageOf({ recipient, templateId }: SendRequest) {
  const { channel } = recipient;
  return { channel, number: channel === "sms" ? recipient.number : undefined, templateId };
}

/** A rule of the service, and what of it is stopped. */
interface Stopped {
  rule: ServiceFloodRule;
  subject: string;
}

function heldOrRefused(
  { floods }: Pick<App, "floods">,
  request: SendRequest,
  stopped: readonly Stopped[],
): HoldReason | undefined {
  const refusing = stopped.find(({ rule }) => isRefused(rule, request));
  if (refusing) {
    floods.note(likeOf(request, refusing), "refused");
    throw flooded(refusing.rule, request);
  }
  const [holding] = stopped;
  return holding && { heldFor: "flood", ruleName: undefined, like: likeOf(request, holding) };
}

function isRefused({ action }: ServiceFloodRule, { priority }: SendRequest): boolean {
  return action === "refuse" || priority === "high";
}

function likeOf({ service }: SendRequest, { rule, subject }: Stopped): StoppedLike {
  return { ruleId: rule.id, serviceId: service.id, subject };
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
  app: Pick<App, "db" | "clock" | "services" | "floods">,
  request: SendRequest,
  count: FloodCount,
): Promise<HoldReason | undefined> {
  const { ruleId, subject } = count;
  const rule = request.service.floodRules.find(({ id }) => id === ruleId);
  if (!rule) throw new Error("a flood was counted by a rule that the service does not have");
  if (await isTooDearAlone(app, count)) {
    if (isRefused(rule, request)) throw tooDear(rule);
    return { heldFor: "flood", ruleName: undefined };
  }
  await startStop(app, request, { rule, subject });
  return heldOrRefused(app, request, [{ rule, subject }]);
}

/** A single message that costs more than may be spent is no flood: others go on. */
async function isTooDearAlone({ db }: Pick<App, "db">, count: FloodCount): Promise<boolean> {
  const cost = Number(count.amount);
  return cost > count.atLeast && cost > (await floodCeiling(db, count));
}

async function startStop(
  app: Pick<App, "db" | "clock" | "services">,
  { service }: SendRequest,
  { rule, subject }: Stopped,
): Promise<void> {
  const { id: ruleId } = rule;
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
}

const WHAT = {
  prefix: "Far more texts than usual were sent to numbers that begin as this one does",
  template: "Far more texts than usual were sent with this template",
  spend: "Far more than usual was spent on messages",
} as const;

/** Of whoever knows of no template. */
const WHAT_IN_OWN_WORDS = "Far more texts than usual were sent";

/** Names the guard, and nothing of the number. */
function flooded({ countsBy, isPlatform }: ServiceFloodRule, { isFreeText = false }: SendRequest): Refusal {
  const what = isFreeText && countsBy === "template" ? WHAT_IN_OWN_WORDS : WHAT[countsBy];
  return new Refusal("bad-request", `${what}: the flood guard of ${whose(isPlatform)} has stopped them for now`);
}

function tooDear({ isPlatform, windowMinutes }: ServiceFloodRule): Refusal {
  const limit = `the flood guard of ${whose(isPlatform)} lets be spent within ${windowMinutes} minutes`;
  return new Refusal("bad-request", `This message alone costs more than ${limit}`);
}

function whose(isPlatform: boolean): string {
  return isPlatform ? "this installation" : "your service";
}
