/**
 * Somebody at a page with a keyboard and no mouse, who goes from place to place with Tab and sees where they are.
 *
 *     const keyboard = keyboardAt(page);
 *     await keyboard.write("Name", "Reminder");
 *     await keyboard.press("Save");
 */
import type { ElementHandle, Locator, Page } from "playwright-core";

/** More stops than any page has before what it is for. */
const TAB_PRESSES_MAX = 90;
/** A group of choices is not longer. */
const ARROW_PRESSES_MAX = 20;

export interface Keyboard {
  /** Goes to an element, and sees it there: under nothing, in the window (WCAG 2.2, 2.4.11). */
  reach(target: Locator): Promise<void>;
  /** Replaces what is in a field. */
  write(label: string, words: string): Promise<void>;
  /** Presses a button, and waits for the page that follows. */
  press(name: string): Promise<void>;
  follow(name: string): Promise<void>;
  /** Opens what is folded, or a menu. */
  unfold(summary: Locator): Promise<void>;
  /** Changes whether a box is ticked. */
  tick(label: string): Promise<void>;
  /** Picks one of several. */
  choose(label: string): Promise<void>;
}

export function keyboardAt(page: Page): Keyboard {
  const named = (role: "button" | "link", name: string) => page.getByRole(role, { name, exact: true }).first();
  const labelled = (label: string) => page.getByLabel(label, { exact: true });
  return {
    reach: (target) => reach(page, target),
    write: async (label, words) => {
      await reach(page, labelled(label));
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.type(words);
    },
    press: (name) => goOnBy(page, named("button", name)),
    follow: (name) => goOnBy(page, named("link", name)),
    unfold: async (summary) => {
      await reach(page, summary);
      await page.keyboard.press("Enter");
    },
    tick: async (label) => {
      await reach(page, labelled(label));
      await page.keyboard.press("Space");
    },
    choose: (label) => choose(page, page.getByRole("radio", { name: label, exact: true })),
  };
}

async function goOnBy(page: Page, target: Locator): Promise<void> {
  await reach(page, target);
  const next = page.waitForEvent("domcontentloaded");
  await page.keyboard.press("Enter");
  await next;
}

async function reach(page: Page, target: Locator): Promise<void> {
  const element = await elementOf(target);
  await tabUntil(page, element, hasFocus);
  if (!(await element.evaluate(isSeen))) throw new Error(`The focus is hidden at ${target}`);
}

/** The group is one stop, at what is chosen or else at its first; arrows go on from there. */
async function choose(page: Page, target: Locator): Promise<void> {
  const element = await elementOf(target);
  await tabUntil(page, element, hasFocusInGroup);
  await page.keyboard.press("Space");
  for (let presses = 0; presses < ARROW_PRESSES_MAX; presses += 1) {
    if (await element.evaluate(hasFocus)) return;
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`The arrows do not reach ${target}`);
}

async function elementOf(target: Locator): Promise<ElementHandle> {
  const element = await target.elementHandle();
  if (!element) throw new Error(`There is no ${target}`);
  return element;
}

async function tabUntil(page: Page, element: ElementHandle, isThere: (element: unknown) => boolean): Promise<void> {
  const isInContent = await element.evaluate(isContent);
  for (let presses = 0; presses < TAB_PRESSES_MAX; presses += 1) {
    await page.keyboard.press("Tab");
    if (await element.evaluate(isThere)) return;
    // The first stop of every page (WCAG 2.2, 2.4.1).
    if (isInContent && (await element.evaluate(isAtSkipLink))) await page.keyboard.press("Enter");
  }
  throw new Error(`The keyboard alone does not reach ${element}`);
}

// What follows runs in the page, whose types tests do not have.

interface PageElement {
  type?: string;
  name?: string;
  contains(other: unknown): boolean;
  closest(selector: string): PageElement | null;
  getClientRects(): ArrayLike<{ left: number; top: number; width: number; height: number }>;
}

declare const document: {
  activeElement: PageElement;
  elementFromPoint(x: number, y: number): PageElement | null;
};

function isContent(element: unknown): boolean {
  return (element as PageElement).closest("main") !== null;
}

function isAtSkipLink(): boolean {
  return document.activeElement.closest(".govuk-skip-link") !== null;
}

function hasFocus(element: unknown): boolean {
  return element === document.activeElement;
}

function hasFocusInGroup(element: unknown): boolean {
  const { type, name } = document.activeElement;
  return type === "radio" && name === (element as PageElement).name;
}

function isSeen(element: unknown): boolean {
  const shown = element as PageElement;
  const { left, top, width, height } = shown.getClientRects()[0] ?? { left: 0, top: 0, width: 0, height: 0 };
  const there = document.elementFromPoint(left + width / 2, top + height / 2);
  return shown.contains(there) || (there?.contains(shown) ?? false);
}
