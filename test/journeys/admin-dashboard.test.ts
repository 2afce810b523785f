/**
 * Watching a service: numbers that move while messages do, what it has used, and the sandbox's phone and mailbox, with and without
 * JavaScript, by keyboard, on a small screen.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { expectAccessible, hasBrowser, signIn, startBrowser, type TestBrowser, tabTo } from "../support/browser.ts";
import { type Product, startProduct } from "../support/product.ts";

const PATIENCE = { timeout: 30_000, interval: 100 };
const PHONE = "07700 900123";

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(async () => {
  await product?.close();
});

interface Sent {
  uri: string;
  status: string;
  cost_in_pounds: number;
  cost_details: { billable_sms_fragments?: number };
}

async function ask(uri: string, body?: object): Promise<Sent> {
  const headers = { authorization: `Bearer ${product.demo.keys.live}`, "content-type": "application/json" };
  const post = { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(uri, { headers, ...(body ? post : {}) });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Sent;
}

function sendText(name = "Amala", to = PHONE): Promise<Sent> {
  const { templates } = product.demo;
  const body = { phone_number: to, template_id: templates.sms, personalisation: { name } };
  return ask(`${product.apiUrl}/v2/notifications/sms`, body);
}

function sendEmail(): Promise<Sent> {
  const { templates } = product.demo;
  const body = { email_address: "jo@example.org", template_id: templates.email, personalisation: { name: "Jo" } };
  return ask(`${product.apiUrl}/v2/notifications/email`, body);
}

async function delivered({ uri }: Sent): Promise<Sent> {
  return vi.waitFor(async () => {
    const sent = await ask(uri);
    expect(sent.status).toBe("delivered");
    return sent;
  }, PATIENCE);
}

/** What a live number of the page says. */
async function figure(page: Page, field: string): Promise<number> {
  return Number((await page.locator(`[data-live-field="${field}"]`).innerText()).replace(",", ""));
}

describe.skipIf(!hasBrowser)("in a browser", () => {
  let browser: TestBrowser;
  /** The demonstration's administrator, signed in. */
  let visitor: Page;
  const home = () => `/services/${product.demo.service_id}`;
  beforeAll(async () => {
    browser = await startBrowser(product.apiUrl);
    visitor = await browser.open("/sign-in");
    await signIn(visitor, product.demo.admin);
  });
  afterAll(async () => {
    await browser?.close();
  });

  function open(path: string, wish: Parameters<TestBrowser["open"]>[1] = {}): Promise<Page> {
    return browser.open(path, { ...wish, as: visitor });
  }

  it("a newcomer follows the address in the welcome, and sees the first text arrive (53)", async () => {
    expect(product.output()).toContain(`${product.apiUrl}/platform/sandbox`);
    const page = await open("/services");
    await page.getByRole("link", { name: /sandbox/i }).click();
    await page.getByText("No texts yet").waitFor();
    await page.evaluate("window.isSamePage = true");
    const text = await sendText("Ottoline");
    await page.locator("#texts").getByText("Hello Ottoline").waitFor();
    const email = await sendEmail();
    await page.locator("#emails").getByText("Jo, your library books are due back").waitFor();
    await page.frameLocator("iframe").getByRole("heading", { name: "Due back on Friday" }).waitFor();
    expect(await page.evaluate("window.isSamePage")).toBe(true);
    for (const sent of [text, email]) await delivered(sent);
  });

  it("the phone answers by keyboard alone, its answer is shown, and the service received it", async () => {
    const before = await open(home());
    const received = before.locator(".pp-counter", { hasText: "received" }).locator(".pp-figure__number");
    const already = Number(await received.innerText());
    const page = await open("/platform/sandbox");
    await page.evaluate("window.isSamePage = true");
    await tabTo(page, "#text");
    await page.keyboard.type("Yes, please keep it");
    await tabTo(page, ".govuk-button");
    await page.keyboard.press("Enter");
    await page.locator("#texts").getByText("Yes, please keep it").waitFor();
    // Its words come by the live stream, which may be sooner than the answer that empties the field.
    await expect.poll(() => page.locator("#text").inputValue()).toBe("");
    expect(await page.evaluate("window.isSamePage")).toBe(true);
    await vi.waitFor(async () => {
      await before.reload();
      expect(Number(await received.innerText())).toBe(already + 1);
    }, PATIENCE);
    await before.getByRole("link", { name: /nobody has read$/ }).click();
    await before.getByText("Yes, please keep it").first().waitFor();
    expect(new URL(before.url()).pathname).toBe(`${home()}/inbox`);
  });

  it("without JavaScript the phone answers too, and says what is wrong", async () => {
    const page = await open("/platform/sandbox", { javaScript: false });
    await page.getByRole("button", { name: "Send" }).click();
    expect(await page.getByRole("alert").innerText()).toContain("Write a text");
    await page.getByLabel("Write a text").fill("Written without scripts");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("The text is on its way").waitFor();
    await vi.waitFor(async () => {
      await page.reload();
      expect(await page.locator("#texts").innerText()).toContain("Written without scripts");
    }, PATIENCE);
  });

  it("the dashboard's numbers go up while it is open, without loading it again (20, 21, 53)", async () => {
    const page = await open(home());
    await page.evaluate("window.isSamePage = true");
    const [texts, emails, arrived] = [
      await figure(page, "sms-total"),
      await figure(page, "email-total"),
      await figure(page, "sms-delivered"),
    ];
    await Promise.all([sendText(), sendText(), sendEmail()].map(async (sent) => delivered(await sent)));
    await vi.waitFor(async () => {
      expect([await figure(page, "sms-total"), await figure(page, "email-total")]).toEqual([texts + 2, emails + 1]);
      expect(await figure(page, "sms-delivered")).toBe(arrived + 2);
    }, PATIENCE);
    const row = page.locator("#templates-part tr", { hasText: "Reservation ready" });
    await vi.waitFor(async () => expect(await row.innerText()).toContain(String(texts + 2)), PATIENCE);
    expect(await page.evaluate("window.isSamePage")).toBe(true);
  });

  it("usage is the sum of the messages (48)", async () => {
    const page = await open(`${home()}/usage`);
    const month = page.locator("tfoot").first().locator("td");
    const numbers = async () => {
      const cells = await month.allInnerTexts();
      return cells.map((cell) => Number(cell.replace(/[£,]/g, "")));
    };
    const before = await numbers();
    const [emails = 0, texts = 0, fragments = 0] = before;
    const sent = await Promise.all([sendText(), sendText("Bartholomew ".repeat(12)), sendEmail()]);
    const costs = await Promise.all(sent.map(delivered));
    const sum = (of: (one: Sent) => number) => costs.reduce((total, one) => total + of(one), 0);
    const fragmentsSent = sum(({ cost_details }) => cost_details.billable_sms_fragments ?? 0);
    expect(fragmentsSent).toBe(3);
    await page.reload();
    const after = await numbers();
    expect(after.slice(0, 3)).toEqual([emails + 1, texts + 2, fragments + fragmentsSent]);
    expect(after.at(-1)).toBeCloseTo((before.at(-1) ?? 0) + sum(({ cost_in_pounds }) => cost_in_pounds), 10);
  });

  it("other days are chosen without JavaScript, and a wrong one is told", async () => {
    const page = await open(home(), { javaScript: false });
    await page.getByRole("link", { name: "Last 30 days" }).click();
    expect(await page.locator(".pp-ranges [aria-current=true]").innerText()).toBe("Last 30 days");
    await page.getByText("Other days").click();
    await page.getByLabel("From").fill("2026-01-31");
    await page.getByLabel("To", { exact: true }).fill("2026-01-01");
    await page.getByRole("button", { name: "Show these days" }).click();
    expect(await page.getByRole("alert").innerText()).toContain("Enter a last day that is not before the first");
    await page.getByLabel("To", { exact: true }).fill("2026-02-01");
    await page.getByRole("button", { name: "Show these days" }).click();
    await page.getByText("31 January 2026 to 1 February 2026").waitFor();
  });

  describe("in both themes", () => {
    const pages = [
      ["the dashboard, with all that opens", home, ["The numbers as a table", "Other days"]],
      ["usage", () => `${home()}/usage`, []],
      ["the sandbox", () => "/platform/sandbox", []],
    ] as const;

    it.each(pages)("%s is accessible, and fits a small screen", async (_, path, opened) => {
      const page = await open(path());
      for (const words of opened) await page.getByText(words).click();
      await expectAccessible(page);
    });
  });
});
