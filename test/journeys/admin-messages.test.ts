/** Sending one message, seeing it arrive, finding it again, and answering who writes: as people do it in their browsers. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertMember } from "../../src/records/services/member-store.ts";
import { expectAccessible, expectNoViolations, hasBrowser, type TestBrowser, tabTo } from "../support/browser.ts";
import { alertOf, EACH_WAY, fill, follow, press } from "../support/hands.ts";
import type { Product } from "../support/product.ts";
import { type Doors, declare } from "../support/product-doors.ts";
import { openStage, type Stage } from "../support/stage.ts";

const ARRIVES_WITHIN_MS = 30_000;
const COLLEAGUE = { name: "Carys Colleague", emailAddress: "carys@northwold.example" };

describe.skipIf(!hasBrowser)("in a browser", () => {
  let stage: Stage;
  let product: Product;
  let doors: Doors;
  let browser: TestBrowser;
  let member: Page;
  beforeAll(async () => {
    stage = await openStage();
    ({ product, doors, browser } = stage);
    // Somewhere else that messages can come from, and answers go to.
    await declare(product, {
      services: [
        {
          id: product.demo.service_id,
          name: "Northwold Libraries",
          text_senders: [{ sender: "NWMobile" }],
          reply_tos: [{ address: "mobile-van@northwold.example" }],
        },
      ],
    });
    const userId = await stage.account(COLLEAGUE);
    const { service_id: serviceId } = product.demo;
    await doors.db.transaction((tx) => insertMember(tx, { serviceId, userId, permissions: ["view_activity"] }));
    member = await stage.administrator("/services");
  });
  afterAll(() => stage?.close());

  /** By the API; resolves with its id. */
  async function sendText(name: string, { to = "07700 900130", reference = "" } = {}): Promise<string> {
    const { templates, keys } = product.demo;
    const personalisation = { name };
    const body = { phone_number: to, template_id: templates.sms, personalisation, ...(reference && { reference }) };
    const sent = await fetch(`${product.apiUrl}/v2/notifications/sms`, {
      method: "POST",
      headers: { authorization: `Bearer ${keys.live}` },
      body: JSON.stringify(body),
    });
    return ((await sent.json()) as { id: string }).id;
  }

  const url = (path: string) => `/services/${product.demo.service_id}${path}`;
  const row = (page: Page, key: string) => page.locator(`.pp-envelope > div:has(dt:text-is("${key}"))`).innerText();

  it("an email with values is written, checked, sent and found again, without JavaScript (20)", async () => {
    const page = await browser.open(url("/send"), { javaScript: false, as: member });
    await page.getByRole("link", { name: "Books due back" }).click();
    await page.getByRole("link", { name: "Use my email address" }).click();
    expect(await page.getByLabel("Email address").inputValue()).toBe(product.demo.admin.email);
    await page.getByRole("button", { name: "Continue" }).click();
    expect(await page.getByRole("alert").innerText()).toContain("Enter something for “name”");
    await page.getByLabel("name", { exact: true }).fill("Robin Reader");
    await page.getByRole("radio", { name: "mobile-van@northwold.example" }).check();
    await page.getByRole("button", { name: "Continue" }).click();
    expect(await row(page, "From")).toContain("Northwold Libraries <libraries@");
    expect(await row(page, "Reply to")).toContain("mobile-van@northwold.example");
    expect(await row(page, "To")).toContain(product.demo.admin.email);
    expect(await row(page, "Subject")).toContain("Robin Reader, your library books are due back on Friday");
    await page.getByRole("button", { name: "Send 1 email" }).click();
    await page.waitForURL("**/messages/*");
    expect(await page.getByText("sent by Morgan Hale").count()).toBe(1);
    const sent = page.url();
    await page.goto(url("/messages"));
    await page.getByRole("textbox", { name: "Find a message" }).fill(product.demo.admin.email);
    await page.getByRole("button", { name: "Find" }).click();
    await page.waitForURL("**/messages?search=*");
    expect(page.url()).not.toContain("northwold.example");
    await page.getByRole("link", { name: product.demo.admin.email }).first().click();
    await page.waitForURL(sent);
  });

  it("a text is written with its preview beside it, by keyboard alone, and is seen to arrive without reloading (21, 53)", async () => {
    const page = await browser.open(url(`/send/${product.demo.templates.sms}`), { as: member });
    await tabTo(page, 'input[name="senderId"]');
    await page.keyboard.press("ArrowDown");
    await tabTo(page, "#recipient");
    await page.keyboard.type("07700 900123");
    await tabTo(page, "#value0");
    await page.keyboard.type("Robin");
    await page.getByText("Hello Robin, the book").waitFor();
    expect(await page.getByText("Charged as 1 text message").isVisible()).toBe(true);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/check");
    expect(await row(page, "From")).toContain("NWMobile");
    expect(await row(page, "To")).toContain("07700 900123");
    await tabTo(page, "#send");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/messages/*");
    let loads = 0;
    page.on("load", () => {
      loads += 1;
    });
    const status = page.locator("[data-status-words]", { hasText: "Delivered" });
    await status.waitFor({ timeout: ARRIVES_WITHIN_MS });
    await page.getByText("Your system was told").waitFor({ timeout: ARRIVES_WITHIN_MS });
    expect(loads).toBe(0);
    await expectNoViolations(page);
  });

  it("two tabs send what was written in each (50)", async () => {
    const tabs = await Promise.all([1, 2].map(() => browser.open("/services", { as: member })));
    const names = ["Ada", "Bob"];
    const write = async (tab: Page, name: string) => {
      await tab.goto(url(`/send/${product.demo.templates.sms}`));
      await tab.getByLabel("Phone number").fill("07700 900124");
      await tab.getByLabel("name", { exact: true }).fill(name);
      await tab.getByRole("button", { name: "Continue" }).click();
      await tab.waitForURL("**/check");
    };
    for (const [index, tab] of tabs.entries()) await write(tab, names[index] ?? "");
    for (const tab of tabs) await tab.getByRole("button", { name: "Send 1 text message" }).click();
    for (const [index, tab] of tabs.entries()) {
      await tab.waitForURL("**/messages/*");
      expect(await tab.locator(".pp-bubble").innerText()).toContain(`Hello ${names[index]}`);
    }
  });

  it("messages are found by reference and by id, and narrowed by channel, template and status, without JavaScript (36)", async () => {
    const ids = [
      await sendText("Dora", { reference: "loan-17" }),
      await sendText("Eli", { reference: "loan-18", to: "07700 900002" }),
      await sendText("Fay", { reference: "fine-3" }),
    ];
    const page = await browser.open(url("/messages"), { javaScript: false, as: member });
    const found = () => page.locator("tbody tr").allInnerTexts();
    const find = async (words: string) => {
      await page.getByRole("textbox", { name: "Find a message" }).fill(words);
      await page.getByRole("button", { name: "Find" }).click();
    };
    await find("loan-1");
    expect(await found()).toEqual([expect.stringContaining("Eli"), expect.stringContaining("Dora")]);
    expect(page.url()).not.toContain("loan");
    await expect
      .poll(async () => {
        await page.getByRole("link", { name: "Failed" }).click();
        return found();
      })
      .toEqual([expect.stringContaining("Eli")]);
    await page.getByRole("link", { name: "Show all messages" }).click();
    await find(ids[2] ?? "");
    expect(await found()).toEqual([expect.stringContaining("Fay")]);
    await page.getByRole("link", { name: "Show all messages" }).click();
    await page.getByText("Filter by channel").click();
    await page.getByLabel("Channel").selectOption({ label: "Text messages" });
    await page.getByLabel("Template").selectOption({ label: "Your one-time code" });
    await find("");
    expect(await found()).toEqual([]);
    await page.getByText("No message fits").waitFor();
  });

  it.each(EACH_WAY)("a search is kept as a view, opened by a colleague, renamed and deleted, $way", async (wish) => {
    const { way, javaScript, theme } = wish;
    const recipient = javaScript ? "07700 900131" : "07700 900132";
    await sendText("Gus", { to: recipient });
    const page = await browser.open(url("/messages"), { javaScript, theme, as: member });
    await page.getByRole("textbox", { name: "Find a message" }).fill(recipient);
    await press(page, "Find");
    await page.getByText("Gus").first().waitFor();
    await follow(page, "Keep this search as a view");
    expect(await page.locator("dl").innerText()).toContain(recipient);
    await press(page, "Save");
    expect(await alertOf(page)).toContain("Enter a name");
    await fill(page, { Name: `Gus ${way}` });
    await page.getByLabel("Share it with the team").check();
    if (javaScript) await expectNoViolations(page);
    await press(page, "Save");
    await page.getByText("The view was saved.").waitFor();
    expect(page.url()).not.toContain(recipient.slice(-6));

    const theirs = await stage.signedIn(COLLEAGUE.emailAddress, url("/messages"), { javaScript, theme });
    await follow(theirs, `Gus ${way}`);
    expect(await theirs.locator("tbody tr").allInnerTexts()).toEqual([expect.stringContaining(recipient)]);
    expect(await theirs.getByRole("link", { name: "Change or delete this view" }).count()).toBe(0);

    await follow(page, "Change or delete this view");
    await fill(page, { Name: `Gus again ${way}` });
    await press(page, "Save");
    await page.getByText("The view was changed.").waitFor();
    expect(await page.getByRole("link", { name: `Gus again ${way}` }).getAttribute("aria-current")).toBe("true");
    await follow(page, "Change or delete this view");
    await press(page, "Delete this view");
    await page.getByText("The view was deleted.").waitFor();
    expect(await page.getByRole("link", { name: `Gus again ${way}` }).count()).toBe(0);
  });

  it("one is scheduled and taken back (35)", async () => {
    const page = await browser.open(url(`/send/${product.demo.templates.sms}`), { javaScript: false, as: member });
    await page.getByLabel("Phone number").fill("07700 900125");
    await page.getByLabel("name", { exact: true }).fill("Cleo");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("Send it later").click();
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    await page.getByLabel("Date").fill(tomorrow);
    await page.getByLabel("Time").fill("12:30");
    await page.getByRole("button", { name: "Schedule 1 text message" }).click();
    await page.waitForURL("**/messages/*");
    expect(await page.locator(".pp-status").innerText()).toContain("at 12:30");
    await page.getByRole("button", { name: "Cancel this message" }).click();
    await page.getByText("it will not be sent").waitFor();
  });

  it("somebody writes, and is answered with a template (27, 47)", async () => {
    const page = await browser.open(url("/inbox"), { as: member });
    const phone = await browser.open("/platform/sandbox", { as: member });
    const said = "Is the mobile library coming on Friday?";
    await phone.getByLabel("Write a text").fill(said);
    await phone.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText(said).waitFor({ timeout: ARRIVES_WITHIN_MS });
    const headers = { authorization: `Bearer ${product.demo.keys.live}` };
    const answer = await fetch(`${product.apiUrl}/v2/received-text-messages`, { headers });
    expect(await answer.json()).toMatchObject({ received_text_messages: [{ content: said }] });
    const told = async () => (await doors.outboxOf("/received-texts")).filter(({ text }) => text.includes(said));
    await expect.poll(told, { timeout: ARRIVES_WITHIN_MS }).toHaveLength(1);
    await page.goto(url(""));
    await page.getByRole("link", { name: "1 text received" }).click();
    await page
      .getByRole("link", { name: /^07700/ })
      .first()
      .click();
    const number = (await page.getByText(/^With /).innerText()).replace(/^With (.*),.*$/, "$1");
    await page.getByLabel("Template").selectOption({ label: "Reservation ready" });
    await page.getByRole("button", { name: "Continue" }).click();
    expect(await page.getByLabel("Phone number").inputValue()).toBe(number);
    expect(page.url()).not.toContain(number.slice(-6));
  });

  it("every page is accessible in both themes, and fits a small screen", async () => {
    const page = await browser.open(url("/messages"), { as: member });
    const message = await page.getByRole("link", { name: "07700 900124" }).first().getAttribute("href");
    await page.goto(url("/inbox"));
    const conversation = await page
      .getByRole("link", { name: /^07700/ })
      .first()
      .getAttribute("href");
    const draft = await startDraft(page);
    const pages = [
      ...["/send", `/send/${product.demo.templates.sms}`, `/send/${product.demo.templates.email}`].map(url),
      ...[draft, url("/messages"), url("/messages?channel=sms&status=failed"), message ?? ""],
      ...[url("/inbox"), conversation ?? ""],
    ];
    for (const path of pages) {
      await page.goto(path);
      await expectAccessible(page);
    }
  });

  async function startDraft(page: Page): Promise<string> {
    await page.goto(url(`/send/${product.demo.templates.email}`));
    await page.getByLabel("Email address").fill("reader@northwold.example");
    await page.getByLabel("name", { exact: true }).fill("Robin");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL("**/check");
    return new URL(page.url()).pathname;
  }
});
