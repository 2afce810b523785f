/** What a newcomer reads when Pennypost has started: where it is, how to sign in, and a first text to send. */

import { webAddress } from "../cli/web-address.ts";
import type { Config } from "../config.ts";

export interface DemoWorld {
  apiUrl: string;
  adminUrl: string;
  keys: { test: string; team: string; live: string };
  templates: { sms: string; email: string };
  admin: { email: string; password: string };
}

export function welcome(config: Config, started: { world: DemoWorld | undefined; seconds: number }): string {
  const address = webAddress(config);
  const lines = [`Pennypost is ready at ${config.origins.api ?? address} (${started.seconds.toFixed(1)} s)`];
  if (started.world) lines.push(...demonstration(started.world));
  lines.push("", "Stop with Ctrl+C.", "");
  return `\n${lines.join("\n")}`;
}

function demonstration(world: DemoWorld): string[] {
  return [
    "",
    "A demonstration world is set up; demo.json in the data folder has its keys and templates.",
    `Sign in at ${world.adminUrl} as ${world.admin.email}, password ${world.admin.password}`,
    "",
    "Send a first text:",
    "",
    `  curl -s ${world.apiUrl}/v2/notifications/sms \\`,
    `    -H "Authorization: Bearer ${world.keys.live}" \\`,
    `    -d '{"phone_number": "07700 900123", "template_id": "${world.templates.sms}", "personalisation": {"name": "Amala"}}'`,
    "",
    "See it arrive on the demonstration's phone, which can answer:",
    "",
    `  ${world.adminUrl}/platform/sandbox`,
    "",
    "or ask what became of it:",
    "",
    `  curl -s ${world.apiUrl}/v2/notifications -H "Authorization: Bearer ${world.keys.live}"`,
    "",
    `The API is described at ${world.apiUrl}/docs/api`,
  ];
}
