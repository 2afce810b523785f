import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { receiveChat } from "../../../flow/inbound/receive-chat.ts";
import { receiveText } from "../../../flow/inbound/receive-text.ts";
import { readInbox } from "../../../flow/inbox/conversations.ts";
import { newRandomId } from "../../../platform/ids.ts";
import type { MemberPermission } from "../../../records/sessions/session-store.ts";
import { watchInbox } from "./watch-inbox.ts";

const OURS = "07700900500";

let world: World;
let admin: TestAdmin;
let service: WorldService;

beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  service = await world.service({ permissions: ["sms", "inbound_sms"] });
  await world.inboundNumber(service, OURS);
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const member = (...permissions: MemberPermission[]) => admin.person({ in: service, permissions });
const inboxUrl = (suffix = "") => `/services/${service.id}/inbox${suffix}`;
const write = (from: string, text: string) =>
  receiveText(world.app, "carrier", { from, to: `44${OURS.slice(1)}`, text } as Parameters<typeof receiveText>[2]);

/** The address of the newest conversation. */
async function newestUrl(): Promise<string> {
  const [newest] = (await readInbox(world.app, service, { userId: newRandomId(), tab: "open" })).conversations;
  return inboxUrl(`/${newest?.id}`);
}

describe("the inbox", () => {
  it("says where people can write as long as nobody has", async () => {
    const { text } = await (await member("view_activity")).get(inboxUrl());
    expect(text).toContain("Nobody has written yet");
    expect(text).toContain("07700 900500");
  });

  it("says when the service receives no texts", async () => {
    const deaf = await world.service({ permissions: ["sms"] });
    const reader = await admin.person({ in: deaf, permissions: ["view_activity"] });
    expect((await reader.get(`/services/${deaf.id}/inbox`)).text).toContain(
      "receives neither text messages nor chat messages",
    );
  });

  it("shows who wrote, to those who may see activity, and no number in an address", async () => {
    await write("447700900001", "Is <it> open?");
    const reader = await member("view_activity");
    const { text } = await reader.get(inboxUrl());
    expect(text).toContain("07700 900001");
    expect(text).toContain("Is &lt;it&gt; open?");
    expect([...text.matchAll(/href="([^"]*)"/g)].some(([, href]) => href?.includes("900001"))).toBe(false);
    expect((await (await member("send_messages")).get(inboxUrl())).status).toBe(403);
    expect((await (await admin.person()).get(inboxUrl())).status).toBe(404);
  });

  it("is told of when somebody writes while it is open", async () => {
    const read = () => watchInbox(world.app, `service.${service.id}.inbox`)?.();
    const before = await read();
    expect(await read()).toEqual(before);
    await write("447700900002", "Hello");
    expect(await read()).not.toEqual(before);
  });
});

describe("looking for a conversation", () => {
  it("finds it by the number, which stands in no address", async () => {
    await write("447700900010", "Do you have maps?");
    await write("447700900011", "Another");
    const reader = await member("view_activity");
    const { status, location } = await reader.post(inboxUrl(), { number: "07700 900010" });
    expect([status, location]).toEqual([303, expect.stringMatching(/\/inbox\?search=[\da-f-]{36}$/)]);
    const { text } = await reader.get(location ?? "");
    expect(text).toContain("Do you have maps?");
    expect(text).not.toContain("Another");
    expect((await (await member("view_activity")).get(location ?? "")).text).toContain("Another");
    const missing = await reader.post(inboxUrl(), { number: " " });
    expect([missing.status, missing.text]).toEqual([400, expect.stringContaining("Enter a phone number")]);
  });

  it("says when there is none, and that words cannot be searched", async () => {
    const reader = await member("view_activity");
    const { location } = await reader.post(inboxUrl(), { number: "07700 900999" });
    const { text } = await reader.get(location ?? "");
    expect(text).toContain("Nobody has written from this number");
    expect(text).toContain("What people write is kept sealed");
  });

  it("can be done in a file, in which nothing is a formula", async () => {
    await write("447700900012", "=1+1");
    const reader = await member("view_activity");
    const { headers, text } = await reader.get(inboxUrl(".csv"));
    expect(headers.get("content-type")).toContain("text/csv");
    expect(text).toMatch(/^\uFEFF?Phone number,Message,Received\r\n07700 900012,'=1\+1,\d{4}-/);
  });
});

describe("how far the team is", () => {
  const field = (text: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? "";

  it("is read by a form of its own, never by looking, and unread again for everybody", async () => {
    await write("447700900020", "Read me");
    const reader = await member("view_activity");
    const url = await newestUrl();
    const shown = (await reader.get(url)).text;
    expect((await reader.get(url)).text).toContain("Mark as read");
    const answer = await reader.post(`${url}/reading`, { upTo: field(shown, "upTo"), isRead: "yes" });
    expect([answer.status, answer.location]).toEqual([303, url]);
    expect((await (await member("view_activity")).get(url)).text).toContain("Mark as unread");
    await reader.post(`${url}/reading`, { upTo: field(shown, "upTo"), isRead: "no" });
    expect((await reader.get(inboxUrl("?show=unread"))).text).toContain("Read me");
  });

  it("is assigned to somebody, closed, and opened when they write again", async () => {
    await write("447700900021", "See to me");
    const person = await admin.person({ name: "Ida Worker", in: service, permissions: ["view_activity"] });
    const url = await newestUrl();
    const page = (await person.get(url)).text;
    expect(page).toContain("Ida Worker (you)");
    expect((await person.post(`${url}/assignment`, { assignee: person.userId })).status).toBe(303);
    expect((await person.get(inboxUrl("?show=own"))).text).toContain("See to me");
    expect((await (await member("view_activity")).get(url)).text).toContain("Assigned to Ida Worker");
    expect((await person.post(`${url}/closing`, { upTo: field(page, "upTo"), isClosed: "yes" })).status).toBe(303);
    expect((await person.get(inboxUrl("?show=closed"))).text).toContain("See to me");
    expect((await person.get(inboxUrl())).text).not.toContain("See to me");
    await write("447700900021", "Once more");
    expect((await person.get(inboxUrl())).text).toContain("Once more");
    const refused = await person.post(`${url}/closing`, { upTo: field(page, "upTo"), isClosed: "yes" });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("They have written again")]);
  });

  it("is changed by the team alone, and for those who are in it", async () => {
    await write("447700900022", "Hello");
    const url = await newestUrl();
    const onlooker = await admin.person({ isPlatformAdmin: true });
    const text = (await onlooker.get(url)).text;
    expect([text.includes("/reading"), text.includes("/assignment")]).toEqual([false, false]);
    expect((await onlooker.post(`${url}/closing`, { isClosed: "yes" })).status).toBe(403);
    const stranger = await admin.person();
    const answer = await (await member("view_activity")).post(`${url}/assignment`, { assignee: stranger.userId });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining("Choose someone of the team")]);
  });
});

describe("a conversation", () => {
  it("shows both sides, with what became of ours", async () => {
    await write("447700900003", "When do you open?");
    await world.notification(service, { to: "07700 900003", status: "delivered" });
    const { text } = await (await member("view_activity")).get(await newestUrl());
    expect(text).toContain("When do you open?");
    expect(text).toContain("You wrote");
    expect(text).toContain("Delivered");
  });

  it("is not found under another's id, or none", async () => {
    const reader = await member("view_activity");
    const answers = [await reader.get(inboxUrl(`/${newRandomId()}`)), await reader.get(inboxUrl("/x"))];
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });

  it("is answered with a template, from the number they wrote to, without the number in an address", async () => {
    await world.app.db.query`
      insert into text_senders (id, service_id, sender, is_default) values
        (${newRandomId()}, ${service.id}, 'Council', true), (${newRandomId()}, ${service.id}, ${OURS}, false)`;
    await world.reload(service);
    await write("447700900004", "Are you there?");
    const { templateId } = await world.template(service, { name: "Opening hours", body: "From 9 to 5" });
    const reader = await member("view_activity", "send_messages");
    const url = await newestUrl();
    expect((await reader.get(url)).text).toContain("Opening hours");
    const answer = await reader.post(`${url}/replies`, { templateId });
    expect(answer.location).toMatch(/\/send\/[\da-f-]{36}\/[\da-f-]{36}$/);
    const form = await reader.get(answer.location ?? "");
    expect(form.text).toContain('value="07700 900004"');
    expect(form.text).toMatch(new RegExp(`value="[\\da-f-]{36}" checked[^>]*>\\s*<label[^>]*>\\s*${OURS}`));
  });

  it("is answered in somebody's own words where the service allows that", async () => {
    await write("447700900005", "Can I come in?");
    const url = await newestUrl();
    const sender = await member("view_activity", "send_messages");
    expect((await sender.get(url)).text).not.toContain("Your reply");
    const refused = await sender.post(`${url}/texts`, { words: "Yes" });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("answers with templates only")]);
    const manager = await member("manage_service");
    await manager.post(`/services/${service.id}/settings/free-text-replies`, { choice: "on" });
    await world.reload(service);
    expect((await sender.get(url)).text).toContain("Your reply");
    const tooLong = await sender.post(`${url}/texts`, { words: "a".repeat(919) });
    expect([tooLong.status, tooLong.text]).toEqual([400, expect.stringContaining("918")]);
    const sent = await sender.post(`${url}/texts`, { words: "Yes, <do>", formId: newRandomId() });
    expect([sent.status, sent.location]).toEqual([303, url]);
    expect((await sender.get(url)).text).toContain("Yes, &lt;do&gt;");
    expect((await (await member("view_activity")).post(`${url}/texts`, { words: "Yes" })).status).toBe(403);
  });

  it("is answered by those who may send alone, with a template of the service", async () => {
    const url = await newestUrl();
    const reader = await member("view_activity");
    expect((await reader.get(url)).text).not.toContain("/replies");
    expect((await reader.post(`${url}/replies`)).status).toBe(403);
    const sender = await member("view_activity", "send_messages");
    const other = await world.template(await world.service());
    for (const templateId of ["", "x", other.templateId]) {
      const answer = await sender.post(`${url}/replies`, { templateId });
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining("Choose a template")]);
    }
  });
});

describe("what somebody wrote in a chat app", () => {
  const DAY_MS = 86_400_000;
  let chatty: WorldService;
  beforeAll(async () => {
    chatty = await world.service({ permissions: ["chat", "free_text_replies"] });
  });

  const received = async (app: "whatsapp" | "telegram", from: string) => {
    const chat = { app, from, text: "Is it open?", reference: `${app} ${from}` };
    await receiveChat(world.app, { provider: app, serviceId: chatty.id }, chat);
    const inbox = await readInbox(world.app, chatty, { userId: newRandomId(), tab: "open" });
    return `/services/${chatty.id}/inbox/${inbox.conversations[0]?.id}`;
  };
  const person = () => admin.person({ in: chatty, permissions: ["view_activity", "send_messages"] });
  const sentTo = (sender: string) =>
    world.app.db.query<{ id: string; channel: string }>`
      select n.id, n.channel from notifications n where n.service_id = ${chatty.id} and n.sender = ${sender} order by n.id`;

  it("is answered there, in own words or by a template, once for each form", async () => {
    const { templateId } = await world.template(chatty, { channel: "chat", body: "We open at nine" });
    const [url, member] = [await received("telegram", "5501"), await person()];
    const { text } = await member.get(url);
    expect(text).toContain("They wrote in Telegram, and are answered there.");
    const formId = newRandomId();
    for (const _ of [1, 2])
      expect((await member.post(`${url}/texts`, { words: "Until five", formId })).status).toBe(303);
    expect((await member.post(`${url}/replies`, { templateId, formId: newRandomId() })).status).toBe(303);
    expect((await sentTo("telegram")).map(({ channel }) => channel)).toEqual(["chat", "chat"]);
    const after = (await member.get(url)).text;
    expect(after).toMatch(/wrote in Telegram[\s\S]*Until five[\s\S]*We open at nine/);
    expect((await member.get(`/services/${chatty.id}`)).text).toContain(`/services/${chatty.id}/inbox`);
  });

  it("is answered by a template whose values are asked for first, once, and not without them", async () => {
    const body = "Hello ((name))((late?? You are late))";
    const { templateId } = await world.template(chatty, { channel: "chat", body, name: "With a name" });
    const [url, member] = [await received("telegram", "5503"), await person()];
    expect((await member.get(url)).text).toContain("With a name");
    const asked = { templateId, formId: newRandomId() };
    const form = await member.post(`${url}/replies`, asked);
    expect([form.status, form.text]).toEqual([
      200,
      expect.stringMatching(/name="value0"[\s\S]*type="radio" value="yes"/),
    ]);
    const filled = { ...asked, isFilledIn: "yes", value0: "Ada", value1: "no" };
    const refused = await member.post(`${url}/replies`, { ...filled, value0: " " });
    expect([refused.status, refused.text.includes("Enter something for “name”")]).toEqual([400, true]);
    for (const _ of [1, 2]) expect((await member.post(`${url}/replies`, filled)).location).toBe(url);
    const { text } = await member.get(url);
    expect(text.match(/Hello Ada/g)).toHaveLength(1);
  });

  it("is answered in own words for a day where the app is WhatsApp, and then by templates alone", async () => {
    const [url, member] = [await received("whatsapp", "447700900077"), await person()];
    expect((await member.get(url)).text).toContain("It takes any words until");
    world.clock.advance(DAY_MS);
    const next = await person();
    const { text } = await next.get(url);
    expect(text).toContain("They wrote in WhatsApp more than 24 hours ago.");
    expect(text).not.toContain("Your reply");
    const late = await next.post(`${url}/texts`, { words: "Yes", formId: newRandomId() });
    expect([late.status, late.text]).toEqual([400, expect.stringContaining("takes nothing but approved templates")]);
    expect(await sentTo("whatsapp")).toEqual([]);
  });

  it("is answered by no template of another channel", async () => {
    const [url, member] = [await received("telegram", "5502"), await person()];
    const texts = await world.template(chatty, { body: "By text" });
    const refused = await member.post(`${url}/replies`, { templateId: texts.templateId, formId: newRandomId() });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("Choose a template")]);
  });
});
