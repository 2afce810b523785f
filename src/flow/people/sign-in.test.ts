import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPeopleWorld, HERE, PASSWORD, type PeopleWorld } from "../../../test/support/people.ts";
import { findSession } from "../../records/sessions/session-store.ts";
import { FAILED_SIGN_INS_MAX } from "../../records/users/account-store.ts";
import { hashPassword } from "../../records/users/password.ts";
import { updateUser } from "../../records/users/user-store.ts";
import { beginApp, confirmApp, finishWithApp, showAppAgain } from "./authenticator-app.ts";
import { finishWithLink, linkState, sendSignInLink } from "./email-links.ts";
import { accountFactors, addEmailLinkFactor, beginTextFactor, confirmTextFactor, removeFactor } from "./factors.ts";
import { askForNewPassword, setForgottenPassword } from "./forgotten-password.ts";
import { finishWithRecoveryCode, makeRecoveryCodes } from "./recovery-codes.ts";
import { startSession } from "./sessions.ts";
import { beginSignIn } from "./sign-in.ts";
import { finishWithCode, sendSignInCode } from "./text-codes.ts";

const MINUTE_MS = 60_000;
/** How long an app shows a code (RFC 6238, 5.2). */
const STEP_MS = 30_000;
const NEW_PASSWORD = "eleven brown owls at dusk";
let world: PeopleWorld;
let ips = 0;
beforeAll(async () => {
  world = await createPeopleWorld();
});
afterAll(() => world.close());

const ip = () => {
  ips += 1;
  return `203.0.113.${ips % 250}`;
};
const tryPassword = (emailAddress: string, password = PASSWORD) =>
  beginSignIn(world.people, { emailAddress, password, ip: ip() });

async function userWithText(mobileNumber: string) {
  const user = await world.user({ mobileNumber });
  const actor = { userId: user.id, ip: ip() };
  await beginTextFactor(world.people, actor);
  await confirmTextFactor(world.people, actor, await world.codeTo(mobileNumber));
  return { user, actor };
}

const codeOf = (secret: string, at = world.clock.now()) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() });

async function userWithApp() {
  const user = await world.user();
  const actor = { userId: user.id, ip: ip() };
  const app = await beginApp(world.people, actor);
  const code = codeOf(app.secret);
  await confirmApp(world.people, actor, { sealedSecret: app.sealedSecret, code });
  return { user, actor, app, used: code };
}

describe("the password", () => {
  it("alone signs in who has no second factor, whatever the case of the address", async () => {
    const user = await world.user();
    expect(await tryPassword(user.emailAddress.toUpperCase())).toEqual({ kind: "signed-in", userId: user.id });
    expect(await world.actions()).toContain("sign-in.succeeded");
  });

  it("that is wrong, of nobody, or of an account without one, gets the same answer", async () => {
    const user = await world.user();
    const without = await world.user();
    await world.people.db.query`update users set password_hash = null where id = ${without.id}`;
    const answers = [
      await tryPassword(user.emailAddress, "wrong"),
      await tryPassword("nobody@example.org"),
      await tryPassword(without.emailAddress),
    ];
    expect(answers).toEqual([{ kind: "refused" }, { kind: "refused" }, { kind: "refused" }]);
  });

  it("takes about as long to refuse for an unknown address as for a known one", async () => {
    const user = await world.user();
    const msFor = async (address: string) => {
      const startedAt = performance.now();
      await tryPassword(address, "wrong");
      return performance.now() - startedAt;
    };
    await tryPassword("warm-up@example.org");
    // In turn, so that whatever else the machine does befalls both.
    const shares: number[] = [];
    for (let i = 0; i < 7; i++) {
      const known = await msFor(user.emailAddress);
      shares.push((await msFor("unknown@example.org")) / known);
    }
    expect(shares.toSorted((a, b) => a - b)[3]).toBeGreaterThan(1 / 4); // Without the decoy it is a hundredth.
  });

  it("locks after ten failures, also the right one, until it is set anew", async () => {
    const user = await world.user();
    for (let i = 0; i < FAILED_SIGN_INS_MAX; i++) await tryPassword(user.emailAddress, `wrong ${i}`);
    expect(await tryPassword(user.emailAddress)).toEqual({ kind: "refused" });
    await askForNewPassword(world.people, user.emailAddress, { ...HERE, ip: ip() });
    const token = await world.tokenTo(user.emailAddress);
    const answer = await setForgottenPassword(world.people, { token, password: NEW_PASSWORD }, HERE);
    expect(answer).toEqual({ kind: "changed", userId: user.id });
    expect(await tryPassword(user.emailAddress)).toEqual({ kind: "refused" });
    expect(await tryPassword(user.emailAddress, NEW_PASSWORD)).toMatchObject({ kind: "signed-in" });
  });

  it("set anew by the command line lets a locked-out operator in, and ends links sent before", async () => {
    const user = await world.user();
    await askForNewPassword(world.people, user.emailAddress, { ...HERE, ip: ip() });
    const token = await world.tokenTo(user.emailAddress);
    for (let i = 0; i < FAILED_SIGN_INS_MAX; i++) await tryPassword(user.emailAddress, `wrong ${i}`);
    const passwordHash = await hashPassword(NEW_PASSWORD);
    await world.people.db.transaction((tx) => updateUser(tx, { ...user, passwordHash }));
    expect(await tryPassword(user.emailAddress, NEW_PASSWORD)).toMatchObject({ kind: "signed-in" });
    await world.people.db.query`update users set password_changed_at = ${world.clock.now()} where id = ${user.id}`;
    expect(await linkState(world.people, token, "password")).toBe("used");
  });

  it.each(["", "no address", "a\0b@example.org", `${"a".repeat(5_000)}@example.org`])(
    "of %j is refused as any",
    async (address) => {
      expect(await tryPassword(address)).toEqual({ kind: "refused" });
    },
  );

  it("tried many times at once is judged no more than ten times", async () => {
    const user = await world.user();
    const tries = Array.from({ length: 16 }, (_, i) => tryPassword(user.emailAddress, `wrong ${i}`));
    await Promise.all(tries);
    const [row] = await world.people.db.query<{ failedSignIns: number }>`
      select u.failed_sign_ins from users u where u.id = ${user.id}`;
    expect(row?.failedSignIns).toBe(FAILED_SIGN_INS_MAX);
    expect(await tryPassword(user.emailAddress)).toEqual({ kind: "refused" });
  });

  it("is slowed down for an account, and for an address of the network", async () => {
    const address = "tried-often@example.org";
    for (let i = 0; i < 30; i++) await tryPassword(address);
    await expect(tryPassword(address)).rejects.toMatchObject({ kind: "rate-limited" });
    world.clock.advance(15 * MINUTE_MS + 1_000);
    expect(await tryPassword(address)).toEqual({ kind: "refused" });
  });
});

describe("a code by text", () => {
  it("finishes signing in, once", async () => {
    const { user } = await userWithText("07700 900301");
    expect(await tryPassword(user.emailAddress)).toEqual({ kind: "second-factor", userId: user.id, factors: ["text"] });
    await sendSignInCode(world.people, user.id);
    const [message] = await world.mailTo("07700 900301");
    expect(message).toMatchObject({ template: "Code to sign in", lane: 0 });
    const code = await world.codeTo("07700 900301");
    const answer = { kind: "signed-in", userId: user.id };
    expect(await finishWithCode(world.people, { userId: user.id, code: ` ${code} `, ip: ip() })).toEqual(answer);
    expect(await finishWithCode(world.people, { userId: user.id, code, ip: ip() })).toEqual({ kind: "wrong" });
  });

  it("is over after half an hour, which counts as no failure", async () => {
    const { user } = await userWithText("07700 900302");
    await sendSignInCode(world.people, user.id);
    const code = await world.codeTo("07700 900302");
    world.clock.advance(30 * MINUTE_MS + 1_000);
    const tried = { userId: user.id, code, ip: ip() };
    for (let i = 0; i < FAILED_SIGN_INS_MAX + 1; i++)
      expect(await finishWithCode(world.people, tried)).toEqual({ kind: "expired" });
  });

  it("is one of five at most: who asks for more gets none", async () => {
    const { user } = await userWithText("07700 900303");
    await Promise.all(Array.from({ length: 8 }, () => sendSignInCode(world.people, user.id)));
    const sent = (await world.mailTo("07700 900303")).filter(({ template }) => template === "Code to sign in");
    expect(sent).toHaveLength(5);
  });

  it("that is another user's, or nobody's, is wrong, and ten of them lock the account", async () => {
    const [{ user }, other] = [await userWithText("07700 900304"), await userWithText("07700 900305")];
    await sendSignInCode(world.people, other.user.id);
    const code = await world.codeTo("07700 900305");
    for (let i = 0; i < FAILED_SIGN_INS_MAX; i++)
      expect(await finishWithCode(world.people, { userId: user.id, code, ip: ip() })).toEqual({ kind: "wrong" });
    await sendSignInCode(world.people, user.id);
    const right = await world.codeTo("07700 900304");
    expect(await finishWithCode(world.people, { userId: user.id, code: right, ip: ip() })).toEqual({ kind: "locked" });
  });

  it("cannot be guessed on by giving the right password in between", async () => {
    const { user } = await userWithText("07700 900306");
    for (let i = 0; i < FAILED_SIGN_INS_MAX; i++) {
      await tryPassword(user.emailAddress);
      await finishWithCode(world.people, { userId: user.id, code: "no code", ip: ip() });
    }
    expect(await tryPassword(user.emailAddress)).toEqual({ kind: "refused" });
  });

  it("is kept as a hash that the database alone cannot tell", async () => {
    const { user } = await userWithText("07700 900307");
    await sendSignInCode(world.people, user.id);
    const code = await world.codeTo("07700 900307");
    const rows = await world.people.db.query<{ text: string }>`select c::text as text from one_time_codes c`;
    expect(rows.some(({ text }) => text.includes(code))).toBe(false);
  });
});

describe("a link by email", () => {
  it("finishes signing in once, and is not used up by being looked at", async () => {
    const user = await world.user();
    await addEmailLinkFactor(world.people, { userId: user.id, ip: ip() });
    expect(await tryPassword(user.emailAddress)).toMatchObject({ factors: ["email-link"] });
    await sendSignInLink(world.people, user.id, HERE);
    const token = await world.tokenTo(user.emailAddress);
    expect(await linkState(world.people, token, "sign-in")).toBe("live");
    expect(await linkState(world.people, token, "password")).toBe("unknown");
    expect(await finishWithLink(world.people, { token, ip: ip() })).toEqual({ kind: "signed-in", userId: user.id });
    expect(await linkState(world.people, token, "sign-in")).toBe("used");
    expect(await finishWithLink(world.people, { token, ip: ip() })).toEqual({ kind: "expired" });
  });

  it("is over after half an hour", async () => {
    const user = await world.user();
    await addEmailLinkFactor(world.people, { userId: user.id, ip: ip() });
    await sendSignInLink(world.people, user.id, HERE);
    const token = await world.tokenTo(user.emailAddress);
    world.clock.advance(30 * MINUTE_MS + 1_000);
    expect(await linkState(world.people, token, "sign-in")).toBe("expired");
    expect(await finishWithLink(world.people, { token, ip: ip() })).toEqual({ kind: "expired" });
  });

  it("is not sent to who does not sign in so", async () => {
    const user = await world.user();
    await sendSignInLink(world.people, user.id, HERE);
    expect(await world.mailTo(user.emailAddress)).toEqual([]);
  });
});

describe("an authenticator app", () => {
  it("signs in with each of its codes once", async () => {
    const { user, actor, app, used } = await userWithApp();
    expect(app.qrCode).toMatch(/^<svg /);
    const again = await showAppAgain(world.people, actor, app.sealedSecret);
    expect([again.secret, again.qrCode]).toEqual([app.secret, app.qrCode]);
    expect(await tryPassword(user.emailAddress)).toMatchObject({ kind: "second-factor", factors: ["app"] });
    expect(await finishWithApp(world.people, { userId: user.id, code: used, ip: ip() })).toEqual({ kind: "wrong" });
    world.clock.advance(STEP_MS);
    const code = codeOf(app.secret);
    const answers = await Promise.all(
      [1, 2].map(() => finishWithApp(world.people, { userId: user.id, code, ip: ip() })),
    );
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(["signed-in", "wrong"]);
  });

  it("may be a step early or late, and no more", async () => {
    const { user, app } = await userWithApp();
    world.clock.advance(5 * MINUTE_MS);
    world.clock.advance(STEP_MS - (world.clock.now().getTime() % STEP_MS)); // A step lasts until all are tried.
    const stepsAway = (steps: number) => codeOf(app.secret, new Date(world.clock.now().getTime() + steps * STEP_MS));
    const answers = [];
    for (const steps of [-2, 2, -1, 1]) {
      answers.push((await finishWithApp(world.people, { userId: user.id, code: stepsAway(steps), ip: ip() })).kind);
    }
    expect(answers).toEqual(["wrong", "wrong", "signed-in", "signed-in"]);
  });

  it("is kept only when it has shown a right code, and its secret is sealed", async () => {
    const user = await world.user();
    const actor = { userId: user.id, ip: ip() };
    const app = await beginApp(world.people, actor);
    const wrong = { sealedSecret: app.sealedSecret, code: "000000" };
    await expect(confirmApp(world.people, actor, wrong)).rejects.toMatchObject({
      problems: [{ problem: "code-wrong" }],
    });
    expect((await accountFactors(world.people, user.id)).kinds).toEqual([]);
    const other = await world.user();
    const stolen = { sealedSecret: app.sealedSecret, code: codeOf(app.secret) };
    await expect(confirmApp(world.people, { userId: other.id, ip: ip() }, stolen)).rejects.toMatchObject({
      problems: [{ problem: "app-unknown" }],
    });
  });

  it("is removed with the password only", async () => {
    const { user, actor } = await userWithApp();
    await expect(removeFactor(world.people, actor, { kind: "app", password: "wrong" })).rejects.toThrow();
    await removeFactor(world.people, actor, { kind: "app", password: PASSWORD });
    expect(await tryPassword(user.emailAddress)).toMatchObject({ kind: "signed-in" });
  });
});

describe("recovery codes", () => {
  it("are ten, each signs in once, and new ones end the old", async () => {
    const { user, actor } = await userWithApp();
    const codes = await makeRecoveryCodes(world.people, actor);
    expect(new Set(codes).size).toBe(10);
    expect(await tryPassword(user.emailAddress)).toMatchObject({ factors: ["app", "recovery-code"] });
    const [first = "", second = ""] = codes;
    const shouted = first.toUpperCase().replace("-", " ");
    const finish = (code: string) => finishWithRecoveryCode(world.people, { userId: user.id, code, ip: ip() });
    expect(await finish(shouted)).toMatchObject({ kind: "signed-in" });
    expect(await finish(first)).toEqual({ kind: "wrong" });
    expect((await accountFactors(world.people, user.id)).recoveryCodesLeft).toBe(9);
    await makeRecoveryCodes(world.people, actor);
    expect(await finish(second)).toEqual({ kind: "wrong" });
  });
});

describe("a forgotten password", () => {
  it("is answered alike for everybody, and mailed to who has an account", async () => {
    const user = await world.user();
    const answers = [
      await askForNewPassword(world.people, user.emailAddress, { ...HERE, ip: ip() }),
      await askForNewPassword(world.people, "nobody-here@example.org", { ...HERE, ip: ip() }),
    ];
    expect(answers).toEqual([undefined, undefined]);
    expect(await world.mailTo(user.emailAddress)).toHaveLength(1);
    expect(await world.mailTo("nobody-here@example.org")).toEqual([]);
  });

  it("ends every session, and the link counts neither twice, nor late, nor after another change", async () => {
    const user = await world.user();
    const ask = async () => {
      await askForNewPassword(world.people, user.emailAddress, { ...HERE, ip: ip() });
      return world.tokenTo(user.emailAddress);
    };
    const session = await startSession(world.app, {
      userId: user.id,
      stage: "signed-in",
      ipAddress: ip(),
      userAgent: "",
    });
    const [first, second] = [await ask(), await ask()];
    const set = (token: string, password: string) => setForgottenPassword(world.people, { token, password }, HERE);
    await expect(set(first, "password1")).rejects.toMatchObject({ problems: [{ problem: "password-common" }] });
    expect(await set(first, NEW_PASSWORD)).toMatchObject({ kind: "changed" });
    expect(await findSession(world.people.db, session, world.clock.now())).toBeUndefined();
    expect(await set(first, PASSWORD)).toEqual({ kind: "used" });
    expect(await set(second, PASSWORD)).toEqual({ kind: "used" });
    const late = await ask();
    world.clock.advance(60 * MINUTE_MS + 1_000);
    expect(await set(late, PASSWORD)).toEqual({ kind: "expired" });
  });
});
