/**
 * Where clocks may stand of whoever has a number, by the prefix under which it is charged: what says more, an area code, tells where a
 * number was bought and not where its phone is. So a country with several zones is in all of them.
 */
import { offsetMs } from "../calendar/midnight.ts";
import { planOf, regionsWith } from "./numbering-plan.ts";

const HOUR_MS = 3_600_000;
const NORTH_AMERICA = "1";
/** Under the bare 1 the table of rates has these; islands have prefixes of their own, or count as theirs. */
const UNDER_ONE = ["US", "CA"];
const DAY_MS = 24 * HOUR_MS;
const PREFIXES_MAX = 1_000;

/** By prefix, for an hour: asking for an offset costs more than all else here. */
const known = new Map<string, { hour: number; offsets: readonly number[] }>();

/** How far clocks are ahead of UTC in a country, each once, now and in a day; of an unknown prefix, UTC's own. */
export function clockOffsets(countryPrefix: string, now: Date): readonly number[] {
  const hour = Math.floor(now.getTime() / HOUR_MS);
  const remembered = known.get(countryPrefix);
  if (remembered?.hour === hour) return remembered.offsets;
  const moments = [now.getTime(), now.getTime() + DAY_MS];
  const zones = timeZonesOf(countryPrefix);
  const offsets = [...new Set(zones.flatMap((zone) => moments.map((moment) => offsetMs(moment, zone))))];
  if (known.size >= PREFIXES_MAX) known.clear();
  known.set(countryPrefix, { hour, offsets });
  return offsets;
}

/** IANA names, as Unicode's CLDR has them for the countries of a prefix.  timeZonesOf("33") → ["Europe/Paris"] */
export function timeZonesOf(countryPrefix: string): readonly string[] {
  const zones = regionsUnder(countryPrefix).flatMap(zonesOf);
  return zones.length > 0 ? [...new Set(zones)] : ["UTC"];
}

function regionsUnder(prefix: string): readonly string[] {
  if (prefix === NORTH_AMERICA) return UNDER_ONE;
  if (!prefix.startsWith(NORTH_AMERICA)) return regionsWith(prefix);
  const area = prefix.slice(NORTH_AMERICA.length);
  return regionsWith(NORTH_AMERICA).filter((region) => planOf(region).leadingDigits?.test(area));
}

/** Node 20 has them as a property, later versions as a method. */
type Locale = Intl.Locale & { timeZones?: string[]; getTimeZones?(): string[] | undefined };

function zonesOf(region: string): readonly string[] {
  if (!/^[A-Z]{2}$/.test(region)) return [];
  const locale: Locale = new Intl.Locale("und", { region });
  return locale.getTimeZones?.() ?? locale.timeZones ?? [];
}
