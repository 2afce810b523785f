/** How a service's messages went up and down: as a chart, as the table beside it, and as one to take away. */

import type { Cell } from "../../../core/csv/write-csv.ts";
import type { GroupCounts } from "../../../core/delivery/status-groups.ts";
import { type Dashboard, totalOf } from "../../../flow/statistics/read-dashboard.ts";
import type { Text } from "../catalogue/text.ts";
import { type BarChart, type BarKind, layOutBars } from "../charts/bar-chart.ts";
import type { ServiceVisit } from "../http/visit.ts";

/** From the axis up. */
const GROUPS = ["delivered", "sending", "failed"] as const satisfies readonly (BarKind & keyof GroupCounts)[];

export interface Trend {
  by: Dashboard["trendBy"];
  chart: BarChart;
  rows: readonly { name: string; counts: GroupCounts }[];
}

export function presentTrend({ text, formats }: ServiceVisit, { trend, trendBy }: Dashboard): Trend {
  const points = trend.map(({ at, counts }) => ({ moment: momentOf(at), counts }));
  const isByHour = trendBy === "hour";
  const nameOf = (moment: Date) => (isByHour ? formats.exactTime(moment) : formats.date(moment));
  return {
    by: trendBy,
    rows: points.map(({ moment, counts }) => ({ name: nameOf(moment), counts })),
    chart: layOutBars({
      id: "trend",
      title: text(`dashboard.trend.title.${trendBy}`),
      description: describe(
        text,
        points.map(({ counts }) => counts),
      ),
      series: GROUPS.map((kind) => ({ kind, name: text(`dashboard.group.${kind}`) })),
      points: points.map(({ moment, counts }) => ({
        name: nameOf(moment),
        mark: isByHour ? formats.clock(moment) : formats.shortDate(moment),
        values: GROUPS.map((group) => counts[group]),
      })),
      show: formats.number,
      isWhole: true,
    }),
  };
}

/** With the moments as machines read them. */
export function trendTable(text: Text, { trend, trendBy }: Dashboard): Cell[][] {
  const heads = [text(`dashboard.trend.${trendBy}`), ...GROUPS.map((group) => text(`dashboard.group.${group}`))];
  return [heads, ...trend.map(({ at, counts }) => [at, ...GROUPS.map((group) => counts[group])])];
}

function describe(text: Text, counts: readonly GroupCounts[]): string {
  const sum = (group: keyof GroupCounts) => counts.reduce((total, one) => total + one[group], 0);
  const total = counts.reduce((all, one) => all + totalOf(one), 0);
  const most = Math.max(0, ...counts.map(totalOf));
  return text("dashboard.trend.description", { total, failed: sum("failed"), most });
}

/** A day stands for its noon. */
function momentOf(at: string): Date {
  return new Date(at.includes("T") ? at : `${at}T12:00:00Z`);
}
