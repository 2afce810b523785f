/** A file that a recipient downloads by a link. Nothing kept of it can be opened without the key in the link. */
import type { FileExtension } from "../../core/files/file-types.ts";

export interface NewDocument {
  id: string;
  serviceId: string;
  /** The email it goes with; undefined for a file that was uploaded by itself. */
  notificationId: string | undefined;
  placeholder: string | undefined;
  /** `DocumentDetails`, under the link's key. */
  sealedDetails: Buffer;
  /** Of the address that must be given before the file is; undefined when none is asked for. */
  recipientHash: string | undefined;
  /** The link's key under the service's, until the email is sent. */
  sealedKey: Buffer | undefined;
  /** The last day, as 2026-11-30. */
  availableUntil: string;
  /** The file is one that all emails of a template have; undefined: it is this document's own. */
  templateFileId: string | undefined;
}

export interface Document {
  id: string;
  serviceId: string;
  /** Undefined once the file is removed. */
  sealedDetails: Buffer | undefined;
  recipientHash: string | undefined;
  availableUntil: string;
  blockedAt: Date | undefined;
  templateFileId: string | undefined;
}

/** What the link's key opens. */
export interface DocumentDetails {
  filename: string | undefined;
  extension: FileExtension;
  mimeType: string;
  /** Of the file as it was given, in bytes. */
  size: number;
  /** Of a template's file: what it is sealed under, in base64url. */
  fileKey?: string;
}

/** What a service sees of the files that went with one of its emails. */
export interface SentDocument {
  id: string;
  placeholder: string;
  asksForAddress: boolean;
  availableUntil: string;
  createdAt: Date;
  blockedAt: Date | undefined;
  removedAt: Date | undefined;
  downloads: number;
  lastDownloadedAt: Date | undefined;
}

/** Where each sealed value belongs: bound into its seal. */
export const sealedDocument = {
  file: (id: string) => `documents:${id}`,
  details: (id: string) => `documents.details:${id}`,
  key: (id: string) => `documents.key:${id}`,
};

/** Where the file is in the store. The last octet of an id is random: it spreads files over folders. */
export function blobKeyOf(id: string): string {
  return `documents/${id.slice(-2)}/${id}`;
}
