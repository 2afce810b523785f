/** A template: the reusable text with ((placeholders)). Each change makes a new version; a version never changes. */
import type { Channel } from "../services/service.ts";

export interface TemplateVersion {
  templateId: string;
  serviceId: string;
  channel: Channel;
  version: number;
  name: string;
  subject: string | undefined;
  body: string;
  postage: string | undefined;
  hasUnsubscribeLink: boolean;
  createdBy: string;
  /** When the template was first made, and when it was last changed (undefined while it is as first made). */
  createdAt: Date;
  updatedAt: Date | undefined;
  /** Hidden ones are for one message from the admin, and cannot be named by anyone. */
  isHidden: boolean;
  archivedAt: Date | undefined;
}
