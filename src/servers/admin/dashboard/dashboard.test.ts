import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { PATIENCE } from "../../../../test/support/patience.ts";
import { readyLetter } from "../../../../test/support/ready-letters.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { DISPATCH_QUEUES } from "../../../flow/jobs.ts";
import { ensureSuppliedTemplate } from "../../../flow/letters/supplied-template.ts";
import { startSession } from "../../../flow/people/sessions.ts";
import { enqueue } from "../../../platform/queue.ts";
import { countersTopic } from "./watch-counters.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

let world: World;
let admin: TestAdmin;
let service: WorldService;
let templateId: string;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  service = await world.service({ name: "Northwold Libraries", permissions: ["sms", "email", "inbound_sms"] });
  const template = await world.template(service, { name: "Books <due>" });
  templateId = template.templateId;
  const daysAgo = (days: number) => new Date(world.clock.now().getTime() - days * DAY_MS);
  for (let count = 0; count < 9; count += 1)
    await world.notification(service, { template, status: "delivered", createdAt: daysAgo(2) });
  for (let count = 0; count < 3; count += 1) {
    const { id } = await world.notification(service, { template, status: "permanent-failure", createdAt: daysAgo(2) });
    await world.app.db.query`update notifications set reported_code = '001 nobody there' where id = ${id}`;
  }
  await world.notification(service, { channel: "email", status: "sending" });
  const scheduledFor = new Date(world.clock.now().getTime() + 3 * HOUR_MS);
  const later = await world.notification(service, { template, scheduledFor, createdAt: daysAgo(3) });
  const entries = [{ id: later.id, lane: 1, group: service.id, wakeAt: scheduledFor } as const];
  await world.app.db.transaction((tx) => enqueue(tx, DISPATCH_QUEUES.sms, { entries }));
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const home = () => `/services/${service.id}`;
const viewer = () => admin.person({ in: service, permissions: ["view_activity"] });

/** The number that a live field shows. */
function shown(html: string, field: string): string | undefined {
  return new RegExp(`data-live-field="${field}">([^<]*)<`).exec(html)?.[1];
}

describe("letters", () => {
  it("are counted for a service that sends them, with the way to them; those that came as PDFs have no template's page", async () => {
    const other = await world.service({ name: "Northwold Rates", permissions: ["letter"] });
    await readyLetter(world, other, { status: "delivered" });
    const { id } = await readyLetter(world, other, { status: "validation-failed" });
    const supplied = await ensureSuppliedTemplate(world.app.db, other.id);
    await world.app.db
      .query`update notifications set template_id = ${supplied.id}, template_version = 1 where id = ${id}`;
    const member = await admin.person({ in: other, permissions: ["view_activity"] });
    const { text } = await member.get(`/services/${other.id}`);
    expect(["total", "delivered", "failed"].map((group) => shown(text, `letter-${group}`))).toEqual(["2", "1", "1"]);
    expect(text).toMatch(/href="[^"]*\/messages\?channel=letter[^"]*"/);
    expect(text).toContain("Pre-compiled PDF");
    expect(text).not.toContain(`/templates/${supplied.id}`);
    expect((await (await viewer()).get(home())).text).not.toContain("letters sent");
  });
});

describe("who sees the dashboard", () => {
  it.each(["send_messages", "manage_templates", "manage_api_keys"] as const)(
    "somebody who may %s is shown the templates instead",
    async (permission) => {
      const member = await admin.person({ in: service, permissions: [permission] });
      expect(await member.get(home())).toMatchObject({ status: 303, location: `${home()}/templates` });
      expect((await member.get(`${home()}/trend.csv`)).status).toBe(403);
    },
  );

  it("those who manage the service see its numbers, and no way to what they may not open", async () => {
    const manager = await admin.person({ in: service, permissions: ["manage_service"] });
    const { status, text } = await manager.get(home());
    expect([status, shown(text, "sms-total")]).toEqual([200, "13"]);
    expect((await manager.get(`${home()}/trend.csv`)).status).toBe(200);
    for (const place of ["/inbox", "/unsubscribe-requests"]) expect(text).not.toContain(`${home()}${place}`);
    expect(text).not.toMatch(/messages\/[\da-f]{8}-/);
    expect((await (await viewer()).get(home())).text).toMatch(/messages\/[\da-f]{8}-/);
  });

  it("those who may see what was sent do, and platform administrators", async () => {
    const people = [await viewer(), await admin.person({ isPlatformAdmin: true })];
    for (const person of people) expect((await person.get(home())).status).toBe(200);
    expect((await (await admin.person()).get(home())).status).toBe(404);
    expect((await admin.stranger().get(home())).status).toBe(303);
  });
});

describe("the dashboard", () => {
  it("counts by channel, and links each number to its messages", async () => {
    const { text } = await (await viewer()).get(home());
    const numbers = ["sms-total", "sms-delivered", "sms-sending", "sms-failed", "email-total", "email-sending"];
    expect(numbers.map((field) => shown(text, field))).toEqual(["13", "9", "1", "3", "1", "1"]);
    expect(text).toContain(`href="${home()}/messages?channel=sms&amp;status=failed&amp;from=`);
    expect(text).toContain("25% of those that ended");
    expect(text).toContain("More than 3% failed");
  });

  it("finds failing what fails more often than the service says", async () => {
    const manager = await admin.person({ in: service, permissions: ["view_activity", "manage_service"] });
    const setting = `${home()}/settings/failing-templates`;
    expect((await manager.get(home())).text).toContain(`href="${setting}"`);
    expect((await (await viewer()).get(home())).text).not.toContain(setting);
    const refused = await manager.post(setting, { percent: "0" });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("from 1 to 100")]);
    await manager.post(setting, { percent: "25" });
    const { text } = await manager.get(home());
    expect(text).not.toContain("More than 3% failed");
    expect(text).toContain("No template fails more often than 25%");
    expect((await manager.get(`${home()}/settings`)).text).toContain("When more than 25% of their messages fail");
    await manager.post(setting, { percent: "24" });
    expect((await manager.get(home())).text).toContain("More than 24% failed");
    await manager.post(setting, { percent: "3" });
  });

  it("names what fails and why, with the carrier's code, and escapes what people wrote", async () => {
    const { text } = await (await viewer()).get(home());
    expect(text).toContain("Books &lt;due&gt;");
    expect(text).toContain(`href="${home()}/messages?template=${templateId}&amp;status=failed&amp;from=`);
    expect(text).toContain("the number does not exist");
    expect(text).toMatch(/pp-code">001</);
    expect(text).toContain("1 message will be sent later.");
  });

  it("draws the trend, says what it shows, and has a table with the same numbers", async () => {
    const { text } = await (await viewer()).get(home());
    expect(text).toMatch(
      /<svg class="pp-chart__picture pp-chart__picture--wide"[^>]* role="img" aria-labelledby="trend-wide-title trend-wide-description">/,
    );
    expect(text).toContain("14 messages in all, 3 of them failed");
    const bars = text.match(/<g>\s*<title>/g);
    expect(bars).toHaveLength(7 * 2); // drawn for two sizes of screen
    expect(
      text.match(/<th class="govuk-table__header govuk-!-font-weight-regular" scope="row">\d+ \w+ \d{4}</g),
    ).toHaveLength(7);
  });

  it.each([
    ["today", "0"],
    ["7-days", "13"],
    ["30-days", "13"],
  ])("of %s has %s texts", async (range, texts) => {
    const { text, status } = await (await viewer()).get(`${home()}?range=${range}`);
    expect([status, shown(text, "sms-total")]).toEqual([200, texts]);
    expect(text).toContain(`data-live="${countersTopic(service.id, range as "today")}"`);
  });

  it("of days that one chose moves no more", async () => {
    const day = new Date(world.clock.now().getTime() - 40 * DAY_MS).toISOString().slice(0, 10);
    const { text, status } = await (await viewer()).get(`${home()}?range=custom&from=${day}&to=${day}`);
    expect([status, shown(text, "sms-total")]).toEqual([200, "0"]);
    expect(text).toContain('data-live=""');
    expect(text).toContain("Nothing was sent in these days");
  });

  it("says which day is wrong, and shows the week meanwhile", async () => {
    const { text, status } = await (await viewer()).get(`${home()}?range=custom&from=2026-01-01&to=soon`);
    expect([status, shown(text, "sms-total")]).toEqual([400, "13"]);
    expect(text).toMatch(/<a href="#to">Enter a last day<\/a>/);
    expect(text).toContain('value="2026-01-01"');
  });

  it("can be taken away as a table", async () => {
    const { text, headers } = await (await viewer()).get(`${home()}/trend.csv?range=7-days`);
    expect(headers.get("content-type")).toContain("text/csv");
    const [heads, ...rows] = text.replace("\uFEFF", "").trim().split("\r\n");
    expect(heads).toBe("Day,Delivered,On the way,Failed");
    expect(rows).toHaveLength(7);
    expect(rows.filter((row) => row.endsWith(",9,0,3"))).toHaveLength(1);
  });
});

describe("a service that has sent nothing", () => {
  it("is told how to begin, if one may", async () => {
    const young = await world.service();
    const writer = await admin.person({ in: young, permissions: ["view_activity", "manage_templates"] });
    const watcher = await admin.person({ in: young, permissions: ["view_activity"] });
    expect((await writer.get(`/services/${young.id}`)).text).toContain("Write a template");
    expect((await watcher.get(`/services/${young.id}`)).text).not.toContain("Write a template");
  });
});

describe("live counters", () => {
  async function follow(topic: string, wish: { permissions?: readonly ["view_activity"] }): Promise<{ text: string }> {
    const { userId } = await admin.person({ in: service, ...wish });
    const who = { userId, stage: "signed-in", ipAddress: "127.0.0.1", userAgent: "test" } as const;
    const cookie = `pennypost-session=${await startSession(world.app, who)}`;
    const response = await fetch(`${admin.url}/live?topic=${topic}`, { headers: { cookie } });
    const seen = { text: "" };
    const decoder = new TextDecoder();
    void (async () => {
      for await (const chunk of response.body ?? []) seen.text += decoder.decode(chunk);
    })().catch(() => {});
    return seen;
  }

  it("are told to whoever looks, and again when they change", async () => {
    const seen = await follow(countersTopic(service.id, "today"), { permissions: ["view_activity"] });
    await vi.waitFor(() => expect(seen.text).toContain('"email-total":1'), PATIENCE);
    await world.notification(service, { channel: "email", status: "delivered" });
    await vi.waitFor(() => expect(seen.text).toContain('"email-total":2'), PATIENCE);
    const late = await follow(countersTopic(service.id, "today"), { permissions: ["view_activity"] });
    await vi.waitFor(() => expect(late.text).toContain('"email-total":2'), PATIENCE);
    expect(seen.text.match(/event: live/g)).toHaveLength(2);
  });

  it("are not for those who may not see the dashboard", async () => {
    const blind = await follow(countersTopic(service.id, "30-days"), {});
    const seeing = await follow(countersTopic(service.id, "30-days"), { permissions: ["view_activity"] });
    await vi.waitFor(() => expect(seeing.text).toContain('"sms-total":13'), PATIENCE);
    expect(blind.text).not.toContain("sms-total");
  });
});
