/** The addresses of links, made safe to stand in an href. */

const KNOWN_SCHEME = /^(?:ftp|file|https?|mailto|tel):/i;
const TO_ENCODE = /[^A-Za-z0-9_.~:/?#=&;%-]+/g;

/** An address with a scheme people follow; any other, `javascript:` among them, becomes a host that does not exist. */
export function withScheme(url: string): string {
  return KNOWN_SCHEME.test(url) ? url : `http://${url}`;
}

/**
 * An address as the value of an href: percent-encoded (RFC 3986 §2.1) but for what addresses are made of. Character references in
 * it stay, so give it text that is already escaped.  hrefOf("example.com/a b") → "http://example.com/a%20b"
 */
export function hrefOf(url: string): string {
  return withScheme(url).replace(TO_ENCODE, percentEncode);
}

function percentEncode(text: string): string {
  return Array.from(
    new TextEncoder().encode(text),
    (octet) => `%${octet.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}
