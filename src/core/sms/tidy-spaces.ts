/** Spaces in a text message cost money and show badly: this leaves only those a reader needs. */

/** Every break that Unicode or a terminal knows; the first alternative keeps a CR LF pair one line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const LINE_BREAKS = /\r\n|[\r\v\f\u001c-\u001e\u0085\u2028\u2029]/g;
/** The look-behind has each run of spaces tried once, from its start. */
const SPACES_BEFORE_PUNCTUATION = /[ \t](?<![ \t]{2})[ \t]*(?=[,.])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the unit separator counts as a space
const SPACES_IN_LINE = /(?:[^\S\n]|\u001f)+/g;
const SPACES_AT_LINE_ENDS = / ?\n ?/g;
const SEVERAL_EMPTY_LINES = /\n{3,}/g;
/** Most texts are tidy already, and this is asked of every one that is sent. */
const MAY_NEED_TIDYING = /[^ -~£\n]| [ ,.\n]|\n[ \n]|^[ \n]|[ \n]$/;

/**
 * One space between words, none before a comma or full stop or at the ends of lines, at most one empty line.
 * Spaces of all widths and tabs become the ordinary space; line breaks of all sorts become a line feed.
 *
 *     tidySpaces(" a\t b ,c\r\n\r\n\r\nd ", (text) => text) → "a b,c\n\nd"
 *
 * `removeInvisible` runs once punctuation has been pulled up and before spaces are joined.
 */
export function tidySpaces(text: string, removeInvisible: (text: string) => string): string {
  if (!MAY_NEED_TIDYING.test(text)) return text;
  const lines = text.replace(SPACES_BEFORE_PUNCTUATION, "").replace(LINE_BREAKS, "\n");
  return removeInvisible(lines)
    .replace(SPACES_IN_LINE, " ")
    .replace(SPACES_AT_LINE_ENDS, "\n")
    .replace(SEVERAL_EMPTY_LINES, "\n\n")
    .trim();
}
