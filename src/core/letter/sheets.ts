/** Paper: letters are printed on both sides. */

export const LETTER_PAGES_MAX = 10;
const PAGES_PER_SHEET = 2;

/** Sheets of paper, which is what letters are charged by.  sheetsOf(3) → 2 */
export function sheetsOf(pages: number): number {
  return Math.ceil(pages / PAGES_PER_SHEET);
}
