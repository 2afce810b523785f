import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { newRandomId } from "../../../platform/ids.ts";

/** Noon in London; the financial year is in its third month. */
const NOW = new Date("2026-06-15T11:00:00Z");
const REPORTS = "/platform/reports";
const JUNE = { from: "2026-06-01", to: "2026-06-15" };

let world: World;
let admin: TestAdmin;
let operator: Person;
let libraries: WorldService;
let parks: WorldService;
beforeAll(async () => {
  world = await createWorld({ clock: { now: () => NOW } });
  admin = await startAdmin(world.app);
  operator = await admin.person({ name: "Ola Operator", isPlatformAdmin: true });
  libraries = await world.service({ name: "Northwold Libraries" });
  parks = await world.service({ name: "=Parks", isTrial: true });
  await counted(libraries, { day: "2026-06-01", channel: "sms", messages: 90, fragments: 100 });
  await counted(libraries, { day: "2026-06-02", channel: "sms", messages: 2, fragments: 3, multiplier: 2 });
  await counted(libraries, { day: "2026-06-02", channel: "letter", messages: 4, postage: "first", sheetsEach: 2 });
  await counted(libraries, { day: "2026-06-02", channel: "email", messages: 50, keyKind: "test" });
  await counted(parks, { day: "2026-06-02", channel: "email", messages: 1_234 });
  await carried("2026-05-31T22:00:00Z", "northline", 9);
  await carried("2026-05-31T23:00:00Z", "northline", 10);
  await carried("2026-06-01T12:00:00Z", "northline", 30);
  await carried("2026-06-01T12:00:00Z", "northline", 3, 2);
  await carried("2026-06-01T12:00:00Z", "eastline", 5);
  await counted(parks, { day: "2026-03-31", channel: "sms", messages: 7, fragments: 7 });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

interface Count {
  day: string;
  channel: string;
  messages: number;
  fragments?: number;
  multiplier?: number;
  keyKind?: string;
  postage?: string;
  sheetsEach?: number;
}

async function carried(hour: string, provider: string, fragments: number, multiplier = 1): Promise<void> {
  await world.app.db.query`
    insert into provider_volumes (hour, provider, rate_multiplier, messages, fragments)
    values (${new Date(hour)}, ${provider}, ${multiplier}, ${fragments - 1}, ${fragments})`;
}

async function counted({ id }: WorldService, count: Count): Promise<void> {
  const {
    day,
    channel,
    messages,
    fragments = 0,
    multiplier = 1,
    keyKind = "live",
    postage = "",
    sheetsEach = 0,
  } = count;
  await world.app.db.query`
    insert into daily_statistics (service_id, day, channel, key_kind, template_id, status, code, rate_multiplier, messages, fragments,
      postage, sheets_each)
    values (${id}, ${day}::date, ${channel}, ${keyKind}, ${newRandomId()}, 'delivered', '', ${multiplier}, ${messages}, ${fragments},
      ${postage}, ${sheetsEach})`;
}

/** Its lines. */
async function report(name: string, days: Record<string, string> = JUNE): Promise<string[]> {
  const answer = await operator.post(REPORTS, { report: name, ...days });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/csv; charset=utf-8"]);
  expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="${name}.csv"`);
  return answer.text.trimEnd().split("\r\n");
}

describe("a report", () => {
  it("of services has every one, and nothing that a spreadsheet would run", async () => {
    const lines = await report("services");
    expect(lines[0]).toBe("Service,Service id,Organisation,State,Created");
    expect(lines).toContainEqual(expect.stringContaining(`Northwold Libraries,${libraries.id},`));
    expect(lines).toContainEqual(expect.stringContaining(`'=Parks,${parks.id},`));
    expect(lines.find((line) => line.includes(parks.id))).toContain(",Trial,");
  });

  it("of volumes by service has what each sent in the days, and what its texts and letters cost", async () => {
    const lines = await report("volumes-by-service");
    expect(lines[0]).toBe("Service,Service id,Organisation,Emails,Texts,Fragments,Letters,Sheets,Cost in GBP");
    expect(lines).toContainEqual(expect.stringMatching(/^Northwold Libraries,.*,0,92,103,4,8,8\.984$/));
    expect(lines).toContainEqual(expect.stringMatching(/^'=Parks,.*,1234,0,0,0,0,0\.0$/));
    expect(lines).toHaveLength(3);
  });

  it("of volumes by day has the days in order", async () => {
    expect(await report("volumes-by-day")).toEqual([
      "Day,Emails,Texts,Fragments,Letters,Sheets,Cost in GBP",
      "2026-06-01,0,90,100,0,0,2.4",
      "2026-06-02,1234,2,3,4,8,6.584",
    ]);
  });

  it("of texts by provider has each provider's days, in order, by the clocks at home", async () => {
    expect(await report("texts-by-provider")).toEqual([
      "Day,Provider,Texts,Fragments,Cost in GBP,Charged by the provider,Currency,Charged in GBP,Fragments without a price,Texts sent again,Charged for these in GBP",
      "2026-06-01,eastline,4,5,0.12,0.0,GBP,0.0,5,0,0.0",
      "2026-06-01,northline,40,43,1.104,0.0,GBP,0.0,43,0,0.0",
    ]);
  });

  it("of letters has a row for each price that a service's letters had", async () => {
    await counted(parks, { day: "2026-04-03", channel: "letter", messages: 2, postage: "first", sheetsEach: 1 });
    await counted(parks, { day: "2026-04-20", channel: "letter", messages: 3, postage: "first", sheetsEach: 1 });
    const lines = await report("letters", { from: "2026-04-02", to: "2026-06-15" });
    expect(lines[0]).toBe("Service,Service id,Organisation,Postage,Sheets each,Letters,Rate,Cost");
    expect(lines.slice(1).map((line) => line.split(",").slice(3).join(","))).toEqual(
      expect.arrayContaining(["First class,2,4,1.61,6.44", "First class,1,3,1.56,4.68", "First class,1,2,1.49,2.98"]),
    );
    expect(lines).toHaveLength(4);
  });

  it("of people has everybody with an account", async () => {
    const lines = await report("users");
    expect(lines[0]).toBe("Name,Email address,Services,Created,Last signed in,Platform administrator");
    expect(lines).toContainEqual(expect.stringMatching(/^Ola Operator,.*,0,.*,yes$/));
  });

  it("of people has those of some days, when days are given", async () => {
    const [early, late] = [await admin.person({ name: "Early Bird" }), await admin.person({ name: "Late Comer" })];
    const set = (person: Person, created: string, signedIn: string | null) => world.app.db.query`
      update users set created_at = ${created}::timestamptz, last_signed_in_at = ${signedIn}::timestamptz where id = ${person.userId}`;
    await set(early, "2025-12-31T23:59:00Z", "2026-05-31T23:30:00Z");
    await set(late, "2026-01-01T00:00:00Z", null);
    const names = async (days: Record<string, string>) =>
      (await report("users", days)).slice(1).map((line) => line.split(",")[0]);
    expect(await names({ createdTo: "2025-12-31" })).toEqual(["Early Bird"]);
    expect(await names({ createdFrom: "2026-01-01", createdTo: "2026-01-01" })).toEqual(["Late Comer"]);
    expect(await names({ signedInFrom: "2026-06-01", signedInTo: "2026-06-01" })).toEqual(["Early Bird"]);
    expect(await names({ createdTo: "2026-01-01" })).toEqual(["Early Bird", "Late Comer"]);
    expect(await names({ createdTo: "2026-01-01", signedInTo: "2026-06-15" })).toEqual(["Early Bird"]);
  });

  it.each([
    ["a day that is none", { createdFrom: "2026-02-30" }, "Enter a date, or nothing"],
    ["days the wrong way round", { signedInFrom: "2026-06-02", signedInTo: "2026-06-01" }, "not before the first"],
    ["days on which nobody came", { createdTo: "2020-01-01" }, "Nobody is like that"],
  ])("of people with %s is not made", async (_, days: Record<string, string>, words) => {
    const answer = await operator.post(REPORTS, { report: "users", ...days });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(words)]);
  });

  it.each([
    ["nothing chosen", { report: "" }, "Choose a report"],
    ["no such report", { report: "constructor" }, "Choose a report"],
    ["no date", { from: "", to: "2026-02-30" }, "Enter a date"],
    ["days the wrong way round", { from: "2026-06-15", to: "2026-06-01" }, "not before the first"],
    ["days of two years", { from: "2026-03-31" }, "one financial year"],
    ["a time without messages", { from: "2026-06-03" }, "Nothing was sent in these days"],
  ])("with %s is not made, and the form says why", async (_, wish: Record<string, string>, words) => {
    const answer = await operator.post(REPORTS, { report: "volumes-by-service", ...JUNE, ...wish });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(words)]);
    expect(answer.headers.get("content-type")).toContain("text/html");
  });

  it("is offered for this month", async () => {
    const { text } = await operator.get(REPORTS);
    expect(text).toMatch(/value="2026-06-01"[\s\S]*value="2026-06-15"/);
  });
});
