/** Rows of the settings that keep a service from harm: others' and its own. */
import type { ServiceVisit } from "../http/visit.ts";
import type { Row } from "./row.ts";

export function protectionRows(visit: ServiceVisit): Row[] {
  return [contentRow(visit)];
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
