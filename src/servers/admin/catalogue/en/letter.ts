/** What letters have that other messages have not. */
export const letter = {
  "letter.postage.first": "First class",
  "letter.postage.second": "Second class",
  "letter.postage.economy": "Economy",
  "letter.postage.europe": "International, in Europe",
  "letter.postage.rest-of-world": "International, outside Europe",
  "letter.preview": "Preview of the letter",
  "letter.page": "Page {page} of {pages}",
  "letter.pages": { one: "{count} page", other: "{count} pages" },
  "letter.sheets": { one: "on {count} sheet of paper", other: "on {count} sheets of paper, printed on both sides" },
  "letter.price": "{price} each, {postage}",
  "letter.tooLong": "A letter can have up to 10 pages. This one is longer and will not be printed.",
  "letter.cannotDraw": "The pages cannot be shown.",
  "letter.download": "Download as a PDF",
} as const;
