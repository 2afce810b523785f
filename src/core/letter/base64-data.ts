/**
 * Base64 as lenient readers of mail take it (RFC 2045 §6.8): what is not of the alphabet is passed over, and what follows padding that
 * completes a group is not read.
 */
const OUTSIDE_ALPHABET = /[^A-Za-z0-9+/=]/g;
const DATA_AND_PADDING = /([^=]+)(=*)/g;
const GROUP_CHARACTERS = 4;
const PADDED_GROUP_MIN_CHARACTERS = 2;

/** The characters that carry data, without padding; undefined when they do not make whole octets.  base64Data("SGk=\n") → "SGk" */
export function base64Data(text: string): string | undefined {
  let data = "";
  for (const [, characters = "", padding = ""] of text.replace(OUTSIDE_ALPHABET, "").matchAll(DATA_AND_PADDING)) {
    data += characters;
    const open = data.length % GROUP_CHARACTERS;
    if (open >= PADDED_GROUP_MIN_CHARACTERS && open + padding.length >= GROUP_CHARACTERS) return data;
  }
  return data.length % GROUP_CHARACTERS === 0 ? data : undefined;
}
