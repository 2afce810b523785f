/** Pages that go with every letter of a template. */
export const templatePages = {
  "templatePages.title": "Attach pages",
  "templatePages.attachPages": "Attach pages",
  "templatePages.manage": "Manage attachment",
  "templatePages.explain": "The pages of a PDF are printed behind every letter that is sent with this template.",
  "templatePages.now": "{size}, printed behind every letter that is sent with this template.",
  "templatePages.pdf": "Pages to attach, as a PDF",
  "templatePages.another": "Other pages in their place, as a PDF",
  "templatePages.hint": "A4, up to 2 MB. The letter and its pages together can have up to 10 pages.",
  "templatePages.attach": "Attach pages",
  "templatePages.replace": "Replace the pages",
  "templatePages.choose": "Choose a PDF file",
  "templatePages.tooLarge": "The file must be 2 MB or smaller",
  "templatePages.unavailable": "The file cannot be checked at the moment. Try again",
  "templatePages.attached": "The pages were attached",
  "templatePages.remove": "Remove the attachment",
  "templatePages.remove.title": "Are you sure you want to remove “{file}”?",
  "templatePages.remove.explain":
    "Letters are sent without these pages from now on. Letters that were sent already keep them.",
  "templatePages.remove.button": "Yes, remove the attachment",
  "templatePages.removed": "The attachment was removed",
  "templatePages.unable-to-read-the-file.title": "The file cannot be read",
  "templatePages.unable-to-read-the-file.detail": "Save it as a PDF again, without a password, and attach that.",
  "templatePages.letter-too-long.title": "The letter and these pages together are too long",
  "templatePages.room": {
    one: "A letter can have up to 10 pages. This one has room for {count} page more.",
    other: "A letter can have up to 10 pages. This one has room for {count} pages more.",
  },
  "templatePages.noRoom": "A letter can have up to 10 pages, and this one has no room for another.",
  "templatePages.letter-not-a4-portrait-oriented.title": "Not every page is A4 portrait",
  "templatePages.letter-not-a4-portrait-oriented.detail":
    "Every page must be 210 mm wide and 297 mm high. Change the size in the program the file was made with.",
  "templatePages.content-outside-printable-area.title": "Something is printed where nothing may be",
  "templatePages.content-outside-printable-area.detail":
    "Leave 15 mm free on the left and the right, and 5 mm at the top and the bottom.",
  "templatePages.notify-tag-found-in-content.title": "There is a letter of its own in this file",
  "templatePages.notify-tag-found-in-content.detail":
    "A page holds the mark by which printers know where a letter begins. Attach a file without it.",
} as const;
