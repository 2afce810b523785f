/** Contacts brought in as tables and lists, over and over, and taken away again. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newRandomId } from "../../src/platform/ids.ts";
import { listAuditEntries } from "../../src/records/audit/audit-store.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

let world: World;
let api: TestApi;
let service: WorldService;
beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
});
afterAll(async () => {
  await api.close();
  await world.close();
});
beforeEach(async () => {
  service = await world.service();
});

const bring = (body: string | Buffer, type = "text/csv", query = "") =>
  api.post(`/v2/contact-imports${query}`, body, { as: service, headers: { "content-type": type } });
const countsOf = ({ made, changed, unchanged, refused }: Record<string, number>) => [made, changed, unchanged, refused];
const contacts = async () => (await api.get("/v2/contacts", { as: service })).json.contacts;

describe("a table", () => {
  const TABLE = "Mobile;First name;Card\n07700 900123;Ann;12\n07700 900124;Bob;13\n";

  it("makes contacts, changes them, and changes nothing the next time", async () => {
    expect(countsOf((await bring(TABLE)).json)).toEqual([2, 0, 0, 0]);
    expect(countsOf((await bring(TABLE)).json)).toEqual([0, 0, 2, 0]);
    const { json } = await bring("Phone number,Email,Card\n+44 7700 900123,ann@example.org,14\n,bob@example.org,15\n");
    expect(countsOf(json)).toEqual([1, 1, 0, 0]);
    const [bob, , ann] = await contacts();
    expect(ann).toMatchObject({ first_name: "Ann", email_address: "ann@example.org", fields: { Card: "14" } });
    expect(bob).toMatchObject({ phone_number: null, email_address: "bob@example.org" });
    expect(json.rows).toEqual([
      { row: 2, outcome: "changed", contact_id: ann.id, problems: [] },
      { row: 3, outcome: "made", contact_id: bob.id, problems: [] },
    ]);
  });

  it("is refused row by row, in the words of its columns, and the rest goes in", async () => {
    await bring("Mobile,Email\n07700 900123,\n,bob@example.org\n");
    const table = [
      "Mobile,Email,Card,Consent",
      "12,,,",
      "07700 900123,bob@example.org,,",
      ",,14,",
      `07700 900125,,${"x".repeat(1001)},`,
      "07700 900126,,,Not this",
      "07700 900127,,,marketing",
      "07700 900127,,16,",
    ];
    const { json } = await bring(table.join("\r\n"));
    expect(countsOf(json)).toEqual([1, 1, 0, 5]);
    expect(
      json.rows.map(({ row, problems }: { row: number; problems: object[] }) => [row, problems[0] ?? null]),
    ).toEqual([
      [2, { column: "Mobile", message: "Not enough digits" }],
      [3, { column: null, message: "email_address is that of another contact" }],
      [4, { column: null, message: "phone_number or email_address is a required property" }],
      [5, { column: "Card", message: "is longer than 1000 characters" }],
      [6, { column: "Consent", message: expect.stringMatching(/^0: purpose must be/) }],
      [7, null],
      [8, null],
    ]);
    expect((await contacts())[0]).toMatchObject({ fields: { Card: "16" }, consents: [{ purpose: "marketing" }] });
  });

  it("lets numbers change hands in one go", async () => {
    const row = (number: number, address: string) => `07700 90012${number},${address}@example.org\n`;
    await bring(`Mobile,Email\n${row(1, "ann")}${row(2, "bob")}`);
    expect(countsOf((await bring(`Mobile,Email\n${row(3, "ann")}${row(1, "bob")}${row(2, "cid")}`)).json)).toEqual([
      1, 2, 0, 0,
    ]);
    const held = (await contacts()).map((one: { phone_number: string; email_address: string }) => [
      one.email_address.slice(0, 3),
      one.phone_number.at(-1),
    ]);
    expect(held.toSorted()).toEqual([
      ["ann", "3"],
      ["bob", "1"],
      ["cid", "2"],
    ]);
  });

  it("goes into a group, stops at the service's limit, and is counted in the audit log", async () => {
    const { json: group } = await api.post("/v2/contact-groups", { name: "Members" }, { as: service });
    await world.app.db.query`update services set contacts_max = 2 where id = ${service.id}`;
    const table = `Mobile\n${[1, 2, 3, 1].map((n) => `07700 90012${n}\n`).join("")}`;
    const { json } = await bring(table, "text/csv; charset=utf-8", `?group_id=${group.id}`);
    expect(countsOf(json)).toEqual([2, 0, 1, 1]);
    expect((await api.get(`/v2/contact-groups/${group.id}`, { as: service })).json.members).toBe(2);
    expect((await bring(table, "text/csv", `?group_id=${newRandomId()}`)).status).toBe(404);
    const [entry] = await listAuditEntries(world.app.db, { serviceId: service.id, limit: 1 });
    expect(entry).toMatchObject({
      action: "contacts.imported",
      after: { made: 2, changed: 0, unchanged: 1, refused: 1 },
    });
  });

  it.each([
    ["Name\nAnn\n", "text/csv", /^The first row must name the columns/],
    ["Mobile\n", "text/csv", "There is no row with a contact"],
    [`Mobile\n${"1\n".repeat(20_001)}`, "text/csv", "A table can have 20000 rows at most"],
    [JSON.stringify({ contacts: [] }), "application/json", "contacts must have an entry"],
    [JSON.stringify({ contacts: [1] }), "application/json", "contacts has an entry that is not of type object"],
    ['{"phone_number":"1"}\nnot json', "application/x-ndjson", "Invalid JSON supplied in POST data"],
    ['{"phone_number":"1"}\n'.repeat(1_001), "application/x-ndjson", "contacts cannot have more than 1000 entries"],
  ])("is refused whole: %#", async (body, type, message) => {
    const answer = await bring(body, type);
    expect([answer.status, answer.json.errors[0].message]).toEqual([
      400,
      typeof message === "string" ? message : expect.stringMatching(message),
    ]);
    expect(await contacts()).toEqual([]);
  });
});

describe("a list", () => {
  it("is taken as lines, or as one list, with all that a contact can have", async () => {
    const ann = { phone_number: "07700 900123", address_lines: ["1 High Street"], consents: [{ purpose: "news" }] };
    const lines = `${JSON.stringify(ann)}\n\n${JSON.stringify({ email_address: "x" })}\n`;
    const { json } = await bring(lines, "application/x-ndjson");
    expect([countsOf(json), json.rows[1].problems]).toEqual([
      [1, 0, 0, 1],
      [{ column: "email_address", message: "Not a valid email address" }],
    ]);
    const again = await bring(JSON.stringify({ contacts: [ann, { ...ann, nick: "A" }] }), "application/json");
    expect([countsOf(again.json), again.json.rows[1].problems]).toEqual([
      [0, 0, 1, 1],
      [{ column: "nick", message: "is not a property of contacts" }],
    ]);
  });
});

describe("positions", () => {
  it("come in with a table and go out with one that comes in unchanged, and halves are refused", async () => {
    const table = "Mobile,Latitude,Longitude\n07700 900123,51.752,-1.2577\n07700 900124,51.752,\n07700 900125,95,1\n";
    const { json } = await bring(table);
    expect([countsOf(json), json.rows[1].problems, json.rows[2].problems]).toEqual([
      [1, 0, 0, 2],
      [{ column: "Longitude", message: "is missing: latitude and longitude go together" }],
      [{ column: "Latitude", message: "must be from -90 to 90" }],
    ]);
    const [ann] = await contacts();
    expect(ann).toMatchObject({ latitude: 51.752, longitude: -1.2577 });
    const { text } = await api.get("/v2/contacts.csv", { as: service });
    expect(text).toContain(",51.752,-1.2577,");
    expect(countsOf((await bring(text)).json)).toEqual([0, 0, 1, 0]);
    const [stored] = await world.app.db.query<{
      row: string;
    }>`select to_jsonb(c)::text as row from contacts c where c.id = ${ann.id}`;
    expect(stored?.row).not.toContain("51.752");
  });
});

describe("everybody", () => {
  it("can be taken away as a table, which makes nothing of words, and comes in again unchanged", async () => {
    await bring('Mobile,First name,Card,Notes\n07700 900123,=1+1,12,"a, ""b"""\n07700 900124,Bob,,\n');
    const answer = await api.get("/v2/contacts.csv", { as: service });
    expect([answer.status, answer.headers["content-type"], answer.headers["content-disposition"]]).toEqual([
      200,
      "text/csv; charset=utf-8",
      'attachment; filename="contacts.csv"',
    ]);
    const [heads, bob, ann] = answer.text.split("\r\n");
    expect(heads).toMatch(/^\uFEFFPhone number,Email address,First name,.*,Changed,Card,Notes$/);
    expect([bob, ann]).toEqual([
      expect.stringMatching(/^'\+447700900124,,Bob,/),
      expect.stringMatching(/^'\+447700900123,,'=1\+1,.*,12,"a, ""b"""$/),
    ]);
    expect(countsOf((await bring(answer.text)).json)).toEqual([0, 0, 2, 0]);
    const entries = await listAuditEntries(world.app.db, { serviceId: service.id, limit: 9 });
    expect(entries.map(({ action }) => action)).toEqual([
      "contacts.imported",
      "contacts.exported",
      "contacts.imported",
    ]);
    expect((await api.request("HEAD", "/v2/contacts.csv", { as: service })).status).toBe(200);
    expect((await api.get("/v2/contacts.csv", { as: service, with: "test" })).status).toBe(403);
  });
});
