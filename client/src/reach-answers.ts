/** What the API answers about reaching one person by several steps. */
import type { NotificationType, PageLinks } from "./answers.ts";

/** What has to happen for a step to have reached the person. */
export type ReachUntil = "delivered" | "seen" | "sent" | "answered" | "confirmed";
export type ReachStatus = "working" | "reached" | "not-reached" | "cancelled";

export interface ReachStep {
  /** From 1 on. */
  step: number;
  channel: NotificationType;
  template_id: string;
  until: ReachUntil;
  wait_seconds: number | null;
  state: "waiting" | "under-way" | "reached" | "failed" | "passed-over" | "not-needed";
  begun_at: string | null;
  /** Why it was passed over, and the same in words. */
  reason: "cost" | "refused" | null;
  message: string | null;
  cost: number | null;
  notification: { id: string; status: string | null; uri: string } | null;
}

export interface Reach {
  id: string;
  reference: string | null;
  status: ReachStatus;
  created_at: string;
  deadline: string;
  ended_at: string | null;
  reached_step: number | null;
  reached_by: ReachUntil | null;
  /** Why nobody was reached. */
  reason: "deadline" | "no-steps-left" | null;
  currency: string;
  /** So far. */
  cost: number;
  most_cost: number | null;
  steps: ReachStep[];
  uri: string;
}

export interface ReachFilter {
  reference?: string;
  status?: ReachStatus;
  /** The id of the last one of the page before. */
  olderThan?: string;
}

export interface ReachPage {
  reaches: Reach[];
  links: PageLinks;
}
