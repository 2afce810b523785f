/** The address of a letter that is only looked at, while some or all of its lines may still be missing. */
import { lookUp, normaliseKey, type Personalisation } from "../template/personalisation.ts";
import { ADDRESS_LINES_MAX, ADDRESS_LINES_MIN, readPostalAddress } from "./postal-address.ts";

const LINE_NAMES = [1, 2, 3, 4, 5, 6, 7].map((number) => `address line ${number}`);
const LAST_LINE_NAME = "address line 7";

/** The lines as they will be printed; with too few or too many, each of the seven as given, or its name where it is not. */
export function previewAddressLines(personalisation: Personalisation): readonly string[] {
  const values = lookUp(personalisation);
  const given = LINE_NAMES.map((name) => values.get(normaliseKey(name)) ?? standIn(values, name)).map(asLine);
  const { lines } = readPostalAddress(given.join("\n"));
  if (lines.length >= ADDRESS_LINES_MIN && lines.length <= ADDRESS_LINES_MAX) return lines;
  return LINE_NAMES.map((name, index) => given[index] || name);
}

function standIn(values: ReturnType<typeof lookUp>, name: string): string | readonly string[] | undefined {
  return name === LAST_LINE_NAME ? values.get("postcode") : undefined;
}

function asLine(value: string | readonly string[] = ""): string {
  return typeof value === "string" ? value : value.join(", ");
}
