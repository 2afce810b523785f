const PARTS = /[._-]+/;

/** A name to begin with, of an address that has a first and a last one: guessName("amala.osei2@example.org") → "Amala Osei"; else "". */
export function guessName(emailAddress: string): string {
  const [local = ""] = emailAddress.split(/[@+]/);
  const parts = local.replace(/\d/g, "").split(PARTS).filter(Boolean);
  return parts.length < 2 ? "" : parts.map(capitalise).join(" ");
}

function capitalise(part: string): string {
  return part.charAt(0).toUpperCase() + part.slice(1).toLowerCase();
}
