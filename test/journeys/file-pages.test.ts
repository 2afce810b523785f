import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sandboxScanner } from "../../src/sandbox/scanner/sandbox-scanner.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { expectAccessible, hasBrowser, startBrowser, type TestBrowser, tabTo } from "../support/browser.ts";
import { CSV } from "../support/files.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const RECIPIENT = "ada@example.org";

describe.skipIf(!hasBrowser)("whoever gets a file", () => {
  let world: World;
  let api: TestApi;
  let browser: TestBrowser;
  let service: WorldService;
  beforeAll(async () => {
    const origins = { api: undefined, admin: undefined, documents: undefined };
    world = await createWorld({
      origins,
      scanning: { scanner: sandboxScanner, acceptsUnscanned: false, sandboxScanner },
    });
    api = await startApi(world.app);
    browser = await startBrowser(api.url);
    service = await world.service({ name: "Northwold Libraries", filesContact: "020 7946 0000" });
  });
  afterAll(async () => {
    await browser?.close();
    await api?.close();
    await world?.close();
  });

  async function sentLink(): Promise<URL> {
    const { templateId } = await world.template(service, { channel: "email", body: "((link))" });
    const link = { file: CSV.toString("base64"), filename: "fines.csv" };
    const body = { email_address: RECIPIENT, template_id: templateId, personalisation: { link } };
    const answer = await api.post("/v2/notifications/email", body, { as: service });
    return new URL(answer.json.content.body);
  }

  const open = (link: URL, wish = {}) => browser.open(link.pathname + link.search, wish);
  const heading = (page: Page) => page.getByRole("heading", { level: 1 }).textContent();

  it("gives the address and downloads it, without scripts and with the keyboard alone", async () => {
    const page = await open(await sentLink(), { javaScript: false });
    expect(await heading(page)).toBe("You have a file to download");
    await page.getByRole("link", { name: "Continue" }).press("Enter");
    const field = page.getByLabel("Email address");
    await field.fill("eve@example.org");
    await field.press("Enter");
    await page.getByRole("alert").waitFor();
    expect(await page.title()).toBe("Error: Confirm your email address");
    await page.getByRole("alert").getByRole("link").press("Enter");
    await field.fill(RECIPIENT);
    await page.getByRole("button", { name: "Continue" }).press("Enter");
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download this CSV file (1 KB) to your device" }).press("Enter");
    const file = await download;
    expect(file.suggestedFilename()).toBe("fines.csv");
    expect(readFileSync(await file.path())).toEqual(CSV);
  });

  it("is not asked twice on the same device, and another device is", async () => {
    const link = await sentLink();
    const first = await open(link);
    await first.getByRole("link", { name: "Continue" }).click();
    await first.getByLabel("Email address").fill(RECIPIENT);
    await first.getByRole("button", { name: "Continue" }).click();
    await first.getByText("Download your file").waitFor();
    const again = await browser.open(link.pathname + link.search, { as: first });
    await again.getByRole("link", { name: "Continue" }).click();
    expect(await heading(again)).toBe("Download your file");
    const other = await open(link);
    await other.getByRole("link", { name: "Continue" }).click();
    expect(await heading(other)).toBe("Confirm your email address");
  });

  it("finds every page accessible, in the light theme and the dark one, and on a phone", async () => {
    const page = await open(await sentLink());
    const look = async (title: string) => {
      expect(await heading(page)).toBe(title);
      await expectAccessible(page);
    };
    await look("You have a file to download");
    await page.getByRole("link", { name: "Continue" }).click();
    await look("Confirm your email address");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("alert").waitFor();
    await look("Confirm your email address");
    await page.getByLabel("Email address").fill(RECIPIENT);
    await tabTo(page, "button");
    await page.keyboard.press("Enter");
    await page.getByText("Download your file").waitFor();
    await look("Download your file");
    await page.goto(page.url().replace(/key=.*/, "key=x"));
    await look("This link does not work");
    await world.app.db.query`update documents set blocked_at = now()`;
    await page.reload();
    await look("You cannot download this file");
    await world.app.db.query`update documents set blocked_at = null, available_until = '2020-01-01'`;
    await page.reload();
    await look("This file is no longer available");
    await world.app.db.query`delete from documents`;
    await page.reload();
    await look("There is no such file");
  });
});
