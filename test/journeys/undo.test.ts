/** Messages that wait for a moment before they go, so that whoever sent them can take them back. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DISPATCH_QUEUES } from "../../src/flow/jobs.ts";
import { startOneOff } from "../../src/flow/sending/one-off.ts";
import { setUndoWindow } from "../../src/flow/services/guards.ts";
import { newRandomId } from "../../src/platform/ids.ts";
import { startAdmin, type TestAdmin } from "../support/admin.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { makeCarrier, startWorkings, type Workings } from "../support/workings.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 50 };
const actor = { userId: newRandomId(), ip: "192.0.2.1" };

let world: World;
let api: TestApi;
let admin: TestAdmin;
let carrier: Awaited<ReturnType<typeof makeCarrier>>;
let workings: Workings;
beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
  admin = await startAdmin(world.app);
  carrier = await makeCarrier(world.app);
  workings = await startWorkings(world.app);
});
afterAll(async () => {
  await workings.stop();
  await carrier.stop();
  await admin.close();
  await api.close();
  await world.close();
});

async function undoing(seconds: number, lanes: ("normal" | "low")[] = []): Promise<WorldService> {
  const service = await world.service({ prefixesTexts: false });
  await setUndoWindow(world.app, actor, { serviceId: service.id, value: { seconds, lanes } });
  return service;
}

async function sender(service: WorldService) {
  const { templateId } = await world.template(service, { body: "((words))" });
  return (words: string, change: object = {}) => {
    const body = { phone_number: "07700 900123", template_id: templateId, personalisation: { words }, ...change };
    return api.post("/v2/notifications/sms", body, { as: service });
  };
}

const becomes = (id: string, status: string) =>
  vi.waitFor(async () => expect((await world.latest({ id })).status).toBe(status), WAIT);

/** How long after it was accepted it goes. */
async function waits(id: string): Promise<number | undefined> {
  const { createdAt, scheduledFor } = await world.latest({ id });
  return scheduledFor && Math.round((scheduledFor.getTime() - createdAt.getTime()) / 1_000);
}

describe("a message that somebody sends", () => {
  it("waits, has a button that takes it back, and then never goes", async () => {
    const service = await undoing(120);
    const { templateId } = await world.template(service, { name: "Reminder", body: "sent by mistake" });
    const person = await admin.person({ in: service, permissions: ["send_messages", "view_activity"] });
    const writer = { service: await world.reload(service), userId: person.userId };
    const draftId = await startOneOff(world.app, writer, { templateId, recipient: "07700900123" });
    const sent = await person.post(`/services/${service.id}/send/${templateId}/${draftId}/check`, { send: "now" });
    const url = sent.location ?? "";
    const id = url.split("/").at(-1) ?? "";
    expect(await waits(id)).toBe(120);
    const page = (await person.get(url)).text;
    expect(page).toMatch(/<button[^>]*>\s*Undo\s*<\/button>/);
    expect(page).toContain("Until then it can be taken back");
    await person.post(`${url}/cancellation`, {});
    await becomes(id, "cancelled");
    expect((await person.get(url)).text).not.toContain("Undo");
    expect(carrier.texts).not.toContain("sent by mistake");
  });
});

describe("a message that is to go at a time a moment away", () => {
  it("does not wait to be undone, and can be cancelled", async () => {
    const service = await undoing(0);
    const send = await sender(service);
    const scheduledFor = new Date(Date.now() + 200_000).toISOString();
    const { id } = (await send("soon", { scheduled_for: scheduledFor })).json;
    const person = await admin.person({ in: service, permissions: ["send_messages", "view_activity"] });
    const page = (await person.get(`/services/${service.id}/messages/${id}`)).text;
    expect(page).toContain("It will be sent on");
    expect(page).not.toMatch(/>\s*Undo\s*</);
  });
});

describe("a request to the API", () => {
  it("waits in the lanes that its service names, or as long as it asks for; what is urgent goes at once", async () => {
    const send = await sender(await undoing(60, ["low"]));
    const waitsWith = async (change: object) => waits((await send("lanes", change)).json.id);
    expect(await waitsWith({})).toBeUndefined();
    expect(await waitsWith({ priority: "low" })).toBe(60);
    expect(await waitsWith({ priority: "low", undo_seconds: 0 })).toBeUndefined();
    expect(await waitsWith({ undo_seconds: 300 })).toBe(300);
    expect(await waitsWith({ priority: "high" })).toBeUndefined();
  });

  it("is told when it goes, can be cancelled until then, and goes by itself otherwise", async () => {
    const service = await undoing(0);
    const send = await sender(service);
    const [kept, undone] = [await send("kept", { undo_seconds: 300 }), await send("undone", { undo_seconds: 300 })];
    expect(Date.parse(kept.json.scheduled_for)).toBeGreaterThan(Date.now());
    const cancellation = `/v2/notifications/${undone.json.id}/cancellation`;
    expect((await api.post(cancellation, {}, { as: service })).json.status).toBe("cancelled");
    await world.wakeJobs(DISPATCH_QUEUES.sms);
    await becomes(kept.json.id, "delivered");
    await vi.waitFor(() => expect(carrier.texts).toContain("kept"), WAIT);
    expect(carrier.texts).not.toContain("undone");
    expect((await api.post(`/v2/notifications/${kept.json.id}/cancellation`, {}, { as: service })).status).toBe(400);
  });

  it("is cancelled or sent, never both, when the two meet", async () => {
    const service = await undoing(0);
    const send = await sender(service);
    const words = Array.from({ length: 12 }, (_, index) => `race ${index}`);
    const sent = await Promise.all(
      words.map(async (one) => (await send(one, { undo_seconds: 300 })).json.id as string),
    );
    const cancel = (id: string) => api.post(`/v2/notifications/${id}/cancellation`, {}, { as: service });
    const [, ...answers] = await Promise.all([world.wakeJobs(DISPATCH_QUEUES.sms), ...sent.map(cancel)]);
    for (const [index, { status }] of answers.entries()) {
      await becomes(sent[index] ?? "", status === 201 ? "cancelled" : "delivered");
      if (status !== 201) await vi.waitFor(() => expect(carrier.texts).toContain(words[index]), WAIT);
      else expect(carrier.texts).not.toContain(words[index]);
    }
  });

  it.each([
    [{ undo_seconds: 301 }, "undo_seconds 301 is greater than the maximum of 300"],
    [{ undo_seconds: 30, priority: "high" }, "A message of high priority never waits: leave undo_seconds out"],
  ])("with %j is refused", async (change, message) => {
    const refused = await (await sender(await undoing(0)))("no", change);
    expect([refused.status, refused.json.errors[0].message]).toEqual([400, message]);
  });
});

describe("the setting", () => {
  it("is made on its page, and shown among the others", async () => {
    const service = await world.service();
    const person = await admin.person({ in: service, permissions: ["manage_service"] });
    const url = `/services/${service.id}/settings/undo`;
    const refused = await person.post(url, { seconds: "301" });
    expect([refused.status, refused.text.includes("Enter a whole number from 0 to 300")]).toEqual([400, true]);
    await person.post(url, { seconds: "30", lanes: "low" });
    expect((await world.reload(service)).undo).toEqual({ seconds: 30, lanes: ["low"] });
    const settings = (await person.get(`/services/${service.id}/settings`)).text;
    expect(settings).toMatch(/Messages wait 30 seconds[\s\S]*messages of low priority, too/);
    expect((await person.get(url)).text).toMatch(/value="low" checked/);
  });
});
