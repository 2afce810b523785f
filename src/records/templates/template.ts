/** A template: the reusable text with ((placeholders)). Each change makes a new version; a version never changes. */
import type { Keeping } from "../../core/content/keeping.ts";
import type { Channel } from "../services/service.ts";

/** What only letters have. */
export interface LetterParts {
  postage: string | undefined;
  /** Its sender's address, placeholders allowed. */
  contactBlock: string | undefined;
  /** The Welsh half of a bilingual letter. */
  welshSubject: string | undefined;
  welshBody: string | undefined;
  /** Pages that go with every letter. */
  attachmentId: string | undefined;
}

export const NO_LETTER_PARTS: LetterParts = {
  postage: undefined,
  contactBlock: undefined,
  welshSubject: undefined,
  welshBody: undefined,
  attachmentId: undefined,
};

export interface TemplateVersion extends LetterParts {
  templateId: string;
  serviceId: string;
  channel: Channel;
  version: number;
  name: string;
  subject: string | undefined;
  body: string;
  hasUnsubscribeLink: boolean;
  createdBy: string;
  /** When the template was first made, and when it was last changed (undefined while it is as first made). */
  createdAt: Date;
  updatedAt: Date | undefined;
  /** Hidden ones are for one message from the admin, and cannot be named by anyone. */
  isHidden: boolean;
  archivedAt: Date | undefined;
  /** Of the words of what is sent with it, once that has been handed over. */
  keeps: Keeping;
}
