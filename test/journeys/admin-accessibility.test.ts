/**
 * Every page there is, of a service with one of everything: nothing that axe finds, in the light and in the dark, and nothing that
 * scrolls sideways at 320 px. A page that is new is looked at without being named here.
 */

import type { APIResponse, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSession } from "../../src/flow/people/sessions.ts";
import { MEMBER_PERMISSIONS } from "../../src/records/services/member-store.ts";
import { routes } from "../../src/servers/admin/routes.ts";
import { startAdmin, type TestAdmin } from "../support/admin.ts";
import { expectAccessible, hasBrowser, startBrowser, type TestBrowser } from "../support/browser.ts";
import { lend } from "../support/lending.ts";
import { type Populated, populate, type Visitor } from "../support/populated.ts";
import { pennypost } from "../support/product.ts";
import { createWorld, type World } from "../support/world.ts";

const BUILD_PATIENCE_MS = 120_000;
/** Side by side: as many as the smallest machines have processors. */
const WINDOWS_EACH = 2;

/** Streams, files, what leads elsewhere at once, and pieces of other pages. */
const NO_PAGES = /^\/live$|\.(csv|txt|pdf|png)$|^\/sign-in\/single-sign-on/;

/** Pages of somebody who is not signed in, or not yet. */
const STAGES: readonly [pattern: RegExp, as: "stranger" | "password-given"][] = [
  [/^\/sign-in\/verify$/, "password-given"],
  [
    /^\/(sign-in|register|verify-email|forgot-password|new-password|email-auth|invitation|organisation-invitation)\b/,
    "stranger",
  ],
];

const urls = [...new Set(routes.filter(({ method }) => method === "GET").map(({ url }) => url))].filter(
  (url) => !NO_PAGES.test(url),
);

/** Answers for scripts are none, nor are emails, which stand in a frame of a page: what our pages never do. */
function isPage(headers: Record<string, string>): boolean {
  const isHtml = headers["content-type"]?.startsWith("text/html") ?? false;
  return isHtml && !headers["content-security-policy"]?.includes("frame-ancestors 'self'");
}

/** What a browser does not show, such as a PDF where it has no viewer, it takes for a file to keep. */
function fileOf(page: Page, path: string, error: Error): Promise<APIResponse> {
  if (!error.message.includes("Download is starting")) throw error;
  return page.request.get(path);
}

const stageOf = (url: string) => STAGES.find(([pattern]) => pattern.test(url))?.[1] ?? "signed-in";

describe.skipIf(!hasBrowser)("every page (51)", () => {
  let world: World;
  let admin: TestAdmin;
  let populated: Populated;
  let browser: TestBrowser;
  const windows = new Map<string, ReturnType<typeof lend<Page>>>();
  const visitors = new Map<string, Visitor>();
  const looked: string[] = [];

  beforeAll(async () => {
    // Styles and scripts are made by the build, which any command sees to.
    expect((await pennypost(process.env, ["--version"])).status).toBe(0);
    world = await createWorld();
    admin = await startAdmin(world.app);
    populated = await populate(world, admin);
    browser = await startBrowser(admin.url);
    visitors.set("stranger", populated.stranger());
    const everything = { in: populated.service, permissions: MEMBER_PERMISSIONS, isPlatformAdmin: true } as const;
    for (const stage of ["signed-in", "password-given"] as const) {
      visitors.set(stage, await populated.person({ ...everything, stage, inOrganisation: true }));
    }
    for (const stage of visitors.keys()) windows.set(stage, lend(await openWindows(stage)));
  }, BUILD_PATIENCE_MS);

  afterAll(async () => {
    await browser?.close();
    await admin?.close();
    await world?.close();
    console.log(`accessibility: ${looked.length} pages, each in light and dark and at 320 px`);
  });

  function openWindows(stage: string): Promise<Page[]> {
    return Promise.all(Array.from({ length: WINDOWS_EACH }, () => openAs(stage)));
  }

  async function openAs(stage: string): Promise<Page> {
    const page = await browser.open("/privacy");
    const userId = visitors.get(stage)?.userId;
    if (!userId || stage === "stranger") return page;
    const token = await startSession(world.app, {
      ...{ userId, stage: stage as "signed-in" | "password-given" },
      ...{ ipAddress: "127.0.0.1", userAgent: "browser" },
    });
    await page.context().addCookies([{ name: "pennypost-session", value: token, url: admin.url }]);
    return page;
  }

  it.concurrent.each(urls)("%s", async (url) => {
    const stage = stageOf(url);
    const withWindow = windows.get(stage);
    if (!withWindow) throw new Error(`nobody is ${stage}`);
    await withWindow(async (page) => {
      const path = visitors.get(stage)?.pathOf(url) ?? url;
      const response = await page.goto(path).catch((error) => fileOf(page, path, error));
      expect([url, response?.status()]).toEqual([url, 200]);
      if (!isPage(response?.headers() ?? {})) return;
      looked.push(url);
      await expectAccessible(page);
    });
  });
});
