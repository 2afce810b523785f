/** Getting about with single keys, which can be switched off and never get in the way of typing. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSession } from "../../src/flow/people/sessions.ts";
import { MEMBER_PERMISSIONS } from "../../src/records/services/member-store.ts";
import { startAdmin, type TestAdmin } from "../support/admin.ts";
import { hasBrowser, startBrowser, type TestBrowser } from "../support/browser.ts";
import { pennypost } from "../support/product.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const BUILD_PATIENCE_MS = 120_000;

describe.skipIf(!hasBrowser)("keys", () => {
  let world: World;
  let admin: TestAdmin;
  let browser: TestBrowser;
  let service: WorldService;
  let page: Page;

  beforeAll(async () => {
    expect((await pennypost(process.env, ["--version"])).status).toBe(0); // scripts are made by the build
    world = await createWorld();
    admin = await startAdmin(world.app);
    browser = await startBrowser(admin.url);
    service = await world.service();
    const { userId } = await admin.person({ in: service, permissions: MEMBER_PERMISSIONS });
    page = await browser.open("/privacy");
    const wish = { userId, stage: "signed-in", ipAddress: "127.0.0.1", userAgent: "browser" } as const;
    const token = await startSession(world.app, wish);
    await page.context().addCookies([{ name: "pennypost-session", value: token, url: admin.url }]);
  }, BUILD_PATIENCE_MS);
  afterAll(async () => {
    await browser?.close();
    await admin?.close();
    await world?.close();
  });

  const home = () => `${admin.url}/services/${service.id}`;

  it.each([
    ["t", "templates"],
    ["m", "messages"],
    ["u", "usage"],
    ["p", "team"],
    ["s", "settings"],
  ])("g and %s lead to %s", async (key, place) => {
    await page.goto(home());
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await page.waitForURL(`${home()}/${place}`);
  });

  it("/ leads to the search, from other pages to the messages, and is typed there like any character", async () => {
    await page.goto(`${home()}/team`);
    await page.keyboard.press("/");
    await page.waitForURL(`${home()}/messages`);
    await page.keyboard.press("/");
    await page.locator("#search:focus").waitFor();
    await page.keyboard.type("g/t?");
    expect(await page.inputValue("#search")).toBe("g/t?");
    expect(page.url()).toBe(`${home()}/messages`);
  });

  it("are listed by ?, and do nothing once they are switched off", async () => {
    await page.goto(home());
    await page.keyboard.press("?");
    await page.waitForURL(`${admin.url}/shortcuts`);
    await page.getByRole("button", { name: "Switch them off" }).click();
    await page.getByRole("button", { name: "Switch them on" }).waitFor();
    await page.goto(home());
    expect(await page.locator("body[data-shortcuts]").count()).toBe(0);
    await page.keyboard.press("g");
    await page.keyboard.press("t");
    await page.keyboard.press("?");
    expect(page.url()).toBe(home());
  });
});
