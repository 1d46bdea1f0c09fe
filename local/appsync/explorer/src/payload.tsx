/** What came in, as coloured JSON with its addresses as links, and the pictures that it names. */

import type { ReactNode } from "react";

const TOKEN = /("(?:[^"\\]|\\.)*")(:?)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/g;
const ADDRESS = /^https?:\/\//;
const PICTURE = /^https?:\/\/[^?#]+\.(?:avif|gif|jpe?g|png|webp)(?:[?#]|$)/i;
const GOOD = /^(?:COMPLETED|PAID|READY|ACTIVE|SUCCEEDED)$/;
const BAD = /^(?:FAILED|CANCELED|CANCELLED|EXPIRED|REJECTED|ERROR)$/;
const MOST_PICTURES = 4;

export function Json({ value }: { value: unknown }) {
  const text = JSON.stringify(value);
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    parts.push(text.slice(end, match.index), token(match[0], match[1], match[2], match.index));
    end = match.index + match[0].length;
  }
  return (
    <code>
      {parts}
      {text.slice(end)}
    </code>
  );
}

function token(whole: string, quoted: string | undefined, colon: string | undefined, key: number): ReactNode {
  if (quoted === undefined) return span("number", whole, key);
  if (colon) return span("key", whole, key);
  const string: string = JSON.parse(quoted);
  if (ADDRESS.test(string)) return link(string, key);
  return span(GOOD.test(string) ? "string good" : BAD.test(string) ? "string bad" : "string", quoted, key);
}

const span = (kind: string, text: string, key: number) => (
  <span className={kind} key={key}>
    {text}
  </span>
);

/** An address without its query: a signed one fills the screen. */
const link = (address: string, key: number) => (
  <span className="string" key={key}>
    "
    <a href={address} target="_blank" rel="noreferrer">
      {address.replace(/\?.*/, "?…")}
    </a>
    "
  </span>
);

export function Pictures({ value }: { value: unknown }) {
  return pictures(value).map((address) => (
    <a href={address} key={address} target="_blank" rel="noreferrer">
      <img src={address} alt="" loading="lazy" />
    </a>
  ));
}

/** The addresses of pictures in a value: where thumbnails are among them, only those. */
function pictures(value: unknown): string[] {
  const found = walk(value, "").filter(({ text }) => PICTURE.test(text));
  const small = found.filter(({ path }) => path.includes("thumbnail"));
  return [...new Set((small.length ? small : found).map(({ text }) => text))].slice(0, MOST_PICTURES);
}

function walk(value: unknown, path: string): { path: string; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => walk(each, `${path}.${name}`));
}
