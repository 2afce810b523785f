/** Logos and files of an export: written into a folder beside the declaration, which names them by their path from where it stands. */
import type { Blobs } from "../platform/blobs.ts";

export interface FileSink {
  blobs: Blobs;
  /** What paths begin with. */
  folder: string;
  write(path: string, bytes: Buffer): void;
}

export interface ExportedFile {
  /** What it is of and what it is, for its path: service, template, name. */
  words: readonly string[];
  extension: string;
  read(blobs: Blobs): Promise<Buffer>;
}

/** Gives each file a path of its own, or counts it where nobody asked for files. */
export class ExportedFiles {
  readonly #sink: FileSink | undefined;
  readonly #paths = new Set<string>();
  leftOut = 0;

  constructor(sink: FileSink | undefined) {
    this.#sink = sink;
  }

  /** The path, once it is written; undefined where files are left out. */
  async keep({ words, extension, read }: ExportedFile): Promise<string | undefined> {
    if (!this.#sink) {
      this.leftOut += 1;
      return undefined;
    }
    const { blobs, folder, write } = this.#sink;
    const path = this.#freePath([folder, ...words.map(pathWord)].join("/"), extension);
    write(path, await read(blobs));
    return path;
  }

  #freePath(stem: string, extension: string): string {
    let path = `${stem}.${extension}`;
    for (let number = 2; this.#paths.has(path); number++) path = `${stem}-${number}.${extension}`;
    this.#paths.add(path);
    return path;
  }
}

/** pathWord("Tŷ Coch: Welcome!") → "ty-coch-welcome" */
function pathWord(word: string): string {
  const plain = word
    .normalize("NFD")
    .toLowerCase()
    .replace(/\p{Mn}/gu, "");
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "unnamed";
}
