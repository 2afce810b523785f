/** Why a letter is not printed, and what to do about it. */
import type { LetterProblem } from "../../../../core/letter/check-supplied-letter.ts";

type Words = Record<`letterProblem.${LetterProblem}.${"title" | "detail"}`, string>;

const words = {
  "letterProblem.unable-to-read-the-file.title": "The file cannot be read",
  "letterProblem.unable-to-read-the-file.detail": "Save it as a PDF again, without a password, and upload that.",
  "letterProblem.letter-too-long.title": "The letter is too long",
  "letterProblem.letter-too-long.detail": "A letter can have up to 10 pages: 5 sheets of paper, printed on both sides.",
  "letterProblem.letter-not-a4-portrait-oriented.title": "Not every page is A4 portrait",
  "letterProblem.letter-not-a4-portrait-oriented.detail":
    "Every page must be 210 mm wide and 297 mm high. Change the size in the program the letter was written with.",
  "letterProblem.content-outside-printable-area.title": "Something is printed where nothing may be",
  "letterProblem.content-outside-printable-area.detail":
    "Leave 15 mm free on the left and the right, and 5 mm at the top and the bottom. On the first page, keep the top 95 mm clear but for your logo, your address and the recipient’s.",
  "letterProblem.notify-tag-found-in-content.title": "There is a second letter inside",
  "letterProblem.notify-tag-found-in-content.detail":
    "A page after the first holds the mark by which printers know where a letter begins. Upload each letter by itself.",
  "letterProblem.address-is-empty.title": "There is no address in the window",
  "letterProblem.address-is-empty.detail":
    "The recipient’s address must be text, not a picture, and stand between 24.6 and 120 mm from the left and between 39.5 and 66.3 mm from the top of the first page.",
  "letterProblem.not-enough-address-lines.title": "The address is too short",
  "letterProblem.not-enough-address-lines.detail": "An address needs at least 3 lines.",
  "letterProblem.too-many-address-lines.title": "The address is too long",
  "letterProblem.too-many-address-lines.detail":
    "An address can have up to 7 lines. Other text may stand too near the address.",
  "letterProblem.invalid-address-line-1-or-2.title": "The address does not begin with words",
  "letterProblem.invalid-address-line-1-or-2.detail":
    "The first 2 lines must each have a letter from A to Z or a digit in them.",
  "letterProblem.has-country-for-bfpo-address.title": "A forces’ address ends with a country",
  "letterProblem.has-country-for-bfpo-address.detail":
    "Leave the country out: the British Forces Post Office knows where the number is.",
  "letterProblem.not-a-real-uk-postcode-or-country.title":
    "The address ends neither with a UK postcode nor with a country",
  "letterProblem.not-a-real-uk-postcode-or-country.detail":
    "The last line must be a real postcode or, for an address abroad, the country’s name in English.",
  "letterProblem.cant-send-international-letters.title": "The address is abroad",
  "letterProblem.cant-send-international-letters.detail": "This service does not send letters to other countries.",
  "letterProblem.not-a-real-uk-postcode.title": "The address does not end with a UK postcode",
  "letterProblem.not-a-real-uk-postcode.detail": "The last line must be a real postcode and nothing else.",
  "letterProblem.invalid-char-in-address.title": "A line of the address begins with a symbol",
  "letterProblem.invalid-char-in-address.detail": 'No line may begin with any of these: @ ( ) = [ ] " \\ / , < > ~',
  "letterProblem.no-fixed-abode-address.title": "The address is not a real one",
  "letterProblem.no-fixed-abode-address.detail":
    "“No fixed abode”, “no fixed address” and “NFA” cannot be delivered to.",
} as const satisfies Words;

export const letterProblem = {
  ...words,
  "letterProblem.pages": { one: "On {count} page: {pages}", other: "On {count} pages: {pages}" },
} as const;
