/** Days as they begin where the deployment is at home. */

const DAY_MS = 86_400_000;

/**
 * The moment a day began in a time zone (IANA name), `days` days before today.
 *
 *     midnightDaysAgo(new Date("2026-06-10T23:30:00Z"), 1, "Europe/London") → 2026-06-09T23:00:00Z, since it is the 11th in London
 */
export function midnightDaysAgo(now: Date, days: number, timeZone: string): Date {
  const wallClock = now.getTime() + offsetMs(now.getTime(), timeZone);
  const midnightOnTheWall = Math.floor(wallClock / DAY_MS) * DAY_MS - days * DAY_MS;
  const guess = midnightOnTheWall - offsetMs(midnightOnTheWall, timeZone);
  return new Date(midnightOnTheWall - offsetMs(guess, timeZone));
}

/** How far clocks on the wall are ahead of UTC. Throws a RangeError for what is no time zone. */
export function offsetMs(moment: number, timeZone: string): number {
  const part = offsetFormat(timeZone)
    .formatToParts(moment)
    .find(({ type }) => type === "timeZoneName");
  const [, sign, hours = "0", minutes = "0"] = /GMT([+-])(\d\d):(\d\d)/.exec(part?.value ?? "") ?? [];
  const ms = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === "-" ? -ms : ms;
}

/** By name. A format takes a hundred times as long to make as to use, and there are only some 400 zones. */
const offsetFormats = new Map<string, Intl.DateTimeFormat>();

function offsetFormat(timeZone: string): Intl.DateTimeFormat {
  const known = offsetFormats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", { timeZone, timeZoneName: "longOffset" });
  offsetFormats.set(timeZone, made);
  return made;
}
