import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { keepFiles, sealFile } from "../../../flow/files/keep-file.ts";
import { DISPATCH_QUEUES } from "../../../flow/jobs.ts";
import { newRandomId } from "../../../platform/ids.ts";
import { enqueue } from "../../../platform/queue.ts";
import { insertCallbackAttempts } from "../../../records/callbacks/callback-attempt-store.ts";
import { countDownload } from "../../../records/documents/document-store.ts";
import { insertEvents } from "../../../records/notifications/event-store.ts";
import { moveStatus } from "../../../records/notifications/notification-store.ts";
import type { MemberPermission } from "../../../records/sessions/session-store.ts";
import { hidePersonalisation } from "../../../records/templates/template-page-store.ts";
import { watchMessages } from "./watch-messages.ts";

const HOUR_MS = 3_600_000;
const NUMBER = "07700 900123";

let world: World;
let admin: TestAdmin;
let service: WorldService;
let watcher: Person;

beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  service = await world.service({ callbacks: { "delivery-receipt": "http://127.0.0.1:9/receipts" } });
  watcher = await member("view_activity", "manage_api_keys");
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const member = (...permissions: MemberPermission[]) => admin.person({ in: service, permissions });
const listUrl = (suffix = "") => `/services/${service.id}/messages${suffix}`;
const rowsIn = (text: string) => [...text.matchAll(/<th scope="row">([\s\S]*?)<\/th>/g)].map(([, row]) => row ?? "");

describe("the files of an email", () => {
  it("are shown with how often each was downloaded, and blocked and allowed by who sends", async () => {
    const { id } = await world.notification(service, { channel: "email" });
    const file = { bytes: Buffer.from("a"), filename: "secret.txt", extension: "txt", mimeType: "text/plain" } as const;
    const goesWith = { notificationId: id, placeholder: "link to file" };
    const sealed = sealFile(world.app, file, { service, goesWith, recipientHash: undefined, weeks: 1 });
    await keepFiles(world.app, [sealed]);
    const { document } = sealed;
    const shown = async (who: Person) => (await who.get(listUrl(`/${id}`))).text;
    expect(await shown(watcher)).toContain("Not downloaded yet");
    for (let n = 0; n < 3; n += 1) await countDownload(world.app.db, document.id, world.app.clock.now());
    const text = await shown(watcher);
    expect(text).toContain("link to file");
    expect(text).toContain("Downloaded 3 times");
    expect(text).toContain("was downloaded 3 times, here for the last time");
    expect(text).not.toContain("secret.txt");
    expect(text).not.toContain("/blocking");
    const url = listUrl(`/${id}/files/${document.id}/blocking`);
    expect((await watcher.post(url, { state: "blocked" })).status).toBe(403);
    const sender = await member("send_messages");
    expect(await shown(sender)).toContain(url);
    expect((await sender.post(url, { state: "blocked" })).location).toBe(listUrl(`/${id}`));
    expect(await shown(sender)).toMatch(/“link to file” can no longer be downloaded[\s\S]*was blocked/);
    expect((await sender.post(url, { state: "allowed" })).status).toBe(303);
    expect(await shown(sender)).toContain("can be downloaded again");
    expect((await sender.post(url, { state: "sideways" })).status).toBe(400);
  });
});

describe("the list of messages", () => {
  it("is for every member, who opens them only with the permission to", async () => {
    const { id } = await world.notification(service);
    const plain = await member();
    const [list, one] = [await plain.get(listUrl()), await plain.get(listUrl(`/${id}`))];
    expect([list.status, one.status]).toEqual([200, 403]);
    expect(list.text).not.toContain(`/messages/${id}`);
    expect((await watcher.get(listUrl())).text).toContain(`/messages/${id}`);
    expect((await (await member("send_messages")).get(listUrl(`/${id}`))).status).toBe(200);
    expect((await (await admin.person()).get(listUrl())).status).toBe(404);
  });

  it("is narrowed to a sender, a country, a carrier and what it reported, together", async () => {
    const own = await world.service({ textSender: "Northwold", permissions: ["sms", "international_sms"] });
    const person = await admin.person({ in: own, permissions: ["view_activity"] });
    const place = `/services/${own.id}/messages`;
    const make = async (sender: string, country: string, rest: { provider: string; code: string }) => {
      const { id } = await world.notification(own, { status: "permanent-failure" });
      await world.app.db.query`
        update notifications set sender = ${sender}, country_prefix = ${country}, provider = ${rest.provider},
          reported_code = ${rest.code} where id = ${id}`;
      return id;
    };
    const wanted = await make("Northwold", "33", { provider: "fen", code: "88 throttled" });
    await make("Other", "33", { provider: "fen", code: "88 throttled" });
    await make("Northwold", "44", { provider: "fen", code: "88 throttled" });
    await make("Northwold", "33", { provider: "hill", code: "88 throttled" });
    await make("Northwold", "33", { provider: "fen", code: "8" });
    const sender = own.textSenders[0]?.id ?? "";
    const answer = await person.post(place, {
      sender,
      country: "+33",
      provider: "fen",
      code: "88",
      search: "07700 900123",
    });
    const idsIn = (text: string) => [...text.matchAll(/messages\/([\da-f-]{36})"/g)].map(([, id]) => id);
    for (const path of [answer.location ?? "", `${place}?sender=${sender}&country=33&provider=fen&code=88`]) {
      const { text } = await person.get(path);
      expect([path.split("?")[0], idsIn(text)]).toEqual([place, [wanted]]);
    }
    expect(idsIn((await person.get(`${place}?sender=${newRandomId()}`)).text)).toEqual([]);
  });

  it("finds by recipient without the recipient in any address", async () => {
    await world.notification(service, { to: NUMBER });
    await world.notification(service, { to: "07700 900999" });
    const answer = await watcher.post(listUrl(), { search: "+44 7700 900123", channel: "sms", test: "", from: "" });
    expect(answer.location).toMatch(/\/messages\?search=[\da-f-]{36}&channel=sms$|channel=sms&search=[\da-f-]{36}$/);
    const { text } = await watcher.get(answer.location ?? "");
    expect(rowsIn(text).length).toBeGreaterThan(0);
    for (const row of rowsIn(text)) expect(row).toContain(NUMBER);
    expect(text).toContain('value="+44 7700 900123"');
    expect([...text.matchAll(/href="([^"]*)"/g)].some(([, href]) => /7700\D{0,3}900/.test(href ?? ""))).toBe(false);
  });

  it("does not say to others what somebody searched for", async () => {
    const answer = await watcher.post(listUrl(), { search: NUMBER });
    const other = await member("view_activity");
    expect((await other.get(answer.location ?? "")).text).not.toContain(`value="${NUMBER}"`);
  });

  it("counts by status, and each counter is a filter", async () => {
    const own = await world.service();
    const looker = await admin.person({ in: own, permissions: ["view_activity"] });
    await world.notification(own, { to: "07700 900001", status: "delivered" });
    await world.notification(own, { to: "07700 900002", status: "permanent-failure" });
    await world.notification(own, { channel: "email", status: "permanent-failure" });
    await world.notification(own, { to: "07700 900004", keyKind: "test" });
    const url = `/services/${own.id}/messages`;
    const { text } = await looker.get(url);
    const counts = [...text.matchAll(/<strong>(\d+)<\/strong> (\w+)/g)].map(([, count, name]) => `${name} ${count}`);
    expect(counts).toEqual(["All 3", "Delivering 0", "Delivered 1", "Failed 2"]);
    expect(text).toContain("Email address does not exist");
    expect(text).toContain("Not delivered");
    const failed = await looker.get(`${url}?status=failed&channel=sms`);
    expect(rowsIn(failed.text)).toHaveLength(1);
    expect(rowsIn((await looker.get(`${url}?test=only`)).text)).toHaveLength(1);
  });

  it("goes to older messages and back", async () => {
    const own = await world.service();
    const template = await world.template(own);
    const looker = await admin.person({ in: own, permissions: ["view_activity"] });
    for (let count = 0; count < 51; count++) await world.notification(own, { template });
    const linkTo = (text: string, page: string) =>
      new RegExp(`href="([^"]*${page}=[^"]*)"`).exec(text)?.[1]?.replaceAll("&amp;", "&") ?? "none";
    const first = await looker.get(`/services/${own.id}/messages`);
    const second = await looker.get(linkTo(first.text, "older"));
    expect([rowsIn(first.text).length, rowsIn(second.text).length]).toEqual([50, 1]);
    expect(linkTo(second.text, "older")).toBe("none");
    expect(rowsIn((await looker.get(linkTo(second.text, "newer"))).text)).toEqual(rowsIn(first.text));
  });

  it("says what is wrong with a date, and when nothing fits", async () => {
    const wrong = await watcher.post(listUrl(), { from: "yesterday" });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining("Enter a date")]);
    expect((await watcher.get(listUrl("?to=2020-01-01"))).text).toContain("No message fits");
    const empty = await world.service();
    const looker = await admin.person({ in: empty });
    expect((await looker.get(`/services/${empty.id}/messages`)).text).toContain("No messages have been sent yet");
  });

  it("understands no facet that there is not", async () => {
    const answer = await watcher.get(listUrl("?template='&key=x&older=1&status=lost&channel=fax&search=%00"));
    expect(answer.status).toBe(200);
  });

  it("is where GOV.UK Notify's addresses lead", async () => {
    expect((await watcher.get(`/services/${service.id}/notifications/email`)).location).toBe(listUrl("?channel=email"));
    const { id } = await world.notification(service);
    const moved = await watcher.get(`/services/${service.id}/notification/${id}`);
    expect([moved.status, moved.location]).toEqual([301, listUrl(`/${id}`)]);
  });
});

describe("a message", () => {
  it("shows what it said, to whom and what happened to it, with the carrier's own code", async () => {
    const template = await world.template(service, { name: "Bins", body: "Your ((colour)) bin, <b>((name))</b>" });
    const { id } = await world.notification(service, {
      template,
      personalisation: { colour: "green", name: "Ada & Bob" },
      reference: "order-7",
      status: "permanent-failure",
      sentAt: new Date(),
      updatedAt: new Date(),
      provider: "north",
    });
    await world.app.db.transaction(async (tx) => {
      await insertEvents(tx, [
        { notificationId: id, kind: "attempt-unavailable", provider: "south", reason: "no connection" },
        {
          notificationId: id,
          kind: "receipt",
          provider: "north",
          code: "UNDELIV err:021",
          reason: "absent subscriber",
        },
      ]);
      const told = { serviceId: service.id, subjectId: id, kind: "delivery-receipt", callbackId: undefined } as const;
      await insertCallbackAttempts(tx, [
        { ...told, attempt: 1, outcome: "to-be-retried", httpStatus: 503, problem: undefined, durationMs: 12 },
      ]);
    });
    const { text } = await watcher.get(listUrl(`/${id}`));
    const expected = [
      "Example Council: Your green bin, &lt;b&gt;Ada &amp; Bob&lt;/b&gt;",
      "Not delivered",
      "south could not take it",
      "no connection",
      "Handed to north",
      "Code UNDELIV err:021",
      "absent subscriber",
      "order-7",
      "Accepted, sent with the key “live”",
      "answered with status 503",
      "Bins, version 1",
    ];
    for (const words of expected) expect(text).toContain(words);
    expect(/<title>([^<]*)/.exec(text)?.[1]).not.toContain("900123");
  });

  it("of a template that hides what was filled in shows the placeholders", async () => {
    const template = await world.template(service, {
      channel: "email",
      subject: "For ((name))",
      body: "Dear ((name))",
    });
    const { id } = await world.notification(service, { template, personalisation: { name: "Ada" } });
    await world.app.db.transaction((tx) => hidePersonalisation(tx, template.templateId, new Date()));
    const { text } = await watcher.get(listUrl(`/${id}`));
    expect(text).toContain("Dear ((name))");
    expect(text).not.toContain("Ada");
  });

  it("of another service, or that there is not, is not found", async () => {
    const { id } = await world.notification(await world.service());
    const answers = await Promise.all([id, newRandomId(), "x"].map((one) => watcher.get(listUrl(`/${one}`))));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  it("that was to be sent later is taken back, once, which the audit log knows", async () => {
    const scheduledFor = new Date(Date.now() + HOUR_MS);
    const { id, lane } = await world.notification(service, { scheduledFor });
    const { db } = world.app;
    const entries = [{ id, lane, group: service.id, wakeAt: scheduledFor }];
    await db.transaction((tx) => enqueue(tx, DISPATCH_QUEUES.sms, { entries }));
    const sender = await member("send_messages");
    expect((await watcher.get(listUrl(`/${id}`))).text).not.toContain("Cancel this message");
    expect((await watcher.post(listUrl(`/${id}/cancellation`))).status).toBe(403);
    expect((await sender.get(listUrl(`/${id}`))).text).toContain("Cancel this message");
    const answer = await sender.post(listUrl(`/${id}/cancellation`));
    expect([answer.status, answer.location]).toEqual([303, listUrl(`/${id}`)]);
    const { text } = await sender.get(listUrl(`/${id}`));
    expect(text).toContain("will not be sent");
    expect(text).not.toContain("Cancel this message");
    const deeds = await db.query`select a.action from audit_log a where a.subject = ${id}`;
    expect(deeds).toEqual([{ action: "message.cancelled" }]);
  });

  it("that is being sent is too late to take back, in words that say so", async () => {
    const { id } = await world.notification(service, {
      scheduledFor: new Date(Date.now() - HOUR_MS),
      status: "sending",
    });
    const sender = await member("send_messages");
    const answer = await sender.post(listUrl(`/${id}/cancellation`));
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining("too late to cancel")]);
  });

  it("is told to the service's system again by those who look after it, and by nobody else", async () => {
    const { id } = await world.notification(service, {
      status: "delivered",
      sentAt: new Date(),
      updatedAt: new Date(),
    });
    const looker = await member("view_activity");
    expect((await looker.get(listUrl(`/${id}`))).text).not.toContain("Tell your system again");
    expect((await looker.post(listUrl(`/${id}/callbacks`))).status).toBe(403);
    expect((await watcher.get(listUrl(`/${id}`))).text).toContain("Tell your system again");
    expect((await watcher.post(listUrl(`/${id}/callbacks`))).status).toBe(303);
    const [queued] = await world.app.db.query<{ jobs: number }>`
      select count(*)::integer as jobs from jobs j where j.queue = 'callback'`;
    expect(queued?.jobs).toBe(1);
  });
});

describe("what is watched", () => {
  it("is what has come further: of one message its status and timeline, of a list how many are where", async () => {
    const own = await world.service();
    const { id } = await world.notification(own, { status: "sending" });
    const read = (noun: string) => watchMessages(world.app, `service.${own.id}.${noun}.${id}`)?.();
    expect([await read("message"), await read("message-list")]).toEqual([
      { status: "sending", happened: 0, units: 1 },
      { sending: 1 },
    ]);
    const move = { ids: [id], to: "delivered", from: ["sending"], at: new Date() };
    await world.app.db.transaction(async (tx) => {
      await moveStatus(tx, move);
      await insertEvents(tx, [{ notificationId: id, kind: "receipt", provider: "north" }]);
    });
    expect([await read("message"), await read("message-list")]).toEqual([
      { status: "delivered", happened: 1, units: 1 },
      { delivered: 1 },
    ]);
    expect(watchMessages(world.app, `service.${own.id}.counters`)).toBeUndefined();
  });

  it("of another service's message says nothing", async () => {
    const { id } = await world.notification(service, { status: "sending" });
    const other = await world.service();
    expect(await watchMessages(world.app, `service.${other.id}.message.${id}`)?.()).toEqual({
      status: "",
      happened: 0,
      units: 0,
    });
  });
});
