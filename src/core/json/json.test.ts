import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isJsonNumber, type JsonObject, type JsonValue, jsonNumber, spellingOf } from "./json-value.ts";
import { parseJsonBody } from "./parse-json-body.ts";
import { parseLosslessJson } from "./parse-lossless-json.ts";
import { toPersonalisation } from "./personalisation.ts";
import { pythonRepr, pythonText } from "./python-text.ts";
import { writeJson } from "./write-json.ts";

function bytes(text: string, encoding: BufferEncoding = "utf-8"): Uint8Array {
  return Buffer.from(text, encoding);
}

function utf32(text: string, isLittleEndian: boolean): Uint8Array {
  const codePoints = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const view = new DataView(new ArrayBuffer(codePoints.length * 4));
  codePoints.forEach((codePoint, at) => {
    view.setUint32(at * 4, codePoint, isLittleEndian);
  });
  return new Uint8Array(view.buffer);
}

/** What a JavaScript number would make of every number, to compare with the platform's parser. */
function lossy(value: JsonValue): unknown {
  if (isJsonNumber(value)) return Number(spellingOf(value));
  if (Array.isArray(value)) return value.map(lossy);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, lossy(inner)]));
}

describe("parsing JSON without loss", () => {
  it.each(["1.0", "-0", "-0.0", "1e2", "12345678901234567890", "0.1000", "9007199254740993", "1E400"])(
    "keeps the spelling of %s, alone, in lists and in objects",
    (number) => {
      expect(parseLosslessJson(number)).toEqual(jsonNumber(number));
      expect(parseLosslessJson(`[ 1, ${number}]`)).toEqual([jsonNumber("1"), jsonNumber(number)]);
      expect(parseLosslessJson(`{"a" :${number} }`)).toEqual({ a: jsonNumber(number) });
    },
  );

  it("gives plain numbers when none would lose anything", () => {
    expect(parseLosslessJson('{"a":1,"b":[-2,"1.0"]}')).toEqual({ a: 1, b: [-2, "1.0"] });
  });

  it.each(["", "{", "[1,]", "{'a':1}", "NaN", "[Infinity]", "-Infinity", '"\n"', "1 2", "01", "1.", ".5", "+1"])(
    "refuses %j",
    (text) => {
      expect(parseLosslessJson(text)).toBeUndefined();
    },
  );

  it("lets the last of repeated keys win, at every level", () => {
    expect(parseLosslessJson('{"a":1.0,"a":{"b":1,"b":2.50}}')).toEqual({ a: { b: jsonNumber("2.50") } });
    expect(parseLosslessJson('{"a":1,"a":2}')).toEqual({ a: 2 });
  });

  it.each(['{"__proto__":{"polluted":1}}', '{"__proto__":{"polluted":1.0}}'])(
    "takes %s for a key like others",
    (text) => {
      const value = parseLosslessJson(text) as JsonObject;
      expect(Object.keys(value)).toEqual(["__proto__"]);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    },
  );

  it("refuses nesting nobody needs, and takes two hundred levels", () => {
    expect(parseLosslessJson("[".repeat(200) + "]".repeat(200))).toBeDefined();
    expect(parseLosslessJson("[".repeat(201) + "]".repeat(201))).toBeUndefined();
    expect(parseLosslessJson("[".repeat(100_000) + "]".repeat(100_000))).toBeUndefined();
  });

  it("refuses numbers of more than 4,300 characters", () => {
    expect(parseLosslessJson(`[${"9".repeat(4300)}]`)).toBeDefined();
    expect(parseLosslessJson(`[${"9".repeat(4301)}]`)).toBeUndefined();
  });

  it("agrees with the platform's parser on everything but spelling", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const spaced = `[0.50, ${text} ]`;
        expect(lossy(parseLosslessJson(spaced) as JsonValue)).toEqual(JSON.parse(spaced));
      }),
    );
  });

  it("reads strings of megabytes, with quotes and backslashes in them", () => {
    const long = 'a"\\'.repeat(1_000_000);
    expect(parseLosslessJson(JSON.stringify({ long, ratio: 0 }).replace(/0}$/, "0.0}"))).toEqual({
      long,
      ratio: jsonNumber("0.0"),
    });
  });

  it("cannot be made to take an object for a number", () => {
    expect(pythonText(parseLosslessJson('{"spelling":"1","x":1.5}') ?? null)).toBe("{'spelling': '1', 'x': 1.5}");
  });
});

describe("JSON in bytes", () => {
  const text = '{"a":"é€😀"}';
  it.each<[string, Uint8Array]>([
    ["UTF-8", bytes(text)],
    ["UTF-8 with a byte order mark", bytes(`\uFEFF${text}`)],
    ["UTF-16, little end first", bytes(text, "utf16le")],
    ["UTF-16 with a byte order mark", bytes(`\uFEFF${text}`, "utf16le")],
    ["UTF-16, big end first", bytes(text, "utf16le").map((_, at, all) => all[at ^ 1] ?? 0)],
    ["UTF-32, little end first", utf32(text, true)],
    ["UTF-32, big end first", utf32(text, false)],
    ["UTF-32 with a byte order mark", utf32(`\uFEFF${text}`, true)],
  ])("is read from %s", (_, body) => {
    expect(parseJsonBody(body)).toEqual({ a: "é€😀" });
  });

  it.each<[string, Uint8Array]>([
    ["invalid UTF-8", new Uint8Array([0x22, 0xc3, 0x28, 0x22])],
    ["a surrogate in UTF-8", new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ["half a character of UTF-32", utf32(text, true).slice(0, -2)],
    ["a compressed body", new Uint8Array([0x1f, 0x8b, 0x08, 0x00, 0x00])],
    ["nothing", new Uint8Array()],
  ])("is not found in %s", (_, body) => {
    expect(parseJsonBody(body)).toBeUndefined();
  });
});

describe("JSON values in Python's words", () => {
  it.each([
    ["1", "1"],
    ["1.0", "1.0"],
    ["1e2", "100.0"],
    ["1E16", "1e+16"],
    ["1e15", "1000000000000000.0"],
    ["123456789012345678.0", "1.2345678901234568e+17"],
    ["-0", "0"],
    ["-0.0", "-0.0"],
    ["0.0001", "0.0001"],
    ["0.00001", "1e-05"],
    ["0.00012345", "0.00012345"],
    ["1.5e-7", "1.5e-07"],
    ["0.1", "0.1"],
    ["1e400", "inf"],
    ["-1e400", "-inf"],
    ["5e-324", "5e-324"],
    ["2.50", "2.5"],
    ["12345678901234567890", "12345678901234567890"],
    ["true", "True"],
    ["false", "False"],
    ["null", "None"],
    ['"it\'s"', "it's"],
    ['["a",1,null]', "['a', 1, None]"],
    ['{"a":{"b":[true]}}', "{'a': {'b': [True]}}"],
    ["[]", "[]"],
    ["{}", "{}"],
  ])("%s becomes %s", (json, text) => {
    expect(pythonText(parseLosslessJson(json) ?? null)).toBe(text);
  });

  it.each([
    ["it's", `"it's"`],
    [`it's "so"`, `'it\\'s "so"'`],
    ["a\nb\t\\", "'a\\nb\\t\\\\'"],
    ["\u0000\u00A0é\u200B\u{E000}😀\u{E0001}", "'\\x00\\xa0é\\u200b\\ue000😀\\U000e0001'"],
    ["\uD800", "'\\ud800'"],
  ])("quotes %j", (text, repr) => {
    expect(pythonRepr(text)).toBe(repr);
  });
});

describe("personalisation", () => {
  it("becomes text and lists of text, without nulls", () => {
    const json = { a: 1, b: null, c: ["x", null, 2, ["y"]], d: true, e: { k: "v" }, f: "" };
    expect(toPersonalisation(json)).toEqual({
      values: { a: "1", c: ["x", "2", "['y']"], d: "True", e: "{'k': 'v'}", f: "" },
      files: [],
    });
  });

  it("sets files aside, but not inside lists", () => {
    const json: JsonObject = { report: { file: "YQ==" }, list: [{ file: "YQ==" }] };
    expect(toPersonalisation(json)).toEqual({ values: { list: ["{'file': 'YQ=='}"] }, files: ["report"] });
  });

  it("keeps a key named __proto__ as a key", () => {
    const { values } = toPersonalisation(parseLosslessJson('{"__proto__":"x"}') as JsonObject);
    expect(Object.entries(values)).toEqual([["__proto__", "x"]]);
  });
});

describe("writing JSON", () => {
  it("keeps the decimal point of money", () => {
    const body = { cost_in_pounds: jsonNumber("0.0"), rates: [jsonNumber("0.024"), jsonNumber("1.0")], n: 1 };
    expect(writeJson(body)).toBe('{"cost_in_pounds":0.0,"rates":[0.024,1.0],"n":1}');
  });

  it("writes all else as JSON.stringify does", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(writeJson(value)).toBe(JSON.stringify(value));
      }),
    );
    const moment = new Date(0);
    expect(writeJson({ a: undefined, b: moment })).toBe(JSON.stringify({ a: undefined, b: moment }));
  });

  it("refuses a number JSON cannot spell", () => {
    for (const text of ["", "1.", "NaN", "01", "1,0", "0x1"]) expect(() => jsonNumber(text)).toThrow();
  });
});
