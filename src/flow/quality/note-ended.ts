/** What has just been moved to an end, for the counts: once that is durable. */
import type { ReportedNotification } from "../../records/notifications/notification.ts";
import type { QualityBook } from "./quality-book.ts";

export function noteEnded({ quality }: { quality: QualityBook }, moved: readonly ReportedNotification[]): void {
  for (const notification of moved) {
    const { status, sentAt, updatedAt } = notification;
    if (updatedAt) quality.noteEnded(notification, { status, sentAt, at: updatedAt });
  }
}
