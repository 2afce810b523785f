/** A file that goes with every email of a template: each recipient gets a link of their own to it. */
import type { FileExtension } from "../../core/files/file-types.ts";

export interface TemplateFile {
  id: string;
  serviceId: string;
  templateId: string;
  /** Also the name of the placeholder that its link stands for. */
  fileName: string;
  extension: FileExtension;
  mimeType: string;
  /** As it was given, in bytes. */
  size: number;
  /** What recipients see; undefined: the link's address. */
  linkText: string | undefined;
  retentionWeeks: number;
  /** Recipients give the address that the email was sent to before they get it. */
  asksForAddress: boolean;
  /** The key that it is sealed under, under the service's. */
  sealedKey: Buffer;
}

/** Where each sealed value belongs: bound into its seal. */
export const sealedTemplateFile = {
  file: (id: string) => `template_files:${id}`,
  key: (id: string) => `template_files.key:${id}`,
};

/** Where the file is in the store. */
export function templateFileBlobKey(id: string): string {
  return `templatefiles/${id.slice(-2)}/${id}`;
}
