/** Routes: the rules by which messages find their provider. Workers follow a change within seconds. */
import { parseWeekTimes } from "../../core/calendar/week-times.ts";
import { byOrder } from "../../core/routing/choose-route.ts";
import type { Priority, RouteRule } from "../../core/routing/route-rule.ts";
import type { SenderType } from "../../core/senders/sender-type.ts";
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import type { Channel, KeyKind } from "../services/service.ts";

export interface StoredRoute extends Omit<RouteRule, "provider" | "times"> {
  id: string;
  channel: Channel;
  providerId: string;
  keyKinds: readonly KeyKind[];
  senderTypes: readonly SenderType[];
  priorities: readonly Priority[];
  /** As written: "mon-fri 08:00-20:00". */
  times: readonly string[];
}

export interface RouteRecord extends StoredRoute {
  provider: string;
  isSandbox: boolean;
  isActive: boolean;
}

/** A rule that takes everything a key may send, and stands where routes usually do. */
export const NEW_ROUTE = {
  ...{ carriesInternational: true, countryPrefixes: [], networks: [], serviceIds: [], senderTypes: [], priorities: [] },
  ...{ times: [], position: 100, weight: 100, isCheapestFirst: false },
} as const satisfies Partial<StoredRoute>;

const COLUMNS = sqlConstant(`
  r.id, r.name, r.channel, r.provider_id, r.key_kinds, r.carries_international, r.country_prefixes, r.networks, r.service_ids,
  r.sender_types, r.priorities, r.times, r.position, r.weight, r.is_cheapest_first, p.name as provider, p.is_sandbox, p.is_active`);

/** Every route, those to providers that are switched off as well, in the order in which they are asked. */
export async function listRoutes(db: Db): Promise<RouteRecord[]> {
  const routes = await db.query<RouteRecord>`
    select ${COLUMNS} from routes r join providers p on p.id = r.provider_id order by r.name`;
  return routes.sort((a, b) => byOrder(ruleOf(a), ruleOf(b)));
}

/** Held until the transaction ends. */
export async function lockRoute(tx: Tx, id: string): Promise<RouteRecord | undefined> {
  const [route] = await tx.query<RouteRecord>`
    select ${COLUMNS} from routes r join providers p on p.id = r.provider_id where r.id = ${id} for update of r`;
  return route;
}

/** The route as a rule to choose by. */
export function ruleOf<Record extends StoredRoute & { provider: string }>(
  record: Record,
): Omit<Record, "times"> & RouteRule {
  return { ...record, times: record.times.flatMap((text) => parseWeekTimes(text) ?? []) };
}

export async function insertRoute(tx: Tx, route: StoredRoute): Promise<void> {
  await tx.query`
    insert into routes (id, name, channel, provider_id, key_kinds, carries_international, country_prefixes, networks, service_ids,
      sender_types, priorities, times, position, weight, is_cheapest_first)
    values (${route.id}, ${route.name}, ${route.channel}, ${route.providerId}, ${route.keyKinds}, ${route.carriesInternational},
      ${route.countryPrefixes}, ${route.networks}, ${route.serviceIds}, ${route.senderTypes}, ${route.priorities}, ${route.times},
      ${route.position}, ${route.weight}, ${route.isCheapestFirst})`;
}

export async function updateRoute(tx: Tx, route: StoredRoute): Promise<void> {
  await tx.query`
    update routes set name = ${route.name}, channel = ${route.channel}, provider_id = ${route.providerId},
      key_kinds = ${route.keyKinds}, carries_international = ${route.carriesInternational},
      country_prefixes = ${route.countryPrefixes}, networks = ${route.networks}, service_ids = ${route.serviceIds},
      sender_types = ${route.senderTypes}, priorities = ${route.priorities}, times = ${route.times},
      position = ${route.position}, weight = ${route.weight}, is_cheapest_first = ${route.isCheapestFirst}
    where id = ${route.id}`;
}

export async function deleteRoute(tx: Tx, id: string): Promise<void> {
  await tx.query`delete from routes where id = ${id}`;
}
