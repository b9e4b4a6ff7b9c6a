import { expect, test } from "vitest";
import { takeToken } from "../../../app/_access/one-time.ts";

function pageAt(address: string) {
  const written: string[] = [];
  const { pathname, search, hash } = new URL(address, "http://127.0.0.1:3000");
  const history = { replaceState: (_state: unknown, _title: string, url: string) => void written.push(url) };
  return { written, page: { location: { pathname, search, hash }, history } as unknown as Window };
}

test("a token is taken out of the address, and the rest of it stays", () => {
  const { page, written } = pageAt("/images?ns=moby&q=a#token=stw_a-b_C1");
  expect(takeToken(page)).toBe("stw_a-b_C1");
  expect(written).toEqual(["/images?ns=moby&q=a"]);
});

test.each(["/images", "/images#token=", "/images#main", "/images?x=#tokens=stw_a", "/images?token=stw_a"])(
  "%s brings no token, and stays as it is",
  (address) => {
    const { page, written } = pageAt(address);
    expect(takeToken(page)).toBeUndefined();
    expect(written).toEqual([]);
  },
);
