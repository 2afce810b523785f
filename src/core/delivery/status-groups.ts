/** Statuses as people ask for them: what is under way, what arrived, what did not, what was taken back. */
import { STATUSES, type Status } from "./statuses.ts";

export const STATUS_GROUPS = ["sending", "delivered", "failed", "cancelled"] as const;
export type StatusGroup = (typeof STATUS_GROUPS)[number];

const GROUP_OF: Record<Status, StatusGroup> = {
  created: "sending",
  pending: "sending",
  sending: "sending",
  "pending-virus-check": "sending",
  delivered: "delivered",
  sent: "delivered",
  "returned-letter": "delivered",
  failed: "failed",
  "technical-failure": "failed",
  "temporary-failure": "failed",
  "permanent-failure": "failed",
  "validation-failed": "failed",
  "virus-scan-failed": "failed",
  cancelled: "cancelled",
};

/** A text abroad ends as `sent` and counts as delivered: nobody there says more. */
export function statusGroupOf(status: Status): StatusGroup {
  return GROUP_OF[status];
}

export function statusesIn(groups: readonly StatusGroup[]): Status[] {
  return STATUSES.filter((status) => groups.includes(GROUP_OF[status]));
}

/** Counts of messages by group. */
export type GroupCounts = Record<StatusGroup, number>;

export function noMessages(): GroupCounts {
  return { sending: 0, delivered: 0, failed: 0, cancelled: 0 };
}
