/** A file that a service uploads by itself, to send its link by ways of its own. */
import type { EmailAddress } from "../../core/email/parse-email-address.ts";
import type { Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { checkFile, type UploadedFile } from "./check-file.ts";
import { keepFiles, type SealedFile, sealFile } from "./keep-file.ts";
import { hashRecipient } from "./recipient-proof.ts";

export interface Upload extends UploadedFile {
  /** Who gets it only after giving this address; undefined: whoever has the link. */
  recipient: EmailAddress | undefined;
  weeks: number | undefined;
}

/** What it resolves with is durable, and has the key, which is kept nowhere. */
export async function uploadDocument(
  app: Pick<App, "db" | "blobs" | "clock" | "log" | "scanning">,
  service: Service,
  upload: Upload,
): Promise<SealedFile> {
  const file = await checkFile(app, upload);
  const recipientHash = upload.recipient && (await hashRecipient(upload.recipient));
  const sealed = sealFile(app, file, { service, goesWith: undefined, recipientHash, weeks: upload.weeks });
  await keepFiles(app, [sealed]);
  return sealed;
}
