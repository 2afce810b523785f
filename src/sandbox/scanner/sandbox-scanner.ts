/**
 * The sandbox's own virus scanner: it knows one signature, the test string that is no virus and that every scanner finds (EICAR,
 * eicar.org). So refusals can be tried out without clamd; it protects nobody.
 */
import type { VirusScanner } from "../../platform/virus-scanner.ts";

/** In two parts, or scanners would find it here. */
const EICAR_TEST_STRING = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR", "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].join("");

export const sandboxScanner: VirusScanner = {
  scan: async (bytes) =>
    bytes.includes(EICAR_TEST_STRING) ? { kind: "infected", signature: "EICAR-Test" } : { kind: "clean" },
};
