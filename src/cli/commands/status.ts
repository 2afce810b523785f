/** `pennypost status`: how the installation is; `status ID`: what became of one notification. Nothing is started for it. */
import type { Command } from "commander";
import { Refusal } from "../../core/refusal.ts";
import { type Database, openDatabase } from "../../platform/db.ts";
import { productVersion } from "../../platform/product-version.ts";
import { queueStats } from "../../platform/queue.ts";
import { listProcesses, readServerFacts } from "../../records/deployment/installation-store.ts";
import { listEvents } from "../../records/notifications/event-store.ts";
import { getNotifications } from "../../records/notifications/notification-store.ts";
import { type ApiClient, createApiClient } from "../api-client.ts";
import { type CommandContext, configOf, JSON_OPTION, say } from "../command.ts";
import { findRunningDatabase } from "../connect-database.ts";
import { listPartitionFacts, listProviderHealth, type ProviderHealth } from "../installation-facts.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const LATEST_MAX = 10;

interface Options {
  key?: string;
  json?: boolean;
}

export function addStatusCommand(program: Command, context: CommandContext): void {
  program
    .command("status")
    .description("how the installation is, or what became of a notification")
    .argument("[id]", "a notification")
    .option("--key <key>", "ask the running API with this key; without an id, for its service's latest notifications")
    .option(...JSON_OPTION)
    .action((id: string | undefined, options: Options) => status(context, id, options));
}

async function status(context: CommandContext, id: string | undefined, options: Options): Promise<void> {
  if (id !== undefined && !UUID.test(id)) throw new Refusal("invalid", "The id of a notification is a UUID");
  if (options.key !== undefined) return askApi(context, id, { ...options, key: options.key });
  const url = await findRunningDatabase(configOf(context));
  if (url === undefined) return sayStopped(context, options);
  const db = openDatabase({ url, maxConnections: 2, applicationName: "pennypost status" });
  try {
    await (id === undefined ? sayInstallation(context, db, options) : sayNotification(context, db, { ...options, id }));
  } finally {
    await db.close();
  }
}

function sayStopped(context: CommandContext, options: Options): void {
  context.exit.status = 1;
  const { dataDir } = configOf(context);
  say(context, options, { json: { state: "stopped" }, lines: [`Pennypost is not running on ${dataDir}.`] });
}

interface ApiNotification {
  id: string;
  type: string;
  status: string;
  created_at: string;
  sent_at: string | null;
  completed_at: string | null;
}

async function askApi(
  context: CommandContext,
  id: string | undefined,
  options: Options & { key: string },
): Promise<void> {
  const api = createApiClient(configOf(context), options.key);
  const notifications = await (id === undefined ? latest(api) : one(api, id));
  const lines = notifications.map(
    (n) => `${n.id} ${n.type} ${n.status} ${n.completed_at ?? n.sent_at ?? n.created_at}`,
  );
  say(context, options, {
    json: notifications,
    lines: lines.length > 0 ? lines : ["Nothing has been sent with a key of this kind yet."],
  });
}

async function latest(api: ApiClient): Promise<ApiNotification[]> {
  const { notifications } = await api.get<{ notifications: ApiNotification[] }>("/v2/notifications");
  return notifications.slice(0, LATEST_MAX);
}

async function one(api: ApiClient, id: string): Promise<ApiNotification[]> {
  return [await api.get<ApiNotification>(`/v2/notifications/${id}`)];
}

/** Its timeline, without what is personal: that stays sealed. */
async function sayNotification(
  context: CommandContext,
  db: Database,
  options: Options & { id: string },
): Promise<void> {
  const [notification] = await getNotifications(db, [options.id.toLowerCase()]);
  if (!notification) throw new Refusal("not-found", `There is no notification ${options.id}, or it has been deleted`);
  const {
    id,
    channel,
    status: state,
    keyKind,
    provider,
    attempts,
    createdAt,
    sentAt,
    updatedAt,
    mayBeRepeated,
    routeNote,
  } = notification;
  const events = await listEvents(db, id);
  const timeline = [
    { at: createdAt, what: "accepted" },
    ...(sentAt ? [{ at: sentAt, what: `taken by ${provider}${routeNote ? `, route ${routeNote}` : ""}` }] : []),
    ...events.map(({ at, kind, ...event }) => ({
      at,
      what: [kind, event.provider, event.code, event.reason].filter(Boolean).join(" "),
    })),
    ...(updatedAt && state !== "sending" ? [{ at: updatedAt, what: state }] : []),
  ].sort((a, b) => a.at.getTime() - b.at.getTime());
  say(context, options, {
    json: {
      id,
      channel,
      status: state,
      key_kind: keyKind,
      provider,
      attempts,
      route: routeNote,
      may_be_repeated: mayBeRepeated,
      timeline,
    },
    lines: [
      `${id} ${channel} ${state}${mayBeRepeated ? " (may have gone twice)" : ""}`,
      ...timeline.map(({ at, what }) => `  ${at.toISOString()} ${what}`),
    ],
  });
}

async function sayInstallation(context: CommandContext, db: Database, options: Options): Promise<void> {
  const [server, processes, queues, partitions, providers] = await Promise.all([
    readServerFacts(db),
    listProcesses(db),
    queueStats(db),
    listPartitionFacts(db),
    listProviderHealth(db, new Date()),
  ]);
  const running = processes.filter(({ role }) => role !== "status");
  say(context, options, {
    json: {
      state: "running",
      version: productVersion(),
      database: server,
      processes: running,
      queues,
      partitions,
      providers,
    },
    lines: [
      `Pennypost ${productVersion()}, PostgreSQL ${server.version}, ${Math.round(server.sizeBytes / 1_000_000)} MB`,
      ...section(
        "Processes",
        running.map(
          ({ role, connections, since }) => `${role}: ${connections} connections, since ${since.toISOString()}`,
        ),
      ),
      ...section(
        "Queues",
        queues.map(
          (q) => `${q.queue}: ${q.ready} ready, ${q.asleep} asleep, oldest ${q.oldestReadySeconds.toFixed(1)} s`,
        ),
      ),
      ...section(
        "Partitions",
        partitions.map(({ parent, partitions: days, last }) => `${parent}: ${days}, to ${last.slice(-8)}`),
      ),
      ...section("Providers, in the last ten minutes", providers.map(providerLine)),
    ],
  });
}

function section(title: string, lines: readonly string[]): string[] {
  return [`${title}:`, ...(lines.length > 0 ? lines : ["none"]).map((line) => `  ${line}`)];
}

function providerLine(provider: ProviderHealth): string {
  const { name, channel, isActive, isSandbox, routes, handedOver, delivered, failed } = provider;
  const state = isActive ? "on" : "off";
  const route = routes === 0 ? "no route" : `${routes} ${routes === 1 ? "route" : "routes"}`;
  const counts = `${handedOver} handed over, ${delivered} delivered, ${failed} failed`;
  return `${name} (${channel}${isSandbox ? ", sandbox" : ""}): ${state}, ${route}, ${counts}`;
}
