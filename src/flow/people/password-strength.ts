/**
 * Whether a password is good enough: long enough, not one of the common ones, not guessed soon. No rules about which characters are in
 * it (NIST SP 800-63B §3.1.1.2).
 */
import type { FieldProblem } from "../form-refusal.ts";
import { refuseProblems } from "../form-refusal.ts";

const PASSWORD_MIN_CHARACTERS = 8;
const PASSWORD_MAX_CHARACTERS = 256;
/** zxcvbn's scale is 0 to 4; 2 takes more than a hundred million guesses, and every guess costs Argon2id and one of ten tries. */
const SCORE_MIN = 2;

interface Estimator {
  score(password: string, about: string[]): number;
  isCommon(password: string): boolean;
}

const estimator: { loaded: Promise<Estimator> | undefined } = { loaded: undefined };

/** Refuses a weak one. `about`: words about its owner, which make it easier to guess. Fields: `password`. */
export async function refuseWeakPassword(password: string, about: readonly string[]): Promise<void> {
  const problem = await passwordProblem(password, about);
  refuseProblems(problem ? [problem] : []);
}

/** What is wrong with it, for a form that tells everything at once. */
export async function passwordProblem(password: string, about: readonly string[]): Promise<FieldProblem | undefined> {
  const { length } = [...password];
  if (length < PASSWORD_MIN_CHARACTERS)
    return problem("password-short", `Password must be at least ${PASSWORD_MIN_CHARACTERS} characters`);
  if (length > PASSWORD_MAX_CHARACTERS)
    return problem("password-long", `Password must be ${PASSWORD_MAX_CHARACTERS} characters or fewer`);
  estimator.loaded ??= load();
  const { isCommon, score } = await estimator.loaded;
  if (isCommon(password))
    return problem("password-common", "Choose a password that is harder to guess: many people use this one");
  if (score(password, about.flatMap(wordsOf)) < SCORE_MIN)
    return problem("password-weak", "Choose a password that is harder to guess: longer, or of several words");
  return undefined;
}

function problem(code: string, message: string): FieldProblem {
  return { field: "password", problem: code, message };
}

/** An address or a name, and each word in it: "ada" of ada@example.org makes "ada2024" a guess. */
function wordsOf(text: string): string[] {
  const words = text.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return [text.toLowerCase(), words.join(""), ...words].filter((word) => word.length > 2);
}

/** The dictionaries are megabytes: read when the first password is chosen, not at every start. */
async function load(): Promise<Estimator> {
  const [core, common, english] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
    import("@zxcvbn-ts/language-en"),
  ]);
  const zxcvbn = new core.ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
  });
  const passwords = new Set<unknown>(common.dictionary["passwords-common"]);
  return {
    score: (password, about) => zxcvbn.check(password, about).score,
    isCommon: (password) => passwords.has(password.toLowerCase()),
  };
}
