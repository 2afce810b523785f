/** All pages about templates. */
import type { Route } from "../http/route.ts";
import { attachPagesRoutes } from "./attach-pages.ts";
import { draftRoutes } from "./draft.ts";
import { editorRoutes } from "./editor.ts";
import { emailFilePreviewRoutes } from "./email-file-preview.ts";
import { emailFileRoutes } from "./email-files.ts";
import { emailLogoRoutes } from "./email-logo.ts";
import { folderRoutes } from "./folder.ts";
import { keepingRoutes } from "./keeping.ts";
import { newTemplateRoutes } from "./new-template.ts";
import { shelfRoutes } from "./shelf.ts";
import { showRoutes } from "./template.ts";
import { changeRoutes } from "./template-changes.ts";
import { versionRoutes } from "./versions.ts";
import { whatsappRoutes } from "./whatsapp.ts";

export const templateRoutes: readonly Route[] = [
  ...shelfRoutes,
  ...folderRoutes,
  ...newTemplateRoutes,
  ...showRoutes,
  ...emailLogoRoutes,
  ...changeRoutes,
  ...keepingRoutes,
  ...whatsappRoutes,
  ...editorRoutes,
  ...draftRoutes,
  ...versionRoutes,
  ...attachPagesRoutes,
  ...emailFileRoutes,
  ...emailFilePreviewRoutes,
];
