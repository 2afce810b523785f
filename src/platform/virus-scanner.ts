/** The port behind which files are looked through for viruses. */

export type ScanResult =
  | { kind: "clean" }
  /** `signature` is the scanner's name for what it found. */
  | { kind: "infected"; signature: string }
  /** It could not be found out now; the same file may be asked about again. */
  | { kind: "unavailable"; reason: string };

export interface VirusScanner {
  /** Never rejects: what goes wrong is a result. */
  scan(bytes: Buffer): Promise<ScanResult>;
}
