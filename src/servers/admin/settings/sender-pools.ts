/** `/services/:sid/settings/text-senders/groups`: senders that share the texts of a service. */
import { Refusal } from "../../../core/refusal.ts";
import type { SenderPool } from "../../../core/senders/choose-text-sender.ts";
import { removePool, savePool } from "../../../flow/senders/sender-pools.ts";
import type { TextSender } from "../../../records/services/service.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, readList, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";

const GROUPS = "/services/:sid/settings/text-senders/groups";
const FIELDS = ["name", "isDefault", "isSticky"] as const;
type Field = (typeof FIELDS)[number] | "senderIds";

interface PoolPage {
  serviceId: string;
  pool: SenderPool | undefined;
  senders: readonly TextSender[];
  ticked: readonly string[];
  form: Form<Field>;
}

const showPool = page<PoolPage>("settings/sender-pool.njk");
const who = { permission: "manage_service" } as const;

export const senderPoolRoutes: readonly Route[] = [
  route({ method: "GET", url: `${GROUPS}/new`, who, handler: openNew }),
  route({ method: "POST", url: `${GROUPS}/new`, who, handler: (visit) => save(visit, undefined) }),
  route({ method: "GET", url: `${GROUPS}/:gid`, who, handler: open }),
  route({ method: "POST", url: `${GROUPS}/:gid`, who, handler: (visit) => save(visit, getPool(visit)) }),
  route({ method: "POST", url: `${GROUPS}/:gid/removal`, who, handler: remove }),
];

function getPool(visit: ServiceVisit): SenderPool {
  const id = idIn(visit, "gid");
  const pool = visit.service.senderPools.find((one) => one.id === id);
  if (!pool) throw new Refusal("not-found", "There is no such group");
  return pool;
}

function openNew(visit: ServiceVisit): Answer {
  const form = formOf<Field>({ name: "", isDefault: "", isSticky: "yes", senderIds: "" });
  return show(visit, { pool: undefined, form, ticked: [] });
}

function open(visit: ServiceVisit): Answer {
  const pool = getPool(visit);
  const flags = { isDefault: pool.isDefault ? "yes" : "", isSticky: pool.isSticky ? "yes" : "" };
  const form = formOf<Field>({ name: pool.name, ...flags, senderIds: "" });
  return show(visit, { pool, form, ticked: pool.senderIds });
}

function show(visit: ServiceVisit, shown: Pick<PoolPage, "pool" | "form" | "ticked">): Answer {
  const { id: serviceId, textSenders: senders } = visit.service;
  return showPool(visit, { ...shown, serviceId, senders });
}

function save(visit: ServiceVisit, pool: SenderPool | undefined): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  const senderIds = readList(visit, "senderIds");
  const { app, service, text } = visit;
  return submit<Field>({
    values: { ...values, senderIds: "" },
    refusedAt: "name",
    act: async () => {
      const flags = { isDefault: values.isDefault !== "", isSticky: values.isSticky !== "" };
      const wish = { serviceId: service.id, id: pool?.id, name: values.name, senderIds, ...flags };
      await savePool(app, actorOf(visit), wish);
      return redirect(sendersOf(visit), { flash: text("settings.saved") });
    },
    showAgain: (form) => show(visit, { pool, form, ticked: senderIds }),
  });
}

async function remove(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  await removePool(app, actorOf(visit), { serviceId: service.id, id: getPool(visit).id });
  return redirect(sendersOf(visit), { flash: text("settings.pools.removed") });
}

function sendersOf({ service }: ServiceVisit): string {
  return `/services/${service.id}/settings/text-senders`;
}
