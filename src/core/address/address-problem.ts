/** What can be wrong with a postal address: the reason codes of letters whose PDF was checked, in the order of the checks. */
export type AddressProblem =
  | "address-is-empty"
  | "not-enough-address-lines"
  | "too-many-address-lines"
  | "invalid-address-line-1-or-2"
  | "has-country-for-bfpo-address"
  | "not-a-real-uk-postcode-or-country"
  | "cant-send-international-letters"
  | "not-a-real-uk-postcode"
  | "invalid-char-in-address"
  | "no-fixed-abode-address";

const TOO_FEW_LINES = "Address must be at least 3 lines";
const NO_POSTCODE = "Must be a real UK postcode";

const MESSAGES: Record<AddressProblem, string> = {
  "address-is-empty": TOO_FEW_LINES,
  "not-enough-address-lines": TOO_FEW_LINES,
  "too-many-address-lines": "Address must be no more than 7 lines",
  "invalid-address-line-1-or-2":
    "The first 2 lines of the address must both include at least one alphanumeric character",
  "has-country-for-bfpo-address": "The last line of a BFPO address must not be a country.",
  "not-a-real-uk-postcode-or-country": "Last line of address must be a real UK postcode or another country",
  "cant-send-international-letters": NO_POSTCODE,
  "not-a-real-uk-postcode": NO_POSTCODE,
  "invalid-char-in-address":
    "Address lines must not start with any of the following characters: @ ( ) = [ ] ” \\ / , < >",
  "no-fixed-abode-address": "Must be a real address",
};

/** In the words of Notify's API. */
export function addressProblemMessage(problem: AddressProblem): string {
  return MESSAGES[problem];
}
