/** The life of a notification: what state it can be in, and where it can go from there. */
export const STATUSES = [
  "created",
  "sending",
  "sent",
  "delivered",
  "pending",
  "failed",
  "technical-failure",
  "temporary-failure",
  "permanent-failure",
  "pending-virus-check",
  "validation-failed",
  "virus-scan-failed",
  "returned-letter",
  "cancelled",
] as const;

export type Status = (typeof STATUSES)[number];

const REPORTED: readonly Status[] = [
  "pending",
  "delivered",
  "temporary-failure",
  "permanent-failure",
  "technical-failure",
];

/**
 * Where each status can go. A carrier may report on a text before we have noted that we sent it, so reports move `created` too.
 * Abroad, most networks never report back, so `sent` is where these end.
 */
const NEXT: Record<Status, readonly Status[]> = {
  created: ["sending", "sent", "cancelled", "validation-failed", ...REPORTED],
  "pending-virus-check": [
    "created",
    "delivered",
    "cancelled",
    "validation-failed",
    "virus-scan-failed",
    "technical-failure",
  ],
  // A letter of a test key is `sending` before its PDF is made; a letter may come back before its despatch was reported.
  sending: [...REPORTED, "validation-failed", "returned-letter"],
  sent: REPORTED,
  pending: REPORTED.filter((status) => status !== "pending"),
  delivered: ["returned-letter"],
  failed: [],
  "technical-failure": [],
  "temporary-failure": [],
  "permanent-failure": [],
  "validation-failed": [],
  "virus-scan-failed": [],
  "returned-letter": [],
  cancelled: [],
};

/** Whether one status may follow another. */
export function canMove(from: Status, to: Status): boolean {
  return NEXT[from].includes(to);
}

/** From where a status can be reached: the guard of an update, so that late and repeated reports change nothing. */
export function statusesBefore(to: Status): Status[] {
  return STATUSES.filter((from) => canMove(from, to));
}

/** Statuses in which nothing more is expected to happen, so that a completion time is shown. */
export const COMPLETED_STATUSES: readonly Status[] = [
  "sent",
  "delivered",
  "failed",
  "technical-failure",
  "temporary-failure",
  "permanent-failure",
  "returned-letter",
  "cancelled",
  "validation-failed",
];

/** Statuses that no receipt for a text or an email can change. */
export const FINAL_STATUSES: readonly Status[] = STATUSES.filter(
  (from) => !NEXT[from].some((to) => REPORTED.includes(to)),
);

/** What lists can be filtered by, in the order the API's refusals name them. */
export const STATUS_FILTERS = [
  "cancelled",
  "created",
  "sending",
  "sent",
  "delivered",
  "pending",
  "failed",
  "technical-failure",
  "temporary-failure",
  "permanent-failure",
  "pending-virus-check",
  "validation-failed",
  "virus-scan-failed",
  "returned-letter",
  "accepted",
  "received",
] as const;

export type StatusFilter = (typeof STATUS_FILTERS)[number];

const EXPANSIONS: Partial<Record<StatusFilter, readonly Status[]>> = {
  failed: [
    "failed",
    "technical-failure",
    "temporary-failure",
    "permanent-failure",
    "validation-failed",
    "virus-scan-failed",
    "returned-letter",
  ],
  accepted: ["created", "sending"],
  received: ["delivered"],
};

/** The statuses a list is filtered by, each once.  expandStatusFilters(["accepted", "created"]) → ["created", "sending"] */
export function expandStatusFilters(filters: readonly StatusFilter[]): Status[] {
  const statuses = filters.flatMap((filter) => EXPANSIONS[filter] ?? [filter as Status]);
  return [...new Set(statuses)];
}

/** A letter is shown as accepted until printers report it, then as received. */
export function letterStatusShown(status: Status): StatusFilter {
  if (status === "created" || status === "sending") return "accepted";
  return status === "delivered" || status === "returned-letter" ? "received" : status;
}
