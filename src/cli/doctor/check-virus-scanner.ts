/** Who looks through files from outside for viruses. */
import type { Config } from "../../config.ts";
import { scannedBy } from "../../flow/scan-file.ts";
import { createClamdScanner } from "../../platform/clamd/clamd-scanner.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

const ABOUT = "virus scanner";

export async function checkVirusScanner(
  { clamdAddress, acceptsUnscannedFiles }: Pick<Config, "clamdAddress" | "acceptsUnscannedFiles">,
  isOnlySandbox: boolean,
): Promise<Finding> {
  if (clamdAddress) {
    const problem = await createClamdScanner(clamdAddress).findProblem();
    return problem === undefined
      ? ok(ABOUT, "clamd answers")
      : fail(
          ABOUT,
          `clamd at PENNYPOST_CLAMD_ADDRESS does not answer (${problem}): files and supplied letters are refused`,
        );
  }
  switch (scannedBy({ hasScanner: false, isOnlySandbox, acceptsUnscanned: acceptsUnscannedFiles })) {
    case "sandbox":
      return warn(ABOUT, "the sandbox's own, which knows the EICAR test string alone: set PENNYPOST_CLAMD_ADDRESS");
    case "nobody-by-choice":
      return warn(ABOUT, "none, and PENNYPOST_UNSCANNED_FILES=accept: files and supplied letters are taken unseen");
    default:
      return warn(ABOUT, "none: files and supplied letters are refused. Set PENNYPOST_CLAMD_ADDRESS");
  }
}
