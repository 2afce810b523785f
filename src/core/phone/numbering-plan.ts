/**
 * The world's numbering plans, as published with Google's libphonenumber and carried by libphonenumber-js: which lengths and
 * digits a national number may have in each region, and of which sort it is. Plans are compiled when first asked for.
 */
import metadata from "libphonenumber-js/max/metadata";
import localOnlyLengths from "./local-only-lengths.json" with { type: "json" };

export type NumberSort =
  | "premium-rate"
  | "toll-free"
  | "shared-cost"
  | "voip"
  | "personal-number"
  | "pager"
  | "uan"
  | "voicemail"
  | "fixed-line"
  | "fixed-line-or-mobile"
  | "mobile";

export interface NumberingPlan {
  callingCode: string;
  /** Lengths of a whole national number, shortest first. */
  possibleLengths: readonly number[];
  /** Lengths that can be dialled only from near by, such as a number without its area code. */
  localOnlyLengths: readonly number[];
  pattern: RegExp;
  /** What may stand before a national number when it is dialled inside the country: `0` in the United Kingdom. */
  nationalPrefix: RegExp | undefined;
  nationalPrefixTransform: string | undefined;
  /** Digits that by themselves tell this region from others with the same calling code. */
  leadingDigits: RegExp | undefined;
  formats: readonly NumberFormat[];
  sorts: readonly SortPattern[];
  fixedLine: SortPattern | undefined;
  mobile: SortPattern | "same-as-fixed-line" | undefined;
}

/** How numbers that match are written, with `$1`, `$2` … for the groups of the pattern. */
export interface NumberFormat {
  pattern: RegExp;
  leadingDigits: RegExp | undefined;
  national: string;
  international: string;
}

interface SortPattern {
  sort: NumberSort;
  pattern: RegExp;
  lengths: readonly number[] | undefined;
}

// Where things stand in a plan of the packed metadata (libphonenumber-js METADATA.md).
const CALLING_CODE = 0;
const PATTERN = 2;
const POSSIBLE_LENGTHS = 3;
const FORMATS = 4;
const NATIONAL_PREFIX = 5;
const NATIONAL_FORMAT_RULE = 6;
const NATIONAL_PREFIX_FOR_PARSING = 7;
const NATIONAL_PREFIX_TRANSFORM = 8;
const LEADING_DIGITS = 10;
const SORTS = 11;

const FIXED_LINE = 0;
const MOBILE = 1;

/** In the order in which a number is held against them; the number is the place in the packed metadata. */
const SPECIAL_SORTS: readonly (readonly [NumberSort, number])[] = [
  ["premium-rate", 3],
  ["toll-free", 2],
  ["shared-cost", 9],
  ["voip", 8],
  ["personal-number", 4],
  ["pager", 7],
  ["uan", 6],
  ["voicemail", 5],
];

const LONGEST_CALLING_CODE_DIGITS = 3;

const plans = new Map<string, NumberingPlan>();
const regionsOf = metadata.country_calling_codes as Record<string, readonly string[] | undefined>;
const packedPlans = { ...metadata.nonGeographic, ...metadata.countries } as Record<string, readonly unknown[]>;
const localOnly = localOnlyLengths as Record<string, readonly number[] | undefined>;

/** The calling code a number in international form begins with; undefined when there is none such. */
export function callingCodeOf(internationalDigits: string): string | undefined {
  for (let length = 1; length <= LONGEST_CALLING_CODE_DIGITS; length++) {
    const candidate = internationalDigits.slice(0, length);
    if (isCallingCode(candidate)) return candidate;
  }
  return undefined;
}

function isCallingCode(candidate: string): boolean {
  return Object.hasOwn(regionsOf, candidate) || Object.hasOwn(metadata.nonGeographic, candidate);
}

/** Regions that share a calling code, main one first; a code without a country, such as 881 for satellites, is its own region. */
export function regionsWith(callingCode: string): readonly string[] {
  return regionsOf[callingCode] ?? [callingCode];
}

/** The plan that rules lengths and prefixes for a calling code: that of its main region. */
export function mainPlan(callingCode: string): NumberingPlan {
  return planOf(regionsWith(callingCode)[0] ?? callingCode);
}

/** The plan of a region (`GB`, `JE`, or a calling code without a country). Throws for a region nobody has. */
export function planOf(region: string): NumberingPlan {
  const known = plans.get(region);
  if (known !== undefined) return known;
  const packed = packedPlans[region];
  if (packed === undefined) throw new Error(`There is no numbering plan for region ${region}`);
  const plan = unpack(packed);
  plans.set(region, plan);
  return plan;
}

function unpack(packed: readonly unknown[]): NumberingPlan {
  const callingCode = String(packed[CALLING_CODE]);
  const sorts = packed[SORTS] as readonly unknown[];
  return {
    callingCode,
    possibleLengths: packed[POSSIBLE_LENGTHS] as readonly number[],
    localOnlyLengths: localOnly[callingCode] ?? [],
    pattern: whole(packed[PATTERN] as string),
    nationalPrefix: nationalPrefix(packed),
    nationalPrefixTransform: (packed[NATIONAL_PREFIX_TRANSFORM] as string | 0) || undefined,
    leadingDigits: packed[LEADING_DIGITS] ? new RegExp(`^(?:${packed[LEADING_DIGITS]})`) : undefined,
    formats: formatsOf(packed),
    sorts: SPECIAL_SORTS.flatMap(([sort, at]) => sortPattern(sort, sorts[at]) ?? []),
    fixedLine: sortPattern("fixed-line", sorts[FIXED_LINE]),
    mobile: isSameAsFixedLine(sorts[MOBILE]) ? "same-as-fixed-line" : sortPattern("mobile", sorts[MOBILE]),
  };
}

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

function nationalPrefix(packed: readonly unknown[]): RegExp | undefined {
  const prefix = packed[NATIONAL_PREFIX_FOR_PARSING] || packed[NATIONAL_PREFIX];
  return prefix ? new RegExp(`^(?:${prefix})`) : undefined;
}

type PackedFormat = [
  pattern: string,
  format: string,
  leading?: string[] | 0,
  rule?: string | 0,
  _?: 0 | 1,
  abroad?: string,
];

function formatsOf(packed: readonly unknown[]): NumberFormat[] {
  return ((packed[FORMATS] || []) as PackedFormat[]).map(([pattern, format, leading, rule, , abroad]) => {
    const nationalRule = rule || packed[NATIONAL_FORMAT_RULE] || "$1";
    const mostDetailed = leading ? leading.at(-1) : undefined;
    return {
      pattern: whole(pattern),
      leadingDigits: mostDetailed === undefined ? undefined : new RegExp(`^(?:${mostDetailed})`),
      national: format.replace("$1", () => String(nationalRule)),
      international: abroad ?? format,
    };
  });
}

/** The packed data leave out a mobile pattern that only repeats the fixed-line one. */
function isSameAsFixedLine(packed: unknown): boolean {
  return Array.isArray(packed) && packed[0] === "";
}

function sortPattern(sort: NumberSort, packed: unknown): SortPattern | undefined {
  if (!Array.isArray(packed) || !packed[0]) return undefined;
  return { sort, pattern: whole(packed[0]), lengths: packed[1] || undefined };
}

/** Of which sort a national number is in a plan; undefined means that nobody can have it. */
export function sortIn(plan: NumberingPlan, nationalNumber: string): NumberSort | undefined {
  if (!plan.possibleLengths.includes(nationalNumber.length) || !plan.pattern.test(nationalNumber)) return undefined;
  const special = plan.sorts.find((pattern) => matches(pattern, nationalNumber));
  if (special !== undefined) return special.sort;
  return geographicSort(plan, nationalNumber);
}

function geographicSort(plan: NumberingPlan, nationalNumber: string): NumberSort | undefined {
  const isFixedLine = matches(plan.fixedLine, nationalNumber);
  if (plan.mobile === "same-as-fixed-line") return isFixedLine ? "fixed-line-or-mobile" : undefined;
  const isMobile = matches(plan.mobile, nationalNumber);
  if (isFixedLine) return isMobile ? "fixed-line-or-mobile" : "fixed-line";
  return isMobile ? "mobile" : undefined;
}

function matches(pattern: SortPattern | undefined, nationalNumber: string): boolean {
  if (pattern === undefined) return false;
  if (pattern.lengths !== undefined && !pattern.lengths.includes(nationalNumber.length)) return false;
  return pattern.pattern.test(nationalNumber);
}

/** The region among those sharing a calling code that a national number belongs to; undefined when none has it. */
export function regionOf(callingCode: string, nationalNumber: string): string | undefined {
  const regions = regionsWith(callingCode);
  if (regions.length === 1) return regions[0];
  return regions.find((region) => {
    const plan = planOf(region);
    return plan.leadingDigits ? plan.leadingDigits.test(nationalNumber) : sortIn(plan, nationalNumber) !== undefined;
  });
}
