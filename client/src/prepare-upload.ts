/** Makes a file ready to be a value of an email's personalisation: the recipient gets a link to it. */
import { invalidArgument } from "./pennypost-error.ts";

export const FILE_MAX_BYTES = 2 * 1024 * 1024;

export interface UploadOptions {
  /** Tells the recipient what the file is; ends with an extension: `report.csv`. */
  filename?: string;
  /** Whether the recipient must confirm their email address before downloading; they must, unless this is `false`. */
  confirmEmailBeforeDownload?: boolean;
  /** How long the file can be downloaded: `1 week` to `78 weeks`; 26 weeks when left out. */
  retentionPeriod?: string;
}

export interface Upload {
  file: string;
  filename: string | null;
  confirm_email_before_download: boolean | null;
  retention_period: string | null;
}

/** Throws `InvalidArgumentError` when the file is larger than 2 MB. A text is taken as UTF-8. */
export function prepareUpload(file: Uint8Array | string, options: UploadOptions = {}): Upload {
  const bytes = Buffer.from(file as Uint8Array);
  if (bytes.length > FILE_MAX_BYTES) throw invalidArgument("File is larger than 2MB.");
  return {
    file: bytes.toString("base64"),
    filename: options.filename ?? null,
    confirm_email_before_download: options.confirmEmailBeforeDownload ?? null,
    retention_period: options.retentionPeriod ?? null,
  };
}
