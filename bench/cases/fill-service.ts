/** A service as it is after a busy week: so many texts, some failed, the newest of them with contents that open. */
import { countHours } from "../../src/flow/statistics/count-hours.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { newId } from "../../src/platform/ids.ts";
import { LANES } from "../../src/platform/queue.ts";
import { blindIndex, seal } from "../../src/platform/sealing.ts";
import type { NewNotification } from "../../src/records/notifications/notification.ts";
import { insertNotifications } from "../../src/records/notifications/notification-store.ts";
import { makePartitionsAround, startOfDay } from "../../src/records/partitions/partition-store.ts";
import type { Service } from "../../src/records/services/service.ts";
import { findService, sealedAt } from "../../src/records/services/service-store.ts";
import type { Site } from "../site.ts";

const DAYS = 7;
const BATCH = 50_000;
/** Enough for every page that is shown. */
const OPENABLE = 400;
const FAILS_EVERY = 4;
const NUMBER_FIRST = 300;
const NUMBERS = 700;

export interface Filled {
  newest: { id: string; recipient: string; reference: string };
}

/** Rows are made by the database itself: only what is shown has to be sealed by us. */
export async function fillService(site: Site, messages: number): Promise<Filled> {
  const { installation, target } = site;
  const { db } = installation;
  const service = await findService(db, installation.keys, target.serviceId);
  if (!service) throw new Error("the service of the benchmark is gone");
  const now = new Date();
  for (let day = -DAYS; day <= 0; day++) await makePartitionsAround(db, startOfDay(now, day));
  for (let made = 0; made < messages; made += BATCH) {
    const share = made / messages;
    const from = new Date(now.getTime() - DAYS * 86_400_000 * (1 - share));
    await fillSome(site, { from, spanMs: (DAYS * 86_400_000 * BATCH) / messages, first: made });
  }
  const openable = Array.from({ length: OPENABLE }, (_, index) => openableText(site, service, index));
  await db.transaction((tx) =>
    insertNotifications(
      tx,
      openable.map(({ notification }) => notification),
    ),
  );
  await finish(
    site,
    openable.map(({ notification }) => notification.id),
  );
  await db.transaction((tx) => tx.execute("analyze notifications"));
  await countAll(site);
  const last = openable.at(-1);
  if (!last) throw new Error("nothing was made");
  return { newest: { id: last.notification.id, recipient: last.recipient, reference: last.reference } };
}

/** One in fifty fails. The recipient's index is random: nobody searches for these. */
async function fillSome(
  { installation, target }: Site,
  part: { from: Date; spanMs: number; first: number },
): Promise<void> {
  const everyMs = part.spanMs / BATCH;
  await installation.db.query`
    insert into notifications (id, service_id, api_key_id, key_kind, channel, template_id, template_version, reference, status,
      sealed_content, recipient_index, sender, lane, is_international, has_receipts, country_prefix, rate_multiplier, fragments,
      provider, attempts, created_at, sent_at, updated_at)
    select (lpad(to_hex(m.ms), 12, '0') || '7' || substr(m.noise, 1, 3) || '8' || substr(m.noise, 4, 15))::uuid, ${target.serviceId},
      null, 'live', 'sms', ${target.templateId}, 1, 'bulk-' || m.number,
      case when m.number % 50 = 0 then 'permanent-failure' else 'delivered' end,
      decode(repeat(m.noise, 5), 'hex'), decode(m.noise, 'hex'), 'Pennypost', 1, false, true, '44', 1, 1,
      'bench-carrier', 1, to_timestamp(m.ms / 1000.0), to_timestamp(m.ms / 1000.0), to_timestamp(m.ms / 1000.0 + 2)
    from (
      select n.number, (${part.from.getTime()}::bigint + floor((n.number - ${part.first}) * ${everyMs}::double precision))::bigint as ms,
        md5(n.number::text) as noise
      from generate_series(${part.first}::bigint, ${part.first + BATCH - 1}::bigint) as n (number)
    ) as m`;
}

/** As the housekeeping does by and by: each time it counts some hours, until none is left. */
async function countAll({ installation: { db } }: Site): Promise<void> {
  for (let counted = 1; counted > 0; ) {
    const done = await countHours({ db, clock: systemClock });
    counted = done.counted + done.folded;
  }
}

/** Every fourth has failed: more than a page of failures, which are looked at as well. */
async function finish({ installation: { db } }: Site, ids: readonly string[]): Promise<void> {
  const failed = ids.filter((_, index) => index % FAILS_EVERY === 0);
  await db.query`
    update notifications n set status = case when n.id = any(${failed}::uuid[]) then 'permanent-failure' else 'delivered' end,
      provider = 'bench-carrier', attempts = 1, sent_at = n.created_at, updated_at = n.created_at
    where n.id = any(${ids}::uuid[])`;
}

interface OpenableText {
  notification: NewNotification;
  recipient: string;
  reference: string;
}

function openableText({ installation, target }: Site, service: Service, index: number): OpenableText {
  const id = newId();
  const recipient = `447700900${NUMBER_FIRST + (index % NUMBERS)}`;
  const reference = `appointment-${index}`;
  const content = { submittedRecipient: recipient, recipient, personalisation: { day: "Tuesday", token: reference } };
  const notification: NewNotification = {
    id,
    serviceId: service.id,
    apiKeyId: undefined,
    keyKind: "live",
    channel: "sms",
    status: "created",
    templateId: target.templateId,
    templateVersion: 1,
    reference,
    sealedContent: seal({ key: service.dataKey, belongsTo: sealedAt.notification(id) }, JSON.stringify(content)),
    recipientIndex: blindIndex(installation.keys.searchIndex, recipient),
    sender: "Pennypost",
    lane: LANES.normal,
    isInternational: false,
    hasReceipts: true,
    countryPrefix: "44",
    rateMultiplier: 1,
    fragments: 1,
    createdAt: new Date(),
    scheduledFor: undefined,
    validUntil: undefined,
    createdByName: undefined,
  };
  return { notification, recipient, reference };
}
