/**
 * The journeys of somebody who has a keyboard and no mouse: from making an account to sending with it, with scripts in the dark and
 * without scripts in the light. Nothing here is clicked.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setRegistrationRule } from "../../src/records/deployment/people-settings.ts";
import { hasBrowser, startBrowser, type TestBrowser } from "../support/browser.ts";
import { type Keyboard, keyboardAt } from "../support/keyboard.ts";
import { openPost, type Post } from "../support/post.ts";
import { type Product, startProduct } from "../support/product.ts";
import { type Doors, openDoors } from "../support/product-doors.ts";

const PASSWORD = "seven grey herons at dawn";
const NEW_PASSWORD = "eleven brown owls at dusk";
const EACH_WAY = [
  { way: "with JavaScript, in the dark", javaScript: true, theme: "dark", name: "Dora", digits: "447700900601" },
  { way: "without JavaScript, in the light", javaScript: false, theme: "light", name: "Lew", digits: "447700900602" },
] as const;

let product: Product;
let doors: Doors;
let post: Post;
beforeAll(async () => {
  product = await startProduct();
  doors = await openDoors(product);
  post = openPost(doors);
  await doors.db.transaction((tx) => setRegistrationRule(tx, { kind: "open" }));
});
afterAll(async () => {
  await doors?.close();
  await product?.close();
});

const pathOf = (page: Page) => new URL(page.url()).pathname;
const heading = (page: Page) => page.getByRole("heading", { level: 1 }).innerText();

describe.skipIf(!hasBrowser)("by keyboard alone", () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser(product.apiUrl);
  });
  afterAll(async () => {
    await browser?.close();
  });

  describe.each(EACH_WAY)("$way", ({ javaScript, theme, name, digits }) => {
    const email = `${name.toLowerCase()}@libraries.example.gov.uk`;
    let page: Page;
    let keyboard: Keyboard;
    let service: string;
    beforeAll(async () => {
      page = await browser.open("/sign-in", { javaScript, theme });
      keyboard = keyboardAt(page);
    });

    async function giveCode(button: string): Promise<void> {
      await keyboard.write("Code", await post.codeTo(digits));
      await keyboard.press(button);
    }

    async function signIn(password: string): Promise<void> {
      await keyboard.write("Email address", email);
      await keyboard.write("Password", password);
      await keyboard.press("Continue");
      await giveCode("Continue");
    }

    it("an account is made, and a service in it (1, 2)", async () => {
      await keyboard.follow("Create an account");
      await keyboard.write("Full name", `${name} Newcomer`);
      await keyboard.write("Email address", email);
      await keyboard.write("Mobile number (optional)", `+${digits}`);
      await keyboard.write("Password", PASSWORD);
      await keyboard.press("Continue");
      await page.goto(await post.linkTo(email, "/verify-email"));
      await keyboard.write("Password", PASSWORD);
      await keyboard.press("Confirm");
      await giveCode("Confirm");
      await page.goto("/services");
      await keyboard.press("Add a service");
      await keyboard.write("Name of the service", `${name}’s Library`);
      await keyboard.press("Add service");
      service = pathOf(page);
      expect(service).toMatch(/^\/services\/[\da-f-]{36}$/);
    });

    it("they sign out, choose another password, and sign in with it (3, 4)", async () => {
      await keyboard.unfold(page.locator("summary", { hasText: "Account" }));
      await keyboard.press("Sign out");
      await keyboard.follow("Forgotten your password?");
      await keyboard.write("Email address", email);
      await keyboard.press("Send the link");
      await page.goto(await post.linkTo(email, "/new-password"));
      await keyboard.write("New password", NEW_PASSWORD);
      await keyboard.press("Save");
      await giveCode("Continue");
      await keyboard.unfold(page.locator("summary", { hasText: "Account" }));
      await keyboard.press("Sign out");
      await signIn(NEW_PASSWORD);
      expect(pathOf(page)).toBe("/services");
      await keyboard.follow(`${name}’s Library`);
      expect(pathOf(page)).toBe(service);
    });

    it.each([
      { kind: "Email", subject: true },
      { kind: "Text message", subject: false },
    ])("a template for $kind is made, changed after a question, and deleted (12, 13)", async ({ kind, subject }) => {
      await keyboard.follow("Templates");
      await keyboard.press("New template");
      await keyboard.choose(kind);
      await keyboard.press("Continue");
      await keyboard.write("Name", "About your card");
      if (subject) await keyboard.write("Subject", "Your card");
      await keyboard.write("Message", "Your card is ready.");
      await keyboard.press("Save");
      await keyboard.press("Edit");
      await keyboard.write("Message", "Your card is ready, ((first name)).");
      await keyboard.press("Save");
      expect(await heading(page)).toContain("Are you sure?");
      await keyboard.press("Yes, save the changes");
      expect(await heading(page)).toBe("About your card");
      await keyboard.follow("Delete this template");
      await keyboard.press("Yes, delete the template");
      expect(await page.getByRole("link", { name: "About your card" }).count()).toBe(0);
    });

    async function writeTemplate(kind: "Email" | "Text message", words: Record<string, string>): Promise<void> {
      await keyboard.press("New template");
      await keyboard.choose(kind);
      await keyboard.press("Continue");
      for (const [label, value] of Object.entries(words)) await keyboard.write(label, value);
      await keyboard.press("Save");
    }

    it("templates are put into a folder, which is renamed, emptied and deleted (15)", async () => {
      await keyboard.follow("Templates");
      await writeTemplate("Email", {
        Name: "Card by email",
        Subject: "Your card",
        Message: "Dear ((name)), it is ready.",
      });
      await keyboard.follow("Templates");
      await writeTemplate("Text message", { Name: "Card by text", Message: "Hello ((name)), it is ready." });
      await keyboard.follow("Templates");
      await keyboard.tick("Choose Card by text");
      await keyboard.unfold(page.locator("#new-folder summary"));
      await keyboard.write("Name of the folder", "Cards");
      await keyboard.press("Make the folder");
      await keyboard.follow("Cards");
      await keyboard.follow("Manage this folder");
      await keyboard.write("Name", "All about cards");
      await keyboard.press("Save");
      expect(await heading(page)).toBe("All about cards");
      await keyboard.tick("Choose Card by text");
      await keyboard.unfold(page.locator("#move summary"));
      await keyboard.choose("Templates");
      await keyboard.press("Move");
      await keyboard.follow("Manage this folder");
      await keyboard.follow("Delete this folder");
      await keyboard.press("Yes, delete the folder");
      expect(pathOf(page)).toBe(`${service}/templates`);
    });

    it("senders are changed and added, a reply-to address too, and the service is renamed (9, 10, 11)", async () => {
      await keyboard.follow("Settings");
      await keyboard.follow("Manage Text message sender IDs");
      for (const sender of ["First", "Second"]) {
        await keyboard.press("Add text message sender");
        await keyboard.write("Text message sender", sender);
        await keyboard.press("Save");
      }
      await keyboard.follow("Settings");
      await keyboard.follow("Manage Reply-to email addresses");
      await keyboard.press("Add reply-to address");
      await keyboard.write("Email address", "desk@libraries.example.gov.uk");
      await keyboard.press("Add");
      const back = pathOf(page);
      await page.goto(await post.arrived("desk@libraries.example.gov.uk", /(\/reply-to\/[\da-f-]{36}\/[\w-]{43})/));
      await keyboard.press("Confirm");
      await page.goto(back);
      await page.getByRole("link", { name: "Change desk@libraries.example.gov.uk" }).waitFor();
      await keyboard.follow("Settings");
      await keyboard.follow("Change Service name");
      await keyboard.write("Service name", `${name}’s Libraries`);
      await keyboard.press("Save");
      expect(await page.locator(".govuk-service-navigation__service-name").innerText()).toBe(`${name}’s Libraries`);
    });

    it.each([
      {
        template: "Card by email",
        mine: "Use my email address",
        field: "Email address",
        send: "Send 1 email",
        sender: undefined,
      },
      {
        template: "Card by text",
        mine: "Use my mobile number",
        field: "Phone number",
        send: "Send 1 text message",
        sender: "Second",
      },
    ])("$template is sent to themselves (20, 21)", async ({ template, mine, field, send, sender }) => {
      await keyboard.follow("Send");
      await keyboard.follow(template);
      await keyboard.reach(page.getByRole("link", { name: mine }));
      await page.keyboard.press("Enter");
      await expect.poll(() => page.getByLabel(field).inputValue()).not.toBe("");
      if (sender) await keyboard.choose(sender);
      await keyboard.write("name", name);
      await keyboard.press("Continue");
      if (sender) expect(await page.locator(".pp-envelope").innerText()).toContain(sender);
      await keyboard.press(send);
      expect(pathOf(page)).toMatch(/\/messages\/[\da-f-]{36}$/);
    });

    it("a colleague is invited, and a folder is kept from them (5, 16)", async () => {
      await keyboard.follow("Team");
      await keyboard.press("Invite a team member");
      await keyboard.write("Email address", `carys.${email}`);
      await keyboard.tick("Send messages");
      await keyboard.press("Send invitation");
      const link = await post.linkTo(`carys.${email}`, "/invitation");
      const theirs = await browser.open(link, { javaScript, theme });
      const colleague = keyboardAt(theirs);
      await colleague.write("Your name", "Carys Colleague");
      await colleague.write("Password", PASSWORD);
      await colleague.press("Make account and join");
      expect(pathOf(theirs)).toBe(`${service}/templates`);
      await keyboard.follow("Templates");
      await keyboard.unfold(page.locator("#new-folder summary"));
      await keyboard.write("Name of the folder", "Not for all");
      await keyboard.press("Make the folder");
      await keyboard.follow("Not for all");
      await keyboard.follow("Manage this folder");
      await keyboard.tick("Carys Colleague");
      await keyboard.press("Save");
      await colleague.follow("Templates");
      expect(await theirs.getByRole("link", { name: "Not for all" }).count()).toBe(0);
    });
  });
});
