/** The part before the @ of the address a service's emails come from, made of the service's name. */
import anyAscii from "any-ascii";

/** RFC 5321 §4.5.3.1.1. */
const LOCAL_PART_MAX_CHARACTERS = 64;
/** For a name in which no letter or digit is left. */
const NAMELESS = "notifications";

const ACCENTS = /\p{Mn}/gu;
const SPACE = /\s+/g;
const NOT_IN_A_NAME = /[^\p{L}\p{N}.]/gu;
const OUTSIDE_LOCAL_PART = /[^a-z0-9.]/g;
const DOT_RUN = /\.{2,}/g;
const OUTER_DOTS = /^\.+|\.+$/g;

/** senderLocalPart("Café & Licences (Test)") → "cafe.licences.test" */
export function senderLocalPart(serviceName: string): string {
  const withoutAccents = serviceName.normalize("NFD").replace(ACCENTS, "");
  const dotted = withoutAccents.trim().replace(SPACE, ".").replace(NOT_IN_A_NAME, "");
  const ascii = anyAscii(dotted).toLowerCase().replace(OUTSIDE_LOCAL_PART, "");
  const tidy = ascii.replace(DOT_RUN, ".").replace(OUTER_DOTS, "");
  return tidy.slice(0, LOCAL_PART_MAX_CHARACTERS).replace(OUTER_DOTS, "") || NAMELESS;
}
