/** What accepting messages needs, once for each process that does. */
import { createSignal } from "../../platform/queue.ts";
import type { App } from "../app.ts";
import { DISPATCH_QUEUES, LETTER_QUEUE } from "../jobs.ts";
import { createSuppressedLookup } from "../suppressions/suppressed-lookup.ts";
import type { Intake } from "./accept.ts";
import { createDailyLimits } from "./daily-limit.ts";
import { createFlights } from "./flights.ts";
import { createRateLimit } from "./rate-limit.ts";

export function createIntake(app: App): Intake {
  const queues = Object.entries({ ...DISPATCH_QUEUES, letter: LETTER_QUEUE });
  const signals = new Map(queues.map(([channel, queue]) => [channel, createSignal(app.db, queue)]));
  const flights = createFlights(app.db, (channel) => signals.get(channel)?.());
  return {
    ...app,
    flights,
    rateLimit: createRateLimit(app.db, app.clock),
    dailyLimits: createDailyLimits(app.db, app.clock),
    suppressed: createSuppressedLookup(app.db),
  };
}
