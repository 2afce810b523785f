/**
 * Keys for signing mail (DKIM), and what must stand in the DNS for receivers to trust it (RFC 6376, 7208, 7489, 8463).
 */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { domainToASCII } from "node:url";
import { promisify } from "node:util";

const generate = promisify(generateKeyPair);

/** RFC 8301 §3.2: at least 1024, should be 2048; larger keys do not fit the DNS of some providers. */
const RSA_BITS = 2048;
/** Octets a string of a TXT record can hold (RFC 1035 §3.3.14); a longer value is several strings. */
const TXT_STRING_MAX_OCTETS = 255;
/** The last 32 octets of an Ed25519 public key in DER are the key itself, which is what the record holds (RFC 8463 §4). */
const ED25519_KEY_OCTETS = 32;

export type DkimAlgorithm = "rsa" | "ed25519";

export interface DkimKey {
  /** The domain that signs: that of the From address, or one above it. */
  domain: string;
  selector: string;
  privateKeyPem: string;
}

/** A new private key, PKCS #8 in PEM. RSA is read everywhere; Ed25519 is eight times faster, but some receivers still ignore it. */
export async function createDkimKey(algorithm: DkimAlgorithm): Promise<string> {
  const { privateKey } =
    algorithm === "rsa" ? await generate("rsa", { modulusLength: RSA_BITS }) : await generate("ed25519");
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

export interface DnsRecord {
  name: string;
  type: "TXT" | "MX";
  value: string;
  /** A TXT value in the strings a zone file writes it in. */
  strings: string[];
  /** What the record is for, in a sentence. */
  because: string;
}

export interface MailDomain {
  /** The domain of the From addresses. */
  domain: string;
  dkim: readonly DkimKey[];
  /** Where bounces arrive, and the host that takes them. */
  bounces?: { domain: string; host: string };
  /** What the relay's operator asks to be named in the SPF record: `include:spf.example.net`, `ip4:192.0.2.1`. */
  spfMechanisms: readonly string[];
  /** Who gets the summaries that receivers send about mail in the domain's name. */
  dmarcReportsTo?: string;
}

/** The records an operator publishes so that mail of a domain is signed, permitted and reported. Throws on a key that is not one. */
export function dnsRecordsFor(mail: MailDomain): DnsRecord[] {
  const domain = domainToASCII(mail.domain);
  const keys = mail.dkim.map((key) => dkimRecord(key));
  return [...keys, ...returnPathRecords(mail, domain), dmarcRecord(mail, domain)];
}

function dkimRecord(key: DkimKey): DnsRecord {
  return txt(
    `${key.selector}._domainkey.${domainToASCII(key.domain)}`,
    dkimRecordValue(key.privateKeyPem),
    "Receivers check our signature with this key.",
  );
}

/** The text of a key record for a private key (RFC 6376 §3.6.1, RFC 8463 §4). */
export function dkimRecordValue(privateKeyPem: string): string {
  const publicKey = createPublicKey(createPrivateKey(privateKeyPem));
  const der = publicKey.export({ type: "spki", format: "der" });
  const bytes = algorithmOf(publicKey) === "rsa" ? der : der.subarray(-ED25519_KEY_OCTETS);
  return `v=DKIM1; k=${algorithmOf(publicKey)}; p=${bytes.toString("base64")}`;
}

/** Which of the two DKIM algorithms a key is for. Throws on any other key. */
export function algorithmOf(key: KeyObject): DkimAlgorithm {
  if (key.asymmetricKeyType === "rsa" || key.asymmetricKeyType === "ed25519") return key.asymmetricKeyType;
  throw new Error("A DKIM key must be RSA or Ed25519: make one with `openssl genrsa 2048`");
}

/** SPF speaks of the return path's domain, so without a domain for bounces it belongs to the From domain itself (RFC 7208 §2.4). */
function returnPathRecords(mail: MailDomain, domain: string): DnsRecord[] {
  const returnPath = mail.bounces === undefined ? domain : domainToASCII(mail.bounces.domain);
  const spf = txt(
    returnPath,
    ["v=spf1", ...mail.spfMechanisms, "-all"].join(" "),
    "Says which servers may send mail with this return path.",
  );
  if (mail.bounces === undefined) return [spf];
  const value = `10 ${domainToASCII(mail.bounces.host)}.`;
  return [{ name: returnPath, type: "MX", value, strings: [], because: "Brings bounces to our port for them." }, spf];
}

/** Alignment stays relaxed (the default), so a return path below the From domain counts as its own (RFC 7489 §3.1.2). */
function dmarcRecord(mail: MailDomain, domain: string): DnsRecord {
  const reports = mail.dmarcReportsTo === undefined ? "" : `; rua=mailto:${mail.dmarcReportsTo}`;
  return txt(
    `_dmarc.${domain}`,
    `v=DMARC1; p=quarantine${reports}`,
    "Tells receivers to distrust mail in the domain's name that is neither signed nor permitted.",
  );
}

function txt(name: string, value: string, because: string): DnsRecord {
  const strings = [];
  for (let start = 0; start < value.length; start += TXT_STRING_MAX_OCTETS) {
    strings.push(value.slice(start, start + TXT_STRING_MAX_OCTETS));
  }
  return { name, type: "TXT", value, strings, because };
}
