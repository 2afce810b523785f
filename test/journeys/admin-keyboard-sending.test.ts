/**
 * The journeys of somebody who has a keyboard and no mouse, in a service of their own: templates, senders, sending. With scripts in the
 * dark and without scripts in the light. What is pressed, is pressed by key.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasBrowser } from "../support/browser.ts";
import { EACH_WAY, fill, heading, pathOf, press } from "../support/hands.ts";
import { type Keyboard, keyboardAt } from "../support/keyboard.ts";
import { openStage, type Stage } from "../support/stage.ts";

const PEOPLE = {
  "with JavaScript": { name: "Dora", mobileNumber: "447700900601" },
  "without JavaScript": { name: "Lew", mobileNumber: "447700900602" },
};

describe.skipIf(!hasBrowser)("by keyboard alone", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.close());

  describe.each(EACH_WAY)("$way", ({ way, javaScript, theme }) => {
    const { name, mobileNumber } = PEOPLE[way];
    let page: Page;
    let keyboard: Keyboard;
    let service: string;
    beforeAll(async () => {
      const emailAddress = `${name.toLowerCase()}@libraries.example.gov.uk`;
      await stage.account({ name: `${name} Newcomer`, emailAddress, mobileNumber });
      page = await stage.signedIn(emailAddress, "/services/new", { javaScript, theme });
      keyboard = keyboardAt(page);
      await fill(page, { "Name of the service": `${name}’s Library` });
      await press(page, "Add service");
      await page.waitForURL(/\/services\/[\da-f-]{36}$/);
      service = pathOf(page);
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
      await page.goto(
        await stage.post.arrived("desk@libraries.example.gov.uk", /(\/reply-to\/[\da-f-]{36}\/[\w-]{43})/),
      );
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
  });
});
