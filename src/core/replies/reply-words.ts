/** Words by which whoever gets texts asks for no more of them, for more again, or for help. */

export const ASKED = ["stop", "start", "help"] as const;
export type Asked = (typeof ASKED)[number];

type Words = Readonly<Record<Asked, readonly string[]>>;

/**
 * By language (BCP 47). All are known to every service that names no words of its own: who gets texts in English may think in another
 * language, and none of these is a usual answer to anything. English as the CTIA's Messaging Principles (2023) §5.1.2 ask for.
 */
const WORDS_BY_LANGUAGE: Readonly<Record<string, Words>> = {
  en: {
    stop: ["STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL"],
    start: ["START", "UNSTOP"],
    help: ["HELP", "INFO"],
  },
  cy: { stop: ["STOPIWCH", "DIWEDD"], start: ["DECHRAU"], help: ["CYMORTH"] },
  fr: { stop: ["ARRET", "DESABONNER"], start: ["REPRENDRE"], help: ["AIDE"] },
  de: { stop: ["STOPP", "ABMELDEN"], start: ["ANMELDEN"], help: ["HILFE"] },
  es: { stop: ["PARAR", "BAJA"], start: ["ALTA"], help: ["AYUDA"] },
};

function allOf(asked: Asked): string[] {
  return Object.values(WORDS_BY_LANGUAGE).flatMap((words) => words[asked]);
}

export const USUAL_WORDS: Words = { stop: allOf("stop"), start: allOf("start"), help: allOf("help") };

/** Longer texts ask for nothing of the kind. */
export const REPLY_WORD_MAX_CHARACTERS = 20;
export const REPLY_WORDS_MAX = 20;

/** As texts are compared: `Arrêt.` and ` ARRET ` are one.  plainWords("Stop, please!") → "STOP PLEASE" */
export function plainWords(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mn}/gu, "")
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** What a text asks for, if it says nothing else. "Please stop the leak" asks for nothing. */
export function askedIn(text: string, own: Partial<Words>): Asked | undefined {
  const plain = plainWords(text);
  return ASKED.find((asked) => {
    const words = own[asked]?.length ? own[asked] : USUAL_WORDS[asked];
    return words.some((word) => plainWords(word) === plain);
  });
}
