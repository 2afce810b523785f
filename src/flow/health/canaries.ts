/**
 * Canary messages: now and then a text to a number of the operator's own goes through one provider and no other. Whether and when it
 * arrives is kept apart from all other messages; two in a row that do not arrive open the provider's circuit.
 */
import { newId } from "../../platform/ids.ts";
import { errorFields } from "../../platform/log.ts";
import type { Outcome, Receipt, TextMessage } from "../../providers/provider.ts";
import { insertAwaitedReceipts } from "../../records/notifications/awaited-receipt-store.ts";
import { deleteCanary, endCanary, endLateCanaries, insertCanaryIfDue } from "../../records/providers/canary-store.ts";
import { type CanaryPlan, canaryPlanOf } from "../../records/providers/health-settings.ts";
import type { ProviderRecord } from "../../records/providers/provider-store.ts";
import type { App } from "../app.ts";
import type { Fleet } from "../dispatch/fleet.ts";
import type { HealthWatch } from "./health-watch.ts";

const LOOK_EVERY_MS = 5_000;
const SECOND_MS = 1_000;

export interface Canaries {
  /** The providers there are from now on. */
  follow(records: readonly ProviderRecord[]): void;
  /** Sends what is due; the timer does so every few seconds. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

export interface CanaryOptions {
  app: Pick<App, "db" | "clock" | "log">;
  health: HealthWatch;
  /** Undefined until there is one. */
  fleet: () => Pick<Fleet, "find" | "isConnected"> | undefined;
}

interface Planned {
  id: string;
  name: string;
  plan: CanaryPlan;
}

export function startCanaries(options: CanaryOptions): Canaries {
  let planned: readonly Planned[] = [];
  let looking: Promise<void> | undefined;
  const look = (): Promise<void> => {
    looking ??= Promise.all(planned.map((one) => lookAfter(options, one)))
      .then(() => undefined)
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    follow: (records) => {
      planned = records.flatMap((record) => {
        const plan = canaryPlanOf(record);
        return plan ? [{ id: record.id, name: record.name, plan }] : [];
      });
    },
    look,
    stop: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}

/** Never rejects. */
async function lookAfter(options: CanaryOptions, provider: Planned): Promise<void> {
  const { app, fleet } = options;
  const { id: providerId, plan } = provider;
  try {
    const now = app.clock.now();
    await endLateCanaries(app.db, providerId, new Date(now.getTime() - plan.withinSeconds * SECOND_MS));
    if (!hasRoom(fleet(), provider.name)) return;
    const id = newId(now);
    const since = new Date(now.getTime() - plan.everySeconds * SECOND_MS);
    if (await insertCanaryIfDue(app.db, { id, providerId, sentAt: now }, since)) await send(options, provider, id);
  } catch (error) {
    app.log.warn("canary.not-sent", { provider: provider.name, ...errorFields(error) });
  }
}

/** While we hold a provider back ourselves, what does not get through says nothing about it. */
function hasRoom(fleet: ReturnType<CanaryOptions["fleet"]>, provider: string): boolean {
  return (fleet?.isConnected(provider) ?? false) && (fleet?.find(provider)?.provider.capacity() ?? 0) > 0;
}

async function send({ app, health, fleet }: CanaryOptions, { name, plan }: Planned, id: string): Promise<void> {
  const made = fleet()?.find(name);
  if (made?.channel !== "sms") return;
  const handOver = health.begin(name);
  const outcome = await made.provider.send(canary(plan, id, app.clock.now()));
  health.answered(handOver, outcome, { reports: false });
  await note(app, { id, provider: name, outcome });
}

/** Each time the next of the numbers, whichever process it is. */
function canary({ numbers, everySeconds, sender }: CanaryPlan, notificationId: string, now: Date): TextMessage {
  const turn = Math.floor(now.getTime() / SECOND_MS / everySeconds) % numbers.length;
  const text = `Pennypost test message of ${now.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return { notificationId, to: numbers[turn] ?? "", from: sender, text, encoding: "gsm7" };
}

async function note(
  { db, clock }: Pick<App, "db" | "clock">,
  { id, provider, outcome }: { id: string; provider: string; outcome: Outcome },
): Promise<void> {
  const at = clock.now();
  // It was asked to wait for its turn: the next look tries again.
  if (outcome.kind === "unavailable" && outcome.retryAfterMs !== undefined) return deleteCanary(db, id);
  if (outcome.kind !== "accepted")
    return endCanary(db, id, { outcome: "not-taken", code: outcome.code ?? outcome.reason, at });
  if (outcome.isDelivered) return endCanary(db, id, { outcome: "delivered", code: undefined, at });
  const awaited = outcome.references.map((messageId) => ({ messageId, notificationId: id, parts: 1 }));
  await db.transaction((tx) => insertAwaitedReceipts(tx, provider, awaited));
}

/** Reports that are about no notification may be about canaries. */
export async function noteCanaries(
  { db, clock }: Pick<App, "db" | "clock">,
  reports: readonly { id: string; receipt: Receipt }[],
): Promise<void> {
  for (const { id, receipt } of reports) {
    if (receipt.status === "pending") continue;
    const outcome = receipt.status === "delivered" ? "delivered" : "failed";
    await endCanary(db, id, { outcome, code: receipt.code, at: clock.now() });
  }
}
