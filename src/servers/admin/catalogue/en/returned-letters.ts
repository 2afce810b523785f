/** Letters that came back. */
export const returnedLetters = {
  "returnedLetters.title": "Returned letters",
  "returnedLetters.explain":
    "Letters that could not be delivered, by the day on which the printer told us. They are listed as long as your service keeps its letters.",
  "returnedLetters.none": "No letter has come back.",
  "returnedLetters.count": { one: "{count} letter", other: "{count} letters" },
  "returnedLetters.dayTitle": "Letters returned on {day}",
  "returnedLetters.noneOfDay": "No letter came back on this day, or your service no longer keeps it.",
  "returnedLetters.supplied": "A letter of your own, as a PDF",
  "returnedLetters.api": "API",
  "returnedLetters.by": "sent by {who}",
  "returnedLetters.more": { one: "{count} more is in the file.", other: "{count} more are in the file." },
  "returnedLetters.download": "Download these letters as a CSV file",
  "returnedLetters.column.id": "Notification ID",
  "returnedLetters.column.reference": "Reference",
  "returnedLetters.column.sentAt": "Sent at",
  "returnedLetters.column.sentBy": "Sent by",
  "returnedLetters.column.template": "Template",
  "returnedLetters.column.templateId": "Template ID",
  "returnedLetters.column.version": "Version",
} as const;
