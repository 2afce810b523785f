/** `/platform/services`: every service there is, and how it is. */
import {
  listServiceOverviews,
  SERVICE_STATES,
  type ServiceLifeState,
  type ServiceOverview,
} from "../../../records/services/service-overview-store.ts";
import type { Text } from "../catalogue/text.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { type ListPage, readPage } from "./shown.ts";

interface Filter {
  text: string;
  url: string;
  isChosen: boolean;
}

type Row = ServiceOverview & { state: ServiceLifeState; stateText: string };

const showServices = page<{ filters: readonly Filter[]; list: ListPage<Row>; firstUrl: string }>(
  "platform/services.njk",
);

export const platformServiceListRoutes: readonly Route[] = [
  route({ method: "GET", url: "/platform/services", who: "platform-admin", handler: listServices }),
];

async function listServices(visit: UserVisit): Promise<Answer> {
  const wanted = visit.query.get("state");
  const state = SERVICE_STATES.find((one) => one === wanted);
  const list = await readPage(visit, (at) => listServiceOverviews(visit.app.db, { ...at, state }));
  const rows = list.rows.map((row) => ({ ...row, ...stateOf(row, visit.text) }));
  const filters = [undefined, ...SERVICE_STATES].map((one) => filterOf(visit, one, state));
  return showServices(visit, { filters, list: { ...list, rows }, firstUrl: addressOf(state) });
}

function filterOf(
  { text }: UserVisit,
  state: ServiceLifeState | undefined,
  chosen: ServiceLifeState | undefined,
): Filter {
  return {
    text: text(state ? `platformServices.filter.${state}` : "platformServices.filter.all"),
    url: addressOf(state),
    isChosen: state === chosen,
  };
}

function addressOf(state: ServiceLifeState | undefined): string {
  return `/platform/services${state ? `?state=${state}` : ""}`;
}

type Life = Pick<ServiceOverview, "archivedAt" | "suspendedAt" | "isTrial">;

/** How a service is, in one word. */
export function stateOf(service: Life, text: Text): { state: ServiceLifeState; stateText: string } {
  const state = stateName(service);
  return { state, stateText: text(`platformServices.state.${state}`) };
}

function stateName({ archivedAt, suspendedAt, isTrial }: Life): ServiceLifeState {
  if (archivedAt) return "archived";
  if (suspendedAt) return "suspended";
  return isTrial ? "trial" : "live";
}
