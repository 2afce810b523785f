/**
 * What journeys in a browser stand on: the product as people run it, ways in beside its pages, what it writes to people, and a browser.
 * Where signing in is not what a journey tries, its people have signed in already.
 *
 *     let stage: Stage;
 *     beforeAll(async () => { stage = await openStage(); });
 *     afterAll(() => stage?.close());
 *     it("…", async () => { const page = await stage.administrator("/services"); … });
 */

import type { Page } from "playwright-core";
import { startSession } from "../../src/flow/people/sessions.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { newId } from "../../src/platform/ids.ts";
import { findUserByEmail, insertUser } from "../../src/records/users/user-store.ts";
import { type PageWish, startBrowser, type TestBrowser } from "./browser.ts";
import { startLeanProduct } from "./lean-product.ts";
import { openPost, type Post } from "./post.ts";
import type { Product } from "./product.ts";
import { type Doors, openDoors } from "./product-doors.ts";

export interface Stage {
  product: Product;
  doors: Doors;
  post: Post;
  browser: TestBrowser;
  /** A page of the demonstration's administrator. */
  administrator(path: string, wish?: PageWish): Promise<Page>;
  /** A page of somebody with an account. */
  signedIn(emailAddress: string, path: string, wish?: PageWish): Promise<Page>;
  /** Makes an account that nobody can sign in to; resolves with its id. */
  account(wish: AccountWish): Promise<string>;
  close(): Promise<void>;
}

export interface AccountWish {
  name: string;
  emailAddress: string;
  mobileNumber?: string;
}

/** `host` is for what browsers do for names alone. */
export async function openStage({ host = "127.0.0.1" } = {}): Promise<Stage> {
  const product = await startLeanProduct();
  const doors = await openDoors(product);
  const browser = await startBrowser(product.apiUrl.replace("127.0.0.1", host));
  const signedIn = async (emailAddress: string, path: string, wish: PageWish = {}) =>
    browser.open(path, { ...wish, session: await beginSession(doors, emailAddress) });
  return {
    ...{ product, doors, post: openPost(doors), browser, signedIn },
    administrator: (path, wish) => signedIn(product.demo.admin.email, path, wish),
    account: (wish) => makeAccount(doors, wish),
    close: async () => {
      await browser.close();
      await doors.close();
      await product.close();
    },
  };
}

async function beginSession({ db }: Doors, emailAddress: string): Promise<string> {
  const user = await findUserByEmail(db, emailAddress);
  if (!user) throw new Error("nobody has this address");
  const wish = { userId: user.id, stage: "signed-in", ipAddress: "127.0.0.1", userAgent: "browser" } as const;
  return startSession({ db, clock: systemClock }, wish);
}

async function makeAccount({ db }: Doors, { mobileNumber, ...wish }: AccountWish): Promise<string> {
  const user = { ...wish, id: newId(), mobileNumber, isPlatformAdmin: false, passwordHash: undefined };
  await db.transaction((tx) => insertUser(tx, user));
  return user.id;
}
