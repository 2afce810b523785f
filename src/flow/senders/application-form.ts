/** What networks ask of whoever wants a sender registered, as people fill it in. */
import { type FieldProblem, fieldRefusal, refuseProblems } from "../form-refusal.ts";

const LINE_MAX_CHARACTERS = 200;
/** Of answers, of what is said about them, and of what a country asks for. */
export const WORDS_MAX_CHARACTERS = 2_000;
const MONTHLY_MAX = 1_000_000_000;

export const APPLICATION_FIELDS = [
  "organisationName",
  "registerNumber",
  "website",
  "purpose",
  "example",
  "monthlyTexts",
] as const;
type Field = (typeof APPLICATION_FIELDS)[number];

/** As they were checked; "" where nothing was said. */
export type ApplicationAnswers = Readonly<Record<Field, string>>;

const MISSING: Readonly<Partial<Record<Field, string>>> = {
  organisationName: "Enter the registered name of the organisation",
  purpose: "Enter what the texts are for",
  example: "Enter an example of a text",
  monthlyTexts: "Enter about how many texts a month",
};

/** Fields: those of the answers. */
export function readAnswers(typed: ApplicationAnswers): ApplicationAnswers {
  const entries = APPLICATION_FIELDS.map((field) => [field, typed[field].trim()] as const);
  const answers = Object.fromEntries(entries) as ApplicationAnswers;
  refuseProblems(APPLICATION_FIELDS.flatMap((field) => problemOf(field, answers[field])));
  return { ...answers, monthlyTexts: answers.monthlyTexts.replaceAll(/[\s,]/g, "") };
}

function problemOf(field: Field, value: string): FieldProblem[] {
  const missing = value === "" ? MISSING[field] : undefined;
  if (missing) return [{ field, problem: "answer-missing", message: missing }];
  const most = field === "purpose" || field === "example" ? WORDS_MAX_CHARACTERS : LINE_MAX_CHARACTERS;
  if (value.length > most) return [{ field, problem: "answer-long", message: `Use ${most} characters or fewer` }];
  if (field === "website" && value !== "" && !isWebsite(value))
    return [{ field, problem: "website-form", message: "Enter a complete address that begins with https://" }];
  if (field === "monthlyTexts" && !isCount(value))
    return [{ field, problem: "count-form", message: "Enter a whole number of texts, such as 5000" }];
  return [];
}

function isWebsite(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url?.protocol === "https:" && url.hostname.includes(".") && url.username === "";
}

function isCount(value: string): boolean {
  const digits = value.replaceAll(/[\s,]/g, "");
  return /^\d{1,10}$/.test(digits) && Number(digits) >= 1 && Number(digits) <= MONTHLY_MAX;
}

/** Words of those who run the platform, which may be none. */
export function checkWords(field: string, typed: string): string {
  const words = typed.trim();
  if (words.length <= WORDS_MAX_CHARACTERS) return words;
  throw fieldRefusal(field, "words-long", `Use ${WORDS_MAX_CHARACTERS} characters or fewer`);
}
