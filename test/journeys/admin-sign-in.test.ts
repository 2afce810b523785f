/** Signing in and out, as people do: with and without JavaScript, by keyboard alone, on a small screen. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

let product: Product;
beforeAll(async () => {
  product = await startLeanProduct();
});
afterAll(async () => {
  await product?.close();
});

describe.skipIf(!hasBrowser)("in a browser", () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser(product.apiUrl);
  });
  afterAll(async () => {
    await browser?.close();
  });

  it.each([
    { javaScript: true, name: "with JavaScript" },
    { javaScript: false, name: "without JavaScript" },
  ])("the demonstration's administrator signs in and out $name", async ({ javaScript }) => {
    const page = await browser.open("/", { javaScript });
    expect(new URL(page.url()).pathname).toBe("/sign-in");
    await signIn(page, product.demo.admin);
    expect(new URL(page.url()).pathname).toBe("/services");
    await page.getByRole("link", { name: "Northwold Libraries" }).click();
    expect(await page.title()).toContain("Northwold Libraries");
    await page.getByText("Account", { exact: true }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You have signed out").waitFor();
    await page.reload();
    expect(await page.getByText("You have signed out").count()).toBe(0);
    await page.goto(`/services/${product.demo.service_id}`);
    expect(new URL(page.url()).pathname).toBe("/sign-in");
  });

  it("goes on to the page that was asked for, by keyboard alone", async () => {
    const page = await browser.open(`/services/${product.demo.service_id}`);
    await tabTo(page, "#emailAddress");
    await page.keyboard.type(product.demo.admin.email);
    await tabTo(page, "#password");
    await page.keyboard.type(product.demo.admin.password);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/services/${product.demo.service_id}`);
    await tabTo(page, ".pp-menu:last-child summary");
    await page.keyboard.press("Enter");
    await tabTo(page, 'form[action="/sign-out"] button');
    await page.keyboard.press("Enter");
    await page.waitForURL("**/sign-in");
  });

  it.each([
    { javaScript: true, name: "with JavaScript" },
    { javaScript: false, name: "without JavaScript" },
  ])("a wrong password is told without saying what was wrong, $name", async ({ javaScript }) => {
    const page = await browser.open("/sign-in", { javaScript });
    for (const email of [product.demo.admin.email, "nobody@example.org"]) {
      await page.getByLabel("Email address").fill(email);
      await page.getByLabel("Password", { exact: true }).fill("not the password");
      await page.getByRole("button", { name: "Continue" }).click();
      const summary = page.getByRole("alert");
      expect(await summary.innerText()).toContain("The email address or password is not right");
      expect(await page.title()).toMatch(/^Error: /);
      expect(await page.getByLabel("Email address").inputValue()).toBe(email);
      expect(await page.getByLabel("Password", { exact: true }).inputValue()).toBe("");
    }
    if (javaScript) {
      await expect.poll(() => page.evaluate("document.activeElement.className")).toContain("govuk-error-summary");
      await expectNoViolations(page);
    }
  });

  it("every page is accessible in both themes, and fits a small screen", async () => {
    const page = await browser.open("/sign-in");
    const check = async (path: string) => {
      await page.goto(path);
      await expectAccessible(page);
    };
    for (const path of ["/sign-in", "/accessibility", "/privacy", "/security", "/nowhere"]) await check(path);
    await signIn(page, product.demo.admin);
    await check("/services");
    await check(`/services/${product.demo.service_id}`);
    await page.getByText("Account", { exact: true }).click();
    await expectAccessible(page);
  });

  it("a chosen theme stays, whatever the system's", async () => {
    const page = await browser.open("/sign-in", { theme: "light" });
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await ground();
    await page.getByText("Theme", { exact: true }).click();
    await page.getByRole("button", { name: "Dark" }).click();
    expect(await ground()).not.toBe(light);
    await page.goto("/privacy");
    expect(await ground()).not.toBe(light);
    await expectNoViolations(page);
  });

  it("a first visit loads less than 150 kB, with everything", async () => {
    const page = await browser.open("about:blank");
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    let bytes = 0;
    session.on("Network.loadingFinished", ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await page.goto("/sign-in", { waitUntil: "networkidle" });
    console.log(`first load of the admin: ${(bytes / 1_000).toFixed(0)} kB transferred`);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(150_000);
  });
});

describe("a form", () => {
  async function post(headers: Record<string, string>, fields: Record<string, string>): Promise<Response> {
    const body = new URLSearchParams({
      ...fields,
      emailAddress: product.demo.admin.email,
      password: product.demo.admin.password,
    });
    return fetch(`${product.apiUrl}/sign-in`, { method: "POST", headers, body, redirect: "manual" });
  }

  async function openForm(): Promise<{ cookie: string; token: string }> {
    const response = await fetch(`${product.apiUrl}/sign-in`);
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    const token = /name="_csrf" value="([^"]+)"/.exec(await response.text())?.[1] ?? "";
    return { cookie, token };
  }

  it("is refused without its token, with another's token, and from another site", async () => {
    const mine = await openForm();
    const other = await openForm();
    const refused = [
      await post({}, {}),
      await post({ cookie: mine.cookie }, {}),
      await post({ cookie: mine.cookie }, { _csrf: other.token }),
      await post({ cookie: mine.cookie, origin: "https://elsewhere.example" }, { _csrf: mine.token }),
      await post({ cookie: mine.cookie, "sec-fetch-site": "cross-site" }, { _csrf: mine.token }),
    ];
    for (const response of refused) {
      expect([response.status, response.headers.getSetCookie().join()]).toEqual([
        403,
        expect.not.stringContaining("session"),
      ]);
    }
    expect((await post({ cookie: mine.cookie }, { _csrf: mine.token })).status).toBe(303);
  });

  it("with its token begins a session in a cookie that scripts cannot read", async () => {
    const { cookie, token } = await openForm();
    const response = await post({ cookie, origin: product.apiUrl }, { _csrf: token });
    const session = response.headers.getSetCookie().find((line) => line.startsWith("pennypost-session="));
    expect(session).toMatch(/; HttpOnly/);
    expect(session).toMatch(/; SameSite=Lax/);
    expect(response.headers.get("location")).toBe("/services");
  });

  it("leads nowhere but to this host", async () => {
    const { cookie, token } = await openForm();
    const response = await post({ cookie }, { _csrf: token, next: "//elsewhere.example/" });
    expect(response.headers.get("location")).toBe("/services");
  });
});

describe("every page", () => {
  it("comes with a policy that lets nothing in but what is ours", async () => {
    const { headers } = await fetch(`${product.apiUrl}/sign-in`);
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'self';base-uri 'none';object-src 'none';frame-ancestors 'none';form-action 'self'",
    );
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("of the API's stays the API's", async () => {
    const answers = await Promise.all(
      ["/v2/nowhere", "/_status/nowhere", "/notifications/nowhere"].map((path) => fetch(`${product.apiUrl}${path}`)),
    );
    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ result: "error" });
    }
  });
});
