/** All that the doctor looks at, from the machine outwards. Nothing is started, and nothing is changed. */
import type { Config } from "../../config.ts";
import { type Database, openDatabase } from "../../platform/db.ts";
import type { MasterKey } from "../../platform/sealing.ts";
import { isOnlySandboxActive } from "../../records/providers/provider-store.ts";
import { findRunningDatabase } from "../connect-database.ts";
import { checkClock, checkCluster, checkMigrations, checkPartitions } from "./check-database.ts";
import { checkDoors } from "./check-doors.ts";
import { checkFileStore } from "./check-file-store.ts";
import {
  checkAdminOrigin,
  checkDataFolder,
  checkDiskSpace,
  checkMasterKey,
  checkNode,
  checkPorts,
} from "./check-machine.ts";
import {
  checkCallbacks,
  checkExchangeRates,
  checkPrinting,
  checkProviders,
  checkSendingDomains,
} from "./check-neighbours.ts";
import { checkVirusScanner } from "./check-virus-scanner.ts";
import { type Finding, fail } from "./finding.ts";

export async function examine(config: Config, options: { looksUpDns: boolean }): Promise<Finding[]> {
  const key = await checkMasterKey(config);
  const machine = [
    checkNode(),
    checkDataFolder(config),
    await checkDiskSpace(config),
    key.finding,
    checkAdminOrigin(config),
    await checkFileStore(config),
  ];
  const url = await findRunningDatabase(config);
  const ports = await checkPorts(config, { isRunning: url !== undefined });
  if (url === undefined) return [...machine, checkCluster(config), ...ports];
  const db = openDatabase({ url, maxConnections: 2, applicationName: "pennypost doctor" });
  try {
    return [...machine, ...(await checkInstallation(db, { config, key: key.key, ...options })), ...ports];
  } finally {
    await db.close();
  }
}

interface Around {
  config: Config;
  key: MasterKey | undefined;
  looksUpDns: boolean;
}

async function checkInstallation(db: Database, { config, key, looksUpDns }: Around): Promise<Finding[]> {
  try {
    const clock = await checkClock(db);
    const migrations = await checkMigrations(db);
    if (migrations.verdict === "fail") return [clock, migrations];
    const partitions = await checkPartitions(db, new Date());
    if (!key) return [clock, migrations, ...partitions];
    const neighbours = [
      ...(await checkProviders(db, key)),
      ...(await checkExchangeRates(db, new Date())),
      ...(await checkSendingDomains(db, key, { looksUpDns, bounceHost: config.emailDomain })),
      ...(await checkPrinting(db)),
      ...(await checkCallbacks(db, config)),
      ...(await checkDoors(db, config)),
      await checkVirusScanner(config, await isOnlySandboxActive(db)),
    ];
    return [clock, migrations, ...partitions, ...neighbours];
  } catch (error) {
    return [
      fail(
        "database",
        `it does not answer as it should (${(error as Error).message}): is DATABASE_URL right, and may we connect?`,
      ),
    ];
  }
}
