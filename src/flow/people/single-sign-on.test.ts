/** Against `oidc-provider`, a certified OpenID provider, over real HTTP. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpenIdPeer, startOpenIdProvider } from "../../../test/peers/openid-provider.ts";
import { createPeopleWorld, HERE, type PeopleWorld } from "../../../test/support/people.ts";
import { findUser } from "../../records/users/user-store.ts";
import { changeSingleSignOn } from "./platform.ts";
import { beginSingleSignOn, finishSingleSignOn, isSingleSignOnSetUp, SINGLE_SIGN_ON_PATH } from "./single-sign-on.ts";

const CLIENT = { id: "pennypost", secret: "a secret that only the two of them know" };
const REDIRECT = `${HERE.origin}${SINGLE_SIGN_ON_PATH}`;
const ALLOWED = ["council.example"];

let world: PeopleWorld;
let peer: OpenIdPeer;
const admin = { userId: "00000000-0000-4000-8000-000000000000", ip: HERE.ip };

beforeAll(async () => {
  world = await createPeopleWorld();
  peer = await startOpenIdProvider({ ...CLIENT, redirectUrl: REDIRECT });
  await setUp();
});
afterAll(async () => {
  peer.close();
  await world.close();
});

const setUp = (change = {}) =>
  changeSingleSignOn(world.people, admin, {
    issuer: peer.issuer,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    allowedDomains: ALLOWED,
    ...change,
  });

async function come(login: string) {
  const { url, memory } = await beginSingleSignOn(world.people, HERE);
  const back = await peer.signIn(url, login);
  return finishSingleSignOn(world.people, { query: back.search, memory }, HERE);
}

describe("single sign-on", () => {
  it("lets in who is new, makes their account, and knows them again by subject", async () => {
    peer.accounts.set("ada", { email: "ada@council.example", email_verified: true, name: "Ada Lovelace" });
    expect(await isSingleSignOnSetUp(world.people)).toBe(true);
    const first = await come("ada");
    if (first.kind !== "signed-in") throw new Error(first.kind);
    expect(await findUser(world.people.db, first.userId)).toMatchObject({
      name: "Ada Lovelace",
      emailAddress: "ada@council.example",
      passwordHash: undefined,
      isPlatformAdmin: false,
    });
    peer.accounts.set("ada", { email: "ada.king@council.example", email_verified: true, name: "Ada King" });
    expect(await come("ada")).toEqual(first);
  });

  it("takes who has an account under the same verified address for its owner", async () => {
    const user = await world.user({ emailAddress: "grace@council.example" });
    peer.accounts.set("grace", { email: "Grace@Council.example", email_verified: true, name: "Grace" });
    expect(await come("grace")).toEqual({ kind: "signed-in", userId: user.id });
  });

  it.each([
    ["an address that is not verified", { email: "eve@council.example", email_verified: false, name: "Eve" }],
    ["an address of another domain", { email: "eve@elsewhere.example", email_verified: true, name: "Eve" }],
  ])("keeps out %s", async (_, account) => {
    peer.accounts.set("eve", account);
    expect(await come("eve")).toEqual({ kind: "not-allowed" });
  });

  it("is finished only by the browser that began it, in time, and once", async () => {
    peer.accounts.set("ida", { email: "ida@council.example", email_verified: true, name: "Ida" });
    const mine = await beginSingleSignOn(world.people, HERE);
    const other = await beginSingleSignOn(world.people, HERE);
    const back = await peer.signIn(mine.url, "ida");
    const finish = (memory: string, query = back.search) => finishSingleSignOn(world.people, { query, memory }, HERE);
    expect(await finish(other.memory)).toEqual({ kind: "failed" });
    expect(await finish("made up")).toEqual({ kind: "failed" });
    expect(await finish(mine.memory, "?error=access_denied")).toEqual({ kind: "failed" });
    expect(await finish(mine.memory)).toMatchObject({ kind: "signed-in" });
    expect(await finish(mine.memory)).toEqual({ kind: "failed" });
  });

  it("keeps the client's secret sealed, and out of the audit log", async () => {
    const [row] = await world.people.db.query<{ settings: string; log: string }>`
      select d.settings::text as settings, (select string_agg(a::text, ' ') from audit_log a) as log from deployment d`;
    expect(row?.settings).toContain(CLIENT.id);
    expect(`${row?.settings} ${row?.log}`).not.toContain(CLIENT.secret);
  });

  it("says that the provider does not answer", async () => {
    await setUp({ issuer: "http://127.0.0.1:9" });
    await expect(beginSingleSignOn(world.people, HERE)).rejects.toMatchObject({ kind: "unavailable" });
    await changeSingleSignOn(world.people, admin, undefined);
    await expect(beginSingleSignOn(world.people, HERE)).rejects.toMatchObject({ kind: "not-found" });
  });
});
