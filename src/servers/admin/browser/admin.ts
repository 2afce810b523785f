/** What scripts add to pages that work without them. One small module; areas with more bring a file of their own. */
import {
  Button,
  Checkboxes,
  createAll,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  ServiceNavigation,
} from "govuk-frontend";
import { startCopying } from "./copy.ts";
import { startLive } from "./live.ts";
import { startMenus } from "./menus.ts";
import { startPalette } from "./palette.ts";
import { startShortcuts } from "./shortcuts.ts";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [Button, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, ServiceNavigation])
  createAll(component);
startCopying();
startMenus();
startShortcuts();
startPalette();
startLive();
