/** Every page there is, with who may ask for it. A new area adds its routes here. */

import { accountRoutes } from "./account/account.ts";
import { alertRoutes } from "./alerts/alerts.ts";
import { auditRoutes } from "./audit/audit.ts";
import { poolRoutes } from "./branding/pools.ts";
import { serviceBrandRoutes } from "./branding/service-brand.ts";
import { sharedBrandRoutes } from "./branding/shared-brands.ts";
import { complaintRoutes } from "./complaints/complaints.ts";
import { connectionRoutes } from "./connections/connections.ts";
import { phonebookRoutes } from "./contacts/contacts.ts";
import { contentRuleRoutes } from "./content-rules/content-rules.ts";
import { dashboardRoutes } from "./dashboard/dashboard.ts";
import { developerRoutes } from "./developers/developers.ts";
import { floodGuardRoutes } from "./flood-guard/flood-guard.ts";
import { forgottenPasswordRoutes } from "./forgotten-password/forgotten-password.ts";
import { goLiveRoutes } from "./go-live/go-live.ts";
import { goLiveTaskRoutes } from "./go-live/tasks.ts";
import { heldRoutes } from "./held/held.ts";
import type { Route } from "./http/route.ts";
import { inboxRoutes } from "./inbox/inbox.ts";
import { invitationRoutes } from "./invitations/invitations.ts";
import { joinRequestRoutes } from "./join-requests/join-requests.ts";
import { liveRoutes } from "./live/live-stream.ts";
import { messageRoutes } from "./messages/message-routes.ts";
import { numberLookupRoutes } from "./number-lookup/number-lookup.ts";
import { organisationApprovalRoutes } from "./organisations/approvals.ts";
import { organisationBalanceRoutes } from "./organisations/balance.ts";
import { organisationRoutes } from "./organisations/organisations.ts";
import { organisationPeopleRoutes } from "./organisations/people.ts";
import { organisationSettingsRoutes } from "./organisations/settings.ts";
import { platformRoutes } from "./platform/platform.ts";
import { platformSenderRoutes } from "./platform-senders/platform-senders.ts";
import { qualityRoutes } from "./quality/quality.ts";
import { reachRoutes } from "./reach/reach.ts";
import { registerRoutes } from "./register/register.ts";
import { returnedLetterRoutes } from "./returned-letters/returned-letters.ts";
import { sandboxRoutes } from "./sandbox/sandbox.ts";
import { sendRoutes } from "./send/send-routes.ts";
import { joinRoutes } from "./services/join.ts";
import { newServiceRoutes } from "./services/new-service.ts";
import { serviceRoutes } from "./services/services.ts";
import { settingRoutes } from "./settings/settings.ts";
import { shortcutRoutes } from "./shortcuts/shortcuts.ts";
import { signInRoutes } from "./sign-in/sign-in.ts";
import { statementRoutes } from "./statements/statements.ts";
import { suppressionRoutes } from "./suppressions/suppressions.ts";
import { inviteRoutes } from "./team/invite.ts";
import { teamRoutes } from "./team/team.ts";
import { templateRoutes } from "./templates/templates.ts";
import { themeRoutes } from "./theme/theme.ts";
import { unsubscribeRequestRoutes } from "./unsubscribe-requests/unsubscribe-requests.ts";
import { usageRoutes } from "./usage/usage.ts";

export const routes: readonly Route[] = [
  ...accountRoutes,
  ...poolRoutes,
  ...serviceBrandRoutes,
  ...sharedBrandRoutes,
  ...complaintRoutes,
  ...connectionRoutes,
  ...contentRuleRoutes,
  ...phonebookRoutes,
  ...dashboardRoutes,
  ...developerRoutes,
  ...forgottenPasswordRoutes,
  ...floodGuardRoutes,
  ...heldRoutes,
  ...inboxRoutes,
  ...liveRoutes,
  ...messageRoutes,
  ...numberLookupRoutes,
  ...sendRoutes,
  ...qualityRoutes,
  ...alertRoutes,
  ...reachRoutes,
  ...registerRoutes,
  ...returnedLetterRoutes,
  ...sandboxRoutes,
  ...platformRoutes,
  ...platformSenderRoutes,
  ...serviceRoutes,
  ...newServiceRoutes,
  ...joinRoutes,
  ...settingRoutes,
  ...shortcutRoutes,
  ...signInRoutes,
  ...statementRoutes,
  ...suppressionRoutes,
  ...templateRoutes,
  ...teamRoutes,
  ...auditRoutes,
  ...organisationRoutes,
  ...organisationPeopleRoutes,
  ...organisationApprovalRoutes,
  ...organisationSettingsRoutes,
  ...organisationBalanceRoutes,
  ...goLiveRoutes,
  ...goLiveTaskRoutes,
  ...invitationRoutes,
  ...joinRequestRoutes,
  ...inviteRoutes,
  ...themeRoutes,
  ...unsubscribeRequestRoutes,
  ...usageRoutes,
];
