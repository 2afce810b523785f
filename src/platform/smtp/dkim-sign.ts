/**
 * Signs a finished mail with DKIM (RFC 6376), RSA or Ed25519 (RFC 8463), relaxed/relaxed. The signature itself is made off the main thread.
 */
import { createHash, createPrivateKey, type KeyObject, sign } from "node:crypto";
import { domainToASCII } from "node:url";
import { promisify } from "node:util";
import { algorithmOf, type DkimKey } from "./dkim-keys.ts";

const signAside = promisify(sign);

/**
 * The fields a reader or a mail program acts upon (RFC 6376 §5.4.1), and the two of one-click unsubscription, which must be
 * covered (RFC 8058 §4). Signed whether present or not, so that none can be added on the way.
 */
const SIGNED_FIELDS = [
  "from",
  "to",
  "reply-to",
  "subject",
  "date",
  "message-id",
  "mime-version",
  "content-type",
  "content-transfer-encoding",
  "auto-submitted",
  "list-unsubscribe",
  "list-unsubscribe-post",
];
/** Named once more than they are there: a second one, which some programs would show instead, breaks the signature (RFC 6376 §8.15). */
const ONLY_ONCE = ["from", "to", "reply-to", "subject", "date", "content-type", "list-unsubscribe"];
/** The h= tag, folded after a colon here and there. */
const SIGNED_FIELD_NAMES = [...SIGNED_FIELDS, ...ONLY_ONCE].join(":").replace(/(.{40,70}?:)/g, "$1\r\n  ");
const HEADER_END = Buffer.from("\r\n\r\n");
const CRLF = "\r\n";
/** Base64 on one line of a folded header; RFC 5322 §2.1.1 wants lines below 78. */
const BASE64_LINE_CHARACTERS = 72;

/** Signs mails in the name of the domains it has keys for. */
export interface DkimSigner {
  /**
   * The mail with a signature of each key of its sender's domain, or of the nearest domain above that has one; unchanged when there is none.
   * `mail` is a whole mail in CRLF lines; `fromAddress` is the address its From field names.
   */
  sign(mail: Buffer, fromAddress: string): Promise<Buffer>;
}

/** Reads the keys once. Throws, naming the domain, on a key it cannot use: a mail must not leave unsigned by mistake. */
export function dkimSigner(keys: readonly DkimKey[]): DkimSigner {
  const byDomain = groupByDomain(keys.map(readKey));
  return {
    sign: async (mail, fromAddress) => {
      const own = keysFor(fromAddress, byDomain);
      if (own === undefined) return mail;
      const signable = canonicalise(mail);
      const signatures = await Promise.all(own.map((key) => signatureField(signable, key)));
      return Buffer.concat([Buffer.from(signatures.join(""), "latin1"), mail]);
    },
  };
}

interface SigningKey {
  domain: string;
  selector: string;
  algorithm: "rsa" | "ed25519";
  key: KeyObject;
}

function readKey({ domain, selector, privateKeyPem }: DkimKey): SigningKey {
  try {
    const key = createPrivateKey(privateKeyPem);
    return { domain: domainToASCII(domain), selector, algorithm: algorithmOf(key), key };
  } catch {
    throw new Error(`The DKIM key of ${domain} cannot be read: give an RSA or Ed25519 private key in PEM`);
  }
}

function groupByDomain(keys: SigningKey[]): Map<string, SigningKey[]> {
  const byDomain = new Map<string, SigningKey[]>();
  for (const key of keys) byDomain.set(key.domain, [...(byDomain.get(key.domain) ?? []), key]);
  return byDomain;
}

function keysFor(fromAddress: string, byDomain: Map<string, SigningKey[]>): SigningKey[] | undefined {
  const labels = domainToASCII(fromAddress.slice(fromAddress.lastIndexOf("@") + 1)).split(".");
  for (let first = 0; first < labels.length; first += 1) {
    const keys = byDomain.get(labels.slice(first).join("."));
    if (keys !== undefined) return keys;
  }
  return undefined;
}

interface Signable {
  fields: string;
  bodyHash: string;
}

function canonicalise(mail: Buffer): Signable {
  const end = mail.indexOf(HEADER_END);
  const header = mail.toString("latin1", 0, end === -1 ? mail.length : end);
  const body = end === -1 ? "" : mail.toString("latin1", end + HEADER_END.length);
  const present = readFields(header);
  const signed = SIGNED_FIELDS.map((name) => present.get(name)).filter((field) => field !== undefined);
  return {
    fields: signed.map((field) => field + CRLF).join(""),
    bodyHash: createHash("sha256").update(relaxedBody(body), "latin1").digest("base64"),
  };
}

/** Each field in its relaxed form by its name; of a repeated one the last, which is the one that counts (RFC 6376 §5.4.2). */
function readFields(header: string): Map<string, string> {
  const fields = header.replace(/\r\n(?=[ \t])/g, "").split(CRLF);
  return new Map(
    fields.map((field) => {
      const colon = field.indexOf(":");
      const name = field.slice(0, colon).trim().toLowerCase();
      return [name, relaxedField(name, field.slice(colon + 1))];
    }),
  );
}

/** RFC 6376 §3.4.2. */
function relaxedField(name: string, value: string): string {
  return `${name}:${value.replace(/[ \t]+/g, " ").replace(/^ | $/g, "")}`;
}

/** RFC 6376 §3.4.4: no space at line ends, runs of space as one, no empty lines at the end, and one CRLF unless there is no body. */
function relaxedBody(body: string): string {
  const lines = body.split(CRLF).map((line) => line.replace(/[ \t]+/g, " ").replace(/ $/, ""));
  while (lines.at(-1) === "") lines.pop();
  return lines.map((line) => line + CRLF).join("");
}

async function signatureField(signable: Signable, key: SigningKey): Promise<string> {
  const tags = [
    `v=1; a=${key.algorithm}-sha256; c=relaxed/relaxed; q=dns/txt`,
    `d=${key.domain}; s=${key.selector}`,
    `bh=${signable.bodyHash}`,
    `h=${SIGNED_FIELD_NAMES}`,
    "b=",
  ].join(`;${CRLF} `);
  const signed = signable.fields + relaxedField("dkim-signature", tags.replace(/\r\n(?=[ \t])/g, ""));
  const signature = await signatureOf(Buffer.from(signed, "latin1"), key);
  return `DKIM-Signature: ${tags}${fold(signature)}${CRLF}`;
}

/** Ed25519 signs the SHA-256 of the data, not the data (RFC 8463 §3). */
function signatureOf(data: Buffer, { algorithm, key }: SigningKey): Promise<Buffer> {
  if (algorithm === "rsa") return signAside("sha256", data, key);
  return signAside(null, createHash("sha256").update(data).digest(), key);
}

function fold(signature: Buffer): string {
  const lines = signature.toString("base64").match(new RegExp(`.{1,${BASE64_LINE_CHARACTERS}}`, "g")) ?? [];
  return lines.map((line) => `${CRLF} ${line}`).join("");
}
