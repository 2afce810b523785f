/** Rows of the settings that keep a service from harm: others' and its own. */
import type { ServiceVisit } from "../http/visit.ts";
import type { Row } from "./row.ts";

export function protectionRows(visit: ServiceVisit): Row[] {
  return [contentRow(visit), floodRow(visit), undoRow(visit), releaseRow(visit)];
}

function contentRow(visit: ServiceVisit): Row {
  const { service, text } = visit;
  const count = service.contentRules.filter(({ isPlatform }) => !isPlatform).length;
  const line = count === 0 ? text("settings.option.off") : text("contentRules.row.count", { count });
  return {
    name: text("contentRules.row"),
    lines: [{ text: line }],
    url: `/services/${service.id}/settings/content-rules`,
    isList: true,
  };
}

/** Of the service's own, and of what any has stopped. */
function floodRow({ service, text, now }: ServiceVisit): Row {
  const count = service.floodRules.filter(({ isPlatform }) => !isPlatform).length;
  const stopped = [...service.floodStops.values()].filter((endsAt) => endsAt === "never" || endsAt > now).length;
  const lines = [
    { text: count === 0 ? text("settings.option.off") : text("floodGuard.row.count", { count }) },
    ...(stopped === 0 ? [] : [{ text: text("floodGuard.row.stopped", { count: stopped }) }]),
  ];
  return { name: text("floodGuard.row"), lines, url: `/services/${service.id}/settings/flood-guard`, isList: true };
}

function undoRow({ service, text }: ServiceVisit): Row {
  const { seconds: count, lanes } = service.undo;
  const lines = [
    { text: count === 0 ? text("settings.option.off") : text("protection.undo.row.seconds", { count }) },
    ...(count === 0 ? [] : lanes.map((lane) => ({ text: text(`protection.undo.row.${lane}`) }))),
  ];
  return { name: text("protection.undo.row"), lines, url: `/services/${service.id}/settings/undo` };
}

function releaseRow({ service, text, formats }: ServiceVisit): Row {
  const { above: count, abovePounds: cost } = service.release;
  const lines = [
    ...(count > 0 ? [{ text: text("held.row.above", { count }) }] : []),
    ...(cost > 0 ? [{ text: text("held.row.cost", { amount: formats.wholeMoney(cost) }) }] : []),
  ];
  const off = [{ text: text("settings.option.off") }];
  return {
    name: text("held.row"),
    lines: lines.length > 0 ? lines : off,
    url: `/services/${service.id}/settings/release`,
  };
}
