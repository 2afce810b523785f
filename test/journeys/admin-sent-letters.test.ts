/**
 * Letters as people send them by hand, take them back, brand them and hear that they came back; and letters of systems, of their own
 * making or with a QR code, as people see them.
 */
import { randomUUID } from "node:crypto";
import { NotifyClient } from "notifications-node-client";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { QR_PAYLOAD_MAX_BYTES } from "../../src/core/letter/qr-payload.ts";
import {
  expectAccessible,
  expectNoViolations,
  hasBrowser,
  signIn,
  startBrowser,
  type TestBrowser,
} from "../support/browser.ts";
import { startLeanProduct } from "../support/lean-product.ts";
import { letterPagesOf, PAGES_WITHIN_MS, pictureOf, untilPagesShow } from "../support/letter-pages.ts";
import { EXAMPLE_LOGO } from "../support/letters.ts";
import { hasPdfTools, textOf } from "../support/pdf-tools.ts";
import { type Product, pennypost } from "../support/product.ts";
import { declare } from "../support/product-doors.ts";
import { scanQrCode } from "../support/scan-qr-code.ts";
import { infectedLetter, suppliedLetter } from "../support/supplied-pdfs.ts";

const WAIT = { timeout: PAGES_WITHIN_MS, interval: 100 };
const ADDRESS = "Ada Lovelace\n12 St James’s Square\nLondon\nSW1Y 4JH";
const ADDRESS_VALUES = { address_line_1: "Ada Lovelace", address_line_2: "12 St James’s Square", postcode: "SW1Y 4JH" };
/** A link as long as the product it was first asked for could print. */
const LINK_BYTES = 499;
const WITH_LINK = {
  ...{ id: randomUUID(), channel: "letter", name: "A link to scan", postage: "second" },
  ...{ subject: "Your link", body: "QR:((link))" },
};

let product: Product;
beforeAll(async () => {
  product = await startLeanProduct();
  await declare(product, {
    services: [{ id: product.demo.service_id, name: "Northwold Libraries", templates: [WITH_LINK] }],
  });
}, 180_000);
afterAll(() => product?.close());

async function pennypostSays(...args: string[]) {
  const { status, stdout, stderr } = await pennypost(product.environment, [...args, "--json"]);
  expect([status, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

describe.skipIf(!hasBrowser)("in a browser", () => {
  let browser: TestBrowser;
  let signedIn: Page;
  beforeAll(async () => {
    browser = await startBrowser(product.apiUrl);
    signedIn = await browser.open("/sign-in");
    await signIn(signedIn, product.demo.admin);
  });
  afterAll(() => browser?.close());

  const at = (path = "") => `/services/${product.demo.service_id}${path}`;
  const open = (path: string, wish: { javaScript?: boolean } = {}) => browser.open(at(path), { as: signedIn, ...wish });
  const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
  const follow = (page: Page, name: string) => page.getByRole("link", { name, exact: true }).click();
  const row = (page: Page, key: string) => page.locator(`.pp-envelope > div:has(dt:text-is("${key}")) dd`).innerText();
  const detail = (page: Page, key: string) =>
    page.locator(`.govuk-summary-list__row:has(dt:text-is("${key}")) dd`).innerText();
  const untilStatus = (page: Page, words: string) =>
    page.locator("[data-status-words]", { hasText: words }).waitFor({ timeout: WAIT.timeout });
  const client = (key: "live" | "test") => new NotifyClient(product.demo.api_url, product.demo.keys[key]);
  const pdfOf = async (page: Page): Promise<Buffer> => {
    const [download] = await Promise.all([page.waitForEvent("download"), follow(page, "Download as a PDF")]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const write = async (page: Page, values: Record<string, string>) => {
    for (const [label, value] of Object.entries(values)) await page.getByLabel(label, { exact: true }).fill(value);
  };
  /** One of the demonstration's letters, sent by hand; resolves on its page. */
  const sendCardRenewal = async (page: Page, name: string): Promise<string> => {
    await page.goto(at(`/send/${product.demo.templates.letter}`));
    await write(page, { Address: ADDRESS, name, date: "31 March" });
    await press(page, "Continue");
    await press(page, "Send 1 letter");
    await page.waitForURL("**/messages/*");
    return new URL(page.url()).pathname.split("/").at(-1) ?? "";
  };

  it("a letter is written, named, sent and read, without JavaScript (14)", async () => {
    const page = await open("/templates/new/letter", { javaScript: false });
    await write(page, { Name: "Untitled", Heading: "Overdue", Message: "Dear reader" });
    await press(page, "Save");
    await press(page, "Edit");
    await write(page, { Name: "Overdue books", Message: "Dear ((name))" });
    await press(page, "Save");
    await press(page, "Yes, save the changes");
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("Overdue books");
    await page.goto(at("/send"));
    await follow(page, "Overdue books");
    await write(page, { Address: "Ada Lovelace\nNowhere", name: "Ada" });
    await press(page, "Continue");
    expect(await page.getByRole("alert").innerText()).toContain("Enter an address of at least 3 lines");
    await write(page, { Address: ADDRESS });
    await press(page, "Continue");
    expect(await row(page, "To")).toBe("Ada Lovelace, 12 St James’s Square, London, SW1Y 4JH");
    expect([await row(page, "Postage"), await row(page, "Size")]).toEqual([
      "Second class",
      "1 page, on 1 sheet of paper",
    ]);
    await untilPagesShow(page, 1);
    await press(page, "Send 1 letter");
    await page.waitForURL("**/messages/*");
    await expect.poll(() => page.reload().then(() => letterPagesOf(page).locator("img").count()), WAIT).toBe(1);
    const pdf = await pdfOf(page);
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    if (hasPdfTools) expect(textOf(pdf)).toMatch(/ADA LOVELACE[\s\S]+Overdue[\s\S]+Dear Ada/i);
  });

  it("a PDF is refused with what is wrong, another is looked at and sent as it came, without JavaScript", async () => {
    const page = await open("/send/upload-letter", { javaScript: false });
    const upload = async (name: string, buffer: Uint8Array) => {
      await page.locator("#pdf").setInputFiles({ name, mimeType: "application/pdf", buffer: Buffer.from(buffer) });
      await press(page, "Upload the letter");
    };
    await upload("wide.pdf", await suppliedLetter({ pages: 1, marks: [{ page: 1, xMm: 3, yMm: 150 }] }));
    await page.getByText("Something is printed where nothing may be").first().waitFor();
    const letter = await suppliedLetter({ pages: 3 });
    await upload("rates.pdf", letter);
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("rates.pdf");
    expect(await row(page, "Address in the window")).toBe("Ada Lovelace, 12 St James's Square, London, SW1Y 4JH");
    await untilPagesShow(page, 3);
    await page.getByLabel("First class").check();
    await press(page, "Send 1 letter");
    await page.waitForURL("**/messages/*");
    expect(await pdfOf(page)).toEqual(Buffer.from(letter));
  });

  it.skipIf(!hasPdfTools)(
    "a letter in two languages has its Welsh page first, each with its own values (18)",
    async () => {
      const page = await open("/templates/new/letter");
      await write(page, { Name: "Two languages", Heading: "Your card", Message: "Dear ((name)), your card is ready." });
      await press(page, "Save");
      await untilPagesShow(page, 1);
      await press(page, "Edit");
      await page.getByLabel("Print a Welsh version before the English one").check();
      await write(page, {
        "Heading in Welsh": "Eich cerdyn",
        "Message in Welsh": "Annwyl ((enw)), mae eich cerdyn yn barod.",
      });
      await press(page, "Save");
      await press(page, "Yes, save the changes");
      await untilPagesShow(page, 2);
      await page.goto(at("/send"));
      await follow(page, "Two languages");
      await write(page, { Address: ADDRESS, enw: "Angharad", name: "Wilhelmina" });
      await untilPagesShow(page, 2);
      await expectAccessible(page);
      await press(page, "Continue");
      expect(await row(page, "Size")).toBe("2 pages, on 1 sheet of paper");
      await untilPagesShow(page, 2);
      await expectAccessible(page);
      await press(page, "Send 1 letter");
      await page.waitForURL("**/messages/*");
      await untilPagesShow(page, 2);
      const [first = "", second = "", ...others] = textOf(await pdfOf(page)).split("\f");
      expect(others.join("").trim()).toBe("");
      expect(first).toMatch(/Eich cerdyn[\s\S]+Annwyl Angharad, mae eich cerdyn yn barod/);
      expect(second).toMatch(/Your card[\s\S]+Dear Wilhelmina, your card is ready/);
      expect([first.includes("Wilhelmina"), second.includes("Angharad")]).toEqual([false, false]);
      await expectNoViolations(page);
    },
  );

  it("a letter is taken back before the printer has it, and is not printed", async () => {
    const page = await open("");
    const id = await sendCardRenewal(page, "Grace");
    await page.getByText(/^It goes to the printer after .+ Until then it can be cancelled\.$/).waitFor();
    await untilPagesShow(page, 1);
    await press(page, "Cancel this letter");
    await page.getByText("The message is cancelled: it will not be sent").waitFor();
    await untilStatus(page, "Cancelled");
    expect(await page.getByRole("button", { name: "Cancel this letter" }).count()).toBe(0);
    expect(await detail(page, "Cost")).toBe("Nothing");
    await expectAccessible(page);
    await pennypostSays("letters", "print");
    await page.reload();
    await untilStatus(page, "Cancelled");
    expect((await client("live").getNotificationById(id)).data).toMatchObject({ status: "cancelled", sent_at: null });
  });

  it("a logo is printed on letters from when it is chosen until it is removed", async () => {
    const page = await open("/settings/letter-branding");
    await untilPagesShow(page, 1);
    const plain = await pictureOf(page);
    await page.getByLabel("Upload our own logo").check();
    await press(page, "Continue");
    await page
      .getByLabel("Upload a logo")
      .setInputFiles({ name: "logo.svg", mimeType: "image/svg+xml", buffer: EXAMPLE_LOGO });
    await write(page, { "What the logo shows": "Ceredigion Example Council" });
    await press(page, "Save");
    await page.getByRole("heading", { name: "How your letters will look" }).waitFor();
    await untilPagesShow(page, 1);
    expect((await pictureOf(page)).equals(plain)).toBe(false);
    await expectAccessible(page);
    await press(page, "Use it");
    await page.getByText("Letters show this logo from now on.").waitFor();
    const [id, first] = [await sendCardRenewal(page, "Hedy"), page.url()];
    await untilPagesShow(page, 1);
    const branded = await client("live").getPdfForLetterNotification(id);
    expect(branded.includes("Ceredigion Example Council")).toBe(true);
    await page.goto(at("/settings/letter-branding"));
    await page.getByLabel("No logo").check();
    await press(page, "Continue");
    await press(page, "Show no logo");
    await page.getByText("Letters show no logo from now on.").waitFor();
    await untilPagesShow(page, 1);
    expect((await pictureOf(page)).equals(plain)).toBe(true);
    await page.goto(first);
    await untilPagesShow(page, 1);
    expect(await client("live").getPdfForLetterNotification(id)).toEqual(branded);
  });

  it("a letter that comes back is on the dashboard, in its day’s list and file, and says so itself", async () => {
    const page = await open("");
    const reference = `card ${randomUUID()}`;
    const personalisation = { ...ADDRESS_VALUES, name: "Mary", date: "31 March" };
    const { data } = await client("live").sendLetter(product.demo.templates.letter, { personalisation, reference });
    const read = async () => (await client("live").getNotificationById(data.id)).data;
    await expect.poll(async () => (await read()).is_cost_data_ready, WAIT).toBe(true);
    await pennypostSays("letters", "print");
    await expect.poll(async () => (await read()).status, WAIT).toBe("received");
    await pennypostSays("letters", "returned", data.id);
    await page.reload();
    await follow(page, "1 returned letter");
    await expectAccessible(page);
    await page.locator(".pp-place").first().click();
    await expectAccessible(page);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      follow(page, "Download these letters as a CSV file"),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    const csv = Buffer.concat(chunks).toString();
    expect(csv).toContain(`${data.id},${reference},`);
    expect(csv).not.toContain("Lovelace");
    await page.getByRole("link", { name: reference }).click();
    await untilStatus(page, "Returned");
  });

  it("a letter of a system’s own making is in the logs with its reference, and on its page with picture and PDF (28)", async () => {
    const [reference, pdf] = [`bill ${randomUUID()}`, await suppliedLetter({ words: "A bill", pages: 2 })];
    const { data } = await client("live").sendPrecompiledLetter(reference, pdf);
    await expect
      .poll(async () => (await client("live").getNotificationById(data.id)).data.status, WAIT)
      .toBe("accepted");
    await pennypostSays("letters", "print");
    await expect
      .poll(async () => (await client("live").getNotificationById(data.id)).data.status, WAIT)
      .toBe("received");
    const page = await open("/developers/messages");
    const logged = page.getByRole("row").filter({ hasText: data.id });
    expect(await logged.innerText()).toContain("Provided as a PDF");
    expect(await logged.innerText()).toContain(reference);
    await expectAccessible(page);
    await page.goto(at("/messages?channel=letter"));
    const listed = page.getByRole("row").filter({ hasText: reference });
    expect(await listed.innerText()).toContain("Provided as a PDF");
    await listed.getByRole("link").click();
    await page.waitForURL(`**${at(`/messages/${data.id}`)}`);
    await untilStatus(page, "Printed and posted");
    expect(await row(page, "Size")).toBe("2 pages, on 1 sheet of paper");
    await untilPagesShow(page, 2);
    expect((await pictureOf(page, 2)).subarray(1, 4).toString()).toBe("PNG");
    expect(await pdfOf(page)).toEqual(pdf);
    await expectAccessible(page);
  });

  it("a letter with a virus in it says so, and nothing of it is shown (28)", async () => {
    const { data } = await client("live").sendPrecompiledLetter("a virus", await infectedLetter());
    const read = async () => (await client("live").getNotificationById(data.id)).data;
    await expect.poll(async () => (await read()).status, WAIT).toBe("virus-scan-failed");
    const page = await open(`/messages/${data.id}`);
    await untilStatus(page, "Virus found");
    expect(await page.getByRole("link", { name: "Download as a PDF" }).count()).toBe(0);
    expect(await page.locator("iframe").count()).toBe(0);
    for (const path of ["pages", "letter.pdf"])
      expect((await page.request.get(at(`/messages/${data.id}/${path}`))).status()).toBe(404);
    await expectAccessible(page);
  });

  it.each([LINK_BYTES, QR_PAYLOAD_MAX_BYTES])(
    "a QR code of %i bytes can be scanned from the picture of its page (29)",
    async (bytes) => {
      const link = `https://northwold.example/?code=${"0123456789abcdef".repeat(32)}`.slice(0, bytes);
      const personalisation = { ...ADDRESS_VALUES, link };
      const { data } = await client("test").sendLetter(WITH_LINK.id, { personalisation });
      const read = async () => (await client("test").getNotificationById(data.id)).data;
      await expect.poll(async () => (await read()).status, WAIT).toBe("received");
      const page = await open(`/messages/${data.id}`);
      await untilPagesShow(page, 1);
      expect(await scanQrCode(await pictureOf(page))).toBe(link);
    },
  );
});
