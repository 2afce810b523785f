/**
 * Letters as people work on them: whom they are from, what they say, in one language or two, and how their pages look while they are
 * written. With and without JavaScript.
 */
import { randomUUID } from "node:crypto";
import { NotifyClient } from "notifications-node-client";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  expectAccessible,
  expectNoViolations,
  hasBrowser,
  signIn,
  startBrowser,
  type TestBrowser,
} from "../support/browser.ts";
import { startLeanProduct } from "../support/lean-product.ts";
import { letterPagesOf, PAGES_WITHIN_MS, untilPagesShow } from "../support/letter-pages.ts";
import { pagePdf } from "../support/page-pdf.ts";
import { hasPdfTools, wordsOf } from "../support/pdf-tools.ts";
import type { Product } from "../support/product.ts";
import { declare } from "../support/product-doors.ts";

const OFFICE = "Northwold Council\nTown Hall\nNorthwold";
/** Of two pages, whatever becomes of those that journeys write. */
const IN_TWO_LANGUAGES = {
  ...{ id: randomUUID(), channel: "letter", name: "Reading room", postage: "second" },
  ...{ subject: "Your reading room card", body: "Dear reader,\n\nyour card is ready." },
  ...{ welsh_subject: "Eich cerdyn llyfrgell", welsh_body: "Annwyl ((enw))" },
};
const SENT_WITHIN = { timeout: PAGES_WITHIN_MS, interval: 100 };

let product: Product;
beforeAll(async () => {
  product = await startLeanProduct();
  await declare(product, {
    services: [{ id: product.demo.service_id, name: "Northwold Libraries", templates: [IN_TWO_LANGUAGES] }],
  });
});
afterAll(async () => {
  await product?.close();
});

describe.skipIf(!hasBrowser)("in a browser", () => {
  let browser: TestBrowser;
  let signedIn: Page;
  beforeAll(async () => {
    browser = await startBrowser(product.apiUrl);
    signedIn = await browser.open("/sign-in");
    await signIn(signedIn, product.demo.admin);
  });
  afterAll(async () => {
    await browser?.close();
  });

  const at = (path = "") => `/services/${product.demo.service_id}${path}`;
  const open = (path: string, wish: { javaScript?: boolean } = {}) => browser.open(at(path), { as: signedIn, ...wish });
  const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
  const follow = (page: Page, name: string) => page.getByRole("link", { name, exact: true }).click();
  const heading = (page: Page) => page.getByRole("heading", { level: 1 }).innerText();
  const choosePdf = (page: Page, name: string, buffer: Buffer) =>
    page.locator('input[type="file"]').setInputFiles({ name, mimeType: "application/pdf", buffer });
  const fill = async (page: Page, words: Record<string, string>) => {
    for (const [label, value] of Object.entries(words)) await page.getByLabel(label, { exact: true }).fill(value);
  };

  it("a sender’s address is kept, and new letter templates begin with it", async () => {
    const page = await open("/settings");
    await page.getByRole("link", { name: "Manage Sender addresses" }).click();
    await press(page, "Add a sender address");
    await expectAccessible(page);
    await fill(page, { Address: OFFICE });
    await press(page, "Save");
    await page.getByText("The setting was saved.").waitFor();
    await expectAccessible(page);
    await page.goto(at("/templates/new/letter"));
    expect(await page.getByLabel("Northwold Council").isChecked()).toBe(true);
  });

  it.each([
    { javaScript: true, way: "with JavaScript" },
    { javaScript: false, way: "without JavaScript" },
  ])("$way, a letter is written, looked at, and gets a Welsh half after a question", async ({ javaScript, way }) => {
    const name = `Library card ${way}`;
    const page = await open("/templates", { javaScript });
    await press(page, "New template");
    await page.getByLabel("Letter", { exact: true }).check();
    await press(page, "Continue");
    await fill(page, { Name: name, Heading: "Your library card", Message: "Dear reader,\n\nyour card is ready." });
    await page.getByLabel("First class").check();
    if (!javaScript) await press(page, "Preview");
    await untilPagesShow(page, 1);
    // The first pages may be of the form as it was before the class was chosen.
    await letterPagesOf(page)
      .locator("#said", { hasText: /1 page, on 1 sheet of paper\s+£[\d.]+ each, first class/ })
      .waitFor({ timeout: PAGES_WITHIN_MS });
    await press(page, "Save");
    expect(await heading(page)).toBe(name);
    await untilPagesShow(page, 1);
    await press(page, "Edit");
    await page.getByLabel("Print a Welsh version before the English one").check();
    const welsh = { "Heading in Welsh": "Eich cerdyn llyfrgell", "Message in Welsh": "Annwyl ((enw))" };
    await fill(page, welsh);
    await press(page, "Save");
    expect(await heading(page)).toContain("Are you sure?");
    expect(await page.getByText("((enw))").count()).toBe(1);
    await press(page, "Yes, save the changes");
    await untilPagesShow(page, 2);
    await follow(page, "See previous versions");
    await follow(page, "Version 2");
    expect(await page.getByRole("heading", { name: "Message in Welsh" }).count()).toBe(1);
    await untilPagesShow(page, 2);
    if (javaScript) await expectNoViolations(page);
  });

  it("the pages follow what is typed, and what an example says", async () => {
    const page = await open("/templates/new/letter");
    await fill(page, { Heading: "A letter", Message: "Dear ((name))\n\n---\n\nThe second page" });
    await untilPagesShow(page, 2);
    const before = await letterPagesOf(page).locator("img").first().getAttribute("src");
    await fill(page, { name: "Wilhelmina" });
    await expect
      .poll(() => letterPagesOf(page).locator("img").first().getAttribute("src"), { timeout: PAGES_WITHIN_MS })
      .not.toBe(before);
    await fill(page, { Message: "Dear ((name))" });
    await untilPagesShow(page, 1);
    await page.locator("#letter-said", { hasText: "1 page, on 1 sheet of paper" }).waitFor({ state: "attached" });
    await expectAccessible(page);
  });

  it("the frame of the pages is accessible by itself, and its PDF is there to take away", async () => {
    const path = `/templates/${IN_TWO_LANGUAGES.id}`;
    const page = await open(`${path}/preview`);
    const pdf = await page.request.get(at(`${path}/letter.pdf`));
    expect(pdf.headers()["content-type"]).toBe("application/pdf");
    await expectAccessible(page);
  });

  it("pages are attached, printed behind the letter that is sent, and removed again (17)", async () => {
    const page = await open(`/templates/${IN_TWO_LANGUAGES.id}`);
    await press(page, "Attach pages");
    await expectAccessible(page);
    await choosePdf(
      page,
      "sideways.pdf",
      await pagePdf("Upright", { text: "On its side", widthMm: 297, heightMm: 210 }),
    );
    await press(page, "Attach pages");
    await page.getByRole("heading", { name: "Not every page is A4 portrait" }).waitFor();
    expect(await page.getByAltText("Page 2 of 2").count()).toBe(1);
    await expectAccessible(page);
    await choosePdf(page, "terms.pdf", await pagePdf("Terms of the library"));
    await press(page, "Attach pages");
    await page.getByText("The pages were attached").waitFor();
    await untilPagesShow(page, 3);
    await page.getByRole("button", { name: "Manage attachment", exact: true }).click();
    expect(await heading(page)).toBe("terms.pdf");
    await expectAccessible(page);

    const values = { address_line_1: "Ada Lovelace", address_line_2: "12 St James’s Square", postcode: "SW1Y 4JH" };
    const client = new NotifyClient(product.demo.api_url, product.demo.keys.live);
    const { data } = await client.sendLetter(IN_TWO_LANGUAGES.id, {
      personalisation: { ...values, enw: "Ada" },
    });
    const read = async () => (await client.getNotificationById(data.id)).data;
    const printable = { status: "accepted", cost_details: { billable_sheets_of_paper: 2 } };
    await expect.poll(read, SENT_WITHIN).toMatchObject(printable);
    if (hasPdfTools) {
      const words = wordsOf(await client.getPdfForLetterNotification(data.id));
      expect(words.find(({ text }) => text === "Terms")?.page).toBe(3);
    }

    await follow(page, "Remove the attachment");
    expect(await heading(page)).toContain("remove “terms.pdf”?");
    await expectAccessible(page);
    await press(page, "Yes, remove the attachment");
    await page.getByText("The attachment was removed").waitFor();
    await untilPagesShow(page, 2);
    expect(await page.getByRole("button", { name: "Attach pages" }).count()).toBe(1);
  });
});
