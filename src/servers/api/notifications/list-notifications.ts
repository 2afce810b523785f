/** GET /v2/notifications: what was sent with the same kind of key, newest first, a page at a time. */
import { expandStatusFilters } from "../../../core/delivery/statuses.ts";
import { listNotifications } from "../../../records/notifications/notification-store.ts";
import { type Answer, jsonWithMoney } from "../http/answer.ts";
import { type Call, originOf, queryOf } from "../http/call.ts";
import { getValid } from "../http/errors.ts";
import { pageLinks } from "../http/page-links.ts";
import { checkNotificationsQuery } from "../schema/read-requests.ts";
import { showNotifications } from "./show-notification.ts";

const PAGE_SIZE = 250;
const REPEATABLE = ["status", "template_type"];

export async function getNotifications(call: Call): Promise<Answer> {
  const query = queryOf(call);
  const { statuses, templateTypes, reference, olderThan } = getValid(checkNotificationsQuery(query));
  const notifications = await listNotifications(call.api.intake.db, {
    serviceId: call.service.id,
    keyKind: call.key.kind,
    ...(statuses.length > 0 && { statuses: expandStatusFilters(statuses) }),
    ...(templateTypes.length > 0 && { channels: templateTypes }),
    ...(reference !== undefined && { reference }),
    ...(olderThan !== undefined && { olderThan }),
    limit: PAGE_SIZE,
  });
  const url = `${originOf(call)}/v2/notifications`;
  return jsonWithMoney(200, {
    notifications: await showNotifications(call, notifications),
    links: pageLinks(url, { query, repeatable: REPEATABLE, lastId: notifications.at(-1)?.id }),
  });
}
