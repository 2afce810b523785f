/**
 * Alerts as a JSON body to addresses on the web, signed as callbacks are and tried again as often. They wait in the queue, written with the alert
 * itself, so that whoever is stopped in between loses none; where they go and what they say is sealed there.
 */
import { nextCallback } from "../../core/delivery/callback-timetable.ts";
import type { Outbound } from "../../platform/http.ts";
import { newId } from "../../platform/ids.ts";
import { errorFields } from "../../platform/log.ts";
import { acknowledge, type Consumer, consume, type Job, LANES, type NewJob, retryAt } from "../../platform/queue.ts";
import { deriveKey, open, type SealContext, seal } from "../../platform/sealing.ts";
import { signWebhook } from "../../platform/webhook-signature.ts";
import type { StoredRule } from "../../records/alerts/alert-store.ts";
import type { App } from "../app.ts";
import { ALERT_POST_QUEUE } from "../jobs.ts";
import { secretsToSign } from "./alert-secrets.ts";

const TIMEOUT_MS = 5_000;
const ANSWER_MAX_BYTES = 64 * 1024;
const BATCH_MAX = 20;
/** Longer than a batch waits for its answers. */
const LEASE_MS = 30_000;

interface AlertPost {
  ruleId: string;
  /** Attempts so far. */
  made: number;
  /** URL and body, sealed, in base64. */
  sealed: string;
}

/** What is sealed. */
interface Told {
  url: string;
  body: string;
}

type Keeper = Pick<App, "keys">;

/** For the transaction that notes the alert. */
export function alertPosts(app: Keeper, { id: ruleId, destinations }: StoredRule, body: string): NewJob[] {
  return destinations.urls.map((url) => {
    const id = newId();
    const sealed = seal(sealOf(app, id), JSON.stringify({ url, body } satisfies Told)).toString("base64");
    return { id, lane: LANES.high, group: ruleId, payload: { ruleId, made: 0, sealed } satisfies AlertPost };
  });
}

function sealOf({ keys }: Keeper, jobId: string): SealContext {
  return { key: deriveKey(keys.master, "alert posts"), belongsTo: `jobs:${jobId}` };
}

export function startAlertPosts({ app, outbound }: { app: App; outbound: Outbound }): Promise<Consumer> {
  return consume<AlertPost>(app.db, {
    queue: ALERT_POST_QUEUE,
    batch: BATCH_MAX,
    leaseMs: LEASE_MS,
    room: () => BATCH_MAX,
    handle: async (jobs) => {
      await Promise.all(jobs.map((job) => post({ app, outbound }, job)));
    },
    onError: (error) => app.log.warn("alert.queue-away", errorFields(error)),
  });
}

async function post({ app, outbound }: { app: App; outbound: Outbound }, job: Job<AlertPost>): Promise<void> {
  const { db, log } = app;
  const { ruleId, made } = job.payload;
  const told = JSON.parse(open(sealOf(app, job.id), Buffer.from(job.payload.sealed, "base64")).toString()) as Told;
  const next = await attempt({ app, outbound }, job, told);
  if (next.kind === "retry") {
    const payload = { ...job.payload, made: made + 1 };
    return retryAt(db, ALERT_POST_QUEUE, [{ id: job.id, wakeAt: next.at, payload }]);
  }
  if (next.kind === "give-up") log.warn("alert.not-posted", { ruleId, reason: next.reason, attempts: made + 1 });
  await acknowledge(db, ALERT_POST_QUEUE, [job.id]);
}

/** An address that may not be called is given up at once, as for callbacks. */
async function attempt({ app, outbound }: { app: App; outbound: Outbound }, job: Job<AlertPost>, told: Told) {
  const { ruleId, made } = job.payload;
  const at = app.clock.now();
  const signature = signWebhook(await secretsToSign(app, ruleId), { id: job.id, at, body: told.body });
  const headers = { "content-type": "application/json", "user-agent": "Pennypost", ...signature };
  const limits = { timeoutMs: TIMEOUT_MS, maxBytes: ANSWER_MAX_BYTES };
  const answer = await outbound.post(told.url, told.body, { headers, ...limits });
  if (answer.kind === "refused-address") return { kind: "give-up", reason: "refused" } as const;
  const heard =
    answer.kind === "answered"
      ? ({ kind: "answered", status: answer.status } as const)
      : ({ kind: "unreachable" } as const);
  return nextCallback({ made: made + 1, answer: heard, now: app.clock.now() });
}
