/**
 * Each text goes by email to the addresses that a service names, as far as an hour allows: a flood of texts must not become one of emails.
 * What is beyond is told once, and stands in the inbox.
 */
import { newId } from "../../platform/ids.ts";
import { enqueue, LANES } from "../../platform/queue.ts";
import { blindIndex } from "../../platform/sealing.ts";
import { countTry } from "../../records/throttles/throttle-store.ts";
import type { Keeping } from "../inbound/keeping.ts";
import { REPLY_QUEUE, type ReplyJob } from "../jobs.ts";
import { listForwardedTo } from "./set-replies.ts";

/** Texts of a service that are forwarded within an hour; one more says that there are others. */
export const FORWARDED_AN_HOUR_MAX = 30;
const HOUR_SECONDS = 3_600;

export async function planForwards({ app, tx, service }: Keeping, textId: string): Promise<void> {
  const to = await listForwardedTo(tx, service.id);
  if (to.length === 0) return;
  const count = (what: string, triesMax: number) =>
    countTry(tx, {
      key: blindIndex(app.keys.searchIndex, `${what} ${service.id}`),
      ...{ triesMax, windowSeconds: HOUR_SECONDS, now: app.clock.now() },
    });
  const isTooMany = (await count("forwarded texts", FORWARDED_AN_HOUR_MAX)) !== undefined;
  if (isTooMany && (await count("more texts", 1)) !== undefined) return;
  const entries = to.map((address) => {
    const kind = isTooMany ? "forward-rest" : "forward";
    const payload: ReplyJob = { kind, serviceId: service.id, textId, to: address };
    return { id: newId(), lane: LANES.normal, group: service.id, payload };
  });
  await enqueue(tx, REPLY_QUEUE, { entries });
}
