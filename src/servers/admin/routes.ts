/** Every page there is, with who may ask for it. A new area adds its routes here. */
import type { Route } from "./http/route.ts";
import { liveRoutes } from "./live/live-stream.ts";
import { joinRoutes } from "./services/join.ts";
import { newServiceRoutes } from "./services/new-service.ts";
import { serviceRoutes } from "./services/services.ts";
import { signInRoutes } from "./sign-in/sign-in.ts";
import { statementRoutes } from "./statements/statements.ts";
import { inviteRoutes } from "./team/invite.ts";
import { teamRoutes } from "./team/team.ts";
import { themeRoutes } from "./theme/theme.ts";

export const routes: readonly Route[] = [
  ...developerRoutes,
  ...liveRoutes,
  ...serviceRoutes,
  ...signInRoutes,
  ...statementRoutes,
  ...themeRoutes,
  ...joinRoutes,
  ...newServiceRoutes,
  ...teamRoutes,
  ...inviteRoutes,
];

import { developerRoutes } from "./developers/developers.ts";