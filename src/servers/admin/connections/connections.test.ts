import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type TemplateWish, type World, type WorldService } from "../../../../test/support/world.ts";
import { PIPEDRIVE_PERSON } from "../../../core/connections/sample-bodies.ts";
import { takeCall } from "../../../flow/connections/take-call.ts";
import { createIntake } from "../../../flow/intake/create-intake.ts";
import { findCalledConnection, listConnections } from "../../../records/connections/connection-store.ts";

let world: World;
let admin: TestAdmin;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const copied = (html: string) => [...html.matchAll(/data-copy="([^"]+)"/g)].map(([, value]) => value ?? "");
const FORM = {
  ...{ name: "Our CRM", recipientPath: "data.phones[primary=true].value", "field-0": "data.first_name" },
  ...{ conditions: "meta.action is create", eventPath: "meta.id", repeatDays: "7", organizationId: "" },
};

interface Place {
  service: WorldService;
  person: Person;
  url: string;
  templateId: string;
}

async function place(wish: TemplateWish = {}): Promise<Place> {
  const service = await world.service({ prefixesTexts: false });
  const { templateId } = await world.template(service, { body: "Hello ((first name))", ...wish });
  const person = await admin.person({ in: service, permissions: ["manage_api_keys", "view_activity"] });
  return { service, person, templateId, url: `/services/${service.id}/settings/connections` };
}

async function connection({ person, service, url, templateId }: Place, kind = "pipedrive", change: object = {}) {
  const made = await person.post(`${url}/new/${kind}/${templateId}`, { ...FORM, ...change });
  const [kept] = await listConnections(world.app.db, service.id);
  return { made, id: kept?.id ?? expect.unreachable("none was made"), secret: copied(made.text).at(-1) ?? "" };
}

function call(connectionId: string, secret: string, body: object) {
  return takeCall(createIntake(world.app), {
    ...{ connectionId, authorization: `Bearer ${secret}`, contentType: "application/json", addressSecret: undefined },
    ...{ signature: undefined, body: Buffer.from(JSON.stringify(body)) },
  });
}

describe("a connection", () => {
  it("is made by choosing a product and a template, with what is usual for both, and its secret is shown once", async () => {
    const here = await place();
    const { person, url, templateId } = here;
    expect((await person.get(`/services/${here.service.id}/settings`)).text).toContain(`href="${url}"`);
    expect((await person.get(url)).text).toContain("There are no connections yet.");
    const chosen = await person.post(`${url}/new`, { kind: "pipedrive", template: templateId });
    expect(chosen.location).toBe(`${url}/new/pipedrive/${templateId}`);
    const form = (await person.get(chosen.location ?? "")).text;
    for (const usual of ["data.phones[primary=true].value", "data.first_name", "meta.action is create", "meta.id"])
      expect(form).toContain(usual);
    const { made, id, secret } = await connection(here);
    expect(copied(made.text)).toEqual([`https://api.example.org/connections/${id}`, "pennypost", secret]);
    const shown = (await person.get(`${url}/${id}`)).text;
    expect(shown).toContain("the same within 7 days is sent once");
    expect(shown).not.toContain(secret);
    expect((await findCalledConnection(world.app.db, id))?.sealedSecret.toString("latin1")).not.toContain(secret);
    expect((await person.get(url)).text).toMatch(/Our CRM[\s\S]*Pipedrive[\s\S]*Not in the last month/);
  });

  it("shows what came of its calls, each with its message or the reason", async () => {
    const here = await place();
    const { id, secret } = await connection(here);
    const sent = await call(id, secret, PIPEDRIVE_PERSON);
    await call(id, secret, { meta: { action: "delete" } });
    const { text } = await here.person.get(`${here.url}/${id}`);
    expect(text).toContain(`/messages/${sent.events[0]?.notificationId}"`);
    expect(text).toMatch(/Left out[\s\S]*meta\.action is create[\s\S]*Sent/);
    expect(text).not.toContain("07700");
  });

  it("says so of a call for a test number, and has no way to a message for those who may not read it", async () => {
    const here = await place();
    const { id, secret } = await connection(here);
    await call(id, secret, PIPEDRIVE_PERSON);
    await call(id, secret, {
      meta: { action: "create", id: "another" },
      data: { first_name: "Ada", phones: [{ primary: true, value: "07700 900222" }] },
    });
    const developer = await admin.person({ in: here.service, permissions: ["manage_api_keys"] });
    const { status, text } = await developer.get(`${here.url}/${id}`);
    expect([status, text]).toEqual([200, expect.stringMatching(/A number or an address for tests[\s\S]*Message</)]);
    expect(text).not.toMatch(/href="[^"]*\/messages\//);
  });

  it("is tried with a pasted body, and sends nothing", async () => {
    const here = await place();
    const { id } = await connection(here);
    const tryUrl = `${here.url}/${id}/try`;
    expect((await here.person.get(tryUrl)).text).toContain("Ada Lovelace");
    const attempt = async (body: string) => {
      const { status, text } = await here.person.post(tryUrl, { body });
      return [status, text.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ")];
    };
    expect(await attempt(JSON.stringify(PIPEDRIVE_PERSON))).toEqual([
      200,
      expect.stringMatching(/To 07700 900123 .* Hello Ada /),
    ]);
    expect(await attempt('{"meta":{}}')).toEqual([
      200,
      expect.stringContaining("this does not hold: meta.action is create"),
    ]);
    expect(await attempt('{"meta":{"action":"create"}}')).toEqual([
      200,
      expect.stringContaining("There is no recipient at"),
    ]);
    expect(await attempt("{")).toEqual([400, expect.stringContaining("The body is not a JSON object")]);
    expect(await attempt(" ")).toEqual([400, expect.stringContaining("Paste what the other product posts")]);
    expect(await world.app.db.query`select 1 as one from notifications where service_id = ${here.service.id}`).toEqual(
      [],
    );
  });

  it("shows what it would say also where a service in trial mode may not send it", async () => {
    const here = await place();
    const { id } = await connection(here);
    await world.app.db.query`update services set is_trial = true where id = ${here.service.id}`;
    await world.reload(here.service);
    world.app.services.forget(here.service.id);
    const { text } = await here.person.post(`${here.url}/${id}/try`, { body: JSON.stringify(PIPEDRIVE_PERSON) });
    expect(text).toMatch(/Nothing would be sent: [^<]*trial mode[\s\S]*Hello Ada/);
  });

  it("shows an email that would go, without the links somebody typed", async () => {
    const here = await place({ channel: "email", subject: "Welcome", body: "Hello ((first name))" });
    const { id } = await connection(here, "json", {
      recipientPath: "email",
      "field-0": "name",
      conditions: "",
      eventPath: "",
    });
    const body = JSON.stringify({ email: "ada@example.com", name: "Ada https://evil.example/x" });
    const { text } = await here.person.post(`${here.url}/${id}/try`, { body });
    expect(text).toContain("Welcome");
    expect(text.replace(/<textarea[\s\S]*<\/textarea>/, "")).not.toContain("evil.example");
  });

  it("is changed, has another template, another secret, is switched off and on, and deleted", async () => {
    const here = await place();
    const { person, url, service } = here;
    const { id, secret } = await connection(here);
    const other = await world.template(service, { name: "Goodbye", body: "Goodbye ((name))" });
    const edit = `${url}/${id}/edit?template=${other.templateId}`;
    expect((await person.get(edit)).text).toContain("((name))");
    const changed = { ...FORM, name: "CRM", "field-0": "data.name", conditions: "status is one of a, b" };
    expect((await person.post(edit, changed)).location).toBe(`${url}/${id}`);
    expect(await listConnections(world.app.db, service.id)).toMatchObject([
      {
        name: "CRM",
        templateId: other.templateId,
        fields: { name: "data.name" },
        conditions: [{ values: ["a", "b"] }],
      },
    ]);
    expect((await person.get(`${url}/${id}/edit`)).text).toContain("status is one of a, b");
    expect((await person.get(`${url}/${id}/secret`)).text).toContain("stops working at once");
    const renewed = copied((await person.post(`${url}/${id}/secret`, {})).text).at(-1) ?? "";
    expect(renewed).not.toBe(secret);
    await expect(call(id, secret, {})).rejects.toMatchObject({ kind: "unauthenticated" });
    await person.post(`${url}/${id}/switch`, { on: "no" });
    expect((await call(id, renewed, {})).events).toMatchObject([{ outcome: "left-out", reason: "It is switched off" }]);
    await person.post(`${url}/${id}/switch`, { on: "yes" });
    expect((await person.get(`${url}/${id}/delete`)).text).toContain("Delete CRM?");
    expect((await person.post(`${url}/${id}/delete`, {})).location).toBe(url);
    expect(await listConnections(world.app.db, service.id)).toEqual([]);
    const audit = await world.app.db.query<{ action: string }>`
      select a.action from audit_log a where a.service_id = ${service.id} order by a.id`;
    expect(audit.map(({ action }) => action.replace("connection.", ""))).toEqual(
      expect.arrayContaining(["created", "changed", "secret-renewed", "switched-off", "switched-on", "deleted"]),
    );
  });

  it("with Salesforce has its secret in the address, which is not shown again", async () => {
    const here = await place();
    const { made, id } = await connection(here, "salesforce", { organizationId: "00D000000000001EAA", conditions: "" });
    const [address = ""] = copied(made.text);
    expect(address).toMatch(new RegExp(`^https://api\\.example\\.org/connections/${id}/[\\w-]{43}$`));
    const shown = (await here.person.get(`${here.url}/${id}`)).text;
    expect(shown).toContain(`/connections/${id}/…`);
    expect(shown).not.toContain(address);
    expect((await here.person.get(`${here.url}/${id}/try`)).text).toContain("00D000000000001EAA");
  });
});

it.each([
  [{ name: " " }, "Enter a name of up to 60 characters"],
  [{ recipientPath: "a b" }, "Enter where it stands, such as data.phones[0].value"],
  [{ "field-0": "" }, "Enter where it stands, such as data.phones[0].value"],
  [{ conditions: "status = new" }, "Not a condition: status = new"],
  [{ conditions: "a is b\n".repeat(11) }, "Enter up to 10 conditions"],
  [{ eventPath: "[" }, "Enter where it stands"],
  [{ repeatDays: "31" }, "Enter a number of days from 1 to 30"],
  [{ repeatDays: "" }, "Enter a number of days from 1 to 30"],
])("a form with %j is shown again with what is wrong, and nothing is kept", async (change, message) => {
  const { person, service, url, templateId } = await place();
  const refused = await person.post(`${url}/new/pipedrive/${templateId}`, { ...FORM, ...change });
  expect([refused.status, refused.text.includes(message)]).toEqual([400, true]);
  expect(await listConnections(world.app.db, service.id)).toEqual([]);
});

it("two connections of a service have two names, and Salesforce's needs its organization", async () => {
  const here = await place();
  await connection(here);
  const again = await here.person.post(`${here.url}/new/json/${here.templateId}`, FORM);
  expect([again.status, again.text.includes("Another connection has this name")]).toEqual([400, true]);
  const other = await here.person.post(`${here.url}/new/salesforce/${here.templateId}`, { ...FORM, name: "Other" });
  expect([other.status, other.text.includes("Enter your Salesforce organization ID")]).toEqual([400, true]);
  const chosen = await here.person.post(`${here.url}/new`, { kind: "", template: "" });
  expect([chosen.status, chosen.text.includes("Choose which product it is")]).toEqual([400, true]);
});
