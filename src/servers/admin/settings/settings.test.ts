import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Person } from "../../../../test/support/admin.ts";
import { APPLICATION_ANSWERS } from "../../../../test/support/populated-senders.ts";
import { openSettings, type SettingsPlace, type SettingsStage } from "../../../../test/support/settings-stage.ts";
import type { ServiceWish, WorldService } from "../../../../test/support/world.ts";
import { applyForCountry } from "../../../flow/senders/sender-applications.ts";
import { saveLetterContact } from "../../../flow/services/letter-contacts.ts";
import { requestReplyTo } from "../../../flow/services/reply-tos.ts";
import { newRandomId } from "../../../platform/ids.ts";
import { listAuditEntries } from "../../../records/audit/audit-store.ts";
import { getReplySettings } from "../../../records/replies/reply-settings-store.ts";
import { listReplyToAddresses } from "../../../records/senders/reply-to-store.ts";
import { insertSenderPool } from "../../../records/senders/sender-pool-store.ts";
import { insertSenderRequest } from "../../../records/senders/sender-request-store.ts";
import { settingRoutes } from "./settings.ts";

let stage: SettingsStage;
beforeAll(async () => {
  stage = await openSettings();
});
afterAll(() => stage?.close());

const place = (wish?: ServiceWish): Promise<SettingsPlace> => stage.place(undefined, wish);

/** Takes an address into use as its mailbox's reader does. */
async function prove(service: WorldService, person: Person, address: string): Promise<string> {
  const links: string[] = [];
  const app = {
    ...stage.world.app,
    sendVerification: async (sent: { verificationId: string; token: string }) =>
      void links.push(`/reply-to/${sent.verificationId}/${sent.token}`),
  };
  await requestReplyTo(
    app,
    { userId: person.userId, ip: undefined },
    { serviceId: service.id, address, isDefault: false },
  );
  const [link = ""] = links;
  const reader = stage.admin.stranger();
  expect((await reader.get(link)).text).toContain("Confirm this address");
  expect(await listReplyToAddresses(stage.world.app.db, service.id)).not.toContainEqual(
    expect.objectContaining({ address }),
  );
  expect((await reader.post(link)).text).toContain("The address is confirmed");
  return link;
}

describe("who may", () => {
  it("every page is for those who manage the service, but for what requests name senders by", async () => {
    const { service, person } = await place({ isTrial: true, textSender: "Parks", replyTo: "parks@example.gov.uk" });
    const others = await stage.admin.person({
      in: service,
      permissions: ["send_messages", "view_activity", "manage_templates"],
    });
    const developer = await stage.admin.person({ in: service, permissions: ["manage_api_keys"] });
    const author = { userId: person.userId, ip: undefined, emailAddress: person.emailAddress };
    const contact = { serviceId: service.id, contactBlock: "Parks\nTown Hall\nNorthwold", isDefault: true };
    const pool = { id: newRandomId(), name: "All", senderIds: [], isDefault: false, isSticky: true };
    const request = { id: newRandomId(), serviceId: service.id, sender: "07700900321", requestedBy: person.userId };
    await stage.world.app.db.transaction(async (tx) => {
      await insertSenderPool(tx, service.id, pool);
      const asked = { wantsDefault: false, replacesId: undefined, createdAt: stage.world.clock.now() };
      await insertSenderRequest(tx, { ...request, ...asked });
    });
    stage.world.app.services.forget(service.id);
    const senderId = service.textSenders[0]?.id ?? "";
    const applied = { service, senderId, countryPrefix: "32", answers: APPLICATION_ANSWERS };
    const ids = [
      ["groups", pool.id],
      ["requests", request.id],
      ["letter-contacts", await saveLetterContact(stage.world.app, author, contact)],
      ["applications", await applyForCountry(stage.world.app, author, applied)],
      ["text-senders", senderId],
      ["reply-to", service.replyToAddresses[0]?.id],
    ] as const;
    const readable = ["/settings", "/settings/reply-to", "/settings/text-senders", "/settings/letter-contacts"];
    const pages = settingRoutes.filter(({ method, url }) => method === "GET" && url.includes(":sid"));
    for (const { url } of pages) {
      const path = url
        .replace(":sid", service.id)
        .replace(":country", "33")
        .replace(/:[agr]?id/, ids.find(([part]) => url.includes(part))?.[1] ?? "");
      const mayRead = readable.some((end) => path.endsWith(end));
      expect([path, (await others.get(path)).status]).toEqual([path, 403]);
      expect([path, (await developer.get(path)).status]).toEqual([path, mayRead ? 200 : 403]);
      expect([path, (await person.get(path)).status]).toEqual([path, path.endsWith("/limits") ? 403 : 200]);
    }
    expect((await developer.post(`/services/${service.id}/settings/name`, { name: "Mine" })).status).toBe(403);
  });

  it("who writes requests sees the senders with their ids, and no way to change anything", async () => {
    const { service, path } = await place({ isTrial: true, textSender: "Parks", replyTo: "parks@example.gov.uk" });
    const developer = await stage.admin.person({ in: service, permissions: ["manage_api_keys"] });
    const { text } = await developer.get(path);
    for (const { id } of [...service.textSenders, ...service.replyToAddresses]) expect(text).toContain(id);
    for (const hidden of ["Keep messages", "trial mode</h2>", "Delete this service", "/settings/name"])
      expect(text).not.toContain(hidden);
    const list = await developer.get(`${path}/text-senders`);
    expect(list.text).not.toContain("Add text message sender");
  });

  it("what is no id is not found", async () => {
    const { person, path } = await place();
    for (const page of ["/reply-to/nonsense", `/text-senders/${newRandomId()}`])
      expect((await person.get(path + page)).status).toBe(404);
  });
});

describe("the page of all settings", () => {
  it("says how much of the limits is used today", async () => {
    const { service, person, path } = await place({ dailyLimitSms: 4_321 });
    const day = stage.world.clock.now().toISOString().slice(0, 10);
    await stage.world.app.db.query`
      insert into daily_totals (service_id, kind, day, total, ceiling) values (${service.id}, 'sms', ${day}::date, 1234, 4321)`;
    const { text } = await person.get(path);
    expect(text).toMatch(/4,321[\s\S]*1,234 used today[\s\S]*0 used today/);
  });

  it("says in trial mode what that means", async () => {
    const trial = await place({ isTrial: true, dailyLimitSms: 50, dailyLimitEmail: 50 });
    expect((await trial.person.get(trial.path)).text).toContain("at most 50 messages a day");
    const live = await place();
    expect((await live.person.get(live.path)).text).not.toContain("trial mode</h2>");
  });

  it("shows limits to members, and lets those who run the deployment change them", async () => {
    const { service, person, path } = await place({ dailyLimitSms: 1_234 });
    expect((await person.get(path)).text).toContain("1,234");
    expect((await person.get(path)).text).not.toContain("/settings/limits");
    const limits = { sms: "5", international_sms: "6", email: "7", letter: "9", chat: "10", rateLimit: "8" };
    expect((await person.post(`${path}/limits`, limits)).status).toBe(403);
    const operator = await stage.admin.person({ isPlatformAdmin: true });
    const wrong = await operator.post(`${path}/limits`, { ...limits, email: "many" });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining("Enter a whole number")]);
    expect((await operator.post(`${path}/limits`, limits)).location).toBe(path);
    const { dailyLimits, rateLimitPerMinute } = await stage.world.reload(service);
    expect([dailyLimits, rateLimitPerMinute]).toMatchObject([
      { sms: 5, international_sms: 6, email: 7, letter: 9, chat: 10 },
      8,
    ]);
  });
});

describe("a setting", () => {
  it.each([
    ["emails", "off", (service: WorldService) => service.permissions.has("email"), false],
    ["text-messages", "off", (service: WorldService) => service.permissions.has("sms"), false],
    ["text-prefix", "off", (service: WorldService) => service.prefixesTexts, false],
    ["country-codes", "on", (service: WorldService) => service.requiresCountry, true],
    ["roaming-numbers", "on", (service: WorldService) => service.refusesRoaming, true],
    ["text-mode", "gsm", (service: WorldService) => service.textMode, "gsm"],
    [
      "international-text-messages",
      "on",
      (service: WorldService) => service.permissions.has("international_sms"),
      true,
    ],
  ] as const)("%s is turned %s, and audited with who and whence", async (name, choice, read, expected) => {
    const { service, person, path } = await place();
    expect((await person.post(`${path}/${name}`, { choice })).location).toBe(path);
    expect(read((await stage.world.reload(service)) as WorldService)).toBe(expected);
    const [entry] = await listAuditEntries(stage.world.app.db, { serviceId: service.id, limit: 1 });
    expect(entry).toMatchObject({ action: "service.setting-changed", actor: person.userId, ip: "127.0.0.1" });
    expect((await person.get(`${path}/${name}`)).text).toMatch(new RegExp(`value="${choice}"[^>]*checked`));
  });

  it("to receive texts says when there is no number, and shows the one there is", async () => {
    const { person, path } = await place();
    const none = await person.post(`${path}/receive-text-messages`, { choice: "on" });
    expect([none.status, none.text]).toEqual([400, expect.stringContaining("There is no free number")]);
    await stage.world.app.db.query`insert into inbound_numbers (number) values ('07700900588')`;
    expect((await person.post(`${path}/receive-text-messages`, { choice: "on" })).location).toBe(path);
    expect((await person.get(path)).text).toContain("On, with 07700900588");
  });

  it("of the name shows the new one in the bar, and refuses another service's", async () => {
    const { person, path } = await place({ name: "Allotments" });
    const taken = await place({ name: "Cemeteries" });
    const refused = await person.post(`${path}/name`, { name: " cemeteries! " });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("Another service has this name")]);
    await person.post(`${path}/name`, { name: "Allotments and orchards" });
    expect((await person.get(path)).text).toContain("Allotments and orchards");
    expect((await taken.person.get(taken.path)).status).toBe(200);
  });

  it("of how long messages are kept takes 3 to 90 days for each channel", async () => {
    const { service, person, path } = await place();
    const wrong = await person.post(`${path}/retention`, { sms: "2", email: "91" });
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain('href="#sms"');
    expect(wrong.text).toContain('href="#email"');
    await person.post(`${path}/retention`, { sms: "3", email: "90", letter: "4", chat: "5" });
    expect((await stage.world.reload(service)).retentionDays).toMatchObject({ sms: 3, email: 90, letter: 4, chat: 5 });
  });

  it("of whom emails are from is shown as an address before it is saved", async () => {
    const { service, person, path } = await place();
    const preview = await person.get(`${path}/email-sender/preview?name=${encodeURIComponent("Café & Licences")}`);
    expect(JSON.parse(preview.text)).toEqual({ address: "cafe.licences@notifications.example.org" });
    const refused = await person.post(`${path}/email-sender`, { name: "Support" });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("says who the email is from")]);
    await person.post(`${path}/email-sender`, { name: "Licences" });
    expect((await stage.world.reload(service)).emailSenderLocalPart).toBe("licences");
    expect((await person.get(path)).text).toContain("licences@notifications.example.org");
  });

  it("of whom recipients of files may ask is a row with what it is now, at the address that errors of the API name", async () => {
    const { service, person, path } = await place();
    const moved = await person.get(`/services/${service.id}/service-settings/send-files-by-email`);
    expect(moved.location).toBe(`${path}/send-files-by-email`);
    expect((await person.get(path)).text).toContain(`href="${path}/send-files-by-email"`);
    const refused = await person.post(`${path}/send-files-by-email`, { contact: "council" });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("beginning with https://")]);
    expect(refused.text).toContain('value="council"');
    await person.post(`${path}/send-files-by-email`, { contact: "020 7946 0000" });
    expect((await stage.world.reload(service)).filesContact).toEqual({ kind: "phone-number", value: "020 7946 0000" });
    expect((await person.get(path)).text).toContain("020 7946 0000");
  });
});

describe("text senders", () => {
  it("that are names say that nobody can answer them, where the service receives texts", async () => {
    const warning = "Nobody can answer a name";
    const hears = await place({ textSender: "Parks", permissions: ["sms", "inbound_sms"] });
    const onlySends = await place({ textSender: "Parks", permissions: ["sms"] });
    const byNumber = await place({ textSender: "07700900588", permissions: ["sms", "inbound_sms"] });
    const pages = [hears, onlySends, byNumber].map(({ path, person }) => person.get(`${path}/text-senders`));
    const says = (await Promise.all(pages)).map(({ text }) => text.includes(warning));
    expect(says).toEqual([true, false, false]);
  });

  it("are added, changed, made the default and removed; the default stays while there is another", async () => {
    const { service, person, path } = await place({ textSender: "Pennypost" });
    const senders = async () => (await stage.world.reload(service)).textSenders;
    const [first] = await senders();
    await person.post(`${path}/text-senders/${first?.id}`, { sender: "first" });
    await person.post(`${path}/text-senders/add`, { sender: "second" });
    expect(await senders()).toMatchObject([
      { sender: "first", isDefault: true },
      { sender: "second", isDefault: false },
    ]);
    const list = (await person.get(`${path}/text-senders`)).text;
    for (const { id } of await senders()) expect(list).toContain(`data-copy="${id}"`);
    const refused = await person.post(`${path}/text-senders/add`, { sender: "to!" });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("Use letters, numbers")]);
    const stays = await person.post(`${path}/text-senders/${first?.id}/remove`);
    expect([stays.status, stays.text]).toEqual([400, expect.stringContaining("Make another one the default first")]);
    const second = (await senders())[1];
    await person.post(`${path}/text-senders/${second?.id}`, { sender: "second", isDefault: "yes" });
    await person.post(`${path}/text-senders/${first?.id}/remove`);
    expect(await senders()).toMatchObject([{ sender: "second", isDefault: true }]);
  });
});

describe("replies", () => {
  it("are set with words, answers and addresses; an answer that is left alone follows the product", async () => {
    const { service, person, path } = await place({ prefixesTexts: false, replyTo: "parks@example.gov.uk" });
    const form = (await person.get(`${path}/replies`)).text;
    expect(form).toContain(`${service.name}: You will get no more texts from us.`);
    expect(form).toContain("parks@example.gov.uk");
    const answer = `${service.name}: You will get no more texts from us. Reply START to get them again.`;
    const fields = { isOn: "yes", stopWords: "Halt, stop", stopAnswer: answer, startAnswer: "", helpAnswer: "Ring us" };
    const wrong = await person.post(`${path}/replies`, { ...fields, helpWords: "halt" });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining("A word can ask for one thing only")]);
    await person.post(`${path}/replies`, { ...fields, forwardTo: ["parks@example.gov.uk"] });
    expect(await getReplySettings(stage.world.app.db, service.id)).toMatchObject({
      ...{ isOn: true, words: { stop: ["Halt", "stop"], start: [], help: [] } },
      ...{ answers: { stop: undefined, start: "", help: "Ring us" }, forwardTo: ["parks@example.gov.uk"] },
    });
    expect((await person.get(path)).text).toContain("Forwarded to 1 address");
  });
});

describe("reply-to addresses", () => {
  it("are used once their reader agrees, who needs no account; nobody agrees by opening the link alone", async () => {
    const { service, person, path } = await place();
    await prove(service, person, "a@example.gov.uk");
    await prove(service, person, "b@example.gov.uk");
    const addresses = () => listReplyToAddresses(stage.world.app.db, service.id);
    expect(await addresses()).toMatchObject([{ isDefault: true }, { address: "b@example.gov.uk", isDefault: false }]);
    const b = (await addresses())[1];
    const form = { address: "b@example.gov.uk", isDefault: "yes" };
    expect((await person.post(`${path}/reply-to/${b?.id}`, form)).location).toBe(`${path}/reply-to`);
    expect(await addresses()).toMatchObject([{ isDefault: false }, { isDefault: true }]);
    const a = (await addresses())[0];
    await person.post(`${path}/reply-to/${a?.id}/remove`);
    expect(await addresses()).toMatchObject([{ address: "b@example.gov.uk" }]);
  });

  it("wait in the list until then", async () => {
    const { person, path } = await place();
    const asked = await person.post(`${path}/reply-to/add`, { address: "desk@example.gov.uk" });
    expect(asked.location).toBe(`${path}/reply-to`);
    const list = (await person.get(`${path}/reply-to`)).text;
    expect(list).toMatch(/Waiting for the link to be opened[\s\S]*desk@example\.gov\.uk/);
  });

  it("are refused when they are none, or there already", async () => {
    const { person, path } = await place({ replyTo: "desk@example.gov.uk" });
    for (const [address, message] of [
      ["desk", "Enter an email address in full"],
      ["DESK@example.gov.uk", "on the list already"],
    ] as const) {
      const answer = await person.post(`${path}/reply-to/add`, { address });
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(message)]);
    }
  });

  it.each([`/reply-to/${newRandomId()}/token`, "/reply-to/nonsense/token"])("%s proves nothing", async (link) => {
    const answer = await stage.admin.stranger().post(link);
    expect([answer.status, answer.text]).toEqual([404, expect.stringContaining("This link no longer works")]);
  });
});

describe("the end of a service", () => {
  it("in trial is its managers' to decide", async () => {
    const { service, person, path } = await place({ isTrial: true });
    expect((await person.get(path)).text).toContain("Delete this service");
    expect((await person.post(`${path}/delete`)).location).toBe("/services");
    expect((await person.get(`/services/${service.id}`)).text).toContain("has been deleted");
  });

  it("that is live is for those who run the deployment", async () => {
    const { service, person, path } = await place();
    expect((await person.get(path)).text).not.toContain("Delete this service");
    expect((await person.get(`${path}/delete`)).status).toBe(403);
    expect((await person.post(`${path}/delete`)).status).toBe(403);
    const operator = await stage.admin.person({ isPlatformAdmin: true });
    expect((await operator.post(`${path}/delete`)).status).toBe(303);
    expect((await stage.world.app.services.find(service.id))?.archivedAt).toBeInstanceOf(Date);
  });
});

describe("guards", () => {
  it("limits for texts that repeat are set, shown, and empty again", async () => {
    const { person, path, service } = await place();
    expect((await person.get(path)).text).toContain("Repeated text messages");
    const wrong = await person.post(`${path}/repeat-guard`, { same: "many", any: "1001" });
    expect(wrong.text.match(/Enter a whole number from 0 to 1000/g)?.length).toBeGreaterThanOrEqual(4);
    await person.post(`${path}/repeat-guard`, { same: "20", any: "" });
    const shown = (await person.get(path)).text;
    expect(shown).toContain("20 an hour to one number that say the same");
    expect(shown).not.toContain("an hour to one number<");
    expect((await person.get(`${path}/repeat-guard`)).text).toContain('value="20"');
    const [entry] = await listAuditEntries(stage.world.app.db, { serviceId: service.id, limit: 1 });
    expect(entry).toMatchObject({ subject: "repeat-guard", after: { repeatLimitSame: 20 } });
  });

  it("quiet hours are set, shown, and taken away", async () => {
    const { person, path } = await place();
    const wrong = await person.post(`${path}/quiet-hours`, { from: "20:00", until: "09:00" });
    expect(wrong.text).toContain("Quiet hours can last 12 hours at most");
    await person.post(`${path}/quiet-hours`, { from: "21:00", until: "08:00" });
    expect((await person.get(path)).text).toContain("From 21:00 until 08:00, where the recipient is");
    await person.post(`${path}/quiet-hours`, { from: "", until: "" });
    expect((await person.get(path)).text).not.toContain("where the recipient is");
  });
});
