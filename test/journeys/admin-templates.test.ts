/**
 * Templates from their making to their end, and the folders they are kept in, which not everybody sees. With and without JavaScript.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertMember } from "../../src/records/services/member-store.ts";
import { hasBrowser } from "../support/browser.ts";
import { alertOf, EACH_WAY, fill, follow, heading, pathOf, press } from "../support/hands.ts";
import type { Product } from "../support/product.ts";
import { openStage, type Stage } from "../support/stage.ts";
import { writeTemplate } from "../support/write-template.ts";

const COLLEAGUE = { name: "Carys Colleague", emailAddress: "colleague@example.gov.uk" };

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

  async function remove(page: Page): Promise<void> {
    await follow(page, "Delete this template");
    await press(page, "Yes, delete the template");
  }

  describe.each(EACH_WAY)("$way", ({ javaScript, way }) => {
    it.each<{ kind: "Email" | "Text message"; words: Record<string, string> }>([
      { kind: "Email", words: { Subject: "About your card", Message: "Your card is ready." } },
      { kind: "Text message", words: { Message: "Your card is ready." } },
    ])("a template for $kind is made, changed after a question, and deleted (12, 13)", async ({ kind, words }) => {
      const [first, second] = [`${kind} as first named ${way}`, `${kind} as it is now ${way}`];
      const page = await open("", { javaScript });
      await writeTemplate(page, kind, { Name: first, ...words });
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
    });

    it("a template is put into a folder, which is renamed, emptied and deleted (15)", async () => {
      const name = `For a folder ${way}`;
      const page = await open("", { javaScript });
      await writeTemplate(page, "Text message", { Name: name, Message: "Hello" });
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
      expect(await alertOf(page)).toContain("must empty this folder");
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
    const userId = await stage.account(COLLEAGUE);
    const { service_id: serviceId } = product.demo;
    await stage.doors.db.transaction((tx) => insertMember(tx, { serviceId, userId, permissions: ["view_activity"] }));
    const page = await open("");
    for (const name of ["Parent", "Child", "Grandchild"]) {
      await page.getByText("New folder", { exact: true }).click();
      await page.getByLabel("Name of the folder").fill(name);
      await press(page, "Make the folder");
      await follow(page, name);
      await writeTemplate(page, "Text message", { Name: `In ${name}`, Message: "Hello" });
      await follow(page, "Back");
    }
    await follow(page, "Child");
    await follow(page, "Manage this folder");
    await page.getByLabel("Carys Colleague").uncheck();
    await press(page, "Save");
    await follow(page, "Manage this folder");
    expect(await page.getByLabel("Carys Colleague").isChecked()).toBe(false);
    const theirs = await stage.signedIn(COLLEAGUE.emailAddress, at());
    await follow(theirs, "Parent");
    expect(await theirs.getByRole("link", { name: "In Child" }).count()).toBe(0);
    await follow(theirs, "Child Grandchild");
    await follow(theirs, "In Grandchild");
    expect(await heading(theirs)).toBe("In Grandchild");
  });
});
