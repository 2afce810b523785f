/** The counters of a dashboard, for whoever looks at it: `service.{id}.counters.7-days`. */
import type { GroupCounts } from "../../../core/delivery/status-groups.ts";
import type { App } from "../../../flow/app.ts";
import { readCounts, totalOf } from "../../../flow/statistics/read-dashboard.ts";
import type { Channel } from "../../../records/services/service.ts";
import type { LiveData } from "../http/watches.ts";
import { daysOf, isLiveRange, type LiveRange } from "./ranges.ts";

const TOPIC = /^service\.([\da-f-]{36})\.counters\.([\da-z-]+)$/;

export function countersTopic(serviceId: string, range: LiveRange): string {
  return `service.${serviceId}.counters.${range}`;
}

/** How a topic of counters is asked for; undefined for any other. */
export function watchCounters(app: Pick<App, "db" | "clock">, topic: string): (() => Promise<LiveData>) | undefined {
  const [, serviceId, range] = TOPIC.exec(topic) ?? [];
  if (serviceId === undefined || !isLiveRange(range)) return undefined;
  return async () => liveFields(await readCounts(app, serviceId, daysOf(app, range)));
}

/** By the names that the view gives its numbers: `sms-delivered`. */
function liveFields(counts: Record<Channel, GroupCounts>): LiveData {
  const fields = Object.entries(counts).flatMap(([channel, { sending, delivered, failed, cancelled }]) =>
    Object.entries({
      total: totalOf({ sending, delivered, failed, cancelled }),
      sending,
      delivered,
      failed,
    }).map(([name, value]) => [`${channel}-${name}`, value] as const),
  );
  return Object.fromEntries(fields);
}
