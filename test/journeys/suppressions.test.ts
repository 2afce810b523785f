/** Whom a service does not send to any more: through every door, for every reason, and who gets there by itself. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { PennypostClient } from "../../client/src/index.ts";
import { parsePhoneNumber } from "../../src/core/phone/parse-phone-number.ts";
import type { SuppressionReason } from "../../src/core/suppression/suppression-reason.ts";
import { DISPATCH_QUEUES } from "../../src/flow/jobs.ts";
import { readMessage } from "../../src/flow/messages/read-message.ts";
import { takeComplaint } from "../../src/flow/receipt/complaints.ts";
import { createReceipts } from "../../src/flow/receipt/receipts.ts";
import { setSuppressionRules } from "../../src/flow/services/guards.ts";
import { lift } from "../../src/flow/suppressions/suppress.ts";
import { createSuppressedLookup } from "../../src/flow/suppressions/suppressed-lookup.ts";
import { unsubscribe } from "../../src/flow/unsubscribe.ts";
import { unsubscribeUrl } from "../../src/flow/unsubscribe-link.ts";
import { deleteOldFailures } from "../../src/flow/upkeep/tidy.ts";
import { newRandomId } from "../../src/platform/ids.ts";
import { blindIndex } from "../../src/platform/sealing.ts";
import { listAuditEntries } from "../../src/records/audit/audit-store.ts";
import { bindCustomer } from "../peers/smpp-customer.ts";
import { type ApiAnswer, startApi, type TestApi } from "../support/api.ts";
import { makeAccount, openDoor } from "../support/smpp-door.ts";
import { makeCarrier, startWorkings } from "../support/workings.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 20 };
const DAY_MS = 86_400_000;
const NUMBER = "07700 900123";
const ADDRESS = "Amala@example.org";
const actor = { userId: newRandomId(), ip: "192.0.2.1" };

let world: World;
let api: TestApi;
beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
});
afterAll(async () => {
  await api.close();
  await world.close();
});
afterEach(async () => {
  await world.app.db.query`delete from throttles`;
});

const errorOf = ({ status, json }: ApiAnswer) => [status, json.errors?.[0]];
const suppress = (service: WorldService, body: object) => api.post("/v2/suppressions", body, { as: service });
const listed = async (service: WorldService, query = "") =>
  (await api.get(`/v2/suppressions${query}`, { as: service })).json.suppressions;

async function textTo(service: WorldService, to = NUMBER, kind: "live" | "test" = "live", more: object = {}) {
  const { templateId } = await world.template(service);
  const body = { phone_number: to, template_id: templateId, ...more };
  return api.post("/v2/notifications/sms", body, { as: service, with: kind });
}

async function emailTo(service: WorldService, to = ADDRESS) {
  const { templateId } = await world.template(service, { channel: "email" });
  return api.post("/v2/notifications/email", { email_address: to, template_id: templateId }, { as: service });
}

const rule = (service: WorldService, value: { afterFailures: number | undefined; objectors: boolean }) =>
  setSuppressionRules(world.app, actor, { serviceId: service.id, value });

describe("a suppressed recipient", () => {
  it("is sent nothing by the API, however it is spelt, until it is released", async () => {
    const service = await world.service();
    const { status, json } = await suppress(service, { phone_number: NUMBER, reason: "asked-to-stop" });
    expect([status, json]).toEqual([
      201,
      expect.objectContaining({ phone_number: "+447700900123", reason: "asked-to-stop", source: "api-key" }),
    ]);
    expect(errorOf(await textTo(service, "+44 (0)7700 900 123"))).toEqual([
      400,
      {
        error: "BadRequestError",
        message:
          "Can’t send to this number: the recipient has asked your service to stop. Release it from your suppression list before you send to it again",
        reason: "asked-to-stop",
      },
    ]);
    expect((await textTo(service, "07700 900124")).status).toBe(201);
    expect((await api.request("DELETE", `/v2/suppressions/${json.id}`, { as: service })).status).toBe(204);
    expect((await textTo(service)).status).toBe(201);
    const actions = (await listAuditEntries(world.app.db, { serviceId: service.id, limit: 9 })).map((one) => [
      one.action,
      one.actor,
    ]);
    expect(actions).toEqual([
      ["suppressions.released", "API key live"],
      ["suppressions.added", "API key live"],
    ]);
  });

  it("is suppressed on its channel, in its service, and not for test keys or smoke tests", async () => {
    const [service, other] = [await world.service(), await world.service()];
    await suppress(service, { email_address: ADDRESS });
    await suppress(service, { phone_number: "07700900000" });
    expect(errorOf(await emailTo(service, ADDRESS.toLowerCase()))).toMatchObject([400, { reason: "by-hand" }]);
    expect([(await emailTo(other)).status, (await textTo(service, "07700900000")).status]).toEqual([201, 201]);
    await suppress(service, { phone_number: NUMBER });
    expect((await textTo(service, NUMBER, "test")).status).toBe(201);
  });

  it("is refused over SMPP with a status of its own", async () => {
    const service = await world.service({ prefixesTexts: false });
    await suppress(service, { phone_number: NUMBER });
    const door = await openDoor(world);
    const customer = await bindCustomer({ port: door.port, ...(await makeAccount(world, service)) });
    const submit = async (to: string) =>
      (await customer.submit({ destination_addr: to, dest_addr_ton: 1, dest_addr_npi: 1, short_message: "Hello" }))
        .command_status;
    expect([await submit("447700900123"), await submit("447700900124")]).toEqual([0x400, 0]);
    customer.drop();
    await door.stop();
  });

  it("that many ask about at once costs one statement, and none where nobody is suppressed", async () => {
    const service = await world.service();
    const { templateId } = await world.template(service);
    const { db } = world.app;
    const lookups = vi.fn();
    const counting = {
      ...db,
      query: (text: TemplateStringsArray, ...values: unknown[]) => {
        if (text.join("").includes("from suppressions p\n    where p.recipient_index")) lookups();
        return db.query(text, ...values);
      },
    } as typeof db;
    const watched = await startApi({ ...world.app, db: counting });
    const send = (to: string) =>
      watched.post("/v2/notifications/sms", { phone_number: to, template_id: templateId }, { as: service });
    expect([(await send(NUMBER)).status, lookups.mock.calls.length]).toEqual([201, 0]);
    await suppress(service, { phone_number: NUMBER });
    expect([(await send(NUMBER)).status, lookups.mock.calls.length]).toEqual([400, 1]);
    await watched.close();
    const lookup = createSuppressedLookup(counting);
    const recipients = Array.from({ length: 40 }, (_, i) => `4477009001${10 + i}`).map((digits) => ({
      ...{ serviceId: service.id, channel: "sms" as const },
      recipientIndex: blindIndex(world.app.keys.searchIndex, digits),
    }));
    const reasons = await Promise.all(recipients.map((one) => lookup.find(one)));
    expect(reasons.filter((reason) => reason === "by-hand")).toHaveLength(1);
    expect(lookups.mock.calls.length).toBe(2);
  });

  it("gets no code either, unless it has objected to mailings alone", async () => {
    const service = await world.service();
    const verify = (body: object) => api.post("/v2/verifications", body, { as: service });
    await suppress(service, { phone_number: NUMBER, reason: "asked-to-stop" });
    expect(errorOf(await verify({ phone_number: NUMBER }))).toMatchObject([400, { reason: "asked-to-stop" }]);
    await suppress(service, { email_address: ADDRESS, reason: "unsubscribed" });
    expect([(await verify({ email_address: ADDRESS })).status, (await emailTo(service)).status]).toEqual([201, 400]);
    await suppress(service, { email_address: ADDRESS, reason: "by-hand" });
    expect(errorOf(await verify({ email_address: ADDRESS }))).toMatchObject([400, { reason: "by-hand" }]);
  });
});

describe("the list", () => {
  it("takes many at once, those that are there already too, and gives them by page and channel", async () => {
    const service = await world.service();
    const numbers = Array.from({ length: 252 }, (_, i) => ({ phone_number: `07700 900${String(100 + i)}` }));
    const asked = { suppressions: [...numbers, ...numbers.slice(0, 3), { email_address: ADDRESS }] };
    const first = await suppress(service, asked);
    expect([first.status, first.json.added, first.json.suppressions.length]).toEqual([201, 253, 256]);
    const again = await suppress(service, asked);
    expect([again.status, again.json.added]).toEqual([200, 0]);
    expect(await listed(service, "?channel=email")).toMatchObject([{ channel: "email", email_address: ADDRESS }]);
    const page = (await api.get("/v2/suppressions?channel=sms", { as: service })).json;
    expect([page.suppressions.length, page.links.next]).toEqual([
      250,
      expect.stringContaining("channel=sms&older_than"),
    ]);
    const rest = await api.get(page.links.next.replace(/^https:\/\/[^/]+/, ""), { as: service });
    expect(rest.json.suppressions).toHaveLength(2);
    const { id } = rest.json.suppressions[0];
    expect((await api.get(`/v2/suppressions/${id}`, { as: service })).json.id).toBe(id);
    expect((await api.get(`/v2/suppressions/${id}`, { as: await world.service() })).status).toBe(404);
  });

  it("says whether somebody is on it without a recipient in any address", async () => {
    const service = await world.service();
    await suppress(service, { phone_number: NUMBER });
    const check = async (body: object) => (await api.post("/v2/suppressions/check", body, { as: service })).json;
    expect(await check({ phone_number: "+447700900123" })).toMatchObject({
      is_suppressed: true,
      suppression: { reason: "by-hand" },
    });
    expect(await check({ email_address: ADDRESS })).toEqual({ is_suppressed: false, suppression: null });
  });

  it.each([
    [{}, "phone_number or email_address is a required property"],
    [{ phone_number: "12" }, "phone_number Not enough digits"],
    [{ phone_number: NUMBER, reason: "no-reason" }, /^reason no-reason is not one of/],
    [{ suppressions: [] }, "suppressions must have an entry"],
    [
      { suppressions: [{ phone_number: NUMBER }, { email_address: "x" }] },
      /^suppressions 1: email_address Not a valid/,
    ],
    [{ phone_number: NUMBER, email_address: ADDRESS }, /cannot be given together/],
  ])("refuses %j whole", async (body, message) => {
    const service = await world.service();
    const answer = await suppress(service, body);
    expect(errorOf(answer)).toMatchObject([400, { error: "ValidationError", message: expect.stringMatching(message) }]);
    expect(await listed(service)).toEqual([]);
  });

  it("is closed to test keys, and keeps recipients sealed", async () => {
    const service = await world.service();
    await suppress(service, { phone_number: NUMBER });
    for (const [method, path] of [
      ["GET", ""],
      ["POST", ""],
      ["POST", "/check"],
      ["DELETE", `/${newRandomId()}`],
    ] as const) {
      const answer = await api.request(method, `/v2/suppressions${path}`, { as: service, with: "test", body: "{}" });
      expect(answer.status).toBe(403);
    }
    const [row] = await world.app.db.query<{ sealedRecipient: Buffer }>`
      select p.sealed_recipient from suppressions p where p.service_id = ${service.id}`;
    expect(row?.sealedRecipient.toString("latin1")).not.toContain("7700900123");
  });

  it("can be worked on with our client", async () => {
    const service = await world.service();
    const client = new PennypostClient(api.url, `live-${service.id}-${service.secrets.live}`);
    expect(await client.suppress([{ phoneNumber: NUMBER }, { emailAddress: ADDRESS }], "imported")).toMatchObject({
      added: 2,
      suppressions: [{ reason: "imported" }, { email_address: ADDRESS }],
    });
    const { suppression } = await client.checkSuppressed({ phoneNumber: NUMBER });
    await client.releaseSuppression(suppression?.id ?? "");
    expect(await client.checkSuppressed({ phoneNumber: NUMBER })).toEqual({ is_suppressed: false, suppression: null });
    expect((await client.getSuppressions("email")).suppressions).toHaveLength(1);
  });

  it("gives up what a STOP has put there to a START, and nothing that the service has", async () => {
    const service = await world.service();
    await suppress(service, { phone_number: NUMBER, reason: "asked-to-stop" });
    await suppress(service, { phone_number: "07700900124" });
    const start = (text: string) => {
      const number = parsePhoneNumber(text);
      if (typeof number === "string") throw new Error(number);
      const wish = { service, recipient: { channel: "sms", number }, reasons: ["asked-to-stop"] } as const;
      return world.app.db.transaction((tx) => lift(world.app, tx, wish));
    };
    expect([await start(NUMBER), await start("07700900124")]).toEqual([true, false]);
  });
});

describe("a service that wants it", () => {
  const receipts = () => createReceipts(world.app, {});
  const reported = async (service: WorldService, to: string, status: "delivered" | "permanent-failure") => {
    const { id } = await world.notification(service, { status: "sending", sentAt: new Date(), provider: "acme", to });
    await receipts().take({ provider: "acme", receipt: { reference: id, status } });
    return id;
  };
  const reasonsIn = async (service: WorldService): Promise<SuppressionReason[]> =>
    (await listed(service)).map(({ reason }: { reason: SuppressionReason }) => reason);

  it("suppresses whom as many messages in a row as it says have not reached for good", async () => {
    const service = await world.service();
    await rule(service, { afterFailures: 3, objectors: false });
    await reported(service, NUMBER, "permanent-failure");
    await reported(service, NUMBER, "permanent-failure");
    await reported(service, NUMBER, "delivered");
    await reported(service, NUMBER, "permanent-failure");
    await reported(service, NUMBER, "permanent-failure");
    expect(await listed(service)).toEqual([]);
    await reported(service, NUMBER, "permanent-failure");
    expect(await listed(service)).toMatchObject([
      { phone_number: "+447700900123", reason: "permanent-failure", source: "receipt" },
    ]);
    expect(errorOf(await textTo(service))).toMatchObject([400, { reason: "permanent-failure" }]);
  });

  it("may do so at the first, for emails too, and in a batch for each recipient once", async () => {
    const service = await world.service();
    await rule(service, { afterFailures: 1, objectors: false });
    const made = await Promise.all(
      ["a@example.org", "b@example.org", "a@example.org"].map((to) =>
        world.notification(service, { channel: "email", status: "sending", sentAt: new Date(), provider: "acme", to }),
      ),
    );
    const desk = receipts();
    const bounce = (reference: string) =>
      desk.take({ provider: "acme", receipt: { reference, status: "permanent-failure", code: "5.1.1" } });
    await Promise.all(made.map(({ id }) => bounce(id)));
    const addresses = (await listed(service)).map((one: { email_address: string }) => one.email_address);
    expect(addresses.toSorted()).toEqual(["a@example.org", "b@example.org"]);
  });

  it("suppresses nobody for failures of test keys, after half a year, or where it is off", async () => {
    const service = await world.service();
    await reported(service, NUMBER, "permanent-failure");
    await rule(service, { afterFailures: 2, objectors: false });
    await reported(service, NUMBER, "permanent-failure");
    const test = await world.notification(service, { status: "sending", keyKind: "test", sentAt: new Date() });
    await receipts().take({ provider: "acme", receipt: { reference: test.id, status: "permanent-failure" } });
    const later = { ...world.app, clock: { now: () => new Date(Date.now() + 181 * DAY_MS) } };
    expect(await deleteOldFailures(later)).toEqual({ recipients: 1 });
    await reported(service, NUMBER, "permanent-failure");
    expect(await listed(service)).toEqual([]);
  });

  it("suppresses who marks an email as spam and who unsubscribes, and otherwise only takes note of it", async () => {
    const [service, other] = [await world.service(), await world.service()];
    await rule(service, { afterFailures: undefined, objectors: true });
    for (const owner of [service, other]) {
      const sent = await world.notification(owner, { channel: "email", status: "delivered", to: "c@example.org" });
      await takeComplaint(world.app, { reference: sent.id, at: undefined });
      const news = await world.notification(owner, { channel: "email", status: "delivered", to: "d@example.org" });
      const link = unsubscribeUrl(world.app, { service: owner, notification: news, recipient: "d@example.org" });
      const [notificationId = "", token = ""] = (link ?? "").split("/").slice(-2);
      expect((await unsubscribe(world.app, { notificationId, token })).kind).toBe("valid");
    }
    expect([await reasonsIn(service), await reasonsIn(other)]).toEqual([["unsubscribed", "complaint"], []]);
    expect((await emailTo(service, "d@example.org")).status).toBe(400);
  });

  it.each([0, 21, 1.5])("cannot ask for %s failures", async (afterFailures) => {
    await expect(rule(await world.service(), { afterFailures, objectors: false })).rejects.toThrow("from 1 to 20");
  });
});

describe("what was accepted before", () => {
  it("is not sent when its time comes, and says why; who failed on the way counts", async () => {
    await world.app.db.query`delete from jobs`;
    const carrier = await makeCarrier(world.app);
    const workings = await startWorkings(world.app);
    const service = await world.service({ prefixesTexts: false });
    await rule(service, { afterFailures: 1, objectors: false });
    const soon = new Date(world.clock.now().getTime() + 3_600_000).toISOString();
    const { json } = await textTo(service, NUMBER, "live", { scheduled_for: soon });
    await suppress(service, { phone_number: NUMBER });
    await world.app.db.query`update notifications set scheduled_for = now() where id = ${json.id}`;
    await world.wakeJobs(DISPATCH_QUEUES.sms);
    await vi.waitFor(async () => expect((await world.latest({ id: json.id })).status).toBe("permanent-failure"), WAIT);
    const { timeline } = await readMessage(world.app, service, json.id);
    expect(timeline.map(({ kind }) => kind)).toContain("suppressed");
    expect(carrier.texts).toEqual([]);
    const broken = "07700 900002";
    expect((await textTo(service, broken)).status).toBe(201);
    await vi.waitFor(async () => expect(errorOf(await textTo(service, broken))[0]).toBe(400), WAIT);
    await workings.stop();
    await carrier.stop();
  });
});
