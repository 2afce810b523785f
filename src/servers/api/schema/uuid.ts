/** Ids as people and programs write them, made into the one spelling everything inside uses. */
const HEX_DIGITS = /^[0-9a-f]{32}$/;

/**
 * Takes what Notify's API takes: any case, hyphens anywhere or nowhere, braces, `urn:uuid:`; undefined for anything else.
 * parseUuid("{F33517FF2A884F6EB855C550268CE08A}") → "f33517ff-2a88-4f6e-b855-c550268ce08a"
 */
export function parseUuid(text: string): string | undefined {
  const plain = text
    .replace("urn:", "")
    .replace("uuid:", "")
    .replace(/^[{}]+|[{}]+$/g, "");
  const hex = plain.replaceAll("-", "").toLowerCase();
  if (!HEX_DIGITS.test(hex)) return undefined;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
