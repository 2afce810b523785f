import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { readMessage } from "../../../flow/messages/read-message.ts";
import { newRandomId } from "../../../platform/ids.ts";
import type { Service } from "../../../records/services/service.ts";
import type { TemplateVersion } from "../../../records/templates/template.ts";

const DAY_MS = 86_400_000;
const BODY = "Hello ((name))((late?? It is late.)). Reply to ((phone number))";

let world: World;
let admin: TestAdmin;
let service: WorldService;
let template: TemplateVersion;
let sender: Person;

beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  service = await world.service({ name: "Parks", textSender: "Parks" });
  template = await world.template(service, { name: "Reminder", body: BODY });
  sender = await admin.person({ name: "Ada Lovelace", in: service, permissions: ["send_messages"] });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const sendUrl = (...parts: string[]) => ["/services", service.id, "send", ...parts].join("/");
const filled = { recipient: "07700 900123", value0: "Bob", value1: "yes" };

/** Fills the form in and answers the address of the page that follows. */
async function written(fields: Record<string, string> = filled, by = sender): Promise<string> {
  const answer = await by.post(sendUrl(template.templateId), fields);
  expect([answer.status, answer.text]).toEqual([303, ""]);
  return answer.location ?? "";
}

async function messagesOf({ id }: Pick<Service, "id">): Promise<string[]> {
  const rows = await world.app.db.query<{ id: string }>`select n.id from notifications n where n.service_id = ${id}`;
  return rows.map((row) => row.id);
}

const idIn = (path: string | null) => path?.split("/").at(-1) ?? "";

describe("who may send", () => {
  it.each([
    ["a sender", { permissions: ["send_messages"] }, 200],
    [
      "somebody with every other permission",
      { permissions: ["view_activity", "manage_templates", "manage_service"] },
      403,
    ],
    ["a platform administrator", { isPlatformAdmin: true, isStranger: true }, 403],
    ["somebody else", { isStranger: true }, 404],
  ] as const)("%s is answered accordingly", async (_, wish, status) => {
    const isStranger = "isStranger" in wish;
    const person = await admin.person({ ...wish, ...(isStranger ? {} : { in: service }) });
    const answers = await Promise.all([person.get(sendUrl()), person.get(sendUrl(template.templateId))]);
    expect(answers.map((answer) => answer.status)).toEqual([status, status]);
    expect((await person.post(sendUrl(template.templateId))).status).toBe(status === 200 ? 400 : status);
  });

  it("nobody does with a template that is not there, or in a folder they do not see", async () => {
    const hidden = await world.template(service);
    const { db } = world.app;
    const folderId = newRandomId();
    await db.query`insert into template_folders (id, service_id, name) values (${folderId}, ${service.id}, 'Secret')`;
    await db.query`update templates set folder_id = ${folderId} where id = ${hidden.templateId}`;
    expect((await sender.get(sendUrl(hidden.templateId))).status).toBe(200);
    await db.query`insert into template_folder_exclusions (folder_id, user_id) values (${folderId}, ${sender.userId})`;
    const paths = [hidden.templateId, newRandomId(), "not-an-id"].map((id) => sendUrl(id));
    const answers = await Promise.all(paths.map((path) => sender.get(path)));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  it("a service that sends no emails says so", async () => {
    const textsOnly = await world.service({ permissions: ["sms"] });
    const email = await world.template(textsOnly, { channel: "email", name: "Letter of thanks" });
    const member = await admin.person({ in: textsOnly, permissions: ["send_messages"] });
    const answer = await member.get(`/services/${textsOnly.id}/send/${email.templateId}`);
    expect([answer.status, answer.text]).toEqual([403, expect.stringContaining("does not send emails")]);
    expect((await member.get(`/services/${textsOnly.id}/send`)).text).not.toContain("Letter of thanks");
  });
});

describe("the form", () => {
  it("asks for each value once, never for the recipient again, and for words that may be left out with yes or no", async () => {
    const { text } = await sender.get(sendUrl(template.templateId));
    expect([...text.matchAll(/name="(value\d)"/g)].map(([, name]) => name)).toEqual(["value0", "value1", "value1"]);
    expect(text).toContain('type="radio" value="yes"');
    expect(text).not.toContain('name="senderId"');
  });

  it.each([
    [{}, ["Enter a phone number", "Enter something for “name”", "Enter something for “late”"]],
    [{ ...filled, recipient: "077" }, ["too few digits"]],
    [{ ...filled, recipient: "ada@example.org" }, ["digits, spaces and a + in front"]],
    [{ ...filled, recipient: "07700 900000" }, ["trying out the API"]],
    [{ ...filled, recipient: "+1 202 555 0104" }, ["does not send text messages abroad"]],
    [{ ...filled, value0: "x".repeat(1_000) }, ["too long"]],
  ])("with %j says what to mend, and keeps nothing", async (fields, words) => {
    const answer = await sender.post(sendUrl(template.templateId), fields);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("govuk-error-summary");
    for (const one of words) expect(answer.text).toContain(one);
  });

  it("shows what somebody typed as they typed it", async () => {
    const answer = await sender.post(sendUrl(template.templateId), { ...filled, recipient: '"><b>' });
    expect(answer.text).toContain("&quot;&gt;&lt;b&gt;");
  });

  it("is filled in with one's own number when asked to, and keeps nothing by that", async () => {
    const mine = `${sendUrl(template.templateId)}?mine=yes`;
    expect((await sender.get(mine)).text).toContain("no mobile number in your account");
    await world.app.db.query`update users set mobile_number = '447700900555' where id = ${sender.userId}`;
    const count = async () => (await world.app.db.query`select d.id from one_off_drafts d`).length;
    const before = await count();
    expect((await sender.get(mine)).text).toContain('value="07700 900555"');
    expect(await count()).toBe(before);
  });

  it("has one button, which is what the Enter key presses", async () => {
    const { text } = await sender.get(sendUrl(template.templateId));
    const form = /<form class="govuk-grid[\s\S]*?<\/form>/.exec(text)?.[0] ?? "";
    expect(form.match(/<button/g)).toHaveLength(1);
  });

  it("lets one choose where there are several senders, and only then", async () => {
    const other = await world.service({ textSender: "First" });
    const second = newRandomId();
    await world.app.db.query`
      insert into text_senders (id, service_id, sender, is_default) values (${second}, ${other.id}, 'Second', false)`;
    await world.reload(other);
    const member = await admin.person({ in: other, permissions: ["send_messages"] });
    const { templateId } = await world.template(other);
    const url = `/services/${other.id}/send/${templateId}`;
    expect((await member.get(url)).text).toContain("Second");
    const { location } = await member.post(url, { recipient: "07700 900123", senderId: second });
    const check = await member.get(location ?? "");
    expect(check.text).toMatch(/From<\/dt><dd>Second/);
    const sent = await member.post(location ?? "");
    expect((await readMessage(world.app, other, idIn(sent.location))).from).toBe("Second");
  });
});

describe("a draft", () => {
  it("has an address of its own without anything personal in it, so that two tabs do not clash", async () => {
    const [first, second] = [await written(), await written({ ...filled, recipient: "07700 900124", value0: "Cleo" })];
    expect(first).toMatch(/^\/services\/[\da-f-]{36}\/send\/[\da-f-]{36}\/[\da-f-]{36}\/check$/);
    expect((await sender.get(first)).text).toContain("Hello Bob");
    expect((await sender.get(second)).text).toContain("Hello Cleo");
    expect((await sender.get(first.replace("/check", ""))).text).toContain('value="07700 900123"');
  });

  it("is nobody else's", async () => {
    const other = await admin.person({ in: service, permissions: ["send_messages"] });
    const url = await written();
    expect([(await other.get(url)).status, (await other.post(url)).status]).toEqual([404, 404]);
  });
});

describe("sending", () => {
  it("shows it whole with its cost, sends it once, and says by whom", async () => {
    const url = await written();
    const page = await sender.get(url);
    expect(page.text).toMatch(/From<\/dt><dd>Parks/);
    expect(page.text).toMatch(/To<\/dt><dd>07700 900123/);
    expect(page.text).toContain("Parks: Hello Bob It is late.. Reply to 07700 900123");
    expect(page.text).toMatch(/Charged as 1 text message: £0\.0\d+/);
    const before = await messagesOf(service);
    const answers = [await sender.post(url), await sender.post(url)];
    expect(new Set(answers.map(({ location }) => location)).size).toBe(1);
    expect(answers[0]?.location).toMatch(new RegExp(`^/services/${service.id}/messages/[\\da-f-]{36}$`));
    expect((await messagesOf(service)).length).toBe(before.length + 1);
    const message = await readMessage(world.app, service, idIn(answers[0]?.location ?? ""));
    expect(message.timeline[0]).toMatchObject({ by: { kind: "person", name: "Ada Lovelace" } });
    expect((await sender.get(url)).location).toBe(answers[0]?.location);
  });

  it("an email says from whom, where replies go and what it is about", async () => {
    const office = await world.service({ name: "Town Clerk", replyTo: "clerk@example.gov.uk" });
    const member = await admin.person({ in: office, permissions: ["send_messages"] });
    const { templateId } = await world.template(office, {
      channel: "email",
      subject: "For ((name))",
      body: "# Hi ((name))",
    });
    const url = `/services/${office.id}/send/${templateId}`;
    const { location } = await member.post(url, { recipient: "ada@example.org", value0: "Ada <b>" });
    const { text } = await member.get(location ?? "");
    expect(text).toMatch(/From<\/dt><dd>Town Clerk &lt;town\.clerk@/);
    expect(text).toMatch(/Reply to<\/dt><dd>clerk@example\.gov\.uk/);
    expect(text).toMatch(/Subject<\/dt><dd data-preview-subject>For Ada &lt;b&gt;/);
    expect(text).toContain("<h2>Hi Ada &lt;b&gt;</h2>");
    expect(text).not.toContain("style=");
  });

  it("in trial mode goes to the team alone, in words that say so", async () => {
    const trial = await world.service({ isTrial: true });
    const member = await admin.person({ in: trial, permissions: ["send_messages"] });
    const { templateId } = await world.template(trial);
    const answer = await member.post(`/services/${trial.id}/send/${templateId}`, { recipient: "07700 900123" });
    expect(answer.text).toContain("in trial mode, so you can only text your team");
    expect(await messagesOf(trial)).toEqual([]);
  });

  it("stops at the daily limit, in words that say which", async () => {
    const small = await world.service({ dailyLimitSms: 1 });
    const member = await admin.person({ in: small, permissions: ["send_messages"] });
    const { templateId } = await world.template(small);
    const send = async () => {
      const { location } = await member.post(`/services/${small.id}/send/${templateId}`, { recipient: "07700 900123" });
      return member.post(location ?? "");
    };
    expect((await send()).status).toBe(303);
    const refused = await send();
    expect([refused.status, refused.text]).toEqual([
      400,
      expect.stringContaining("may send 1 text message a day, and has"),
    ]);
    expect((await messagesOf(small)).length).toBe(1);
  });

  it("later is at a time in London, up to the day before it would be past its retention", async () => {
    const url = await written();
    const wrong = await sender.post(url, { later: "yes", date: "2026-02-30", time: "09:00" });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining("that clocks show")]);
    const tooFar = new Date(Date.now() + 8 * DAY_MS).toISOString().slice(0, 10);
    const far = await sender.post(url, { later: "yes", date: tooFar, time: "09:00" });
    expect([far.status, far.text]).toEqual([400, expect.stringContaining("at most 6 days ahead")]);
    // By noon no clock is ever put back: a time in an hour that comes twice would not say which is meant.
    const moment = new Date(Math.floor((Date.now() + DAY_MS) / DAY_MS) * DAY_MS + DAY_MS / 2);
    const parts = new Intl.DateTimeFormat("sv-SE", {
      timeZone: "Europe/London",
      dateStyle: "short",
      timeStyle: "short",
    });
    const [date = "", time = ""] = parts.format(moment).split(" ");
    const answer = await sender.post(url, { later: "yes", date, time });
    const message = await readMessage(world.app, service, idIn(answer.location));
    expect(message.scheduledFor).toEqual(moment);
  });
});
