/**
 * An account from its making to its recovery, with codes and links read from the sandbox's phone and mailbox: registering, signing in with
 * each second factor, a forgotten password, lock-out, links that are over. By keyboard and without JavaScript where that can be.
 */
import { Secret, TOTP } from "otpauth";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setRegistrationRule } from "../../src/records/deployment/people-settings.ts";
import { expectAccessible, expectNoViolations, hasBrowser, signIn, tabTo } from "../support/browser.ts";
import { alertOf, fill, heading, pathOf, press } from "../support/hands.ts";
import { openStage, type Stage } from "../support/stage.ts";

const PASSWORD = "seven grey herons at dawn";
const NEW_PASSWORD = "eleven brown owls at dusk";

async function giveCode(page: Page, code: string, button = "Continue"): Promise<void> {
  await fill(page, { Code: code });
  await press(page, button);
}

interface Newcomer {
  page: Page;
  email: string;
  phone: string;
}

let newcomers = 0;
async function registerSomeone({ browser, post }: Stage, javaScript: boolean): Promise<Newcomer> {
  newcomers += 1;
  const email = `newcomer${newcomers}@libraries.example.gov.uk`;
  const phone = `44770090041${newcomers}`;
  const page = await browser.open("/sign-in", { javaScript });
  await page.getByRole("link", { name: "Create an account" }).click();
  await fill(page, { "Full name": "Nadia Newcomer" });
  await fill(page, { "Email address": email });
  await fill(page, { "Mobile number (optional)": `+${phone}` });
  await fill(page, { Password: PASSWORD });
  await press(page, "Continue");
  expect(await heading(page)).toBe("Check your inbox");
  await page.goto(await post.linkTo(email, "/verify-email"));
  await fill(page, { Password: PASSWORD });
  await press(page, "Confirm");
  expect(pathOf(page)).toBe("/account/second-factors/text/code");
  await giveCode(page, await post.codeTo(phone), "Confirm");
  return { page, email, phone };
}

describe.skipIf(!hasBrowser)("an account", () => {
  let stage: Stage;
  beforeAll(async () => {
    // Passkeys belong to a name: browsers make none for an IP address.
    stage = await openStage({ host: "localhost" });
    await stage.doors.db.transaction((tx) => setRegistrationRule(tx, { kind: "open" }));
  });
  afterAll(() => stage?.close());

  it.each([{ javaScript: true }, { javaScript: false }])(
    "is made, signed in to by text and by a link, and its password is chosen anew: $javaScript with JavaScript (1, 3, 4)",
    async ({ javaScript }) => {
      const { email, phone } = await registerSomeone(stage, javaScript);
      const page = await stage.browser.open("/account/second-factors", { javaScript });
      await signIn(page, { email, password: PASSWORD });
      expect(await heading(page)).toBe("Check your phone");
      await giveCode(page, await stage.post.codeTo(phone));
      await page.goto("/account/second-factors");
      await page.getByRole("link", { name: "Get links by email" }).click();
      await press(page, "Add it");

      const again = await stage.browser.open("/account/sessions", { javaScript });
      await fill(again, { "Email address": email });
      await fill(again, { Password: PASSWORD });
      await press(again, "Continue");
      await press(again, "Get a link by email");
      await again.getByRole("heading", { name: "Check your inbox" }).waitFor();
      const link = await stage.post.linkTo(email, "/email-auth");
      await again.goto(link);
      await press(again, "Sign in");
      expect(pathOf(again)).toBe("/account/sessions");
      await again.goto(link);
      expect(await heading(again)).toBe("This link no longer works");

      await page.goto("/sign-in");
      const lost = await stage.browser.open("/sign-in", { javaScript });
      await lost.getByRole("link", { name: "Forgotten your password?" }).click();
      await fill(lost, { "Email address": email });
      await press(lost, "Send the link");
      expect(await heading(lost)).toBe("Check your inbox");
      await lost.goto(await stage.post.linkTo(email, "/new-password"));
      expect(await lost.title()).toContain("Create a new password");
      await fill(lost, { "New password": NEW_PASSWORD });
      await press(lost, "Save");
      expect(await heading(lost)).toBe("Check your phone");
      await page.goto("/account");
      expect(pathOf(page)).toBe("/sign-in");
    },
  );

  it("is locked after ten wrong codes, a new password unlocks it, and a link works once (42, 43)", async () => {
    const { email, phone } = await registerSomeone(stage, false);
    const page = await stage.browser.open("/sign-in", { javaScript: false });
    await signIn(page, { email, password: PASSWORD });
    const code = await stage.post.codeTo(phone);
    const wrong = code === "00000" ? "11111" : "00000";
    for (let tries = 0; tries < 10; tries += 1) await giveCode(page, wrong);
    await giveCode(page, code);
    expect(await heading(page)).toBe("Your account is locked");
    await page.goto("/sign-in");
    await fill(page, { "Email address": email });
    await fill(page, { Password: PASSWORD });
    await press(page, "Continue");
    expect(await alertOf(page)).toContain("or the account is locked");
    await page.goto("/forgot-password");
    await fill(page, { "Email address": email });
    await press(page, "Send the link");
    const link = await stage.post.linkTo(email, "/new-password");
    await page.goto(link);
    await fill(page, { "New password": NEW_PASSWORD });
    await press(page, "Save");
    await giveCode(page, await stage.post.codeTo(phone));
    expect(pathOf(page)).toBe("/services");
    await page.goto(link);
    expect(await heading(page)).toBe("This link no longer works");
  });

  it("gets an app, recovery codes and a passkey, and signs in with each, by keyboard alone (51)", async () => {
    const { page, email } = await registerSomeone(stage, true);
    await page.goto("/account/second-factors/app");
    const secret = Secret.fromBase32((await page.locator("#secret").innerText()).replaceAll(" ", ""));
    await tabTo(page, "#code");
    await page.keyboard.type(new TOTP({ secret }).generate());
    await page.keyboard.press("Enter");
    await page.getByText("Your app is added").waitFor();
    await page.goto("/account/recovery-codes");
    await tabTo(page, "#button");
    await page.keyboard.press("Enter");
    await page.getByText("I have kept them").waitFor();
    // Enter is over before the page that it leads to is whole.
    await page.waitForLoadState("domcontentloaded");
    const codes = await page.locator(".pp-code").allInnerTexts();
    expect(codes).toHaveLength(10);
    await expectNoViolations(page);

    const authenticator = await page.context().newCDPSession(page);
    await authenticator.send("WebAuthn.enable");
    const options = {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
    } as const;
    await authenticator.send("WebAuthn.addVirtualAuthenticator", {
      options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
    });
    await page.goto("/account/passkeys/new");
    await tabTo(page, "#name");
    await page.keyboard.type("Work laptop");
    await page.keyboard.press("Enter");
    await page.getByText("Your passkey is added").waitFor();
    await page.getByText("Work laptop", { exact: true }).first().waitFor();

    await page.getByText("Account", { exact: true }).click();
    await press(page, "Sign out");
    await signIn(page, { email, password: PASSWORD });
    expect(await heading(page)).toBe("Use your passkey");
    await expectNoViolations(page);
    await tabTo(page, "#passkey");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/services");

    const noScript = await stage.browser.open("/sign-in", { javaScript: false });
    await signIn(noScript, { email, password: PASSWORD });
    expect(await noScript.getByRole("button", { name: "Use a passkey" }).isVisible()).toBe(false);
    await noScript.getByRole("link", { name: "Enter a recovery code" }).click();
    await fill(noScript, { "Recovery code": codes[0]?.toUpperCase() ?? "" });
    await noScript.keyboard.press("Enter");
    await noScript.waitForURL("**/services");
  });

  it("is accessible before it has a second step, with an error, and with links that are over; it fits a small screen", async () => {
    const page = await stage.browser.open("/sign-in");
    const check = async (path: string) => {
      await page.goto(path);
      await expectAccessible(page);
    };
    const token = "x".repeat(43);
    for (const path of [`/verify-email/${token}`, `/new-password/${token}`, `/email-auth/${token}`]) await check(path);
    await page.goto("/register");
    await press(page, "Continue");
    await expectAccessible(page);
    await signIn(page, stage.product.demo.admin);
    expect(await page.getByRole("link", { name: "Add a second step" }).isVisible()).toBe(true);
    await expectAccessible(page);
    for (const path of ["", "/sessions", "/second-factors", "/passkeys/new"]) await check(`/account${path}`);
  });
});
