/** A YAML 1.2 file as plain data that remembers its lines. */
import { isMap, isNode, LineCounter, parseDocument } from "yaml";
import { Refusal } from "../../core/refusal.ts";
import type { Path, Place } from "./read.ts";

/** Aliases may repeat a part of the file so often, not blow it up without end. */
const ALIASES_MAX = 100;
const FILE_MAX_CHARACTERS = 16 * 1024 * 1024;

type ParsedDocument = ReturnType<typeof parseDocument>;

/** The whole file as a place to read from. Refuses what is not YAML, with the line. */
export function parseFile(
  content: string,
  { name, ...source }: Pick<Place["source"], "environment" | "readFile"> & { name: string },
): Place {
  if (content.length > FILE_MAX_CHARACTERS)
    throw new Refusal("invalid", `${name} is longer than 16 million characters`);
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines });
  const [problem] = document.errors;
  if (problem) {
    const message = problem.message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "");
    throw new Refusal("invalid", `${name}:${lines.linePos(problem.pos[0]).line}: ${message}`);
  }
  const locate = (path: Path): string => {
    const offset = offsetOf(document, path);
    return offset === undefined ? `${name}: ` : `${name}:${lines.linePos(offset).line}: `;
  };
  const value: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
  return { value: value ?? {}, path: [], source: { locate, ...source } };
}

/** Where a value begins; for a field of a map, where its name does; for what is not there, where its owner begins. */
function offsetOf(document: ParsedDocument, path: Path): number | undefined {
  const parent: unknown = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const name = path.at(-1);
  if (name === undefined) return undefined;
  const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === String(name)) : undefined;
  const node: unknown = pair?.key ?? document.getIn(path, true);
  return (isNode(node) ? node.range?.[0] : undefined) ?? offsetOf(document, path.slice(0, -1));
}
