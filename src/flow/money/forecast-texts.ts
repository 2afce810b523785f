/** What is known of recipients before texts go to them: who is suppressed, what networks said lately, how texts fared in the last month. */

import { dayOf } from "../../core/calendar/home-day.ts";
import type { NetworkFacts } from "../../core/phone/network-facts.ts";
import { type Forecast, forecast } from "../../core/quality/forecast.ts";
import type { SuppressionReason } from "../../core/suppression/suppression-reason.ts";
import { blindIndex } from "../../platform/sealing.ts";
import { listSuppressionsOf } from "../../records/suppressions/suppression-store.ts";
import type { App } from "../app.ts";
import { keptAnswers } from "../number-lookups/ask-networks.ts";
import { qualityDays, readQuality } from "../quality/read-quality.ts";

const DAYS = 30;
const DAY_MS = 24 * 60 * 60_000;

export type Forecaster = Pick<App, "db" | "keys" | "clock">;

export interface KnownRecipients {
  /** By the number's digits: why it is suppressed. */
  suppressed: ReadonlyMap<string, SuppressionReason>;
  networks: ReadonlyMap<string, NetworkFacts>;
}

/** Two statements for all of them; no network is asked. */
export async function knownOf(
  app: Forecaster,
  { serviceId, numbers }: { serviceId: string; numbers: readonly string[] },
): Promise<KnownRecipients> {
  const wanted = [...new Set(numbers)];
  if (wanted.length === 0) return { suppressed: new Map(), networks: new Map() };
  const indexOf = (digits: string): Buffer => blindIndex(app.keys.searchIndex, digits);
  const [entries, answers] = await Promise.all([
    listSuppressionsOf(app.db, { serviceId, channel: "sms", recipientIndexes: wanted.map(indexOf) }),
    keptAnswers(app, wanted),
  ]);
  const reasons = new Map(entries.map(({ recipientIndex, reason }) => [recipientIndex.toString("hex"), reason]));
  const reasonOf = (digits: string) => reasons.get(indexOf(digits).toString("hex"));
  return {
    suppressed: new Map(
      wanted.flatMap((digits) => {
        const reason = reasonOf(digits);
        return reason ? [[digits, reason] as const] : [];
      }),
    ),
    networks: new Map([...answers].map(([digits, { facts }]) => [digits, facts])),
  };
}

/** By what became of the service's own texts: what others sent is no business of its. */
export async function forecastTexts(
  app: Forecaster,
  { serviceId, texts }: { serviceId: string; texts: Parameters<typeof forecast>[0] },
): Promise<Forecast> {
  const from = dayOf(new Date(app.clock.now().getTime() - DAYS * DAY_MS));
  const days = qualityDays(app, { from });
  const { rows, total } = await readQuality(app, { serviceId, days, by: "country", channel: "sms" });
  return forecast(texts, { byCountry: new Map(rows.map((row) => [row.key, row])), total });
}
