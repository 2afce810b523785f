/**
 * A real browser on the admin's pages; what a file of tests opens in it ends with the file. Without Chromium the tests are left out by
 * name; with CI set that fails.
 *
 *     describe.skipIf(!hasBrowser)("signing in", () => {
 *       let browser: TestBrowser;
 *       beforeAll(async () => { browser = await startBrowser(product.apiUrl); });
 *       afterAll(() => browser?.close());
 *       it("…", async () => { const page = await browser.open("/sign-in", { javaScript: false }); … });
 *     });
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from "playwright-core";
import { expect } from "vitest";
import { findPeer, isCi } from "../../scripts/peers.mjs";

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** All that a theme can change: what a page holds is the same in both. */
const RULES_ON_COLOURS = ["color-contrast", "link-in-text-block"];
const require = createRequire(import.meta.url);
/** As short as it comes: every page reads it anew. */
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
/**
 * What a page's scripts have learnt of themselves goes with the page. Looking at it with axe is over before faster code pays for its
 * making: without, it takes two thirds of the processor's time.
 */
const SCRIPTS_AS_THEY_COME = "--js-flags=--no-opt,--no-maglev";
const LAUNCHED_WITHIN_MS = 90_000;
/** A page that takes longer is broken. */
const PATIENCE_MS = 30_000;
/** WCAG 2.2, 1.4.10: nothing is lost at this width, and nothing scrolls sideways. */
const NARROW_PX = 320;

const executablePath = findPeer("chromium");
if (!executablePath && isCi()) throw new Error("Chromium is missing: apt-get install chromium");
if (!executablePath) console.error("Left out: what needs a browser. apt-get install chromium");

/** Whether tests that need a browser can run here. */
export const hasBrowser = executablePath !== undefined;

export interface PageWish {
  javaScript?: boolean;
  theme?: "light" | "dark";
  width?: number;
  /** Another page of the same person: its cookies are theirs. */
  as?: Page;
  /** The token of somebody's session. */
  session?: string;
}

export interface TestBrowser {
  /** Opens a path in a new window of somebody new, or of whom `as` names. */
  open(path: string, wish?: PageWish): Promise<Page>;
  close(): Promise<void>;
}

/** Chromium itself, for what needs more than its pages. */
export function launchChromium(): Promise<Browser> {
  if (!executablePath) throw new Error("There is no browser: use describe.skipIf(!hasBrowser)");
  const args = [SCRIPTS_AS_THEY_COME, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])];
  return chromium.launch({ executablePath, args, timeout: LAUNCHED_WITHIN_MS });
}

export async function startBrowser(origin: string): Promise<TestBrowser> {
  const browser = await joinChromium();
  const contexts: BrowserContext[] = [];
  return {
    open: async (path, { javaScript = true, theme = "light", width = 1280, as, session } = {}) => {
      const context = await browser.newContext({
        baseURL: origin,
        javaScriptEnabled: javaScript,
        colorScheme: theme,
        viewport: { width, height: 900 },
        reducedMotion: "reduce",
        ...(as ? { storageState: await as.context().storageState() } : {}),
      });
      contexts.push(context);
      if (session) await context.addCookies([{ name: "pennypost-session", value: session, url: origin }]);
      return openPage(context, path);
    },
    close: async () => {
      await Promise.all(contexts.map((context) => context.close()));
    },
  };
}

const joined: { chromium?: Promise<Browser> } = {};

/** Test files that follow one another in a process have one Chromium, which ends with the process: its pipe closes. */
async function joinChromium(): Promise<Browser> {
  const running = await joined.chromium?.catch(() => undefined);
  if (running?.isConnected()) return running;
  joined.chromium = launchChromium();
  return joined.chromium;
}

async function openPage(context: BrowserContext, path: string): Promise<Page> {
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  waitForWholePages(page);
  // What the content policy stops, and scripts that fail, fail the test that sees them.
  page.on("console", (message) => {
    if (message.type() === "error" && /Content Security Policy|Uncaught/.test(message.text()))
      problems(page).push(message.text());
  });
  page.on("pageerror", (error) => problems(page).push(error.message));
  await page.goto(path);
  return page;
}

/** Of all clicks of this process, once they wait for pages. */
const state = { clicksWait: false };

/**
 * A click that leads to another page ends when that page has begun, of which the rest is still read: what is counted or listed then
 * may be half of it. From here on it ends when the page is whole.
 */
function waitForWholePages(page: Page): void {
  if (state.clicksWait) return;
  state.clicksWait = true;
  const locator: Pick<Locator, "click"> = Object.getPrototypeOf(page.locator("html"));
  const { click } = locator;
  locator.click = async function (this: Locator, options) {
    await click.call(this, options);
    await this.page().waitForLoadState("domcontentloaded");
  };
}

const problemsOf = new WeakMap<Page, string[]>();

function problems(page: Page): string[] {
  const known = problemsOf.get(page) ?? [];
  problemsOf.set(page, known);
  return known;
}

/**
 * No violation of WCAG 2.2 AA that axe can find, no script error, and nothing that our content policy had to stop. What is in frames
 * runs no scripts, axe's neither: open their documents by themselves.
 */
export async function expectNoViolations(page: Page, rules?: readonly string[]): Promise<void> {
  // Once for each page that is loaded: it is half a megabyte of script.
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(AXE);
  expect(await page.evaluate<string[]>(findViolations(rules))).toEqual([]);
  expect(problems(page)).toEqual([]);
}

/** Nothing is loaded before: that is for rules on sound and on rotated screens alone. */
function findViolations(rules: readonly string[] | undefined): string {
  const runOnly = rules ? { type: "rule", values: rules } : STANDARDS;
  return `axe
  .run({ exclude: ["iframe"] }, ${JSON.stringify({ runOnly, resultTypes: ["violations"], preload: false })})
  .then(({ violations }) => violations.map(({ id, nodes }) =>
    id + ": " + nodes.map(({ html, any }) => html + " " + (any[0]?.message ?? "")).join(" | ")))`;
}

/** The page as it stands has no violation in the light theme nor in the dark one, and fits a small screen. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: "dark" });
  await expectNoViolations(page, RULES_ON_COLOURS);
  await page.emulateMedia({ colorScheme: "light" });
  await expectNoViolations(page);
  await expectNoSidewaysScroll(page);
}

/** Reflow (WCAG 2.2, 1.4.10): at 320 px nothing scrolls sideways. */
async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize({ width: NARROW_PX, height: 900 });
  const width = await page.evaluate<number>("document.documentElement.scrollWidth");
  if (before) await page.setViewportSize(before);
  expect(width).toBeLessThanOrEqual(NARROW_PX);
}

/** Presses Tab until the element has the focus, as someone without a mouse does. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  const isThere = () => page.evaluate<boolean>(`document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`);
  for (let presses = 0; presses < TAB_PRESSES_MAX; presses += 1) {
    await page.keyboard.press("Tab");
    if (await isThere()) return;
  }
  throw new Error(`The keyboard alone does not reach ${selector}`);
}

const TAB_PRESSES_MAX = 60;

/** Signs in with the password alone, as the demonstration's administrator does. */
export async function signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}
