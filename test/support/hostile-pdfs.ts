/** PDFs that were made to harm whoever opens them, or that are none. */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createDeflate, deflateSync } from "node:zlib";
import { PDFDocument } from "@cantoo/pdf-lib";

const BOMB_PIECES = 60;
const BOMB_PIECE_BYTES = 20_000_000;
const NESTING = 200_000;
const DOUBLINGS = 40;

type Content = string | Buffer;

/** A file of these objects, numbered from 1, of which the first is the catalogue. */
function rawPdf(...objects: Content[]): Buffer {
  const parts: Buffer[] = [Buffer.from("%PDF-1.7\n%\u00e2\u00e3\n", "latin1")];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  objects.forEach((object, index) => {
    offsets.push(length);
    const whole = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(object), Buffer.from("\nendobj\n")]);
    parts.push(whole);
    length += whole.length;
  });
  const rows = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${rows}trailer\n<</Size ${size}/Root 1 0 R>>\n`;
  return Buffer.concat([...parts, Buffer.from(`${table}startxref\n${length}\n%%EOF\n`)]);
}

function stream(dictionary: string, data: Content): Buffer {
  const body = Buffer.from(data);
  return Buffer.concat([
    Buffer.from(`<<${dictionary}/Length ${body.length}>>\nstream\n`),
    body,
    Buffer.from("\nendstream"),
  ]);
}

const CATALOGUE = "<</Type/Catalog/Pages 2 0 R>>";
const PAGES = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
const page = (more = "") => `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]${more}>>`;

/** A page that draws `content` with `resources`. */
export function onePage(content: Content, resources = "", more: Content[] = [], compressed = ""): Buffer {
  return rawPdf(
    CATALOGUE,
    PAGES,
    page(`/Contents 4 0 R/Resources<<${resources}>>`),
    stream(compressed, content),
    ...more,
  );
}

/** Name, file, and what is to be found: `why` for one that is not read. */
export async function hostilePdfs(sound: Uint8Array): Promise<[name: string, file: Uint8Array, found: object][]> {
  const refused = (why: string) => ({ kind: "unreadable", why });
  return [
    ["no octets at all", Buffer.of(), refused("empty-file")],
    ["a program", Buffer.from(`MZ${"\0".repeat(2_000)}%PDF-1.7`), refused("not-a-pdf")],
    ["a page of the web", Buffer.from("<html><body>%PDF</body></html>"), refused("not-a-pdf")],
    ["a header and nothing else", Buffer.from("%PDF-1.7\n"), refused("damaged")],
    ["half a file", sound.subarray(0, sound.length / 2), refused("damaged")],
    ["noise after a header", Buffer.concat([Buffer.from("%PDF-1.4\n"), noise(100_000)]), refused("damaged")],
    ["no pages", rawPdf(CATALOGUE, "<</Type/Pages/Kids[]/Count 0>>"), refused("no-pages")],
    [
      "pages that hold themselves",
      rawPdf(CATALOGUE, "<</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>>"),
      refused("damaged"),
    ],
    [
      "more pages said than there are",
      rawPdf(CATALOGUE, "<</Type/Pages/Kids[3 0 R]/Count 2147483647>>", page()),
      { kind: "read" },
    ],
    ["a thousand pages", manyPages(1_000), { kind: "too-long", pageCount: 1_000 }],
    [
      "a page of forty kilometres",
      rawPdf(CATALOGUE, PAGES, `<</Type/Page/Parent 2 0 R/UserUnit 200/MediaBox[0 0 595000 842000]>>`),
      refused("page-too-large"),
    ],
    ["a picture of ten thousand million dots", hugePicture(), refused("image-too-large")],
    ["text that unpacks to more than a thousand million octets", await bomb(), refused("too-much-memory")],
    ["drawings in drawings, doubled forty times", doublings(), refused("too-slow")],
    [
      "a drawing that draws itself",
      onePage("/X Do", "/XObject<</X 5 0 R>>", [
        stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>", "/X Do"),
      ]),
      { kind: "read" },
    ],
    [
      "lists in lists, two hundred thousand deep",
      rawPdf(
        CATALOGUE,
        PAGES,
        page(`/Contents 4 0 R/Deep ${"[".repeat(NESTING)}${"]".repeat(NESTING)}`),
        stream("", ""),
      ),
      refused("damaged"),
    ],
    ["a lock that needs a word", await locked(sound, "secret"), refused("encrypted")],
    ["a lock that opens by itself", await locked(sound, ""), refused("encrypted")],
    [
      "a script that runs when it is opened",
      rawPdf(`<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>`, PAGES, page()),
      { kind: "read", hasScript: true },
    ],
    [
      "a program that is started when it is opened",
      rawPdf(`<</Type/Catalog/Pages 2 0 R/OpenAction<</S/Launch/F(calc.exe)>>>>`, PAGES, page()),
      { kind: "read", hasScript: true },
    ],
  ];
}

/** The same noise every time. */
function noise(length: number): Buffer {
  const blocks = Array.from({ length: length / 32 }, (_, index) => createHash("sha256").update(String(index)).digest());
  return Buffer.concat(blocks);
}

function manyPages(count: number): Buffer {
  const kids = Array.from({ length: count }, (_, index) => `${index + 3} 0 R`).join(" ");
  const pages = Array.from({ length: count }, () => page());
  return rawPdf(CATALOGUE, `<</Type/Pages/Kids[${kids}]/Count ${count}>>`, ...pages);
}

function hugePicture(): Buffer {
  const dictionary =
    "/Type/XObject/Subtype/Image/Width 100000/Height 100000/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/FlateDecode";
  return onePage("500 0 0 800 0 0 cm /X Do", "/XObject<</X 5 0 R>>", [
    stream(dictionary, deflateSync(Buffer.alloc(1_000_000))),
  ]);
}

/** Packed piece by piece, as the whole would fill the memory of whoever packs it too. */
async function bomb(): Promise<Buffer> {
  const packer = createDeflate({ level: 1 });
  const piece = Buffer.alloc(BOMB_PIECE_BYTES, " ");
  const pieces = Readable.from(Array.from({ length: BOMB_PIECES }, () => piece));
  return onePage(await buffer(pieces.pipe(packer)), "", [], "/Filter/FlateDecode");
}

function doublings(): Buffer {
  const forms = Array.from({ length: DOUBLINGS }, (_, index) => {
    const next = index + 6;
    const isLast = index === DOUBLINGS - 1;
    const content = isLast ? "0 0 5 5 re f" : "/X Do /X Do";
    const resources = isLast ? "" : `/Resources<</XObject<</X ${next} 0 R>>>>`;
    return stream(`/Type/XObject/Subtype/Form/BBox[0 0 595 842]${resources}`, content);
  });
  return onePage("/X Do", "/XObject<</X 5 0 R>>", forms);
}

async function locked(sound: Uint8Array, userPassword: string): Promise<Uint8Array> {
  const document = await PDFDocument.load(sound);
  document.encrypt({ userPassword, ownerPassword: "owner", permissions: {} });
  return document.save();
}
