/** All pages of the platform. */
import type { Route } from "../http/route.ts";
import { platformApprovalRoutes } from "./approvals.ts";
import { platformAuditRoutes } from "./audit.ts";
import { exchangeRateRoutes } from "./exchange-rates.ts";
import { platformHealthRoutes } from "./health.ts";
import { lookupSupplierRoutes } from "./lookup-supplier.ts";
import { platformLookupRoutes } from "./number-lookups.ts";
import { platformNumberRoutes } from "./numbers.ts";
import { platformOrganisationRoutes } from "./organisations.ts";
import { priceComparisonRoutes } from "./price-comparison.ts";
import { platformPriceRoutes } from "./prices.ts";
import { providerSettingsRoutes } from "./provider-settings.ts";
import { platformProviderRoutes } from "./providers.ts";
import { platformReportRoutes } from "./reports.ts";
import { platformRouteRoutes } from "./routes.ts";
import { searchRoutes } from "./search.ts";
import { platformServiceRoutes } from "./service.ts";
import { platformServiceListRoutes } from "./services.ts";
import { platformSettingRoutes } from "./settings.ts";
import { platformUserRoutes } from "./users.ts";

export const platformRoutes: readonly Route[] = [
  ...searchRoutes,
  ...platformServiceListRoutes,
  ...platformServiceRoutes,
  ...platformOrganisationRoutes,
  ...platformUserRoutes,
  ...platformProviderRoutes,
  ...providerSettingsRoutes,
  ...platformRouteRoutes,
  ...platformLookupRoutes,
  ...lookupSupplierRoutes,
  ...platformNumberRoutes,
  ...platformPriceRoutes,
  ...priceComparisonRoutes,
  ...exchangeRateRoutes,
  ...platformApprovalRoutes,
  ...platformReportRoutes,
  ...platformAuditRoutes,
  ...platformHealthRoutes,
  ...platformSettingRoutes,
];
