/** Getting about with single keys, which can be switched off and never get in the way of typing. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSession } from "../../src/flow/people/sessions.ts";
import { insertMember, MEMBER_PERMISSIONS } from "../../src/records/services/member-store.ts";
import { startAdmin, type TestAdmin } from "../support/admin.ts";
import { expectAccessible, hasBrowser, startBrowser, type TestBrowser } from "../support/browser.ts";
import { pennypost } from "../support/product.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const BUILD_PATIENCE_MS = 120_000;

describe.skipIf(!hasBrowser)("keys", () => {
  let world: World;
  let admin: TestAdmin;
  let browser: TestBrowser;
  let service: WorldService;
  let other: WorldService;
  let page: Page;

  beforeAll(async () => {
    expect((await pennypost(process.env, ["--version"])).status).toBe(0); // scripts are made by the build
    world = await createWorld();
    admin = await startAdmin(world.app);
    browser = await startBrowser(admin.url);
    service = await world.service();
    const { userId } = await admin.person({ in: service, permissions: MEMBER_PERMISSIONS });
    other = await world.service({ name: "Northwold Parking" });
    const membership = { serviceId: other.id, userId, permissions: ["view_activity"] } as const;
    await world.app.db.transaction((tx) => insertMember(tx, membership));
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
    await Promise.all(["g", key].map((one) => page.keyboard.press(one))); // They belong together for a moment.
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

  it("Ctrl and K open all places there are, which letters narrow, arrows walk and Enter goes to", async () => {
    await page.goto(`${home()}/team`);
    await page.keyboard.press("Control+k");
    await page.locator("#palette-name:focus").waitFor();
    await expectAccessible(page);
    const shown = page.locator("dialog li a:visible");
    const all = await shown.count();
    await page.keyboard.type("te");
    expect(await shown.allInnerTexts()).toEqual([
      expect.stringMatching(/^Templates /),
      expect.stringMatching(/^Team /),
    ]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    expect(await page.locator("dialog a:focus").innerText()).toMatch(/^Team /);
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.type("xyz");
    await page.getByText("No place has that name.").waitFor();
    await page.keyboard.press("Enter");
    expect([await shown.count(), page.url()]).toEqual([0, `${home()}/team`]);
    await page.locator("#palette-name").fill("");
    expect(await shown.count()).toBe(all);
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "hidden" });
    await page.keyboard.press("Control+k");
    await page.keyboard.type("parking");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${admin.url}/services/${other.id}`);
  });

  it("are not needed to go to another service, nor are scripts", async () => {
    const plain = await browser.open("/privacy", { as: page, javaScript: false });
    await plain.goto(`${home()}/team`);
    await plain.getByText("Services", { exact: true }).press("Enter");
    await plain.getByRole("link", { name: "Northwold Parking" }).press("Enter");
    await plain.waitForURL(`${admin.url}/services/${other.id}`);
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
    await page.keyboard.press("Control+k");
    expect([page.url(), await page.locator("dialog").count()]).toEqual([home(), 0]);
  });
});
