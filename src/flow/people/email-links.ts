/** Links by email as a second factor: for half an hour, each used once, and by POST, so that a mailbox's scanner uses none up. */
import type { LinkPurpose } from "../../records/sign-in/account-link-store.ts";
import { findLink, insertLink, useLink } from "../../records/sign-in/account-link-store.ts";
import { listFactors } from "../../records/sign-in/factor-store.ts";
import { findUser } from "../../records/users/user-store.ts";
import { adminUrl, type People, type Where } from "./people.ts";
import { newToken, tokenHash } from "./secrets.ts";
import { type FactorAnswer, tryFactor } from "./sign-in.ts";
import { isWithinThrottle } from "./throttle.ts";

const SIGN_IN_LINK_VALID_MS = 30 * 60_000;

/** Emails a link (`/email-auth/<token>`) to who has given the password and signs in so. */
export async function sendSignInLink(people: People, userId: string, where: Where): Promise<void> {
  const user = await findUser(people.db, userId);
  const factors = await listFactors(people.db, userId);
  if (!user || !factors.includes("email-link")) return;
  if (!(await isWithinThrottle(people, "link-account", userId))) return;
  const token = await keepLink(people, { userId, purpose: "sign-in", validForMs: SIGN_IN_LINK_VALID_MS });
  await people.post.send({
    kind: "sign-in-link",
    to: user.emailAddress,
    values: { name: user.name, link: adminUrl(people, where, `/email-auth/${token}`) },
    validForMs: SIGN_IN_LINK_VALID_MS,
  });
}

/** Signs in whoever has the link, by POST. */
export async function finishWithLink(
  people: People,
  { token, ip }: { token: string; ip: string },
): Promise<FactorAnswer> {
  const link = await findLink(people.db, tokenHash(token), "sign-in");
  if (!link || link.usedAt || link.isOutdated) return { kind: "expired" };
  return tryFactor(people, { userId: link.userId, ip, by: "email-link" }, async (tx) =>
    (await useLink(tx, link.tokenHash, people.clock.now())) ? "right" : "expired",
  );
}

export interface NewLink {
  userId: string;
  purpose: LinkPurpose;
  validForMs: number;
  /** The new address that it is sent to. */
  emailAddress?: string;
}

/** Keeps a link, and resolves with its token. */
export async function keepLink(people: People, { validForMs, emailAddress, ...link }: NewLink): Promise<string> {
  const token = newToken();
  const createdAt = people.clock.now();
  const expiresAt = new Date(createdAt.getTime() + validForMs);
  await people.db.transaction((tx) =>
    insertLink(tx, { ...link, emailAddress, tokenHash: tokenHash(token), createdAt, expiresAt }),
  );
  return token;
}

export type LinkState = "live" | "expired" | "used" | "unknown";

/** For the page a link opens, which asks to go on: looks at the link and uses nothing up. */
export async function linkState(people: People, token: string, purpose: LinkPurpose): Promise<LinkState> {
  const link = await findLink(people.db, tokenHash(token), purpose);
  if (!link) return "unknown";
  if (link.usedAt || (link.isOutdated && purpose === "password")) return "used";
  return link.expiresAt <= people.clock.now() ? "expired" : "live";
}
