/** GET /v2/quality: how the service's messages fared, by country, network, provider, sender or template. */
import type { Indicators } from "../../../core/quality/indicators.ts";
import { qualityDays, readQuality } from "../../../flow/quality/read-quality.ts";
import type { QualityBy } from "../../../records/quality/quality-store.ts";
import { type Answer, json } from "../http/answer.ts";
import { type Call, queryOf } from "../http/call.ts";
import { getValid } from "../http/errors.ts";
import { checkQualityQuery } from "../schema/quality-query.ts";

export async function getQuality(call: Call): Promise<Answer> {
  const { service, api } = call;
  const { from, to, by } = getValid(checkQualityQuery(queryOf(call)));
  const days = qualityDays(api.intake, { ...(from ? { from } : {}), ...(to ? { to } : {}) });
  const report = await readQuality(api.intake, { serviceId: service.id, days, by });
  return json(200, {
    ...days,
    by,
    total: presentIndicators(report.total),
    rows: report.rows.map(({ key, ...indicators }) => ({ ...presentKey(by, key), ...presentIndicators(indicators) })),
  });
}

/** A network stands beside its country; one that is not known is null. */
function presentKey(by: QualityBy, key: string): Record<string, string | null> {
  if (by !== "network") return { [by]: key };
  const [country = "", network = ""] = key.split(" ");
  return { country, network: network || null };
}

function presentIndicators(indicators: Indicators) {
  const { sent, ended, delivered, deliverableShare, deliveredShare, p50Seconds, p95Seconds } = indicators;
  return {
    ...{ sent, ended, delivered },
    deliverable_share: deliverableShare ?? null,
    delivered_share: deliveredShare ?? null,
    seconds_to_deliver: { p50: p50Seconds ?? null, p95: p95Seconds ?? null },
  };
}
