/** `/services/:sid/send`: choose what to send. */
import { readShelf } from "../../../flow/templates/folders.ts";
import type { Channel } from "../../../records/services/service.ts";
import type { Answer } from "../http/answer.ts";
import { asId } from "../http/ids.ts";
import { page } from "../http/page.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { sendPath } from "./sending.ts";
import { uploadLetterUrl } from "./upload-letter.ts";
import { uploadedLettersUrl } from "./uploaded-letters.ts";

interface Choice {
  /** Of the folder that is open; undefined at the root. */
  folderName: string | undefined;
  rootUrl: string;
  uploadUrl: string | undefined;
  uploadedUrl: string | undefined;
  folders: readonly { name: string; href: string }[];
  templates: readonly { name: string; href: string; channel: Channel }[];
}

const showChoice = page<Choice>("send/choose-template.njk");

export async function chooseTemplate(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, query } = visit;
  const member = { serviceId: service.id, userId: visitor.userId };
  const shelf = await readShelf(app, member, asId(query.get("folder")));
  const rootUrl = sendPath(service.id);
  return showChoice(visit, {
    folderName: shelf.folder?.name,
    rootUrl,
    uploadUrl: uploadLetterUrl(visit),
    uploadedUrl: service.permissions.has("letter") ? uploadedLettersUrl(visit) : undefined,
    folders: shelf.folders.map(({ id, name }) => ({ name, href: `${rootUrl}?folder=${id}` })),
    templates: shelf.templates.flatMap(({ id, name, channel }) =>
      service.permissions.has(channel) ? [{ name, channel, href: sendPath(service.id, id) }] : [],
    ),
  });
}
