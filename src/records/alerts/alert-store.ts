/** Rules by which somebody is told of what is out of the ordinary, and each time that they had something to tell. */
import type { AlertKind, AlertRule } from "../../core/alerts/alert-rule.ts";
import { TIME_STEPS } from "../../core/quality/histogram.ts";
import type { QualityCounts } from "../../core/quality/indicators.ts";
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import { type MasterKey, open, seal } from "../../platform/sealing.ts";
import { platformKey } from "../providers/provider-store.ts";

/** Whom to tell. */
export interface Destinations {
  emails: readonly string[];
  numbers: readonly string[];
  urls: readonly string[];
}

export interface StoredRule extends AlertRule {
  id: string;
  /** Undefined: of all services. */
  serviceId: string | undefined;
  name: string;
  destinations: Destinations;
  /** Undefined until the first one is renewed. */
  secrets: RuleSecrets | undefined;
}

/** What signs its posts. */
export interface RuleSecrets {
  current: string;
  /** Signs, too, until then. */
  before: { secret: string; until: Date } | undefined;
}

type RuleRow = Omit<StoredRule, "destinations" | "secrets"> & {
  sealedDestinations: Buffer;
  sealedSecrets: Buffer | undefined;
};

const sealedDestinationsOf = (id: string): string => `alert_rules.destinations:${id}`;
const sealedSecretsOf = (id: string): string => `alert_rules.secrets:${id}`;
const RULES_MAX = 1_000;
const COLUMNS = sqlConstant(`
  r.id, r.service_id, r.name, r.kind, r.threshold::float8 as threshold, r.window_minutes, r.least_count, r.sealed_destinations,
  r.sealed_secrets`);

/** Of one service, or of the installation itself. */
export async function listRules(db: Db, master: MasterKey, serviceId: string | undefined): Promise<StoredRule[]> {
  const rows = await db.query<RuleRow>`
    select ${COLUMNS} from alert_rules r where r.service_id is not distinct from ${serviceId ?? null}::uuid order by r.name`;
  return rows.map((row) => openRule(row, master));
}

/** All there are. */
export async function listAllRules(db: Db, master: MasterKey): Promise<StoredRule[]> {
  const rows = await db.query<RuleRow>`select ${COLUMNS} from alert_rules r order by r.id limit ${RULES_MAX}`;
  return rows.map((row) => openRule(row, master));
}

/** Undefined when it is gone. */
export async function findRule(db: Db, master: MasterKey, id: string): Promise<StoredRule | undefined> {
  const [row] = await db.query<RuleRow>`select ${COLUMNS} from alert_rules r where r.id = ${id}`;
  return row && openRule(row, master);
}

function openRule({ sealedDestinations, sealedSecrets, ...rule }: RuleRow, master: MasterKey): StoredRule {
  const context = { key: platformKey(master), belongsTo: sealedDestinationsOf(rule.id) };
  const destinations = JSON.parse(open(context, sealedDestinations).toString()) as Destinations;
  return { ...rule, destinations, secrets: sealedSecrets && openSecrets(sealedSecrets, rule.id, master) };
}

/** As they are sealed. */
interface KeptSecrets {
  current: string;
  before?: { secret: string; until: string };
}

function openSecrets(sealed: Buffer, id: string, master: MasterKey): RuleSecrets {
  const context = { key: platformKey(master), belongsTo: sealedSecretsOf(id) };
  const { current, before } = JSON.parse(open(context, sealed).toString()) as KeptSecrets;
  return { current, before: before && { secret: before.secret, until: new Date(before.until) } };
}

export async function putSecrets(
  tx: Tx,
  master: MasterKey,
  { id, secrets }: { id: string; secrets: RuleSecrets },
): Promise<void> {
  const context = { key: platformKey(master), belongsTo: sealedSecretsOf(id) };
  await tx.query`update alert_rules set sealed_secrets = ${seal(context, JSON.stringify(secrets))} where id = ${id}`;
}

/** Its secrets are left as they are. */
export async function putRule(tx: Tx, master: MasterKey, rule: Omit<StoredRule, "secrets">): Promise<void> {
  const context = { key: platformKey(master), belongsTo: sealedDestinationsOf(rule.id) };
  await tx.query`
    insert into alert_rules (id, service_id, name, kind, threshold, window_minutes, least_count, sealed_destinations)
    values (${rule.id}, ${rule.serviceId ?? null}, ${rule.name}, ${rule.kind}, ${rule.threshold}, ${rule.windowMinutes},
      ${rule.leastCount}, ${seal(context, JSON.stringify(rule.destinations))})
    on conflict (id) do update set name = excluded.name, kind = excluded.kind, threshold = excluded.threshold,
      window_minutes = excluded.window_minutes, least_count = excluded.least_count, sealed_destinations = excluded.sealed_destinations`;
}

/** What it has told goes with it. */
export async function deleteRule(tx: Tx, id: string): Promise<void> {
  await tx.query`delete from alert_rules where id = ${id}`;
}

export interface Alert {
  id: string;
  ruleId: string;
  ruleName: string;
  kind: AlertKind;
  subject: string;
  value: number;
  openedAt: Date;
  closedAt: Date | undefined;
  reminders: number;
}

const ALERT_COLUMNS = sqlConstant(`
  a.id, a.rule_id, r.name as rule_name, r.kind, a.subject, a.value::float8 as value, a.opened_at, a.closed_at, a.reminders`);

/** The open ones first, then the latest. */
export function listAlerts(db: Db, serviceId: string | undefined, limit: number): Promise<Alert[]> {
  return db.query<Alert>`
    select ${ALERT_COLUMNS} from alerts a join alert_rules r on r.id = a.rule_id
    where r.service_id is not distinct from ${serviceId ?? null}::uuid
    order by a.closed_at is not null, a.opened_at desc limit ${limit}`;
}

export function listOpenAlerts(db: Db, ruleId: string): Promise<Alert[]> {
  return db.query<Alert>`
    select ${ALERT_COLUMNS} from alerts a join alert_rules r on r.id = a.rule_id
    where a.rule_id = ${ruleId} and a.closed_at is null`;
}

export type NewAlert = Pick<Alert, "id" | "ruleId" | "subject" | "value" | "openedAt">;

export async function insertAlert(tx: Tx, { id, ruleId, subject, value, openedAt }: NewAlert): Promise<void> {
  await tx.query`
    insert into alerts (id, rule_id, subject, value, opened_at) values (${id}, ${ruleId}, ${subject}, ${value}, ${openedAt})
    on conflict do nothing`;
}

export async function closeAlert(tx: Tx, id: string, closedAt: Date): Promise<void> {
  await tx.query`update alerts set closed_at = ${closedAt} where id = ${id} and closed_at is null`;
}

export async function noteReminded(tx: Tx, id: string): Promise<void> {
  await tx.query`update alerts set reminders = reminders + 1 where id = ${id}`;
}

export async function deleteAlertsBefore(db: Db, before: Date): Promise<void> {
  await db.query`delete from alerts where closed_at < ${before}`;
}

/** What alerts are about: the carrier for the installation, the template for a service, and for pumping the country beside it. */
export type AlertGrouping = "provider" | "template" | "template-country";

export interface GroupCounts extends QualityCounts {
  subject: string;
}

const TIMES_SUMMED = sqlConstant(
  `array[${Array.from({ length: TIME_STEPS }, (_, step) => `sum(q.times[${step + 1}])`).join(", ")}]::integer[]`,
);
const GROUPS_MAX = 2_000;

/** By what alerts are about, in a window of time. */
export function countWindow(
  db: Db,
  { serviceId, by, from, before }: { serviceId: string | undefined; by: AlertGrouping; from: Date; before: Date },
): Promise<GroupCounts[]> {
  return db.query<GroupCounts>`
    select case ${by}::text when 'provider' then q.provider when 'template' then q.template_id::text
        else q.template_id::text || ' ' || q.country_prefix end as subject,
      sum(q.sent)::integer as sent, sum(q.delivered)::integer as delivered, sum(q.permanent)::integer as permanent,
      sum(q.temporary)::integer as temporary, sum(q.technical)::integer as technical, ${TIMES_SUMMED} as times
    from quality_counts q
    where q.slot >= ${from} and q.slot < ${before} and (${serviceId ?? null}::uuid is null or q.service_id = ${serviceId ?? null}::uuid)
    group by 1 order by sum(q.sent) desc limit ${GROUPS_MAX}`;
}

/** What a template or an organisation is called; a provider has its name already. */
export async function findSubjectName(db: Db, subject: string): Promise<string | undefined> {
  const [row] = await db.query<{ name: string }>`
    select v.name from templates t join template_versions v on v.template_id = t.id and v.version = t.version
    where t.id::text = ${subject}
    union all select o.name from organisations o where o.id::text = ${subject} limit 1`;
  return row?.name;
}
