import { describe, expect, it } from "vitest";
import { decodeReferences, escapeText } from "./html-text.ts";
import { polish } from "./typography.ts";

describe("typography", () => {
  it.each([
    ["it's", "it’s"],
    ['"quoted"', "“quoted”"],
    ["'quoted'", "‘quoted’"],
    [`"'Quoted' words" he said`, "“‘Quoted’ words” he said"],
    ["the dogs' bowls", "the dogs’ bowls"],
    ["James's", "James’s"],
    ["('a')", "(‘a’)"],
    ['say "hi", then', "say “hi”, then"],
    ["rock 'n' roll", "rock ‘n’ roll"],
    ["l'été d'où", "l’été d’où"],
    ["a - b -- c --- d", "a – b – c – d"],
    ["a ---- b", "a ---- b"],
    ["well-known", "well-known"],
    ["a   -   b", "a – b"],
    ["a -\nb", "a -\nb"],
    ["one  , two .", "one, two."],
    ["o'brien@example.com isn't", "o'brien@example.com isn’t"],
    ["<a title='x'>it's</a> it's", "<a title='x'>it's</a> it’s"],
    ["<b>'a'</b>", "<b>‘a’</b>"],
    ['<p>"</p>', "<p>“</p>"],
    ["a < b 'c'", "a < b ‘c’"],
  ])("%j becomes %j", (typed, polished) => {
    expect(polish(typed)).toBe(polished);
  });
});

describe("escaping", () => {
  it.each([
    ['<script>alert("x")</script>', '&lt;script&gt;alert("x")&lt;/script&gt;'],
    ["&lt;b&gt;", "&lt;b&gt;"],
    ["&#60;b&#x3e;", "&lt;b&gt;"],
    ["&amp;lt;", "&amp;lt;"],
    ["a&nbsp;b &amp; c & d", "a&nbsp;b &amp; c &amp; d"],
    ["&eacute;&copy;&euro;", "é©€"],
    ["&lt &nosuch; &;", "&amp;lt &amp;nosuch; &amp;;"],
    ["&#0;&#xd800;&#1114112;", "\ufffd\ufffd\ufffd"],
  ])("%j becomes %j", (typed, escaped) => {
    expect(escapeText(typed)).toBe(escaped);
  });

  it.each([
    ["&lt;&amp;lt;&nbsp;", "<&lt;\u00a0"],
    ["x=1&copy=2", "x=1&copy=2"],
  ])("%j reads %j", (escaped, text) => {
    expect(decodeReferences(escaped)).toBe(text);
  });
});
