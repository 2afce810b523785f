import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PATIENCE } from "../../../test/support/patience.ts";
import { createOutbound } from "../../platform/http.ts";
import type { Outcome, ProviderEvents, TextMessage } from "../provider.ts";
import { type HttpProviderOptions, httpProvider } from "./http-provider.ts";
import { HTTP_PRESETS } from "./presets.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const ID = "0198c6f3-8f3b-7c62-9c53-6f5d0a9e6f10";
const MESSAGE: TextMessage = {
  notificationId: ID,
  to: "447700900001",
  from: "GOVUK",
  text: 'Dear "Zoë" & co: 100% {apiKey}\n£5 + £6 \u{1F600}',
  encoding: "ucs2",
};

interface Seen {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe("MMG", () => {
  const settings = (url: string) => ({ url, apiKey: "dXNlcjpwYXNz" });

  it("gets a JSON request and reports with our own id", async () => {
    const { url, seen } = await supplier(() => [200, '{"Reference":"abc"}']);
    const provider = newProvider({ name: "mmg", supplier: HTTP_PRESETS.mmg, settings: settings(url) });
    expect(await provider.send(MESSAGE)).toEqual({ kind: "accepted", references: [ID] });
    expect(seen[0]).toMatchObject({
      method: "POST",
      headers: { authorization: "Basic dXNlcjpwYXNz", "content-type": "application/json" },
    });
    expect(JSON.parse(seen[0]?.body ?? "")).toEqual({
      reqType: "BULK",
      MSISDN: "447700900001",
      msg: MESSAGE.text,
      sender: "GOVUK",
      cid: ID,
      multi: true,
    });
  });

  it("is told where to report when that is set", async () => {
    const { url, seen } = await supplier(() => [200, "{}"]);
    const receiptUrl = "https://texts.example/notifications/sms/mmg";
    await newProvider({ name: "mmg", supplier: HTTP_PRESETS.mmg, settings: { ...settings(url), receiptUrl } }).send(
      MESSAGE,
    );
    expect(JSON.parse(seen[0]?.body ?? "")).toMatchObject({ delurl: receiptUrl });
  });

  it.each([400, 401, 500, 503])("that answers %i is to be tried again", async (status) => {
    const { url } = await supplier(() => [status, '{"Error":"206","Description":"Number +447700900001 is wrong"}']);
    const outcome = await newProvider({ name: "mmg", supplier: HTTP_PRESETS.mmg, settings: settings(url) }).send(
      MESSAGE,
    );
    expect(outcome).toEqual({ kind: "unavailable", reason: `HTTP status ${status}` });
  });
});

describe("Firetext", () => {
  const send = async (status: number, body: string) => {
    const { url, seen } = await supplier(() => [status, body]);
    const provider = newProvider({
      name: "firetext",
      supplier: HTTP_PRESETS.firetext,
      settings: { url, apiKey: "k&y" },
    });
    return { outcome: await provider.send(MESSAGE), request: seen[0] };
  };

  it("gets a form", async () => {
    const { outcome, request } = await send(200, '{"code":0,"description":"SMS successfully queued"}');
    expect(outcome).toEqual({ kind: "accepted", references: [ID] });
    expect(request?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      apiKey: "k&y",
      from: "GOVUK",
      to: "447700900001",
      message: MESSAGE.text,
      reference: ID,
    });
  });

  it.each([
    [200, '{"code":1}', { kind: "unavailable", reason: "HTTP status 200, code 1", code: "1" }],
    [200, '{"code":"0 but +447700900001"}', { kind: "unavailable", reason: "HTTP status 200" }],
    [200, "<html>", { kind: "unavailable", reason: "HTTP status 200" }],
    [500, '{"code":0}', { kind: "unavailable", reason: "HTTP status 500, code 0", code: "0" }],
  ])("that answers %i %s is to be tried again", async (status, body, expected) => {
    expect((await send(status, body)).outcome).toEqual(expected);
  });
});

describe("Messente", () => {
  const send = async (answer: Reply, message: TextMessage = MESSAGE) => {
    const { url, seen } = await supplier(() => answer);
    const settings = { url, username: "user", password: "p:ss" };
    const provider = newProvider({ name: "messente", supplier: HTTP_PRESETS.messente, settings });
    return { outcome: await provider.send(message), request: seen[0] };
  };
  const CREATED =
    '{"messages":[{"channel":"sms","message_id":"fr593ce7","sender":"GOVUK"}],"omnimessage_id":"632c6f3d","to":"+447700900001"}';

  it("gets an omnimessage and gives its id of the message", async () => {
    const validUntil = new Date(NOW.getTime() + 90 * 60 * 1_000);
    const { outcome, request } = await send([201, CREATED], { ...MESSAGE, from: "447700900999", validUntil });
    expect(outcome).toEqual({ kind: "accepted", references: ["fr593ce7"] });
    expect(request?.headers["authorization"]).toBe(`Basic ${Buffer.from("user:p:ss").toString("base64")}`);
    expect(JSON.parse(request?.body ?? "")).toEqual({
      to: "+447700900001",
      messages: [{ channel: "sms", sender: "+447700900999", text: MESSAGE.text, validity: 90, autoconvert: "off" }],
    });
  });

  it.each<[Reply, Outcome]>([
    [
      [400, '{"errors":[{"code":"105","detail":"+447700900001 is invalid","source":"to","title":"Invalid data"}]}'],
      { kind: "refused", reason: "HTTP status 400, code 105", code: "105" },
    ],
    [
      [401, '{"errors":[{"code":"103","title":"Unauthorized"}]}'],
      { kind: "unavailable", reason: "HTTP status 401, code 103", code: "103" },
    ],
    [[429, "", { "retry-after": "7" }], { kind: "unavailable", reason: "HTTP status 429", retryAfterMs: 7_000 }],
    [
      [503, "", { "retry-after": "99999999" }],
      { kind: "unavailable", reason: "HTTP status 503", retryAfterMs: 3_600_000 },
    ],
    [[503, "", { "retry-after": "soon" }], { kind: "unavailable", reason: "HTTP status 503" }],
    [[302, "", { location: "/" }], { kind: "unavailable", reason: "HTTP status 302" }],
  ])("that answers %j leads to %j", async (answer, expected) => {
    expect((await send(answer)).outcome).toEqual(expected);
  });
});

describe("Twilio", () => {
  const send = async (answer: Reply, message: TextMessage = MESSAGE) => {
    const { url, seen } = await supplier(() => answer);
    const settings = { url, accountSid: "AC/1", authToken: "token", receiptUrl: "https://texts.example/twilio?x=1" };
    const provider = newProvider({ name: "twilio", supplier: HTTP_PRESETS.twilio, settings });
    return { outcome: await provider.send(message), request: seen[0] };
  };

  it("gets a form at the account's address and gives its id of the message", async () => {
    const validUntil = new Date(NOW.getTime() + 72 * 3_600 * 1_000);
    const { outcome, request } = await send([201, '{"sid":"SM123","status":"queued"}'], { ...MESSAGE, validUntil });
    expect(outcome).toEqual({ kind: "accepted", references: ["SM123"] });
    expect(request?.path).toBe("/2010-04-01/Accounts/AC%2F1/Messages.json");
    expect(request?.headers["authorization"]).toBe(`Basic ${Buffer.from("AC/1:token").toString("base64")}`);
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      To: "+447700900001",
      From: "GOVUK",
      Body: MESSAGE.text,
      StatusCallback: "https://texts.example/twilio?x=1",
      ValidityPeriod: "36000",
    });
  });

  it.each<[Reply, Outcome]>([
    [
      [400, '{"code":21211,"message":"The \'To\' number +447700900001 is not valid","more_info":"…","status":400}'],
      { kind: "refused", reason: "HTTP status 400, code 21211", code: "21211", dueTo: "message" },
    ],
    [
      [400, '{"code":21606,"message":"not your number","status":400}'],
      { kind: "unavailable", reason: "HTTP status 400, code 21606", code: "21606" },
    ],
    [
      [429, '{"code":20429,"status":429}'],
      { kind: "unavailable", reason: "HTTP status 429, code 20429", code: "20429" },
    ],
  ])("that answers %j leads to %j", async (answer, expected) => {
    expect((await send(answer)).outcome).toEqual(expected);
  });
});

describe("a supplier of one's own", () => {
  it("may take everything in the address and answer in plain text", async () => {
    const { url, seen } = await supplier(() => [200, "OK id=77aa"]);
    const outcome = await newProvider({
      name: "own",
      settings: { key: "s&cret" },
      supplier: {
        settings: { key: "required" },
        send: {
          method: "GET",
          url: `${url}/send?key={key}&to={to}&text={text}`,
          body: { format: "none" },
          answer: {
            rules: [{ statuses: [200, 200], where: { pattern: "^(OK|ERR)", is: ["OK"] }, means: "accepted" }],
            reference: { pattern: "id=(\\w+)" },
          },
        },
      },
    }).send(MESSAGE);
    expect(outcome).toEqual({ kind: "accepted", references: ["77aa"] });
    const query = new URL(seen[0]?.path ?? "", url).searchParams;
    expect(Object.fromEntries(query)).toEqual({ key: "s&cret", to: "447700900001", text: MESSAGE.text });
    expect(seen[0]?.method).toBe("GET");
  });

  it("whose description is wrong is refused by name", () => {
    const options = { name: "own", supplier: HTTP_PRESETS.mmg, settings: {} };
    expect(() => newProvider(options)).toThrow(new Error('Provider "own": settings.apiKey is missing'));
  });
});

describe("the provider's window", () => {
  const events: ProviderEvents = {
    receipt: async () => {},
    inbound: async () => {},
    complaint: async () => {},
    availability: () => {},
  };

  it("is closed until it starts, shrinks by what is under way, and stopping waits for that", async () => {
    const waiting: (() => void)[] = [];
    const { url } = await listen((_request, response) => {
      waiting.push(() => response.end('{"code":0}'));
    });
    const settings = { url, apiKey: "k" };
    const provider = newProvider({ name: "firetext", supplier: HTTP_PRESETS.firetext, settings, windowSize: 3 });
    expect(provider.capacity()).toBe(0);
    await provider.start(events);
    expect(provider.capacity()).toBe(3);
    const sends = [provider.send(MESSAGE), provider.send(MESSAGE)];
    expect(provider.capacity()).toBe(1);
    await vi.waitFor(() => expect(waiting).toHaveLength(2), PATIENCE);
    let isStopped = false;
    const stop = provider.stop().then(() => (isStopped = true));
    expect(provider.capacity()).toBe(0);
    waiting[0]?.();
    await sends[0];
    expect(isStopped).toBe(false);
    waiting[1]?.();
    await stop;
    expect(await Promise.all(sends)).toEqual([
      { kind: "accepted", references: [ID] },
      { kind: "accepted", references: [ID] },
    ]);
  });

  it("says that it is available when it starts", async () => {
    const told: [boolean, string][] = [];
    const provider = newProvider({ name: "mmg", supplier: HTTP_PRESETS.mmg, settings: { apiKey: "k" } });
    await provider.start({ ...events, availability: (...news) => told.push(news) });
    expect(told).toEqual([[true, "ready"]]);
  });
});

describe("a supplier that cannot be reached", () => {
  it("is unavailable when nobody listens", async () => {
    const { url, close } = await listen(() => {});
    await close();
    const outcome = await newProvider({ name: "mmg", supplier: HTTP_PRESETS.mmg, settings: { url, apiKey: "k" } }).send(
      MESSAGE,
    );
    expect(outcome).toEqual({ kind: "unavailable", reason: "the connection was refused", code: "unreachable" });
  });

  it("is unavailable when its address may not be called", async () => {
    const settings = { url: "http://169.254.169.254/", apiKey: "k" };
    const outcome = await newProvider({ name: "mmg", supplier: HTTP_PRESETS.mmg, settings }).send(MESSAGE);
    const reason = "the address may not be called: a link-local address";
    expect(outcome).toEqual({ kind: "unavailable", reason, code: "refused-address" });
  });

  it("is unavailable when no answer comes in time", async () => {
    const { url } = await listen(() => {});
    const options = { name: "mmg", supplier: HTTP_PRESETS.mmg, settings: { url, apiKey: "k" }, timeoutMs: 50 };
    const reason = "no answer in time; the supplier may have the message";
    expect(await newProvider(options).send(MESSAGE)).toEqual({
      kind: "unavailable",
      reason,
      code: "timeout",
      mayHaveBeenSent: true,
    });
  });
});

function newProvider(options: HttpProviderOptions) {
  const outbound = createOutbound({ allowedNetworks: ["127.0.0.0/8"] });
  closers.push(() => outbound.close());
  return httpProvider({ outbound, clock: { now: () => NOW } }, options);
}

type Reply = [status: number, body: string, headers?: Record<string, string>];

/** A supplier that gives one answer to everything, and keeps what it was asked. */
async function supplier(answer: () => Reply): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const { url } = await listen(async (request, response) => {
    const { method = "", url: path = "", headers } = request;
    seen.push({ method, path, headers, body: await text(request) });
    const [status, body, answerHeaders = {}] = answer();
    response.writeHead(status, answerHeaders).end(body);
  });
  return { url, seen };
}

async function listen(listener: RequestListener): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  closers.push(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
