/** What keeps a service from its own mistakes, and from whoever abuses it. */
export const protection = {
  "protection.undo.title": "Undo",
  "protection.undo.explain":
    "A message waits for so long before it goes, and its page has a button that takes it back. Messages of high priority and one-time codes never wait; a request to the API can ask for another time by undo_seconds.",
  "protection.undo.seconds": "For how many seconds messages wait",
  "protection.undo.seconds.hint": "0 to {max}. With 0, messages go at once",
  "protection.undo.lanes": "Messages of people always wait. Which of your systems’ messages wait, too?",
  "protection.undo.lane.normal": "Those of normal priority",
  "protection.undo.lane.low": "Those of low priority",
  "protection.undo.row": "Undo",
  "protection.undo.row.seconds": { one: "Messages wait {count} second", other: "Messages wait {count} seconds" },
  "protection.undo.row.normal": "Your systems’ messages of normal priority, too",
  "protection.undo.row.low": "Your systems’ messages of low priority, too",
} as const;
