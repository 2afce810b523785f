/**
 * The admin web on a port of its own, and people who use it without a browser: for who may do what, and what forms do. How pages look
 * and feel is tested with `browser.ts`.
 *
 *     const admin = await startAdmin(world.app);
 *     const editor = await admin.person({ in: service, permissions: ["manage_templates"] });
 *     const page = await editor.get(`/services/${service.id}/templates`);
 *     const answer = await editor.post(`/services/${service.id}/templates`, { name: "Reminder" });
 */
import type { AddressInfo } from "node:net";
import Fastify from "fastify";
import { LETTER_GEOMETRY } from "../../src/core/letter/page-geometry.ts";
import type { App } from "../../src/flow/app.ts";
import { createLetterPreviews } from "../../src/flow/letters/preview-letter.ts";
import { startSession } from "../../src/flow/people/sessions.ts";
import { createOutbound } from "../../src/platform/http.ts";
import { newId } from "../../src/platform/ids.ts";
import { openLetterTypesetter } from "../../src/platform/pdf/letter-typesetter.ts";
import { openPdfInspector } from "../../src/platform/pdf/pdf-inspector.ts";
import { insertMember } from "../../src/records/services/member-store.ts";
import type { Service } from "../../src/records/services/service.ts";
import type { MemberPermission, SessionStage } from "../../src/records/sessions/session-store.ts";
import { insertUser } from "../../src/records/users/user-store.ts";
import { registerAdmin } from "../../src/servers/admin/register-admin.ts";
import { intakeOf } from "./api.ts";

export interface TestAdmin {
  url: string;
  /** Somebody new, who has signed in. */
  person(wish?: PersonWish): Promise<Person>;
  /** Somebody who has not. */
  stranger(): Person;
  close(): Promise<void>;
}

export interface PersonWish {
  name?: string;
  /** A member of it, with these permissions and no others. */
  in?: Service;
  permissions?: readonly MemberPermission[];
  isPlatformAdmin?: boolean;
  stage?: SessionStage;
}

export interface Person {
  userId: string;
  emailAddress: string;
  get(path: string, headers?: Record<string, string>): Promise<AdminAnswer>;
  /** Sends a form as the page would, with its token; a list is a field several times. */
  post(path: string, fields?: Record<string, string | readonly string[]>): Promise<AdminAnswer>;
  /** Sends a form with a file in it. */
  upload(path: string, file: FileWish, fields?: Record<string, string>): Promise<AdminAnswer>;
}

export interface FileWish {
  /** The field it is chosen in. */
  field: string;
  name: string;
  bytes: Uint8Array;
}

export interface AdminAnswer {
  status: number;
  /** Where it leads, for a redirect. */
  location: string | null;
  text: string;
  headers: Headers;
}

/** A page that everybody may open and that has a form. */
const ANY_FORM = "/privacy";

export async function startAdmin(app: App): Promise<TestAdmin> {
  const server = Fastify({ forceCloseConnections: true });
  const outbound = createOutbound({ allowedNetworks: app.callbackNetworks });
  const tools = { typesetter: openLetterTypesetter({ geometry: LETTER_GEOMETRY }), inspector: openPdfInspector() };
  const letters = createLetterPreviews(app, tools);
  registerAdmin(server, { app: intakeOf(app), outbound, letters });
  await server.listen({ host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  return {
    url,
    person: (wish = {}) => makePerson(app, url, wish),
    stranger: () => personAt(url, { userId: "", emailAddress: "", cookies: new Map() }),
    close: async () => {
      await server.close();
      await Promise.all([tools.typesetter.close(), tools.inspector.close()]);
      await outbound.close();
    },
  };
}

async function makePerson(app: App, url: string, wish: PersonWish): Promise<Person> {
  const userId = newId();
  const emailAddress = `${userId}@example.gov.uk`;
  const { name = "Amala Person", isPlatformAdmin = false, stage = "signed-in", permissions = [] } = wish;
  const user = { id: userId, name, emailAddress, isPlatformAdmin, mobileNumber: undefined, passwordHash: undefined };
  await app.db.transaction(async (tx) => {
    await insertUser(tx, user);
    if (wish.in) await insertMember(tx, { serviceId: wish.in.id, userId, permissions });
  });
  const token = await startSession(app, { userId, stage, ipAddress: "127.0.0.1", userAgent: "test" });
  return personAt(url, { userId, emailAddress, cookies: new Map([["pennypost-session", token]]) });
}

interface Known {
  userId: string;
  emailAddress: string;
  cookies: Map<string, string>;
}

function personAt(url: string, { userId, emailAddress, cookies }: Known): Person {
  const ask = async (path: string, init: RequestInit = {}): Promise<AdminAnswer> => {
    const headers = { ...(init.headers as Record<string, string>), cookie: cookieLine(cookies) };
    const response = await fetch(`${url}${path}`, { ...init, headers, redirect: "manual" });
    keepCookies(cookies, response.headers);
    const { status } = response;
    return {
      status,
      location: response.headers.get("location"),
      text: await response.text(),
      headers: response.headers,
    };
  };
  const held = { by: "", token: "" };
  /** Good for as long as its holder's cookies are what they were, however many forms it goes with. */
  const formToken = async () => {
    if (held.token !== "" && held.by === cookieLine(cookies)) return held.token;
    const { text } = await ask(ANY_FORM);
    held.token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? "";
    held.by = cookieLine(cookies);
    return held.token;
  };
  return {
    userId,
    emailAddress,
    get: (path, headers = {}) => ask(path, { headers }),
    upload: async (path, file, fields = {}) => {
      const body = new FormData();
      for (const [name, value] of Object.entries({ _csrf: await formToken(), ...fields })) body.set(name, value);
      body.set(file.field, new Blob([new Uint8Array(file.bytes)]), file.name);
      return ask(path, { method: "POST", body, headers: { origin: url } });
    },
    post: async (path, fields = {}) => {
      const token = await formToken();
      const pairs = Object.entries({ _csrf: token, ...fields }).flatMap(([name, value]) =>
        [value].flat().map((one): [string, string] => [name, one]),
      );
      return ask(path, { method: "POST", body: new URLSearchParams(pairs), headers: { origin: url } });
    },
  };
}

function cookieLine(cookies: Map<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
}

function keepCookies(cookies: Map<string, string>, headers: Headers): void {
  for (const line of headers.getSetCookie()) {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === "") cookies.delete(name);
    else cookies.set(name, value); // as it came, as browsers do
  }
}
