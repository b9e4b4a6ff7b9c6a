import { describe, expect, test } from "vitest";
import { Scanner } from "../../../content/filters/scanner.ts";

/** The tokens of a filter, as `kind@position:text`; the end and every fault as it comes. */
function tokens(input: string): readonly string[] {
  const scanner = new Scanner(input);
  const found: string[] = [];
  for (;;) {
    const { kind, position, text } = scanner.scan();
    const fault = kind === "illegal" ? ` (${scanner.fault})` : "";
    found.push(`${kind}@${position}${text === "" ? "" : `:${text}`}${fault}`);
    if (kind === "eof") return found;
  }
}

/** containerd 1.6.20 finds the same tokens in each. */
const scans: readonly (readonly [input: string, tokens: readonly string[]])[] = [
  ["", ["eof@0"]],
  ["kind", ["field@0:kind", "eof@4"]],
  [
    "a==b,c!=d",
    ["field@0:a", "operator@1:==", "value@3:b", "separator@4:,", "field@5:c", "operator@6:!=", "value@8:d", "eof@9"],
  ],
  ["a.b=c", ["field@0:a", "separator@1:.", "field@2:b", "operator@3:=", "value@4:c", "eof@5"]],
  ["a~=[bc]+,d", ["field@0:a", "operator@1:~=", "value@3:[bc]+", "separator@8:,", "field@9:d", "eof@10"]],
  ["a~=b\\+,d", ["field@0:a", "operator@1:~=", "value@3:b\\+", "separator@6:,", "field@7:d", "eof@8"]],
  ["a~=/b{0,2}/,d", ["field@0:a", "operator@1:~=", "quoted@3:/b{0,2}/", "separator@11:,", "field@12:d", "eof@13"]],
  ["a~=/b\\/c/", ["field@0:a", "operator@1:~=", "quoted@3:/b\\/c/", "eof@9"]],
  ["a~=|b/c|", ["field@0:a", "operator@1:~=", "quoted@3:|b/c|", "eof@8"]],
  ["a~=牛,b", ["field@0:a", "operator@1:~=", "value@3:牛", "separator@4:,", "field@5:b", "eof@6"]],
  ['a~="b\\n\\tc"', ["field@0:a", "operator@1:~=", 'quoted@3:"b\\n\\tc"', "eof@11"]],
  ["a\0b", ["field@0:a", "illegal@1 (unexpected null)", "field@2:b", "eof@3"]],
  ["a = b  ", ["field@0:a", "operator@2:=", "value@4:b", "eof@7"]],
  ["a==b_c.d-e", ["field@0:a", "operator@1:==", "value@3:b_c.d-e", "eof@10"]],
  ["a=", ["field@0:a", "operator@1:=", "eof@2"]],
  ["a=b c", ["field@0:a", "operator@1:=", "value@2:b", "field@4:c", "eof@5"]],
  ['"a b".c', ['quoted@0:"a b"', "separator@5:.", "field@6:c", "eof@7"]],
  ["a==,b", ["field@0:a", "operator@1:==", "separator@3:,", "field@4:b", "eof@5"]],
  ["a/b", ["field@0:a", "illegal@1:/b (quoted literal not terminated)", "eof@3"]],
  [
    '"a\nb"c',
    [
      'illegal@0:"a\n (quoted literal not terminated)',
      "field@3:b",
      'illegal@4:"c (quoted literal not terminated)',
      "eof@6",
    ],
  ],
  ['"\\g"', ['illegal@0:"\\g" (illegal escape sequence)', "eof@4"]],
  ['"\\xaz"', ['illegal@0:"\\xaz" (illegal numeric escape sequence)', "eof@6"]],
  ["a-", ["field@0:a", "other@1", "eof@2"]],
];

describe("a filter is taken apart as containerd does", () => {
  test.each(scans)("%j", (input, expected) => {
    expect(tokens(input)).toEqual(expected);
  });
});
