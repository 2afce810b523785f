/**
 * What holds messages back, as people meet it: trial mode, the guest list, the day's limit, and recipients who want no more. Without
 * JavaScript.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectAccessible, hasBrowser, signIn, startBrowser, type TestBrowser } from "../support/browser.ts";
import { startLeanProduct } from "../support/lean-product.ts";
import { openPost, type Post } from "../support/post.ts";
import type { Product } from "../support/product.ts";
import { type Doors, openDoors } from "../support/product-doors.ts";

const STRANGER = "07700 900777";
const READERS = ["ada@readers.example.gov.uk", "bea@readers.example.gov.uk"];

let product: Product;
let doors: Doors;
let post: Post;
beforeAll(async () => {
  product = await startLeanProduct();
  doors = await openDoors(product);
  post = openPost(doors);
});
afterAll(async () => {
  await doors?.close();
  await product?.close();
});

const pathOf = (page: Page) => new URL(page.url()).pathname;
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const fill = (page: Page, label: string, value: string) => page.getByLabel(label, { exact: true }).fill(value);
const alertOf = (page: Page) => page.getByRole("alert").innerText();

describe.skipIf(!hasBrowser)("in a browser", () => {
  let browser: TestBrowser;
  /** The demonstration's administrator, who is a member of what they add. */
  let page: Page;
  beforeAll(async () => {
    browser = await startBrowser(product.apiUrl);
    page = await browser.open("/sign-in", { javaScript: false });
    await signIn(page, product.demo.admin);
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function writeTemplate(service: string, kind: "Email" | "Text message", words: Record<string, string>) {
    await page.goto(`${service}/templates`);
    await press(page, "New template");
    await page.getByLabel(kind, { exact: true }).check();
    await press(page, "Continue");
    for (const [label, value] of Object.entries(words)) await fill(page, label, value);
  }

  /** Answers its id. */
  async function saveTemplate(): Promise<string> {
    await press(page, "Save");
    await page.getByText("The template was made").waitFor();
    return pathOf(page).split("/").at(-1) ?? "";
  }

  describe("a service in trial mode", () => {
    let service: string;
    let template: string;
    beforeAll(async () => {
      await page.goto("/services/new");
      await fill(page, "Name of the service", "Northwold Clinics");
      await press(page, "Add service");
      await page.getByText("It is in trial mode.").waitFor();
      service = pathOf(page);
      await writeTemplate(service, "Text message", { Name: "Appointment", Message: "See you on Monday." });
      template = await saveTemplate();
    });

    /** Fills the form in, and goes on to the page that shows it whole if it is taken. */
    async function writeTo(number: string): Promise<void> {
      await page.goto(`${service}/send/${template}`);
      await fill(page, "Phone number", number);
      await press(page, "Continue");
    }

    async function sendTo(number: string): Promise<void> {
      await writeTo(number);
      await press(page, "Send 1 text message");
    }

    it("makes no live key and says why, and makes a test key (37)", async () => {
      await page.goto(`${service}/developers/keys/new`);
      expect(await page.getByRole("radio", { name: "Live" }).isDisabled()).toBe(true);
      expect(await page.getByText("your service is in trial mode. Ask to go live first").count()).toBe(1);
      await fill(page, "Name for this key", "Appointments");
      await page.getByRole("radio", { name: "Test", exact: true }).check();
      await press(page, "Create key");
      const key = await page.locator(".pp-copyable__value").innerText();
      const answer = await fetch(`${product.apiUrl}/v2/notifications/sms`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}` },
        body: JSON.stringify({ phone_number: STRANGER, template_id: template }),
      });
      expect(answer.status).toBe(201);
      await page.goto(`${service}/developers/messages`);
      expect(await page.locator("tbody tr").innerText()).toContain("Appointments");
    });

    it("texts its team and its guests, and nobody else (40)", async () => {
      await writeTo(STRANGER);
      expect(await alertOf(page)).toContain(
        "This service is in trial mode, so you can only text your team and the numbers on its guest list",
      );
      expect(await page.getByLabel("Phone number", { exact: true }).inputValue()).toBe(STRANGER);
      await page.goto(`${service}/developers/guest-list`);
      await fill(page, "Mobile number 1", STRANGER);
      await press(page, "Save");
      await sendTo(STRANGER);
      await page.waitForURL("**/messages/*");
      await post.arrived("447700900777", /(See you on Monday)/);
    });

    it("sends no more on a day than it may, and says how many that is (46)", async () => {
      await page.goto(`${service}/settings`);
      await page.getByRole("link", { name: "Change limits" }).click();
      await fill(page, "Text messages a day", "2");
      await press(page, "Save");
      await sendTo(STRANGER);
      await page.waitForURL("**/messages/*");
      await sendTo(STRANGER);
      expect(await alertOf(page)).toContain(
        "This service may send 2 text messages a day, and has. Try again tomorrow.",
      );
    });
  });

  it("readers unsubscribe with one click or by a page, and are taken off the lists (30)", async () => {
    const service = `/services/${product.demo.service_id}`;
    await writeTemplate(service, "Email", { Name: "New books", Subject: "New books", Message: "Look at these." });
    await page.getByLabel("Add a link to unsubscribe").check();
    const links = await sendToReaders(await saveTemplate());
    const oneClick = { method: "POST", body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }) };
    const answer = await fetch(`${product.apiUrl}${links[0]}`, oneClick);
    expect(await answer.json()).toEqual({ result: "success", message: "Unsubscribe successful" });
    const reader = await browser.open(links[1] ?? "");
    await expectAccessible(reader);
    await reader.getByRole("button", { name: "Unsubscribe" }).click();
    await reader.getByRole("heading", { name: "You have asked to unsubscribe" }).waitFor();
    await expectAccessible(reader);

    await page.goto(service);
    await page.getByRole("link", { name: "2 unsubscribe requests" }).click();
    expect(await page.locator("tbody th").allInnerTexts()).toEqual(READERS);
    const waiting = await page.getByRole("link", { name: "Download as CSV" }).getAttribute("href");
    const report = await page.context().request.get(waiting ?? "");
    expect(await report.text()).toContain(`${READERS[0]},New books,`);
    await press(page, "Mark as done");
    await page.getByText("2 requests were marked as done").waitFor();
    expect(await page.getByText("Nobody is waiting to be unsubscribed.").count()).toBe(1);
    expect(await page.getByRole("link", { name: "2 requests" }).count()).toBe(1);
  });

  /** Answers the paths of the links that the readers got. */
  async function sendToReaders(template: string): Promise<string[]> {
    const headers = { authorization: `Bearer ${product.demo.keys.live}` };
    const links: string[] = [];
    for (const reader of READERS) {
      const body = JSON.stringify({ email_address: reader, template_id: template });
      const sent = await fetch(`${product.apiUrl}/v2/notifications/email`, { method: "POST", headers, body });
      expect(sent.status).toBe(201);
      links.push(await post.arrived(reader, /(\/unsubscribe\/[\da-f-]{36}\/[\w-]+)/));
    }
    return links;
  }
});
