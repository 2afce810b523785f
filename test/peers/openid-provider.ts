/** `oidc-provider`, a certified OpenID provider that we did not write, on a port of its own, and somebody who signs in there. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

const STEPS_MAX = 20;

export interface OpenIdAccount {
  email: string;
  email_verified: boolean;
  name: string;
}

export interface OpenIdPeer {
  issuer: string;
  accounts: Map<string, OpenIdAccount>;
  /** Goes where a browser is sent, signs in and consents; resolves with where the provider sends it back to. */
  signIn(url: string, login: string): Promise<URL>;
  close(): void;
}

export async function startOpenIdProvider(client: {
  id: string;
  secret: string;
  redirectUrl: string;
}): Promise<OpenIdPeer> {
  const accounts = new Map<string, OpenIdAccount>();
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [client.redirectUrl] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ["of these tests"] },
    findAccount: (_, id) => {
      const account = accounts.get(id);
      return account && { accountId: id, claims: () => ({ sub: id, ...account }) };
    },
  });
  server.on("request", provider.callback());
  return {
    issuer,
    accounts,
    signIn: (url, login) => walk(url, { login, until: client.redirectUrl }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Step {
  url: string;
  form?: URLSearchParams;
}

/** What a person does in a browser: follows redirects, fills in the provider's own forms, keeps its cookies. */
async function walk(start: string, { login, until }: { login: string; until: string }): Promise<URL> {
  const cookies = new Map<string, string>();
  let step: Step = { url: start };
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    const response = await ask(step, cookies);
    const location = response.headers.get("location");
    const next = location ? new URL(location, step.url) : undefined;
    if (next?.href.startsWith(until)) return next;
    step = next ? { url: next.href } : fillIn(step.url, await response.text(), login);
  }
  throw new Error("the provider never sent the browser back");
}

async function ask({ url, form }: Step, cookies: Map<string, string>): Promise<Response> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const request = { redirect: "manual", headers: { cookie } } as const;
  const response = await fetch(url, form ? { ...request, method: "POST", body: form } : request);
  for (const set of response.headers.getSetCookie()) {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
    cookies.set(name, value);
  }
  return response;
}

function fillIn(url: string, page: string, login: string): Step {
  const [, action] = /action="([^"]+)"/.exec(page) ?? [];
  const [, prompt] = /name="prompt" value="(\w+)"/.exec(page) ?? [];
  if (!action || !prompt) throw new Error("the provider shows no form");
  const form = new URLSearchParams({ prompt });
  if (prompt === "login") {
    form.set("login", login);
    form.set("password", "any");
  }
  return { url: new URL(action, url).href, form };
}
