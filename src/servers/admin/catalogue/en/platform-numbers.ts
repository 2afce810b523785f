/** Numbers that the public can write to. */
export const platformNumbers = {
  "platformNumbers.title": "Numbers",
  "platformNumbers.explain":
    "A service that turns on receiving texts takes a free number from here. Your carriers must bring what is written to it.",
  "platformNumbers.free": { one: "{count} number is free.", other: "{count} numbers are free." },
  "platformNumbers.number": "Number",
  "platformNumbers.service": "Service",
  "platformNumbers.isFree": "Free",
  "platformNumbers.off": "Switched off",
  "platformNumbers.remove": "Remove",
  "platformNumbers.removed": "The number was removed.",
  "platformNumbers.add": "Add numbers",
  "platformNumbers.addHint": "One a line: phone numbers, or short codes of 3 to 6 digits",
  "platformNumbers.addButton": "Add numbers",
  "platformNumbers.added": { one: "{count} number was added.", other: "{count} numbers were added." },
} as const;
