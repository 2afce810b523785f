/**
 * Words of templates: written with a preview beside them, tried out, compared, brought back, hidden. By keyboard where that is how it is
 * most easily broken.
 */
import type { FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectAccessible, expectNoViolations, hasBrowser, tabTo } from "../support/browser.ts";
import { fill, follow, pathOf, press } from "../support/hands.ts";
import type { Product } from "../support/product.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { writeTemplate } from "../support/write-template.ts";

describe.skipIf(!hasBrowser)("in a browser", () => {
  let stage: Stage;
  let product: Product;
  let signedIn: Page;
  beforeAll(async () => {
    stage = await openStage();
    product = stage.product;
    signedIn = await stage.administrator("/services");
  });
  afterAll(() => stage?.close());

  const at = (path = "") => `/services/${product.demo.service_id}/templates${path}`;
  const open = (path: string, wish: { javaScript?: boolean } = {}) =>
    stage.browser.open(at(path), { as: signedIn, ...wish });

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
    const kept = page.waitForResponse(
      (response) => response.url().endsWith("/draft") && (response.request().postData() ?? "").includes("Bring+EUR+5"),
    );
    await page.keyboard.press("Enter");
    expect(await body.inputValue()).toBe("Bring EUR 5, ((first name))");
    await kept;
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
    await writeTemplate(page, "Text message", { Name: "Opening hours", Message: "Open on Monday" });
    const path = pathOf(page);
    const [mine, theirs] = [await stage.browser.open(`${path}/edit`, { as: signedIn }), page];
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
    await writeTemplate(page, "Text message", { Name: "Test results", Message: "Hello ((name)), call us" });
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
