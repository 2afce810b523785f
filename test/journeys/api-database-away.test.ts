import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { silentLog } from "../../src/platform/log.ts";
import { migrate } from "../../src/platform/migrations.ts";
import { packagePath } from "../../src/platform/package-files.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/platform/postgres/embedded.ts";
import { THROW_AWAY_SETTINGS } from "../../src/platform/postgres/settings.ts";
import { type ApiAnswer, startApi, type TestApi } from "../support/api.ts";
import { makeClusterFolder } from "../support/temporary-cluster.ts";
import { createWorldIn, type World, type WorldService } from "../support/world.ts";

const PATIENCE = { timeout: 30_000, interval: 50 };
const SENDERS = 8;

let dataDir: string;
let postgres: EmbeddedPostgres;
let world: World;
let api: TestApi;
let service: WorldService;
let templateId: string;

beforeAll(async () => {
  dataDir = makeClusterFolder("pennypost-cluster-");
  postgres = await startPostgres();
  await migrate(postgres.url, { directory: packagePath("db/migrations"), log: silentLog });
  world = await createWorldIn({ url: postgres.url, drop: async () => {} });
  api = await startApi(world.app);
  service = await world.service({ rateLimitPerMinute: 100_000 });
  ({ templateId } = await world.template(service));
});

afterAll(async () => {
  await api.close();
  await world.close();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

function startPostgres(): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ dataDir, log: silentLog, settings: THROW_AWAY_SETTINGS });
}

function send(): Promise<ApiAnswer> {
  return api.post("/v2/notifications/sms", { phone_number: "07700900123", template_id: templateId }, { as: service });
}

/** Of these ids, those that are stored. */
async function stored(ids: readonly string[]): Promise<Set<string>> {
  const rows = await world.app.db.query<{ id: string }>`
    select n.id from notifications n where n.id = any(${ids}::uuid[])`;
  return new Set(rows.map(({ id }) => id));
}

it("while the database is away, every answer says when to try again; once it is back, all is as before", async () => {
  expect((await send()).status).toBe(201);
  await postgres.stop();

  const requests = [send(), api.get("/v2/notifications", { as: service }), api.get("/v2/templates", { as: service })];
  for (const answer of await Promise.all(requests)) {
    expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "1"]);
    expect(answer.json).toEqual({
      status_code: 503,
      errors: [{ error: "ServiceUnavailable", message: "Pennypost cannot take this at the moment; try again" }],
    });
  }
  const status = await api.get("/_status");
  expect([status.status, status.json, status.headers["retry-after"]]).toEqual([
    503,
    { status: "error", message: "The database does not answer" },
    "1",
  ]);
  expect((await api.get("/_status?simple=1")).status).toBe(200);

  postgres = await startPostgres();
  await vi.waitFor(async () => expect((await send()).status).toBe(201), PATIENCE);
  expect((await api.get("/_status")).status).toBe(200);
});

it("a database that restarts under load costs no message that was accepted, and nobody a 500", async () => {
  const answers: ApiAnswer[] = [];
  const state = { isOver: false };
  const senders = Array.from({ length: SENDERS }, async () => {
    while (!state.isOver) answers.push(await send());
  });
  await vi.waitFor(() => expect(answers.length).toBeGreaterThan(100), PATIENCE);
  await postgres.stop();
  postgres = await startPostgres();
  const soFar = answers.length;
  await vi.waitFor(() => expect(answers.slice(soFar).some(({ status }) => status === 201)).toBe(true), PATIENCE);
  state.isOver = true;
  await Promise.all(senders);

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 503]));
  const accepted: string[] = answers.filter(({ status }) => status === 201).map(({ json }) => json.id);
  const kept = await stored(accepted);
  expect(accepted.filter((id) => !kept.has(id))).toEqual([]);
});
