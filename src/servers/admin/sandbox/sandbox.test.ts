import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { PATIENCE } from "../../../../test/support/patience.ts";
import { readyLetter } from "../../../../test/support/ready-letters.ts";
import { createWorld, type World } from "../../../../test/support/world.ts";
import { newId } from "../../../platform/ids.ts";
import { SANDBOX_CHANNEL } from "../../../records/sandbox-outbox/sandbox-order.ts";
import {
  insertSandboxMessages,
  listSandboxMessages,
  type SandboxMessage,
  sandboxKeys,
} from "../../../records/sandbox-outbox/sandbox-outbox-store.ts";

const HERE = "/platform/sandbox";

let world: World;
let admin: TestAdmin;
let operator: Person;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  operator = await admin.person({ isPlatformAdmin: true });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const keys = () => sandboxKeys(world.app.keys.master);
const arrive = (...messages: SandboxMessage[]) => insertSandboxMessages(world.app.db, keys(), messages);

async function idOf(words: string): Promise<string> {
  const messages = await listSandboxMessages(world.app.db, keys(), { limit: 100 });
  return messages.find(({ text }) => text.includes(words))?.id ?? "";
}

describe("who sees the sandbox", () => {
  it("platform administrators alone: for others there is no such page", async () => {
    const member = await admin.person({ in: await world.service(), permissions: ["view_activity", "manage_service"] });
    const answers = [
      await member.get(HERE),
      await member.get(`${HERE}/emails/${newId()}`),
      await member.post(`${HERE}/texts`, { phone: "", to: "447700900500", text: "Hello" }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await admin.stranger().get(HERE)).status).toBe(303);
    expect((await operator.get(HERE)).status).toBe(200);
  });

  it("is linked from the services of platform administrators", async () => {
    expect((await operator.get("/services")).text).toContain(`href="${HERE}"`);
    expect((await (await admin.person()).get("/services")).text).not.toContain(HERE);
  });
});

describe("before anything has come", () => {
  it("there is a phone already, and it cannot answer without a number to write to", async () => {
    const { text } = await operator.get(HERE);
    expect(text).toContain("07700 900123");
    expect(text).toContain("No texts yet");
    expect(text).toContain("This phone cannot answer");
    expect(text).not.toContain('<form class="pp-sandbox-phone__answer"');
  });
});

describe("the phone", () => {
  beforeAll(async () => {
    const service = await world.service({ name: "Northwold Libraries" });
    await world.inboundNumber(service, "07700900500");
    await arrive({ channel: "sms", to: "447700900123", from: "Northwold", text: "Your book <is> here", parts: 1 });
    await arrive({ channel: "sms", to: "447700900456", from: "Northwold", text: "Long words", parts: 3 });
  });

  it("shows what came to its number, as it was written, and no other's", async () => {
    const { text } = await operator.get(`${HERE}?phone=${await idOf("Your book")}`);
    const screen = /<ol class="pp-sandbox-phone__texts"[\s\S]*?<\/ol>/.exec(text)?.[0] ?? "";
    expect(screen).toContain("Your book &lt;is&gt; here");
    expect(screen).toContain("From Northwold");
    expect(screen).not.toContain("Long words");
    expect((await operator.get(HERE)).text).toContain("3 parts");
  });

  it("is chosen by the id of a text: no number stands in an address", async () => {
    const { text } = await operator.get(HERE);
    const addresses = [...text.matchAll(/(?:href|action|src)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses.filter((address) => /7700\D{0,3}900/.test(address ?? ""))).toEqual([]);
    expect(addresses).toContain(`${HERE}?phone=${await idOf("Your book")}`);
  });

  it("writes to a number that a service receives on: the sandbox is told", async () => {
    const heard: string[] = [];
    const listening = await world.app.db.listen(SANDBOX_CHANNEL, (order) => {
      if (order !== undefined) heard.push(order);
    });
    const phone = await idOf("Your book");
    const answer = await operator.post(`${HERE}/texts`, { phone, to: "447700900500", text: " Yes please " });
    expect(answer).toMatchObject({ status: 303, location: `${HERE}?phone=${phone}` });
    await vi.waitFor(() => expect(heard).toHaveLength(1), PATIENCE);
    const order = { kind: "reply", from: "447700900123", to: "447700900500", text: "Yes please" };
    expect(JSON.parse(heard[0] ?? "")).toEqual(order);
    await listening.close();
  });

  it.each([
    ["nothing", { text: "  " }, "Write a text"],
    ["too much", { text: "a".repeat(1_531) }, "Write 1,530 characters or fewer"],
    ["to a number that nobody reads", { text: "Hello", to: "447700900999" }, "Choose a number"],
  ])("does not send %s, and says why", async (_, fields, words) => {
    const phone = await idOf("Long words");
    const answer = await operator.post(`${HERE}/texts`, { phone, to: "447700900500", ...fields });
    expect(answer.status).toBe(400);
    expect(/error-summary[\s\S]*?<\/ul>/.exec(answer.text)?.[0]).toContain(words);
    expect(answer.text).toContain('pp-sandbox-phone__number">07700 900456<');
  });
});

describe("the mailbox", () => {
  const email: SandboxMessage = {
    channel: "email",
    to: "reader@northwold.example",
    from: "Northwold Libraries <libraries@northwold.example>",
    subject: "Books <due>",
    text: "Plain words",
    html: '<html><head><title>x</title></head><body style="color:red"><a href="https://a.example">Renew</a></body></html>',
    headers: { "reply-to": "desk@northwold.example" },
  };

  it("lists what came and shows the newest in a frame that can do nothing", async () => {
    await arrive(email);
    const { text } = await operator.get(HERE);
    expect(text).toContain("Books &lt;due&gt;");
    expect(text).toContain("desk@northwold.example");
    const frame = /<iframe[^>]*>/.exec(text)?.[0];
    expect(frame).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    expect(frame).toContain(`src="${HERE}/emails/${await idOf("Plain words")}"`);
    expect(frame).toContain('title="The email “Books &lt;due&gt;”"');
  });

  it("shows an email as it was made, under a policy of its own, with links that open elsewhere", async () => {
    const answer = await operator.get(`${HERE}/emails/${await idOf("Plain words")}`);
    expect(answer.text).toBe(email.html?.replace("<head>", '<head><base target="_blank">'));
    const policy = answer.headers.get("content-security-policy");
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).toContain("frame-ancestors 'self'");
    expect(policy).toContain("sandbox allow-popups");
    expect(policy).not.toMatch(/script|allow-same-origin/);
    expect(answer.headers.get("x-frame-options")).toBe("SAMEORIGIN");
  });

  it("has nothing at an id of anything else", async () => {
    const ids = [newId(), "no-id", await idOf("Long words")];
    for (const id of ids) expect((await operator.get(`${HERE}/emails/${id}`)).status).toBe(404);
  });

  it("shows an email without HTML as text", async () => {
    await arrive({ channel: "email", to: "a@b.example", from: "c@d.example", text: "Only <text>" });
    const { text } = await operator.get(`${HERE}/emails/${await idOf("Only <text>")}`);
    expect(text).toContain("<pre>Only &lt;text&gt;</pre>");
  });
});

describe("callbacks", () => {
  it("are shown as people read them", async () => {
    await arrive({ channel: "callback", to: "/delivery-receipts", from: "Pennypost", text: '{"status":"delivered"}' });
    const { text } = await operator.get(HERE);
    expect(text).toContain("/delivery-receipts");
    expect(text).toContain("{\n  &quot;status&quot;: &quot;delivered&quot;\n}");
  });
});

describe("the letterbox", () => {
  it("shows letters with their address, gives their PDF, and sends one back when asked", async () => {
    const pdf = Buffer.from("%PDF-1.7 a letter");
    const address = "Ada Lovelace\n12 St James’s Square\nSW1Y 4JH";
    await arrive({
      channel: "letter",
      to: "Ada Lovelace",
      from: "",
      text: address,
      pages: 2,
      pdf: pdf.toString("base64"),
    });
    const id = await idOf("12 St James");
    const { text } = await operator.get(HERE);
    expect(text).toContain("Letter to Ada Lovelace (PDF)");
    expect(text).toContain("Ada Lovelace, 12 St James’s Square, SW1Y 4JH · 2 pages");
    const given = await operator.get(`${HERE}/letters/${id}`);
    expect([given.status, given.text]).toEqual([200, pdf.toString()]);
    const orders: unknown[] = [];
    const listening = await world.app.db.listen(SANDBOX_CHANNEL, (order) => orders.push(JSON.parse(order ?? "null")));
    expect((await operator.post(`${HERE}/letters/${id}/return`, {})).status).toBe(303);
    await vi.waitFor(() => expect(orders).toContainEqual({ kind: "letter-return", messageId: id }), PATIENCE);
    await listening.close();
  });

  it("has nothing where there is no such letter", async () => {
    const answers = [
      await operator.get(`${HERE}/letters/${newId()}`),
      await operator.post(`${HERE}/letters/x/return`, {}),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });

  it("prints at once what is ready", async () => {
    const service = await world.service();
    await readyLetter(world, service);
    expect((await operator.post(`${HERE}/print-runs`, {})).status).toBe(303);
    expect((await operator.get(HERE)).text).toContain("0 letters go to print");
  });
});
