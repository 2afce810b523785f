/** The doors for customers' systems: whether they are open, and until when their certificates are good. */
import { readFile } from "node:fs/promises";
import type { Config, DoorConfig } from "../../config.ts";
import { readDoors } from "../../flow/doors/door-news.ts";
import { certificateEnd } from "../../platform/certificate-end.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Db } from "../../platform/db.ts";
import type { OpenDoor } from "../../records/doors/door-news-store.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";
import { tryToConnect } from "./try-to-connect.ts";

const DAY_MS = 86_400_000;
/** Time enough to have another one made. */
const ENDS_SOON_DAYS = 21;
const ANY_ADDRESS = /^(0\.0\.0\.0|::)$/;

export async function checkDoors(db: Db, config: Pick<Config, "smpp" | "smtp">): Promise<Finding[]> {
  const open = await readDoors({ db, clock: systemClock });
  const doors = [
    { name: "smpp", door: config.smpp },
    { name: "smtp", door: config.smtp },
  ] as const;
  const findings = await Promise.all(
    doors.map(async ({ name, door }) => {
      if (!door) return [];
      const said = open.find((one) => one.door === name);
      return [await checkOpen(name, door, said), ...(await checkCertificate(name, door, said))];
    }),
  );
  return findings.flat();
}

async function checkOpen(name: string, { host, port }: DoorConfig, said: OpenDoor | undefined): Promise<Finding> {
  const about = `${name} door`;
  const address = ANY_ADDRESS.test(host) ? "127.0.0.1" : host;
  const why = await tryToConnect(address, port);
  if (why !== undefined)
    return fail(about, `${host}:${port} does not answer (${why}): does a process have the role ${name}?`);
  const bound = name === "smpp" ? `, ${said?.binds ?? 0} bound` : "";
  return said
    ? ok(about, `${host}:${port} answers${bound}`)
    : warn(about, `${host}:${port} answers, but no process of this installation says that it keeps it`);
}

/** The one in the file is shown from the next start on; until then the one that was there. */
async function checkCertificate(
  name: string,
  { host, tls }: DoorConfig,
  said: OpenDoor | undefined,
): Promise<Finding[]> {
  const about = `${name} door, certificate`;
  if (!tls) return host.startsWith("127.") ? [] : [warn(about, "none: passwords travel in the open")];
  try {
    const endsAt = certificateEnd(await readFile(tls.certificateFile, "utf8"));
    const shown = said?.certificateEndsAt;
    if (shown && shown.getTime() !== endsAt.getTime())
      return [
        endFinding(about, endsAt),
        warn(about, `the one that is shown ends ${dayOf(shown)}: restart the role ${name}`),
      ];
    return [endFinding(about, endsAt)];
  } catch (error) {
    return [fail(about, `${tls.certificateFile} cannot be read: ${(error as Error).message}`)];
  }
}

function endFinding(about: string, endsAt: Date): Finding {
  const days = Math.floor((endsAt.getTime() - systemClock.now().getTime()) / DAY_MS);
  if (days < 0) return fail(about, `ended ${dayOf(endsAt)}: put a new one in its place and restart`);
  return days < ENDS_SOON_DAYS
    ? warn(about, `ends ${dayOf(endsAt)}, in ${days} days: have a new one made`)
    : ok(about, `good until ${dayOf(endsAt)}`);
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
