/** Files that go with every email of a template, in a browser: added, set up, looked at, sent, and downloaded by who gets them (23–26). */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectAccessible, hasBrowser, signIn, startBrowser, type TestBrowser } from "../support/browser.ts";
import { startLeanProduct } from "../support/lean-product.ts";
import { pagePdf } from "../support/page-pdf.ts";
import { type Product, pennypost } from "../support/product.ts";

const SENT_WITHIN = { timeout: 30_000, interval: 200 };
const FILE = "opening hours.pdf";

let product: Product;
let pdf: Buffer;
beforeAll(async () => {
  product = await startLeanProduct();
  pdf = await pagePdf("Monday to Friday, 9 to 5");
});
afterAll(() => product?.close());

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
  const heading = (page: Page) => page.getByRole("heading", { level: 1 }).innerText();
  const choose = (page: Page) =>
    page.locator('input[type="file"]').setInputFiles({ name: FILE, mimeType: "application/pdf", buffer: pdf });

  async function newTemplate(page: Page, name: string): Promise<string> {
    await page.goto(at("/templates/new/email"));
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("Subject", { exact: true }).fill("When we are open");
    await page.getByLabel("Message", { exact: true }).fill("Hello");
    await press(page, "Save");
    await page.getByRole("heading", { level: 1, name }).waitFor();
    return new URL(page.url()).pathname;
  }

  async function addFile(page: Page): Promise<void> {
    await press(page, "Attach files");
    await choose(page);
    await press(page, "Add the file");
    await page.getByText("The file was added").waitFor();
  }

  it("contact details come first", async () => {
    const page = await open("/settings/send-files-by-email");
    await page.getByLabel("Contact details for people who get your files").fill("help@northwold.example.gov.uk");
    await press(page, "Save");
    await page.getByText("The setting was saved.").waitFor();
  });

  it.each([{ javaScript: true }, { javaScript: false }])(
    "a file is added and removed again, with JavaScript: $javaScript (23)",
    async ({ javaScript }) => {
      const page = await open("/templates", { javaScript });
      const template = await newTemplate(page, `Hours ${javaScript}`);
      await press(page, "Attach files");
      expect(await page.getByText("No files added").count()).toBe(1);
      if (javaScript) await expectAccessible(page);
      await choose(page);
      await press(page, "Add the file");
      await page.getByText("The file was added").waitFor();
      await page.goto(template);
      expect(await page.getByText("1 file added").count()).toBe(1);
      await press(page, "Attach files");
      await follow(page, FILE);
      await follow(page, "Remove this file");
      await press(page, "Yes, remove the file");
      await page.getByText(`“${FILE}” was removed`).waitFor();
      expect(await page.getByText("No files added").count()).toBe(1);
    },
  );

  it("its link’s words, its weeks and whether it asks are changed, each shown (24)", async () => {
    const page = await open("/templates");
    await newTemplate(page, "Hours to set up");
    await addFile(page);
    expect(await page.getByText("Can be downloaded for 26 weeks").count()).toBe(1);
    await page.getByLabel("Words of the link").fill("Our opening hours");
    await page.getByLabel("Weeks in which it can be downloaded").fill("50");
    await page.getByLabel("No", { exact: true }).check();
    await press(page, "Save");
    await page.getByText("The file’s settings were saved").waitFor();
    for (const said of ["Link text: Our opening hours", "for 50 weeks", "are not asked for their email address"])
      expect(await page.getByText(said).count()).toBe(1);
    await expectAccessible(page);
  });

  it("is sent to oneself, and its link leads to the file without a banner (25)", async () => {
    const page = await open("/templates");
    const template = await newTemplate(page, "Hours to send");
    await addFile(page);
    await page.getByLabel("Words of the link").fill("Our opening hours");
    await page.getByLabel("No", { exact: true }).check();
    await press(page, "Save");
    await page.goto(template);
    await press(page, "Get ready to send");
    expect(await page.getByRole("link", { name: "Our opening hours" }).count()).toBe(1);
    await page.getByLabel("Email address", { exact: true }).fill(product.demo.admin.email);
    await expectAccessible(page);
    await press(page, "Continue");
    expect(await page.getByRole("link", { name: "Our opening hours" }).count()).toBe(1);
    await press(page, "Send 1 email");
    await expect.poll(() => page.getByText(/^Deliver(ing|ed)$/).count(), SENT_WITHIN).toBeGreaterThan(0);
    const link = await sentLink();

    const recipient = await browser.open(link.pathname + link.search);
    expect(await heading(recipient)).toBe("You have a file to download");
    expect(await recipient.getByText("This is a preview").count()).toBe(0);
    await follow(recipient, "Continue");
    const download = recipient.waitForEvent("download");
    await recipient.evaluate(`document.querySelector("a.button").setAttribute("download", "")`);
    await recipient.getByRole("link", { name: /^Download this PDF/ }).click();
    expect(readFileSync(await (await download).path())).toEqual(pdf);
    await expect
      .poll(async () => {
        await page.reload();
        return page.getByText("Downloaded once").count();
      }, SENT_WITHIN)
      .toBeGreaterThan(0);
  });

  async function sentLink(): Promise<URL> {
    let text = "";
    await expect
      .poll(async () => {
        const to = ["--to", product.demo.admin.email, "--json"];
        const { stdout } = await pennypost(product.environment, ["sandbox", "messages", ...to]);
        text = stdout;
        return /\/d\/[\w-]{22}\/[\w-]{22}\?key=/.test(text);
      }, SENT_WITHIN)
      .toBe(true);
    return new URL(/https?:\/\/[^\s"')\\<]+\/d\/[\w-]{22}\/[\w-]{22}\?key=[\w-]{43}/.exec(text)?.[0] ?? "");
  }

  it("is looked at as recipients will see it, each page under a banner (26)", async () => {
    const page = await open("/templates");
    await newTemplate(page, "Hours to look at");
    await addFile(page);
    await follow(page, "Preview what recipients see");
    const look = async (title: string) => {
      expect(await heading(page)).toBe(title);
      expect(await page.getByText("This is a preview of what recipients see.").count()).toBe(1);
      await expectAccessible(page);
    };
    await look("You have a file to download");
    await follow(page, "Continue");
    await look("Confirm your email address");
    await page.getByLabel("Email address").fill(product.demo.admin.email);
    await press(page, "Continue");
    await page.getByRole("heading", { name: "Download your file" }).waitFor();
    await look("Download your file");
    const file = await page.request.get(
      (await page.getByRole("link", { name: /^Download this PDF/ }).getAttribute("href")) ?? "",
    );
    expect(await file.body()).toEqual(pdf);
    await follow(page, "Back to the file");
    expect(await heading(page)).toBe(FILE);
  });
});
