/**
 * Templates from their first word to their end: written with a preview, kept in folders that not everybody sees, tried out, compared,
 * brought back and deleted. With and without JavaScript, and by keyboard where that is how it is most easily broken.
 */
import type { FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../src/platform/ids.ts";
import { insertMember } from "../../src/records/services/member-store.ts";
import { hashPassword } from "../../src/records/users/password.ts";
import { insertUser } from "../../src/records/users/user-store.ts";
import {
  expectAccessible,
  expectNoViolations,
  hasBrowser,
  signIn,
  startBrowser,
  type TestBrowser,
  tabTo,
} from "../support/browser.ts";
import { type Product, startProduct } from "../support/product.ts";
import { type Doors, openDoors } from "../support/product-doors.ts";

const EACH_WAY = [
  { javaScript: true, way: "with JavaScript" },
  { javaScript: false, way: "without JavaScript" },
];
const COLLEAGUE = { email: "colleague@example.gov.uk", password: "seven grey herons at dawn" };

let product: Product;
let doors: Doors;
beforeAll(async () => {
  product = await startProduct();
  doors = await openDoors(product);
});
afterAll(async () => {
  await doors?.close();
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

  const at = (path = "") => `/services/${product.demo.service_id}/templates${path}`;
  const open = (path: string, wish: { javaScript?: boolean } = {}) => browser.open(at(path), { as: signedIn, ...wish });
  const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
  const follow = (page: Page, name: string) => page.getByRole("link", { name, exact: true }).click();
  const heading = (page: Page) => page.getByRole("heading", { level: 1 }).innerText();
  const pathOf = (page: Page) => new URL(page.url()).pathname;

  async function write(
    page: Page,
    kind: "Email" | "Text message",
    words: Record<string, string | undefined>,
  ): Promise<void> {
    await press(page, "New template");
    await page.getByLabel(kind, { exact: true }).check();
    await press(page, "Continue");
    await fill(page, words);
    await press(page, "Save");
    await page.getByText("The template was made").waitFor();
  }

  async function fill(page: Page, words: Record<string, string | undefined>): Promise<void> {
    for (const [label, value = ""] of Object.entries(words)) await page.getByLabel(label, { exact: true }).fill(value);
  }

  async function remove(page: Page): Promise<void> {
    await follow(page, "Delete this template");
    await press(page, "Yes, delete the template");
  }

  describe.each(EACH_WAY)("$way", ({ javaScript, way }) => {
    it.each([
      { kind: "Email", words: { Subject: "About your card", Message: "Your card is ready." } },
      { kind: "Text message", words: { Message: "Your card is ready." } },
    ] as const)(
      "a template for $kind is made, changed after a question, and deleted (12, 13)",
      async ({ kind, words }) => {
        const [first, second] = [`${kind} as first named ${way}`, `${kind} as it is now ${way}`];
        const page = await open("", { javaScript });
        await write(page, kind, { Name: first, ...words });
        expect(await heading(page)).toBe(first);
        await press(page, "Edit");
        await fill(page, { Name: second, Message: "Your card is ready, ((first name))." });
        await press(page, "Save");
        expect(await heading(page)).toContain("Are you sure?");
        expect(await page.getByText("((first name))").count()).toBe(1);
        expect(await page.getByText("This service has API keys.").count()).toBe(1);
        await press(page, "Yes, save the changes");
        expect(await heading(page)).toBe(second);
        await page.goto(at());
        expect(await page.getByRole("link", { name: second }).count()).toBe(1);
        expect(await page.getByRole("link", { name: first }).count()).toBe(0);
        await follow(page, second);
        await remove(page);
        expect(await page.getByRole("link", { name: second }).count()).toBe(0);
      },
    );

    it("a template is put into a folder, which is renamed, emptied and deleted (15)", async () => {
      const name = `For a folder ${way}`;
      const page = await open("", { javaScript });
      await write(page, "Text message", { Name: name, Message: "Hello" });
      await page.goto(at());
      await page.getByLabel(`Choose ${name}`).check({ force: true });
      await page.getByText(javaScript ? "Add to new folder" : "New folder", { exact: true }).click();
      await page.getByLabel("Name of the folder").fill(`Before ${way}`);
      await press(page, "Make the folder");
      await follow(page, `Before ${way}`);
      expect(await page.getByRole("link", { name }).count()).toBe(1);
      await follow(page, "Manage this folder");
      await page.getByLabel("Name", { exact: true }).fill(`After ${way}`);
      await press(page, "Save");
      expect(await heading(page)).toBe(`After ${way}`);
      await follow(page, "Manage this folder");
      await follow(page, "Delete this folder");
      await press(page, "Yes, delete the folder");
      expect(await page.getByRole("alert").innerText()).toContain("must empty this folder");
      await follow(page, "Back");
      await page.getByLabel(`Choose ${name}`).check({ force: true });
      await page.getByText("Move", { exact: true }).first().click();
      await page.getByRole("radio", { name: "Templates", exact: true }).check();
      await press(page, "Move");
      expect(await page.getByRole("link", { name }).count()).toBe(0);
      await follow(page, "Manage this folder");
      await follow(page, "Delete this folder");
      await press(page, "Yes, delete the folder");
      expect(pathOf(page)).toBe(at());
      expect(await page.getByRole("link", { name: `After ${way}` }).count()).toBe(0);
      await follow(page, name);
      await remove(page);
    });
  });

  it("a folder that a colleague may not see shows them what lies in it under its path (16)", async () => {
    const userId = newId();
    const passwordHash = await hashPassword(COLLEAGUE.password);
    await doors.db.transaction(async (tx) => {
      const { email: emailAddress } = COLLEAGUE;
      const user = { id: userId, name: "Carys Colleague", emailAddress, isPlatformAdmin: false, passwordHash };
      await insertUser(tx, { ...user, mobileNumber: undefined });
      await insertMember(tx, { serviceId: product.demo.service_id, userId, permissions: ["view_activity"] });
    });
    const page = await open("");
    for (const name of ["Parent", "Child", "Grandchild"]) {
      await page.getByText("New folder", { exact: true }).click();
      await page.getByLabel("Name of the folder").fill(name);
      await press(page, "Make the folder");
      await follow(page, name);
      await write(page, "Text message", { Name: `In ${name}`, Message: "Hello" });
      await follow(page, "Back");
    }
    await follow(page, "Child");
    await follow(page, "Manage this folder");
    await page.getByLabel("Carys Colleague").uncheck();
    await press(page, "Save");
    await follow(page, "Manage this folder");
    expect(await page.getByLabel("Carys Colleague").isChecked()).toBe(false);
    const theirs = await browser.open("/sign-in");
    await signIn(theirs, COLLEAGUE);
    await theirs.goto(at());
    await follow(theirs, "Parent");
    expect(await theirs.getByRole("link", { name: "In Child" }).count()).toBe(0);
    await follow(theirs, "Child Grandchild");
    await follow(theirs, "In Grandchild");
    expect(await heading(theirs)).toBe("In Grandchild");
  });

  it("while a text is written, the phone and the price follow at every keystroke, and a draft is kept", async () => {
    const page = await open(`/${product.demo.templates.sms}/edit`);
    const body = page.getByLabel("Message", { exact: true });
    const phone = page.locator("[data-phone-text]");
    const cost = page.locator("#calculator-cost");
    await body.fill("");
    await body.pressSequentially("Bring €5, ((first name))");
    await phone.getByText("((first name))").waitFor();
    expect(await cost.innerText()).toMatch(/^1 text message: £/);
    await page.getByLabel("first name", { exact: true }).fill("Zoe".repeat(60));
    await page.getByText(/^2 text messages: /).waitFor();
    expect(await phone.innerText()).toContain("Bring €5, ZoeZoe");
    await page.getByText("Each of these counts as two characters: €").waitFor();
    await body.focus();
    await tabTo(page, '.pp-offer[value="€"]');
    await page.keyboard.press("Enter");
    expect(await body.inputValue()).toBe("Bring EUR 5, ((first name))");
    await page.getByText(/^Draft saved at /).waitFor();
    await page.reload();
    expect(await body.inputValue()).toBe("Bring EUR 5, ((first name))");
    expect(await page.getByLabel("first name", { exact: true }).inputValue()).toBe("");
    await press(page, "Throw the draft away");
    await press(page, "Edit");
    expect(await body.inputValue()).not.toContain("EUR");
  });

  const mailboxOf = (page: Page): FrameLocator => page.frameLocator('iframe[title="Preview of the email"]');

  it("while an email is written, its mailbox follows: light, dark and as plain text", async () => {
    const page = await open(`/${product.demo.templates.email}/edit`);
    await page.getByLabel("Subject", { exact: true }).fill("Hello ((who))");
    await page.getByLabel("Message", { exact: true }).fill('# Dear ((who))\n\n<script>alert("x")</script>');
    await page.getByLabel("who", { exact: true }).fill("<b>Ann</b>");
    const mailbox = mailboxOf(page);
    await mailbox.getByText("Hello <b>Ann</b>").waitFor();
    expect(await mailbox.locator("h2").innerText()).toBe("Dear <b>Ann</b>");
    expect(await mailbox.locator("script").count()).toBe(0);
    const ground = () => page.frame("mailbox")?.evaluate("getComputedStyle(document.body).backgroundColor");
    await expect.poll(ground).toBe("rgb(255, 255, 255)");
    await page.getByLabel("Dark mailbox").check();
    await mailbox.getByText("Hello <b>Ann</b>").waitFor();
    await expect.poll(ground).toBe("rgb(20, 22, 26)");
    await page.getByLabel("Plain text").check();
    expect(await mailbox.locator("pre").innerText()).toContain("Dear <b>Ann</b>");
  });

  it("without JavaScript, a button shows the email and the text that are being written", async () => {
    const email = await open(`/${product.demo.templates.email}/edit`, { javaScript: false });
    await email.getByLabel("Subject", { exact: true }).fill("Written just now");
    await email.getByLabel("Dark mailbox").check();
    await press(email, "Preview");
    await mailboxOf(email).getByText("Written just now").waitFor();
    const text = await open(`/${product.demo.templates.sms}/edit`, { javaScript: false });
    await text.getByLabel("Message", { exact: true }).fill("Pay €5");
    await press(text, "Preview");
    expect(await text.locator("[data-phone-text]").innerText()).toContain("Pay €5");
    await press(text, "Replace € with EUR");
    expect(await text.getByLabel("Message", { exact: true }).inputValue()).toBe("Pay EUR 5");
  });

  it("two people who edit at once do not lose each other's words, and an old version comes back", async () => {
    const page = await open("");
    await write(page, "Text message", { Name: "Opening hours", Message: "Open on Monday" });
    const path = pathOf(page);
    const [mine, theirs] = [await browser.open(`${path}/edit`, { as: signedIn }), page];
    await theirs.goto(`${path}/edit`);
    await fill(theirs, { Message: "Open on Tuesday" });
    await press(theirs, "Save");
    await theirs.getByText("The template was saved").waitFor();
    await fill(mine, { Message: "Open on Friday" });
    await press(mine, "Save");
    await mine.getByText("Somebody else saved this template while you were writing").waitFor();
    expect(await mine.locator("ins").innerText()).toBe("Friday");
    await expectNoViolations(mine);
    await mine.goto(`${path}/edit`);
    expect(await mine.getByLabel("Message", { exact: true }).inputValue()).toBe("Open on Friday");
    await press(mine, "Save mine over theirs");
    await mine.getByText("The template was saved").waitFor();
    expect(pathOf(mine)).toBe(path);
    await follow(mine, "See previous versions");
    await follow(mine, "Version 1");
    await press(mine, "Use this version again");
    await mine.getByText("Version 1 is in use again").waitFor();
    expect(await mine.locator("[data-phone-text]").innerText()).toContain("Open on Monday");
  });

  it("values of messages are shown until they are hidden for good (45)", async () => {
    const page = await open("");
    await write(page, "Text message", { Name: "Test results", Message: "Hello ((name)), call us" });
    const path = pathOf(page);
    const sent = await fetch(`${product.apiUrl}/v2/notifications/sms`, {
      method: "POST",
      headers: { authorization: `Bearer ${product.demo.keys.live}`, "content-type": "application/json" },
      body: JSON.stringify({
        phone_number: "07700 900123",
        template_id: path.split("/").at(-1),
        personalisation: { name: "Wilhelmina" },
      }),
    });
    const { id } = (await sent.json()) as { id: string };
    const message = `/services/${product.demo.service_id}/messages/${id}`;
    await page.goto(message);
    expect(await page.getByText("Wilhelmina").count()).toBeGreaterThan(0);
    await page.goto(path);
    await follow(page, "Hide personalisation after sending");
    await press(page, "Yes, hide personalisation");
    await page.getByText("Personalisation is hidden after sending.").waitFor();
    await page.goto(message);
    expect(await page.content()).not.toContain("Wilhelmina");
  });

  it("what the journeys have filled, and emails in their frames, are accessible in both themes, and fit a small screen", async () => {
    const { email } = product.demo.templates;
    const previews = ["light", "dark", "plain"].map((as) => `/preview?as=${as}`);
    const page = await open("");
    for (const path of ["", ...["", "/edit", ...previews].map((end) => `/${email}${end}`)]) {
      await page.goto(at(path));
      await expectAccessible(page);
    }
  });
});
