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
  "platformNumbers.release": "Take back",
  "platformNumbers.releaseTitle": "Take {number} back from {service}",
  "platformNumbers.releaseEffect":
    "What is written to the number from now on does not reach the service. If it has no other number, it no longer receives texts. What it has received stays in its inbox.",
  "platformNumbers.releaseNext":
    "The number is free then, and the next service that turns on receiving texts may get it.",
  "platformNumbers.releaseButton": "Take the number back",
  "platformNumbers.released": "The number was taken back. It is free now.",
  "platformNumbers.share": "Keywords",
  "platformNumbers.shareTitle": "Keywords of {number}",
  "platformNumbers.shareExplain":
    "Services of one organisation can share a number: a text that begins with a keyword goes to its service. All others go to {service}, which has the number.",
  "platformNumbers.keywords": "Keywords",
  "platformNumbers.keywordsHint":
    "One on each line, with the name of its service: “LIBRARY: {service}”. The longest keyword that fits counts, in capitals or not.",
  "platformNumbers.sharers": "Services that may share it",
  "platformNumbers.noSharers": "The service is in no organisation: its number is its own.",
  "platformNumbers.add": "Add numbers",
  "platformNumbers.addHint": "One a line: phone numbers, or short codes of 3 to 6 digits",
  "platformNumbers.addButton": "Add numbers",
  "platformNumbers.added": { one: "{count} number was added.", other: "{count} numbers were added." },
} as const;
