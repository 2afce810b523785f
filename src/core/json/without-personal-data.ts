/**
 * An error message as it may be kept in a log: what may be a number, an address or a value that somebody sent is left out.
 *
 *     withoutPersonalData("'ann@example.org' is not allowed, nor is 07700 900123") → "… is not allowed, nor is …"
 */

const LEFT_OUT = "…";
const KEPT_MAX_CHARACTERS = 500;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const QUOTED = /'[^']{1,500}'|"[^"]{1,500}"|\u2018[^\u2019]{1,500}\u2019/g;
const ADDRESS = /\S{1,320}@\S{1,320}/g;
/** Seven digits or more, however they are spaced. */
const NUMBER = /\+?\d(?:[ ().-]{0,2}\d){6,}/g;

/** Ids stay: they are ours, and what one looks for. */
export function withoutPersonalData(message: string): string {
  const text = message.slice(0, KEPT_MAX_CHARACTERS);
  const ids = text.match(UUID) ?? [];
  return text
    .split(UUID)
    .map((between) => between.replace(QUOTED, LEFT_OUT).replace(ADDRESS, LEFT_OUT).replace(NUMBER, LEFT_OUT))
    .reduce((whole, between, index) => whole + (ids[index - 1] ?? "") + between);
}
