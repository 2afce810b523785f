/**
 * XML from outside, read strictly and with limits. A document type is refused (SOAP 1.1 §3 has none): so there are no entities of anybody's
 * making, inside or outside, and nothing is fetched or multiplied.
 */
import { SaxesParser } from "saxes";

const DEPTH_MAX = 30;
const ELEMENTS_MAX = 20_000;

export interface XmlElement {
  /** Without its prefix, as are those of attributes. */
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}

/** Undefined for what is not well-formed, in UTF-8, or beyond a limit. */
export function readXml(bytes: Uint8Array): XmlElement | undefined {
  try {
    return parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function parse(text: string): XmlElement | undefined {
  const top: XmlElement = { name: "", attributes: {}, children: [], text: "" };
  const open = [top];
  let elements = 0;
  const parser = new SaxesParser({ xmlns: true });
  const fail = (error: Error): never => {
    throw error;
  };
  const add = (words: string): void => {
    const [element] = open.slice(-1);
    if (element) element.text += words;
  };
  parser.on("error", fail);
  parser.on("doctype", () => fail(new Error("a document type")));
  parser.on("text", add);
  parser.on("cdata", add);
  parser.on("opentag", ({ local, attributes }) => {
    elements += 1;
    if (elements > ELEMENTS_MAX || open.length > DEPTH_MAX) fail(new Error("too large"));
    const values = Object.values(attributes).map((attribute) => [attribute.local, attribute.value] as const);
    const element = { name: local, attributes: Object.fromEntries(values), children: [], text: "" };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on("closetag", () => void open.pop());
  parser.write(text).close();
  return top.children[0];
}
