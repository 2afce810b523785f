import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { newRandomId } from "../../../platform/ids.ts";

/** Noon in London; the financial year is in its third month. */
const NOW = new Date("2026-06-15T11:00:00Z");

let world: World;
let admin: TestAdmin;
let service: WorldService;
beforeAll(async () => {
  world = await createWorld({ clock: { now: () => NOW } });
  admin = await startAdmin(world.app);
  service = await world.service({ name: "Northwold Libraries" });
  await counted({ day: "2026-06-01", channel: "sms", messages: 90, fragments: 100 });
  await counted({ day: "2026-06-02", channel: "sms", messages: 2, fragments: 3, multiplier: 2 });
  await counted({ day: "2026-05-10", channel: "email", messages: 1_234 });
  await counted({ day: "2026-03-31", channel: "sms", messages: 7, fragments: 7 });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

async function counted(tally: {
  day: string;
  channel: string;
  messages: number;
  fragments?: number;
  multiplier?: number;
}): Promise<void> {
  const { day, channel, messages, fragments = 0, multiplier = 1 } = tally;
  await world.app.db.query`
    insert into daily_statistics (service_id, day, channel, key_kind, template_id, status, code, rate_multiplier, messages, fragments)
    values (${service.id}, ${day}::date, ${channel}, 'live', ${newRandomId()}, 'delivered', '', ${multiplier}, ${messages}, ${fragments})`;
}

const place = () => `/services/${service.id}/usage`;
const manager = () => admin.person({ in: service, permissions: ["manage_service"] });

describe("who sees the usage", () => {
  it.each(["send_messages", "view_activity", "manage_templates", "manage_api_keys"] as const)(
    "somebody who may %s does not",
    async (permission) => {
      const member = await admin.person({ in: service, permissions: [permission] });
      const answers = [await member.get(place()), await member.get(`${place()}.csv`)];
      expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    },
  );

  it("managers and platform administrators do", async () => {
    for (const person of [await manager(), await admin.person({ isPlatformAdmin: true })])
      expect((await person.get(place())).status).toBe(200);
  });
});

describe("chat messages", () => {
  it("are counted by month and template once there are any, and stand in the tables to take away", async () => {
    const other = await world.service({ permissions: ["chat"] });
    await world.app.db.query`
      insert into daily_statistics (service_id, day, channel, key_kind, template_id, status, code, rate_multiplier, unit_price, messages, fragments)
      values (${other.id}, '2026-06-03'::date, 'chat', 'live', ${newRandomId()}, 'delivered', '', 1, 0.05, 40, 40)`;
    const person = await admin.person({ in: other, permissions: ["manage_service"] });
    const { text } = await person.get(`/services/${other.id}/usage`);
    expect(text).toMatch(/>40<\/span>\s*<span class="pp-figure__label">chat messages/);
    expect(text).toContain("cost of texts and chat messages");
    const lines = (await person.get(`/services/${other.id}/usage.csv`)).text.split("\r\n");
    expect(lines.find((line) => line.startsWith("2026-06,") && line.endsWith(",40"))).toContain(",2.0,40");
  });
});

describe("a budget", () => {
  it("is set by who manages the service, in whole amounts, and shows how much of it is spent", async () => {
    const person = await manager();
    const budget = `/services/${service.id}/settings/budget`;
    for (const wrong of ["none", "0", "12.50", "-3", "99,999,999"]) {
      const answer = await person.post(budget, { monthly: wrong });
      expect(answer.text).toContain("Enter a whole amount from 1 to 10,000,000, or nothing");
    }
    expect((await person.get(place())).text).not.toContain("Budget of this month");
    expect((await person.post(budget, { monthly: "£3" })).location).toBe(`/services/${service.id}/settings`);
    for (const path of [place(), `/services/${service.id}`]) {
      const { text } = await person.get(path);
      expect(text).toContain("£2.544 of £3.00 spent on texts in June 2026: 84 %.");
      expect(text).toContain("Nearly all of it is spent.");
    }
    await person.post(budget, { monthly: "2" });
    expect((await person.get(place())).text).toContain("All of it is spent. Messages are still sent.");
    expect((await person.get(`${place()}?year=2025`)).text).not.toContain("Budget of this month");
    await person.post(budget, { monthly: " " });
    expect((await person.get(place())).text).not.toContain("Budget of this month");
  });

  it("is not told on the dashboard to who may not see what is spent", async () => {
    const person = await manager();
    await person.post(`/services/${service.id}/settings/budget`, { monthly: "1,000" });
    const watcher = await admin.person({ in: service, permissions: ["view_activity"] });
    expect((await watcher.get(`/services/${service.id}`)).text).not.toContain("Budget of this month");
  });
});

describe("usage by template", () => {
  it("is told with the dearest first, by names that can be taken away", async () => {
    const other = await world.service({ name: "Northwold Parks" });
    const { templateId } = await world.template(other, { name: "Gates open" });
    const insert = (template: string, messages: number) => world.app.db.query`
      insert into daily_statistics (service_id, day, channel, key_kind, template_id, status, code, rate_multiplier, messages, fragments)
      values (${other.id}, '2026-06-01', 'sms', 'live', ${template}, 'delivered', '', 1, ${messages}, ${messages})`;
    await insert(newRandomId(), 10);
    await insert(templateId, 500);
    const person = await admin.person({ in: other, permissions: ["manage_service"] });
    const { text } = await person.get(`/services/${other.id}/usage`);
    expect(text).toMatch(/By template[\s\S]*Gates open[\s\S]*£12\.00[\s\S]*£0\.24/);
    const csv = await person.get(`/services/${other.id}/usage/templates.csv`);
    expect(csv.text.split("\r\n")[1]).toBe("Gates open,0,500,500,0,0,12.0,0");
  });
});

describe("usage by country", () => {
  it("is told with the dearest first, by names that can be taken away; what was counted before stands for itself", async () => {
    const other = await world.service({ name: "Northwold Ferries" });
    const insert = (prefix: string | undefined, { messages, multiplier }: { messages: number; multiplier: number }) =>
      world.app.db.query`
        insert into daily_statistics (service_id, day, channel, key_kind, template_id, status, code, rate_multiplier, country_prefix,
          messages, fragments)
        values (${other.id}, '2026-06-01', ${prefix === undefined ? "email" : "sms"}, 'live', ${newRandomId()}, 'delivered', '',
          ${multiplier}, ${prefix ?? ""}, ${messages}, ${messages})`;
    await insert("44", { messages: 100, multiplier: 1 });
    await insert("44", { messages: 50, multiplier: 1 });
    await insert("33", { messages: 100, multiplier: 3 });
    await insert("", { messages: 5, multiplier: 1 });
    await insert(undefined, { messages: 1_000, multiplier: 1 });
    const person = await admin.person({ in: other, permissions: ["manage_service"] });
    const { text } = await person.get(`/services/${other.id}/usage`);
    expect(text).toMatch(/Texts by country[\s\S]*France[\s\S]*£7\.20[\s\S]*United Kingdom, Guernsey[\s\S]*£3\.60/);
    const csv = await person.get(`/services/${other.id}/usage/countries.csv?year=2026`);
    expect(csv.headers.get("content-disposition")).toBe('attachment; filename="usage-by-country-2026-2027.csv"');
    expect(csv.text.replace("\uFEFF", "").trim().split("\r\n")).toEqual([
      "Country,Prefix,Texts,Fragments,Cost",
      expect.stringMatching(/^France,33,100,100,7\.2$/),
      expect.stringMatching(/^"United Kingdom, .*",44,150,150,3\.6$/),
      "Counted before countries were,,5,5,0.12",
    ]);
  });

  it("is not for who may not see usage", async () => {
    const member = await admin.person({ in: service, permissions: ["view_activity"] });
    expect((await member.get(`${place()}/countries.csv`)).status).toBe(403);
  });
});

describe("letters in the usage", () => {
  it("are told by postage, sheets and price, for a service that has sent any, as a page and as tables", async () => {
    const other = await world.service({ name: "Northwold Rates", permissions: ["letter"] });
    const insert = (day: string, letters: number, postage: string, sheets: number) => world.app.db.query`
      insert into daily_statistics (service_id, day, channel, key_kind, template_id, status, code, rate_multiplier, messages, fragments,
        postage, sheets_each)
      values (${other.id}, ${day}::date, 'letter', 'live', ${other.id}, 'delivered', '', 1, ${letters}, 0, ${postage}, ${sheets})`;
    await insert("2026-05-10", 10, "second", 1);
    await insert("2026-06-01", 3, "first", 2);
    await insert("2026-06-01", 2, "", 0);
    const person = await admin.person({ in: other, permissions: ["manage_service"] });
    const { text } = await person.get(`/services/${other.id}/usage`);
    for (const words of ["cost of texts and letters", "£12.13", "On 16 sheets of paper."])
      expect(text).toContain(words);
    expect(text).toMatch(
      /Letters by postage[\s\S]*First class[\s\S]*£1\.61[\s\S]*£4\.83[\s\S]*Second class[\s\S]*£7\.30/,
    );
    expect(text).toMatch(/Counted before postage was[\s\S]*–/);
    const csv = await person.get(`/services/${other.id}/usage.csv?year=2026`);
    expect(csv.text.trim().split("\r\n").slice(2)).toEqual([
      "2026-05,0,0,0,0,,,,0.0,0",
      "2026-05,0,0,0,10,Second class,1,0.73,7.3,0",
      "2026-06,0,0,0,0,,,,0.0,0",
      "2026-06,0,0,0,3,First class,2,1.61,4.83,0",
      "2026-06,0,0,0,2,Counted before postage was,0,0.0,0.0,0",
    ]);
    const templates = await person.get(`/services/${other.id}/usage/templates.csv?year=2026`);
    expect(templates.text.trim().split("\r\n")[1]).toBe("A template of the past,0,0,0,15,16,12.13,0");
  });

  it("are not mentioned to a service without any", async () => {
    const texts = await world.service({ name: "Northwold Parking", permissions: ["sms"] });
    const person = await admin.person({ in: texts, permissions: ["manage_service"] });
    expect((await person.get(`/services/${texts.id}/usage`)).text).not.toMatch(/letters/i);
  });
});

describe("usage", () => {
  it("is this financial year's so far, by month and rate, to the last digit", async () => {
    const { text } = await (await manager()).get(place());
    for (const words of ["1,234", "£2.544", "100 at £0.024", "3 at £0.048", "June 2026", "April 2026"])
      expect(text).toContain(words);
    expect(text).not.toContain(`scope="row">July 2026`);
    expect(text).toContain("£2.544 in all; £2.544 in June 2026, the month that cost most");
  });

  it("can be that of a year before, at its own rate, and of no other", async () => {
    const person = await manager();
    const { text } = await person.get(`${place()}?year=2025`);
    expect(text).toContain("7 at £0.0233");
    expect(text).toContain('<strong aria-current="true">2025 to 2026</strong>');
    for (const year of ["1999", "2027", "x"])
      expect((await person.get(`${place()}?year=${year}`)).text).toContain('aria-current="true">2026 to 2027<');
  });

  it("can be taken away, with columns that add up", async () => {
    const { text, headers } = await (await manager()).get(`${place()}.csv?year=2026`);
    expect(headers.get("content-disposition")).toBe('attachment; filename="usage-2026-2027.csv"');
    expect(text.replace("\uFEFF", "").trim().split("\r\n")).toEqual([
      "Month,Emails,Texts,Fragments,Letters,Postage,Sheets each,Rate,Cost,Chat messages",
      "2026-04,0,0,0,0,,,,0.0,0",
      "2026-05,1234,0,0,0,,,,0.0,0",
      "2026-06,0,92,100,0,,,0.024,2.4,0",
      "2026-06,0,0,3,0,,,0.048,0.144,0",
    ]);
  });
});
