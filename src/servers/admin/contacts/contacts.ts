/** Every page about contacts. What has a name in its path comes before what takes any. */
import type { Route } from "../http/route.ts";
import { areaRoutes } from "./areas.ts";
import { contactRoutes } from "./contact.ts";
import { contactListRoutes } from "./contact-list.ts";
import { editContactRoutes } from "./edit-contact.ts";
import { groupMessageRoutes } from "./group-message.ts";
import { contactGroupRoutes } from "./groups.ts";
import { importRoutes } from "./import.ts";

export const phonebookRoutes: readonly Route[] = [
  ...contactListRoutes,
  ...editContactRoutes,
  ...contactRoutes,
  ...contactGroupRoutes,
  ...groupMessageRoutes,
  ...areaRoutes,
  ...importRoutes,
];
