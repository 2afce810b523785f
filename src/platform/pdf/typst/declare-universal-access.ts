/**
 * Says in a PDF/A-2a of Typst's that it is PDF/UA-1 as well (ISO 14289-1 §5) and has its title shown (§7.1). Typst makes what either
 * standard asks for and declares only one. The description of the file and its catalogue are the last two objects that Typst writes, so
 * they are written anew, and the table of objects after them.
 */
const METADATA_END = "</rdf:Description></rdf:RDF>";
const NAMESPACE = "http://www.aiim.org/pdfua/ns/id/";
/** PDF/A lets a file use only words that it explains (ISO 19005-2 §6.6.2.3). */
const SCHEMA =
  `<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>` +
  `<pdfaSchema:namespaceURI>${NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>` +
  `<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:category>internal</pdfaProperty:category>` +
  `<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>` +
  `<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType></rdf:li></rdf:Seq>` +
  `</pdfaSchema:property></rdf:li>`;
const SCHEMAS_END = "</rdf:Bag></pdfaExtension:schemas>";

/** Throws when the file is not laid out as Typst does it. */
export function declareUniversalAccess(pdf: Buffer): Buffer {
  const table = readTable(pdf);
  const [metadata, catalogue] = table.lastObjects;
  const head = pdf.subarray(0, metadata.offset);
  const newMetadata = Buffer.from(declareInMetadata(slice(pdf, metadata.offset, catalogue.offset)), "latin1");
  const newCatalogue = Buffer.from(showTitle(slice(pdf, catalogue.offset, table.offset)), "latin1");
  const tail = moveTable(slice(pdf, table.offset, pdf.length), [
    { from: catalogue.offset, to: metadata.offset + newMetadata.length },
    { from: table.offset, to: metadata.offset + newMetadata.length + newCatalogue.length },
  ]);
  return Buffer.concat([head, newMetadata, newCatalogue, Buffer.from(tail, "latin1")]);
}

function readTable(pdf: Buffer) {
  const end = slice(pdf, pdf.lastIndexOf("startxref"), pdf.length);
  const offset = Number(/^startxref\s+(\d+)/.exec(end)?.[1] ?? Number.NaN);
  const offsets = Array.from(slice(pdf, offset, pdf.length).matchAll(/^(\d{10}) \d{5} n/gm), ([, digits]) =>
    Number(digits),
  );
  const [metadata, catalogue] = offsets.sort((a, b) => a - b).slice(-2);
  if (metadata === undefined || catalogue === undefined) throw new Error("This PDF has no table of objects");
  return { offset, lastObjects: [{ offset: metadata }, { offset: catalogue }] as const };
}

function declareInMetadata(object: string): string {
  const declared = put(object, SCHEMAS_END, `${SCHEMA}${SCHEMAS_END}`);
  const withPart = put(
    declared,
    METADATA_END,
    `<pdfuaid:part xmlns:pdfuaid="${NAMESPACE}">1</pdfuaid:part>${METADATA_END}`,
  );
  const added = withPart.length - object.length;
  return withPart.replace(/\/Length (\d+)/, (_, length) => `/Length ${Number(length) + added}`);
}

function showTitle(catalogue: string): string {
  return put(catalogue, "/ViewerPreferences <<", "/ViewerPreferences <<\n    /DisplayDocTitle true");
}

function put(text: string, found: string, instead: string): string {
  if (!text.includes(found)) throw new Error(`This PDF is not as Typst makes them: it has no ${found}`);
  return text.replace(found, () => instead);
}

/** Offsets in a table are ten digits wide, so the table keeps its size. */
function moveTable(table: string, moves: readonly { from: number; to: number }[]): string {
  return moves.reduce((moved, { from, to }) => {
    const [before, after] = [from, to].map((offset) => String(offset).padStart(10, "0"));
    return moved
      .replace(`${before} 00000 n`, `${after} 00000 n`)
      .replace(new RegExp(`startxref(\\s+)${from}(?=\\s)`), `startxref$1${to}`);
  }, table);
}

function slice(pdf: Buffer, from: number, to: number): string {
  return pdf.toString("latin1", from, to);
}
