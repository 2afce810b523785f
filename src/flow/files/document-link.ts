/**
 * Links to files, as Notify's are: `{origin}/d/{service}/{document}?key={key}`. The key opens the file, and is nowhere else; what is
 * kept of a message has the link without it.
 */
const KEY_BYTES = 32;
const KEY = /^[\w-]{43}$/;
const SHORT_ID = /^[\w-]{22}$/;

export interface DocumentIds {
  serviceId: string;
  id: string;
}

/** A link that finds the file and does not open it. */
export function linkWithoutKey(origin: string, ids: DocumentIds): string {
  return `${origin}${pagePath(ids)}`;
}

export function linkWithKey(link: string, key: Buffer): string {
  return `${link}?key=${key.toString("base64url")}`;
}

/** The same where words lead there.  addKey("[Your map](https://a/d/1)", key) → "[Your map](https://a/d/1?key=…)" */
export function addKey(link: string, key: Buffer): string {
  return link.endsWith(")") ? `${linkWithKey(link.slice(0, -1), key)})` : linkWithKey(link, key);
}

/** Where a recipient's page is. */
export function pagePath({ serviceId, id }: DocumentIds): string {
  return `/d/${shortId(serviceId)}/${shortId(id)}`;
}

/** Where the file itself is. */
export function filePath({ serviceId, id }: DocumentIds): string {
  return `/services/${serviceId}/documents/${id}`;
}

/** For messages to simulated recipients, of which nothing is kept. */
export function testLink(origin: string, serviceId: string): string {
  return `${origin}/services/${serviceId}/documents/test-document`;
}

/** Undefined for what is not a key of ours. */
export function parseKey(text: string): Buffer | undefined {
  const bytes = KEY.test(text) ? Buffer.from(text, "base64url") : undefined;
  return bytes?.length === KEY_BYTES ? bytes : undefined;
}

/** The octets of a UUID in 22 characters (RFC 4648 §5, without padding). */
export function shortId(uuid: string): string {
  return Buffer.from(uuid.replaceAll("-", ""), "hex").toString("base64url");
}

export function parseShortId(text: string): string | undefined {
  if (!SHORT_ID.test(text)) return undefined;
  const hex = Buffer.from(text, "base64url").toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
