/** With Chromium and its virtual authenticator, which keeps to the standard and was not written by us. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasBrowser, launchChromium } from "../../../test/support/browser.ts";
import { createPeopleWorld, HERE, PASSWORD, type PeopleWorld } from "../../../test/support/people.ts";
import type { User } from "../../records/users/user-store.ts";
import { accountFactors } from "./factors.ts";
import {
  addPasskey,
  beginPasskey,
  beginPasskeySignIn,
  changePasskeyName,
  finishWithPasskey,
  removePasskey,
} from "./passkeys.ts";
import { beginSignIn } from "./sign-in.ts";

const MINUTE_MS = 60_000;

let world: PeopleWorld;
let browser: Browser;
let server: Server;
let page: Page;
let origin: string;

const actorOf = (user: User) => ({ userId: user.id, ip: HERE.ip });

/** What a page's own script does: hands over the options, and hands back what the authenticator says. */
const createInBrowser = (options: PublicKeyCredentialCreationOptionsJSON): Promise<RegistrationResponseJSON> =>
  page.evaluate(`(async (options) => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return (await navigator.credentials.create({ publicKey })).toJSON();
  })(${JSON.stringify(options)})`);
const getInBrowser = (options: PublicKeyCredentialRequestOptionsJSON): Promise<AuthenticationResponseJSON> =>
  page.evaluate(`(async (options) => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    return (await navigator.credentials.get({ publicKey })).toJSON();
  })(${JSON.stringify(options)})`);

async function addOne(user: User, name = "My phone"): Promise<RegistrationResponseJSON> {
  const response = await createInBrowser(await beginPasskey(world.people, actorOf(user), { origin }));
  await addPasskey(world.people, actorOf(user), { name, response, origin });
  return response;
}

async function signInWith(user: User, change: Partial<Parameters<typeof finishWithPasskey>[1]> = {}) {
  const response = await getInBrowser(await beginPasskeySignIn(world.people, user.id, { origin }));
  return finishWithPasskey(world.people, { userId: user.id, response, ip: HERE.ip, origin, ...change });
}

describe.skipIf(!hasBrowser)("a passkey", () => {
  beforeAll(async () => {
    world = await createPeopleWorld();
    server = createServer((_, response) => {
      response.setHeader("content-type", "text/html");
      response.end("<!doctype html><title>A page</title>");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(origin);
  });
  afterAll(async () => {
    await browser.close();
    server.close();
    await world.close();
  });

  const plugIn = async () => {
    const session = await page.context().newCDPSession(page);
    await session.send("WebAuthn.enable");
    const options = {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
    } as const;
    const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
      options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
    });
    return () => session.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId });
  };

  it("signs in, counts its uses, is renamed and removed", async () => {
    const unplug = await plugIn();
    const user = await world.user();
    await addOne(user);
    expect(
      await beginSignIn(world.people, { emailAddress: user.emailAddress, password: PASSWORD, ip: HERE.ip }),
    ).toMatchObject({
      kind: "second-factor",
      factors: ["passkey"],
    });
    expect(await signInWith(user)).toEqual({ kind: "signed-in", userId: user.id });
    const [passkey] = (await accountFactors(world.people, user.id)).passkeys;
    expect(passkey).toMatchObject({ name: "My phone", lastUsedAt: expect.any(Date) });
    const id = passkey?.id ?? "";
    await changePasskeyName(world.people, actorOf(user), { id, name: "Old phone" });
    await expect(changePasskeyName(world.people, actorOf(user), { id, name: " " })).rejects.toThrow();
    const stranger = await world.user();
    await expect(removePasskey(world.people, actorOf(stranger), { id, password: PASSWORD })).rejects.toMatchObject({
      kind: "not-found",
    });
    expect((await accountFactors(world.people, user.id)).passkeys).toMatchObject([{ name: "Old phone" }]);
    await removePasskey(world.people, actorOf(user), { id, password: PASSWORD });
    expect((await accountFactors(world.people, user.id)).kinds).toEqual([]);
    await unplug();
  });

  it("of another user, of another page, or answering an old question, does not sign in", async () => {
    const unplug = await plugIn();
    const user = await world.user();
    await addOne(user);
    expect(await signInWith(user, { origin: "https://elsewhere.example" })).toEqual({ kind: "wrong" });
    const response = await getInBrowser(await beginPasskeySignIn(world.people, user.id, { origin }));
    const attempt = { userId: user.id, response, ip: HERE.ip, origin };
    expect(await finishWithPasskey(world.people, { ...attempt, userId: (await world.user()).id })).toEqual({
      kind: "wrong",
    });
    expect(await finishWithPasskey(world.people, attempt)).toMatchObject({ kind: "signed-in" });
    expect(await finishWithPasskey(world.people, attempt)).toEqual({ kind: "expired" });
    const late = await getInBrowser(await beginPasskeySignIn(world.people, user.id, { origin }));
    world.clock.advance(5 * MINUTE_MS + 1_000);
    expect(await finishWithPasskey(world.people, { ...attempt, response: late })).toEqual({ kind: "expired" });
    await unplug();
  });

  it("is taken once, and only as the answer to its question", async () => {
    const unplug = await plugIn();
    const user = await world.user();
    const response = await addOne(user);
    const again = addPasskey(world.people, actorOf(user), { name: "Again", response, origin });
    await expect(again).rejects.toMatchObject({ problems: [{ problem: "passkey-refused" }] });
    await beginPasskey(world.people, actorOf(user), { origin });
    const answeredOther = addPasskey(world.people, actorOf(user), { name: "Again", response, origin });
    await expect(answeredOther).rejects.toMatchObject({ problems: [{ problem: "passkey-refused" }] });
    await unplug();
  });
});
