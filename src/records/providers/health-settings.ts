/** What a provider's settings say of its health and its canaries: checked before it is kept, read where it is used. */
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { type HealthRules, USUAL_HEALTH_RULES } from "../../core/routing/health-rules.ts";
import type { ProviderRecord } from "./provider-store.ts";

const CANARY_NUMBERS_MAX = 10;
const EVERY_MIN_SECONDS = 60;
const DAY_SECONDS = 86_400;

const SHARE: Range = { least: 0.01, most: 1, unit: "a share from 0.01 to 1" };
const SECONDS: Range = { least: 1, most: DAY_SECONDS, unit: "seconds from 1 to 86400" };
const HEALTH: Readonly<Record<keyof HealthRules, Range>> = {
  errorShare: SHARE,
  slowShare: SHARE,
  failureShare: SHARE,
  slowAnswerMs: { least: 50, most: 60_000, unit: "milliseconds from 50 to 60000" },
  silentSeconds: SECONDS,
  openSeconds: SECONDS,
  stepSeconds: SECONDS,
  leastMessages: { least: 3, most: 10_000, unit: "a number of messages from 3 to 10000" },
};
const CANARY: Readonly<Record<"everySeconds" | "withinSeconds", Range>> = {
  everySeconds: { least: EVERY_MIN_SECONDS, most: DAY_SECONDS, unit: "seconds from 60 to 86400" },
  withinSeconds: SECONDS,
};

interface Range {
  least: number;
  most: number;
  unit: string;
}

type Kept = Pick<ProviderRecord, "settings" | "secrets">;

export interface HealthProblem {
  path: readonly string[];
  message: string;
}

/** The first thing wrong with them; undefined when nothing is. */
export function findHealthProblem({ settings, secrets }: Kept): HealthProblem | undefined {
  return (
    rangeProblem(["settings", "health"], settings["health"], HEALTH) ??
    rangeProblem(["settings", "canary"], withoutSender(settings["canary"]), CANARY) ??
    numbersProblem(secrets["canaryNumbers"])
  );
}

function withoutSender(canary: unknown): unknown {
  if (!isNamed(canary)) return canary;
  const { sender, ...rest } = canary;
  return rest;
}

function rangeProblem(
  path: readonly string[],
  given: unknown,
  ranges: Readonly<Record<string, Range>>,
): HealthProblem | undefined {
  if (given === undefined) return undefined;
  if (!isNamed(given)) return { path, message: "must have named values" };
  for (const [name, value] of Object.entries(given)) {
    const range = Object.hasOwn(ranges, name) ? ranges[name] : undefined;
    if (!range) return { path: [...path, name], message: `is not known: ${Object.keys(ranges).join(", ")} are` };
    const fits = typeof value === "number" && value >= range.least && value <= range.most;
    if (!fits) return { path: [...path, name], message: `must be ${range.unit}` };
  }
  return undefined;
}

function numbersProblem(text: string | undefined): HealthProblem | undefined {
  if (text === undefined) return undefined;
  const numbers = wordsOf(text);
  const fit = numbers.length > 0 && numbers.length <= CANARY_NUMBERS_MAX;
  if (fit && numbers.every((number) => typeof parsePhoneNumber(number) !== "string")) return undefined;
  const message = `must be one to ${CANARY_NUMBERS_MAX} phone numbers, each with its country's code, with commas between them`;
  return { path: ["secrets", "canaryNumbers"], message };
}

function isNamed(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function healthRulesOf({ settings }: Pick<Kept, "settings">): HealthRules {
  return { ...USUAL_HEALTH_RULES, ...(settings["health"] as Partial<HealthRules> | undefined) };
}

export interface CanaryPlan {
  /** International, digits only. */
  numbers: readonly string[];
  everySeconds: number;
  /** Later than this it has not arrived. */
  withinSeconds: number;
  sender: string;
}

const USUAL_CANARY = { everySeconds: 900, withinSeconds: 120, sender: "Pennypost" };

/** Undefined for a provider without canary numbers. */
export function canaryPlanOf({ settings, secrets }: Kept): CanaryPlan | undefined {
  const parsed = wordsOf(secrets["canaryNumbers"] ?? "").map(parsePhoneNumber);
  const numbers = parsed.flatMap((number) => (typeof number === "string" ? [] : [number.digits]));
  if (numbers.length === 0) return undefined;
  return { ...USUAL_CANARY, ...(settings["canary"] as Partial<CanaryPlan> | undefined), numbers };
}

function wordsOf(text: string): string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);
}
