/** English, of the parts that each area keeps. A new area adds its file and one line here; keys begin with the area's name. */

import { account } from "./en/account.ts";
import { accountFactors } from "./en/account-factors.ts";
import { alerts } from "./en/alerts.ts";
import { audit } from "./en/audit.ts";
import { branding } from "./en/branding.ts";
import { complaints } from "./en/complaints.ts";
import { connections } from "./en/connections.ts";
import { contacts } from "./en/contacts.ts";
import { contentRules } from "./en/content-rules.ts";
import { dashboard } from "./en/dashboard.ts";
import { developers } from "./en/developers.ts";
import { emailFiles } from "./en/email-files.ts";
import { errors } from "./en/errors.ts";
import { floodGuard } from "./en/flood-guard.ts";
import { forgottenPassword } from "./en/forgotten-password.ts";
import { goLive } from "./en/go-live.ts";
import { held } from "./en/held.ts";
import { inbox } from "./en/inbox.ts";
import { invitations } from "./en/invitations.ts";
import { joinRequests } from "./en/join-requests.ts";
import { layout } from "./en/layout.ts";
import { letter } from "./en/letter.ts";
import { letterProblem } from "./en/letter-problem.ts";
import { message } from "./en/message.ts";
import { messages } from "./en/messages.ts";
import { numberLookup } from "./en/number-lookup.ts";
import { organisationBalance } from "./en/organisation-balance.ts";
import { organisations } from "./en/organisations.ts";
import { platform } from "./en/platform.ts";
import { platformHealth } from "./en/platform-health.ts";
import { platformLookups } from "./en/platform-lookups.ts";
import { platformNumbers } from "./en/platform-numbers.ts";
import { platformPrices } from "./en/platform-prices.ts";
import { platformProviders } from "./en/platform-providers.ts";
import { platformReports } from "./en/platform-reports.ts";
import { platformRoutes } from "./en/platform-routes.ts";
import { platformSenders } from "./en/platform-senders.ts";
import { platformServices } from "./en/platform-services.ts";
import { protection } from "./en/protection.ts";
import { quality } from "./en/quality.ts";
import { reach } from "./en/reach.ts";
import { register } from "./en/register.ts";
import { returnedLetters } from "./en/returned-letters.ts";
import { sandbox } from "./en/sandbox.ts";
import { secondStep } from "./en/second-step.ts";
import { send } from "./en/send.ts";
import { senderApplications } from "./en/sender-applications.ts";
import { services } from "./en/services.ts";
import { settings } from "./en/settings.ts";
import { shortcuts } from "./en/shortcuts.ts";
import { signIn } from "./en/sign-in.ts";
import { smppAccounts } from "./en/smpp-accounts.ts";
import { statements } from "./en/statements.ts";
import { suppressions } from "./en/suppressions.ts";
import { team } from "./en/team.ts";
import { templateEditor } from "./en/template-editor.ts";
import { templatePages } from "./en/template-pages.ts";
import { templates } from "./en/templates.ts";
import { unsubscribeRequests } from "./en/unsubscribe-requests.ts";
import { usage } from "./en/usage.ts";

export const en = {
  ...account,
  ...accountFactors,
  ...branding,
  ...complaints,
  ...connections,
  ...contentRules,
  ...contacts,
  ...dashboard,
  ...developers,
  ...emailFiles,
  ...errors,
  ...floodGuard,
  ...forgottenPassword,
  ...held,
  ...inbox,
  ...layout,
  ...letter,
  ...letterProblem,
  ...message,
  ...messages,
  ...numberLookup,
  ...reach,
  ...register,
  ...returnedLetters,
  ...sandbox,
  ...secondStep,
  ...send,
  ...platform,
  ...platformHealth,
  ...platformLookups,
  ...platformNumbers,
  ...platformPrices,
  ...organisationBalance,
  ...protection,
  ...quality,
  ...alerts,
  ...platformReports,
  ...platformProviders,
  ...platformRoutes,
  ...platformSenders,
  ...senderApplications,
  ...platformServices,
  ...services,
  ...settings,
  ...shortcuts,
  ...signIn,
  ...smppAccounts,
  ...statements,
  ...suppressions,
  ...team,
  ...audit,
  ...organisations,
  ...goLive,
  ...invitations,
  ...joinRequests,
  ...templateEditor,
  ...templatePages,
  ...templates,
  ...unsubscribeRequests,
  ...usage,
} as const;
