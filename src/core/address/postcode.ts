/** Postcodes of the United Kingdom, Jersey, Guernsey and the Isle of Man, as Royal Mail's machines read them. */

/** The letters a postcode can begin with. */
const ZONES = [
  "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX",
  "FK FY G GIR GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG",
  "NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW",
  "UB W WA WC WD WF WN WR WS WV YO ZE",
].join(" ");

/** The letters C, I, K, M, O and V, which are misread by hand, never end a postcode. */
const POSTCODE = new RegExp(`^(?:${ZONES.replaceAll(" ", "|")})[0-9][0-9A-Z]?[0-9][ABD-HJLNP-UW-Z]{2}$`);
const SPACES = /\s/g;
const INWARD_CODE_CHARACTERS = 3;

/** A line that is a postcode and nothing else, in capitals with its space; undefined when it is not.  formatPostcode("sw1a1aa") → "SW1A 1AA" */
export function formatPostcode(line: string): string | undefined {
  const characters = line.replace(SPACES, "").toUpperCase();
  if (!POSTCODE.test(characters)) return undefined;
  return `${characters.slice(0, -INWARD_CODE_CHARACTERS)} ${characters.slice(-INWARD_CODE_CHARACTERS)}`;
}
