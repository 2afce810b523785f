import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { type Receiver, startReceiver } from "../../../../test/support/receiver.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { listKeys } from "../../../flow/keys/api-keys.ts";
import { readGuestList } from "../../../flow/keys/guest-list.ts";
import { createSmppAccount } from "../../../flow/keys/smpp-accounts.ts";
import { tidyVerifications } from "../../../flow/upkeep/tidy.ts";
import { newId } from "../../../platform/ids.ts";
import { insertApiRequests } from "../../../records/api-requests/api-request-store.ts";
import { insertCallbackAttempts } from "../../../records/callbacks/callback-attempt-store.ts";
import { USUAL_TERMS } from "../../../records/smpp-accounts/smpp-account.ts";
import { developerRoutes } from "./developers.ts";

const TOKEN = "a token of ten and more";

let world: World;
let admin: TestAdmin;
let receiver: Receiver;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  receiver = await startReceiver();
});
afterAll(async () => {
  await admin.close();
  await receiver.close();
  await world.close();
});

interface Place {
  service: WorldService;
  person: Person;
  path: string;
}

async function place(wish: Parameters<World["service"]>[0] = {}): Promise<Place> {
  const service = await world.service(wish);
  const person = await admin.person({ in: service, permissions: ["manage_api_keys"] });
  return { service, person, path: `/services/${service.id}/developers` };
}

const codeIn = (html: string) => /data-copy="([^"]+)"/.exec(html)?.[1] ?? "";

describe("who may", () => {
  it("every page is for those who manage the API integration", async () => {
    const { service, person } = await place({ callbacks: { complaint: "https://example.org/told" } });
    const others = await admin.person({
      in: service,
      permissions: ["send_messages", "view_activity", "manage_templates", "manage_service"],
    });
    const form = { systemId: "northwold-9", kind: "test", terms: USUAL_TERMS } as const;
    const actor = { userId: person.userId, ip: undefined };
    const account = await createSmppAccount(world.app, actor, { service, form });
    for (const { url } of developerRoutes.filter(({ method }) => method === "GET")) {
      const [key] = await listKeys(world.app, service.id);
      const path = url
        .replace(":sid", service.id)
        .replace(":kid", key?.id ?? "")
        .replace(":account", account.id)
        .replace(":eid", service.callbacks[0]?.endpointId ?? "");
      expect([path, (await others.get(path)).status]).toEqual([path, 403]);
      expect([200, 303], path).toContain((await person.get(path)).status);
    }
  });

  it("a platform administrator who is no member revokes keys, and holds none", async () => {
    const { service, path } = await place();
    const operator = await admin.person({ isPlatformAdmin: true });
    const [key] = await listKeys(world.app, service.id);
    const statuses = ["/keys", `/keys/${key?.id}/revoke`, "/keys/new", `/keys/${key?.id}/rotate`].map(
      async (page) => (await operator.get(path + page)).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 200, 403, 403]);
    expect((await operator.post(`${path}/keys/new`, { name: "mine", kind: "test" })).status).toBe(403);
  });

  it("what is no id is not found", async () => {
    const { person, path } = await place();
    for (const page of ["/keys/nonsense/revoke", `/keys/${newId()}/revoke`, "/callbacks/returned-letter"])
      expect((await person.get(path + page)).status).toBe(404);
  });
});

describe("the first page", () => {
  it("shows this deployment's address and a template of the service in every language", async () => {
    const { service, person, path } = await place();
    const template = await world.template(service, { name: "Reminder", body: "Hello ((first name)) ((it's))" });
    const { text } = await person.get(path);
    expect(text.split(template.templateId)).toHaveLength(8 * 2 + 1); // in the example, and in its button
    expect(text).toContain("curl https://api.example.org/v2/notifications/sms");
    expect(text).toContain("first name");
    expect(text).not.toContain("it&#39;s");
  });

  it("lists the newest requests with their key, and leads from errors to what they mean", async () => {
    const { service, person, path } = await place();
    const [key] = await listKeys(world.app, service.id);
    const request = { serviceId: service.id, apiKeyId: key?.id ?? "", method: "POST", path: "/v2/notifications/sms" };
    const error = "template_id is not a valid UUID";
    await insertApiRequests(world.app.db, [
      { ...request, status: 201, durationMs: 4, error: undefined, at: world.clock.now() },
      { ...request, status: 400, durationMs: 2, error, at: world.clock.now() },
    ]);
    const all = (await person.get(path)).text;
    expect(all).toMatch(/201[\s\S]*400|400[\s\S]*201/);
    expect(all).toContain(error);
    expect(all).toContain('href="/docs/api#errors"');
    expect(all).toContain(`>${key?.name}<`);
    const onlyErrors = (await person.get(`${path}/requests?show=errors`)).text;
    expect(onlyErrors).toContain(error);
    expect(onlyErrors).not.toContain(">201<");
    const older = await person.get(`${path}/requests?older-than=${newId(new Date(0))}`);
    expect(older.text).toContain("No requests yet");
  });

  it("has a message log with the id of each message, those of test keys too", async () => {
    const { service, person, path } = await place();
    const real = await world.notification(service, { to: "07700900123", status: "delivered" });
    const test = await world.notification(service, { keyKind: "test", reference: "case-9" });
    const { text } = await person.get(`${path}/messages`);
    for (const part of [real.id, test.id, "07700900123", "case-9", "delivered"]) expect(text).toContain(part);
  });
});

describe("keys", () => {
  it("are shown once, with their terms kept", async () => {
    const { service, person, path } = await place();
    const wish = {
      name: "Case system",
      kind: "live",
      expiresAt: "2031-01-31",
      allowedNetworks: "192.0.2.7\n10.0.0.0/8",
    };
    const made = await person.post(`${path}/keys/new`, wish);
    expect(made.status).toBe(200);
    expect(codeIn(made.text)).toMatch(new RegExp(`^case_system-${service.id}-[\\da-f-]{36}$`));
    const key = (await listKeys(world.app, service.id)).find(({ name }) => name === "Case system");
    expect(key?.expiresAt?.toISOString()).toBe("2031-02-01T00:00:00.000Z");
    expect(key?.allowedNetworks).toEqual(["192.0.2.7/32", "10.0.0.0/8"]);
    const page = (await person.get(`${path}/keys`)).text;
    expect(page).toContain("192.0.2.7/32, 10.0.0.0/8");
    expect(page).not.toContain(codeIn(made.text).slice(-36));
    expect((await person.get(`${path}/keys/${key?.id}/terms`)).text).toContain('value="2031-01-31"');
  });

  it.each([
    [{ kind: "test" }, "Enter a name for the key"],
    [{ name: "live", kind: "team" }, "There is a key with this name in use"],
    [{ name: "x" }, "Choose a kind of key"],
    [{ name: "x", kind: "test", expiresAt: "31 January" }, "Enter a date such as"],
    [{ name: "x", kind: "test", expiresAt: "2020-01-01" }, "The last day must be in the future"],
    [{ name: "x", kind: "test", allowedNetworks: "home" }, "home is not an address or a network"],
  ])("%j is refused", async (fields, message) => {
    const { person, path } = await place();
    const answer = await person.post(`${path}/keys/new`, fields);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(message)]);
    expect(answer.text).toContain("govuk-error-summary");
  });

  it("are not live in trial mode, which the form says", async () => {
    const { person, path } = await place({ isTrial: true });
    const form = (await person.get(`${path}/keys/new`)).text;
    expect(form).toMatch(/value="live"[^>]*disabled/);
    expect(form).toContain("your service is in trial mode");
    const answer = await person.post(`${path}/keys/new`, { name: "early", kind: "live" });
    expect([answer.status, answer.text]).toEqual([
      400,
      expect.stringContaining("in trial mode cannot have a live key"),
    ]);
  });

  it("change their terms, are rotated with an overlap, and revoked", async () => {
    const { service, person, path } = await place();
    const find = async (name: string) => (await listKeys(world.app, service.id)).find((key) => key.name === name);
    const old = await find("team");
    expect((await person.post(`${path}/keys/${old?.id}/terms`, { allowedNetworks: "192.0.2.0/24" })).status).toBe(303);
    expect((await find("team"))?.allowedNetworks).toEqual(["192.0.2.0/24"]);
    const wrong = await person.post(`${path}/keys/${old?.id}/rotate`, { overlapDays: "" });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining("number of days from 0 to 30")]);
    const rotated = await person.post(`${path}/keys/${old?.id}/rotate`, { overlapDays: "3" });
    expect(codeIn(rotated.text)).toMatch(/^team-/);
    const fresh = await find("team");
    expect(fresh?.id).not.toBe(old?.id);
    const revoked = await person.post(`${path}/keys/${fresh?.id}/revoke`);
    expect([revoked.status, revoked.location]).toEqual([303, `${path}/keys`]);
    expect((await find("team"))?.revokedAt).toBeInstanceOf(Date);
    expect((await person.get(`${path}/keys/${fresh?.id}/rotate`)).status).toBe(404);
  });
});

describe("callbacks", () => {
  it("are saved, keep their token unless another is typed, and show a new secret once", async () => {
    const { service, person, path } = await place();
    const url = `${receiver.url}/receipts`;
    const kinds = ["delivery-receipt", "complaint"];
    const made = await person.post(`${path}/callbacks/new`, { url, kinds, bearerToken: TOKEN });
    expect(codeIn(made.text)).toMatch(/^whsec_/);
    const [endpoint] = (await world.reload(service)).callbacks;
    const at = `${path}/callbacks/${endpoint?.endpointId}`;
    const kept = await person.post(at, { url: `${url}/2`, kinds: ["complaint"], bearerToken: "" });
    expect(kept.location).toBe(`${path}/callbacks`);
    expect((await world.reload(service)).callbacks).toMatchObject([
      { url: `${url}/2`, kinds: ["complaint"], bearerToken: TOKEN, signingSecret: codeIn(made.text) },
    ]);
    const renewed = await person.post(at, { url, kinds, bearerToken: "", renewsSecret: "yes" });
    expect(codeIn(renewed.text)).toMatch(/^whsec_/);
    expect(codeIn(renewed.text)).not.toBe(codeIn(made.text));
    expect((await person.get(at)).text).not.toContain(TOKEN);
  });

  it("are refused with a bad URL or a short token, which is not sent back", async () => {
    const { person, path } = await place();
    const answer = await person.post(`${path}/callbacks/new`, { url: "ftp://x", bearerToken: "short-one" });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("must start with https://");
    expect(answer.text).toContain("10 characters or more");
    expect(answer.text).toContain("Choose what it is told of");
    expect(answer.text).not.toContain("short-one");
  });

  it("are tried out, and say what came back", async () => {
    const { service, person, path } = await place({ callbacks: { "delivery-receipt": `${receiver.url}/tested` } });
    const at = `${path}/callbacks/${service.callbacks[0]?.endpointId}`;
    const answer = await person.post(`${at}/test`);
    expect(answer.text).toMatch(/It works\. Your system answered 2\d\d/);
    expect(receiver.received.map(({ path: told }) => told)).toContain("/tested");
    await person.post(at, { url: "https://127.0.0.1:1/nobody", kinds: ["delivery-receipt"] });
    const failed = await person.post(`${at}/test`, { kind: "complaint" });
    expect(failed.text).toContain("could not be reached");
    expect(failed.text).toContain("Delivery receipts: we sent");
    expect((await person.post(`${at}/remove`)).location).toBe(`${path}/callbacks`);
    expect((await world.reload(service)).callbacks).toEqual([]);
    expect((await person.post(`${at}/test`)).status).toBe(303);
    expect((await person.get(at)).status).toBe(404);
  });

  it("that are paused say so, and are resumed with one button", async () => {
    const { service, person, path } = await place({ callbacks: { complaint: "https://example.org/gone" } });
    await world.app.db.query`update callbacks set paused_at = now() where service_id = ${service.id}`;
    await world.reload(service);
    const shown = (await person.get(`${path}/callbacks`)).text;
    const resumption = /action="([^"]+\/resumption)"/.exec(shown)?.[1] ?? "";
    expect(shown).toContain("Paused");
    expect((await person.post(resumption)).location).toBe(`${path}/callbacks`);
    expect((await world.reload(service)).callbacks[0]?.pausedAt).toBeUndefined();
    expect((await person.get(`${path}/callbacks`)).text).not.toContain("Paused");
  });

  it("have a log, whose lines are sent again, or say why not", async () => {
    const { service, person, path } = await place({ callbacks: { "delivery-receipt": `${receiver.url}/log` } });
    const done = await world.notification(service, { status: "delivered" });
    const underWay = await world.notification(service, { status: "sending" });
    const told = { callbackId: undefined, serviceId: service.id, kind: "delivery-receipt", attempt: 1 } as const;
    await world.app.db.transaction((tx) =>
      insertCallbackAttempts(tx, [
        { ...told, subjectId: done.id, outcome: "given-up", httpStatus: 410, problem: undefined, durationMs: 12 },
        { ...told, subjectId: underWay.id, outcome: "delivered", httpStatus: 204, problem: undefined, durationMs: 9 },
      ]),
    );
    const log = (await person.get(`${path}/callbacks`)).text;
    expect(log).toContain(">410 ·");
    expect(log).toContain(">204 ·");
    const failed = (await person.get(`${path}/callbacks?show=failed`)).text;
    expect(failed).not.toContain(">204 ·");
    const attempts = await world.app.db.query<{ id: string; subjectId: string }>`
      select a.id, a.subject_id from callback_attempts a where a.service_id = ${service.id}`;
    const again = (subject: { id: string }) => {
      const attempt = attempts.find(({ subjectId }) => subjectId === subject.id);
      return person.post(`${path}/callbacks/attempts/${attempt?.id}/replay`);
    };
    expect((await again(done)).location).toBe(`${path}/callbacks`);
    const refused = await again(underWay);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("still on its way")]);
    const jobs = await world.app.db.query<{ queue: string }>`select j.queue from jobs j where j.queue = 'callback'`;
    expect(jobs).toHaveLength(1);
  });

  it("have a log of each endpoint, whose lines go to that one again", async () => {
    const callbacks = { "delivery-receipt": "https://example.org/a", complaint: "https://example.org/b" };
    const { service, person, path } = await place({ callbacks });
    const done = await world.notification(service, { status: "delivered" });
    const line = { serviceId: service.id, kind: "delivery-receipt", subjectId: done.id, attempt: 1 } as const;
    const said = { outcome: "given-up", problem: undefined, durationMs: 12 } as const;
    await world.app.db.transaction((tx) =>
      insertCallbackAttempts(
        tx,
        service.callbacks.map(({ id, url }) => ({
          ...{ ...line, ...said, callbackId: id, httpStatus: url.endsWith("/a") ? 410 : 451 },
        })),
      ),
    );
    const first = service.callbacks.find(({ url }) => url.endsWith("/a"));
    const log = (await person.get(`${path}/callbacks?endpoint=${first?.endpointId}`)).text;
    expect([log.includes(">410 "), log.includes(">451 ")]).toEqual([true, false]);
    const replay = /action="([^"]+\/replay)"/.exec(log)?.[1] ?? "";
    expect((await person.post(replay)).status).toBe(303);
    const jobs = await world.app.db.query<{ payload: { callbackId: string } }>`
      select j.payload from jobs j where j.queue = 'callback' and j.payload ->> 'subjectId' = ${done.id}`;
    expect(jobs.map(({ payload }) => payload.callbackId)).toEqual([first?.id]);
    await person.post(`${path}/callbacks/${first?.endpointId}/remove`);
    await world.reload(service);
    const gone = await person.post(replay);
    expect([gone.status, gone.text]).toEqual([400, expect.stringContaining("has been removed")]);
  });

  it("of received texts are offered to services that receive", async () => {
    const quiet = await place();
    expect((await quiet.person.get(`${quiet.path}/callbacks/new`)).text).not.toContain("Received text messages");
    const open = await place({ permissions: ["sms", "inbound_sms"] });
    expect((await open.person.get(`${open.path}/callbacks/new`)).text).toContain("Received text messages");
  });
});

describe("the guest list", () => {
  it("keeps what is filled in, and names each entry that cannot be used", async () => {
    const { service, person, path } = await place();
    const wrong = await person.post(`${path}/guest-list`, { "emailAddresses.1": "nobody", "phoneNumbers.0": "12" });
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain('href="#emailAddresses.1"');
    expect(wrong.text).toContain('href="#phoneNumbers.0"');
    const right = { "emailAddresses.1": "guest@example.org", "phoneNumbers.4": "07700 900111" };
    expect((await person.post(`${path}/guest-list`, right)).location).toBe(`${path}/guest-list`);
    const kept = await readGuestList(world.app, await world.reload(service));
    expect(kept).toEqual({ emailAddresses: ["guest@example.org"], phoneNumbers: ["07700 900111"] });
    expect((await person.get(`${path}/guest-list`)).text).toContain('value="guest@example.org"');
  });
});

describe("verification codes", () => {
  it("are counted by the day: begun, sent, verified, without those of test keys, also when they are no longer kept", async () => {
    const { service, person, path } = await place();
    expect((await person.get(`${path}/verifications`)).text).toContain("No codes were sent in the last 30 days.");
    const make = (at: Date, keyKind: string, verifiedAt: Date | null) =>
      world.app.db.query`
        insert into verifications (id, service_id, key_kind, api_key_id, created_at, last_sent_at, expires_at, texts, emails,
          attempts_max, verified_at)
        values (${newId(at)}, ${service.id}, ${keyKind}, ${newId()}, ${at}, ${at}, ${at}, 2, 1, 5, ${verifiedAt})`;
    const now = world.clock.now();
    const past = new Date(now.getTime() - 10 * 86_400_000);
    for (const at of [now, past]) {
      await make(at, "live", at);
      await make(at, "live", null);
      await make(at, "test", at);
    }
    const shown = async () =>
      (await person.get(`${path}/verifications`)).text.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
    expect(await shown()).toContain("All 4 8 4 2 50%");
    expect(await tidyVerifications(world.app)).toMatchObject({ folded: 3 });
    expect(await tidyVerifications(world.app)).toMatchObject({ folded: 0 });
    expect(await shown()).toContain("All 4 8 4 2 50%");
  });
});
