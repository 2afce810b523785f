/** Looking after a service: its keys, callbacks, guest list, senders, reply-to addresses and name, as people and their systems see it. */
import type { Page } from "playwright-core";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  expectAccessible,
  expectNoViolations,
  hasBrowser,
  signIn,
  startBrowser,
  type TestBrowser,
  tabTo,
} from "../support/browser.ts";
import { startLeanProduct } from "../support/lean-product.ts";
import type { Product } from "../support/product.ts";
import { type Doors, openDoors } from "../support/product-doors.ts";
import { type Receiver, startReceiver } from "../support/receiver.ts";

const PATIENCE = { timeout: 30_000, interval: 50 };
const TOKEN = "a token for callbacks";
const LINK = /\/reply-to\/[\da-f-]{36}\/[\w-]{43}/;
/** Those that the journeys fill; every page there is is looked at in `admin-accessibility.test.ts`. */
const FILLED_PAGES = [
  "developers",
  "developers/requests",
  "developers/messages",
  "developers/keys",
  "developers/callbacks",
  "developers/guest-list",
  "settings",
  "settings/reply-to",
  "settings/text-senders",
];

let product: Product;
let doors: Doors;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
  product = await startLeanProduct();
  doors = await openDoors(product);
});
afterAll(async () => {
  await doors?.close();
  await product?.close();
  await receiver?.close();
});

/** What the receiver was told of texts with this reference. */
function toldOf(reference: string): string[] {
  return receiver.received.map(({ body }) => body).filter((body) => JSON.parse(body).reference === reference);
}

async function sendText(key: string, to: string, reference?: string): Promise<number> {
  const personalisation = { name: "Amala", title: "The Waves", library: "Central", date: "Monday" };
  const response = await fetch(`${product.apiUrl}/v2/notifications/sms`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ phone_number: to, template_id: product.demo.templates.sms, personalisation, reference }),
  });
  return response.status;
}

describe.skipIf(!hasBrowser)("in a browser", () => {
  let browser: TestBrowser;
  let manager: Page;
  const base = () => `/services/${product.demo.service_id}`;
  const open = (path: string, wish: { javaScript?: boolean } = {}) =>
    browser.open(`${base()}/${path}`, { ...wish, as: manager });
  beforeAll(async () => {
    browser = await startBrowser(product.apiUrl);
    manager = await browser.open("/sign-in");
    await signIn(manager, product.demo.admin);
  });
  afterAll(async () => {
    await browser?.close();
  });

  it("a key made by keyboard alone works until it is revoked (37)", async () => {
    const page = await open("developers/keys");
    await tabTo(page, 'a[href$="/keys/new"]');
    await page.keyboard.press("Enter");
    await page.waitForURL("**/keys/new");
    await tabTo(page, "#name");
    await page.keyboard.type("Reservations");
    await tabTo(page, 'input[name="kind"]');
    await page.keyboard.press("Space");
    await tabTo(page, "main form button");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Your new API key" }).waitFor();
    const key = await page.locator(".pp-copyable__value").innerText();
    expect(await page.getByRole("button", { name: "Copy API key to clipboard" }).isVisible()).toBe(true);
    await expectNoViolations(page);
    expect(await sendText(key, "07700 900123")).toBe(201);
    await page.getByRole("link", { name: "Back to API keys" }).click();
    const card = page.locator(".govuk-summary-card", { hasText: "Reservations" });
    await vi.waitFor(async () => {
      await page.reload();
      expect(await card.innerText()).toContain("from 127.0.0.1");
    }, PATIENCE);
    await card.getByRole("link", { name: /Revoke/ }).click();
    await page.getByRole("button", { name: "Revoke" }).click();
    await page.getByText("The key was revoked").waitFor();
    expect(await sendText(key, "07700 900123")).toBe(403);
    await page.goto(`${base()}/developers/messages`);
    expect(await page.locator("tbody tr").first().innerText()).toContain("Reservations");
  });

  it("a team key sends to who is on the guest list, without JavaScript (38)", async () => {
    const guest = "07700 900456";
    const page = await open("developers/guest-list", { javaScript: false });
    await page.getByLabel("Mobile number 5").fill("not a number");
    await page.getByRole("button", { name: "Save" }).click();
    expect(await page.getByRole("alert").innerText()).toContain("Enter a phone number in full");
    expect(await sendText(product.demo.keys.team, guest)).toBe(400);
    await page.getByLabel("Mobile number 5").fill(guest);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The guest list was saved").waitFor();
    expect(await sendText(product.demo.keys.team, guest)).toBe(201);
    await vi.waitFor(async () => {
      await page.goto(`${base()}/developers/requests?show=errors`);
      expect(await page.locator(".pp-log").allInnerTexts()).toEqual([expect.stringMatching(/400[\s\S]*team/)]);
    }, PATIENCE);
    expect(await page.getByRole("link", { name: "About this error" }).first().getAttribute("href")).toBe(
      "/docs/api#errors",
    );
  });

  it("a callback is saved, tried out, told, told again and removed, without JavaScript (39)", async () => {
    const page = await open("developers/callbacks", { javaScript: false });
    await page.getByRole("link", { name: /^Change .*\/delivery-receipts$/ }).click();
    await page.getByLabel("URL").fill(`${receiver.url}/receipts`);
    await page.getByLabel("Bearer token").fill(TOKEN);
    await page.getByLabel("Make a new signing secret").check();
    await page.getByRole("button", { name: "Save" }).click();
    const secret = await page.locator(".pp-copyable__value").innerText();
    await page.getByRole("link", { name: "Back to callbacks" }).click();
    await page.getByRole("button", { name: `Send a test ${receiver.url}/receipts` }).click();
    await page.getByText(/It works\. Your system answered/).waitFor();
    const example = receiver.received.find(({ body }) => body === toldOf("test")[0]);
    expect(example?.headers["authorization"]).toBe(`Bearer ${TOKEN}`);
    expect(() =>
      new Webhook(secret).verify(example?.body ?? "", example?.headers as Record<string, string>),
    ).not.toThrow();

    // The worker knows of a new callback within seconds; texts that end before that are told to the one it replaced.
    await vi.waitFor(async () => {
      expect(await sendText(product.demo.keys.live, "07700 900123", "told again")).toBe(201);
      await vi.waitFor(() => expect(toldOf("told again")).not.toEqual([]), { timeout: 2_000 });
    }, PATIENCE);
    const [told = ""] = toldOf("told again");
    const attempt = page
      .locator("tbody tr", { hasText: JSON.parse(told).id })
      .filter({ hasText: "Taken" })
      .first();
    await vi.waitFor(async () => {
      await page.goto(`${base()}/developers/callbacks`);
      expect(await attempt.count()).toBe(1);
    }, PATIENCE);
    await attempt.getByRole("button").click();
    await page.getByText("It is sent again now").waitFor();
    await vi.waitFor(() => expect(toldOf("told again").filter((body) => body === told)).toHaveLength(2), PATIENCE);

    await page.getByRole("link", { name: `Change ${receiver.url}/receipts` }).click();
    await page.getByRole("link", { name: "Remove this endpoint" }).click();
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByText("The endpoint was removed").waitFor();
  });

  it("replies go to an address once its reader agrees, and to another once that is the default (9)", async () => {
    const page = await open("settings", { javaScript: false });
    await page.getByRole("link", { name: "Manage Reply-to email addresses" }).click();
    for (const address of ["desk@northwold.example", "branch@northwold.example"]) {
      await page.getByRole("button", { name: "Add reply-to address" }).click();
      await page.getByLabel("Email address").fill(address);
      await page.getByRole("button", { name: "Add" }).click();
      await page.getByRole("heading", { name: "Waiting for the link to be opened" }).waitFor();
      await agreeAs(address);
      await page.reload();
      await page.getByRole("link", { name: `Change ${address}` }).waitFor();
    }
    const item = (address: string) => page.locator(".pp-places > li", { hasText: address });
    expect(await item("branch@northwold.example").innerText()).not.toContain("(default)");
    await page.getByRole("link", { name: "Change branch@northwold.example" }).click();
    await page.getByLabel("Make this the default").check();
    await page.getByRole("button", { name: "Save" }).click();
    expect(await item("branch@northwold.example").innerText()).toContain("(default)");
    expect(await item("libraries@northwold.example").innerText()).not.toContain("(default)");
  });

  async function agreeAs(address: string): Promise<void> {
    const path = await vi.waitFor(async () => {
      const [email] = await doors.outboxOf(address);
      const found = LINK.exec(email?.text ?? "")?.[0];
      if (!found) throw new Error("no email has arrived yet");
      return found;
    }, PATIENCE);
    const reader = await browser.open(path);
    await expectNoViolations(reader);
    await reader.getByRole("button", { name: "Confirm" }).click();
    await reader.getByRole("heading", { name: "The address is confirmed" }).waitFor();
  }

  it("texts come from the sender that was changed; another that is added is not the default (10)", async () => {
    const page = await open("settings/text-senders");
    await page.getByRole("link", { name: "Change Northwold" }).click();
    await page.getByLabel("Text message sender").fill("first");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Add text message sender" }).click();
    await page.getByLabel("Text message sender").fill("second");
    await page.getByRole("button", { name: "Save" }).click();
    const items = await page.locator(".pp-places > li").allInnerTexts();
    expect(items).toHaveLength(2);
    expect(items[0]).toMatch(/^first \(default\)/);
    expect(items[1]).toMatch(/^second/);
    expect(items[1]).not.toContain("(default)");
    const copy = page.getByRole("button", { name: "Copy text message sender ID to clipboard" }).first();
    const [sender] = await doors.db.query<{ id: string }>`
      select t.id from text_senders t where t.sender = 'first' and t.archived_at is null`;
    expect(await copy.getAttribute("data-copy")).toBe(sender?.id);
  });

  it("a service is renamed and renamed back; the bar shows each name (11)", async () => {
    const page = await open("settings", { javaScript: false });
    for (const name of ["Northwold Library Service", "Northwold Libraries"]) {
      await page.getByRole("link", { name: "Change Service name" }).click();
      await page.getByLabel("Service name").fill(name);
      await page.getByRole("button", { name: "Save" }).click();
      expect(await page.locator(".govuk-service-navigation__service-name").innerText()).toBe(name);
    }
  });

  it("the address that emails come from is shown while its name is typed", async () => {
    const page = await open("settings/email-sender");
    await page.getByLabel("Name", { exact: true }).fill("Café & Books");
    await page.getByText(/^cafe\.books@/).waitFor();
    await expectNoViolations(page);
  });

  describe("in both themes", () => {
    let page: Page;
    beforeAll(async () => {
      page = await open("developers");
    });

    it.each(FILLED_PAGES)("%s is accessible, and fits a small screen", async (path) => {
      await page.goto(`${base()}/${path}`);
      await expectAccessible(page);
    });

    it("what is wrong with a form is said above it, where the focus is", async () => {
      await page.goto(`${base()}/developers/keys/new`);
      await page.getByRole("button", { name: "Create key" }).click();
      await expect.poll(() => page.evaluate("document.activeElement.className")).toContain("govuk-error-summary");
      await expectAccessible(page);
    });
  });
});
