/** `/platform/complaints`: emails that recipients have marked as spam, the latest first. */
import { type ListedComplaint, listComplaints } from "../../../records/notifications/complaint-search-store.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { type ListPage, placeOf, readPage } from "./shown.ts";

type Row = ListedComplaint & { serviceUrl: string | undefined; messageUrl: string | undefined };

const showComplaints = page<{ list: ListPage<Row> }>("platform/complaints.njk");

export const platformComplaintRoutes: readonly Route[] = [
  route({ method: "GET", url: "/platform/complaints", who: "platform-admin", handler: openComplaints }),
];

async function openComplaints(visit: UserVisit): Promise<Answer> {
  const list = await readPage(visit, (at) => listComplaints(visit.app.db, at));
  const rows = list.rows.map((row) => ({
    ...row,
    serviceUrl: placeOf(visit, { kind: "service", id: row.serviceId }),
    messageUrl: placeOf(visit, { kind: "notification", id: row.notificationId, serviceId: row.serviceId }),
  }));
  return showComplaints(visit, { list: { ...list, rows } });
}
