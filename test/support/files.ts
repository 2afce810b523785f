/** Files of the types that may be sent, as small as they can be and still be told by what is in them. */
import { crc32 } from "node:zlib";

export const PDF = Buffer.from(
  "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
  "latin1",
);
export const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);
export const JPEG = Buffer.concat([
  Buffer.from("ffd8ffe000104a46494600010100000100010000", "hex"),
  Buffer.from("ffd9", "hex"),
]);
export const CSV = Buffer.from("name,fine\nAmala,3.20\n");

/** An archive with these entries, uncompressed (PKWARE's APPNOTE, 4.3). */
export function zip(entries: Record<string, string>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  for (const [name, content] of Object.entries(entries)) {
    const offset = Buffer.concat(locals).length;
    locals.push(entryHeader(0x04034b50, name, content), Buffer.from(name), Buffer.from(content));
    directory.push(directoryHeader({ name, content, offset }), Buffer.from(name));
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length / 2, 8);
  end.writeUInt16LE(directory.length / 2, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(Buffer.concat(locals).length, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

function entryHeader(signature: number, name: string, content: string): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(signature, 0);
  header.writeUInt16LE(20, 4);
  writeSizes(header, 14, { name, content });
  return header;
}

function directoryHeader({ name, content, offset }: { name: string; content: string; offset: number }): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(20, 6);
  writeSizes(header, 16, { name, content });
  header.writeUInt32LE(offset, 42);
  return header;
}

function writeSizes(header: Buffer, at: number, { name, content }: { name: string; content: string }): void {
  const bytes = Buffer.from(content);
  header.writeUInt32LE(crc32(bytes), at);
  header.writeUInt32LE(bytes.length, at + 4);
  header.writeUInt32LE(bytes.length, at + 8);
  header.writeUInt16LE(Buffer.byteLength(name), at + 12);
}

const contentTypes = (type: string, part: string): string =>
  `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/${part}" ContentType="${type}"/></Types>`;

const OFFICE = "application/vnd.openxmlformats-officedocument";

export const DOCX = zip({
  "[Content_Types].xml": contentTypes(`${OFFICE}.wordprocessingml.document.main+xml`, "word/document.xml"),
  "word/document.xml": "<w:document/>",
});
export const DOCM = zip({
  "[Content_Types].xml": contentTypes("application/vnd.ms-word.document.macroEnabled.main+xml", "word/document.xml"),
  "word/document.xml": "<w:document/>",
  "word/vbaProject.bin": "macro",
});
export const XLSX = zip({
  "[Content_Types].xml": contentTypes(`${OFFICE}.spreadsheetml.sheet.main+xml`, "xl/workbook.xml"),
  "xl/workbook.xml": "<workbook/>",
});
export const ODT = zip({
  mimetype: "application/vnd.oasis.opendocument.text",
  "content.xml": "<office:document-content/>",
});

/** The container of office files before 2007, with one stream of this name. */
export function oldOffice(stream: string): Buffer {
  const head = Buffer.alloc(512);
  Buffer.from("d0cf11e0a1b11ae1", "hex").copy(head);
  const entry = Buffer.alloc(128);
  entry.write(stream, "utf16le");
  return Buffer.concat([head, entry]);
}

/** The beginnings of programs for Windows and for Linux. */
export const EXE = Buffer.concat([Buffer.from("MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0", "latin1"), Buffer.alloc(64)]);
export const ELF = Buffer.concat([Buffer.from("7f454c4602010100", "hex"), Buffer.alloc(64)]);
export const GIF = Buffer.from(
  "GIF89a\x01\0\x01\0\x80\0\0\0\0\0\0\0\0!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;",
  "latin1",
);
