// What must not be seen? Links that open something, and tokens. Here they are values that print as
// a mark; only `reveal()` opens them. They live in private fields, so that loggers, developer tools,
// `structuredClone` and `JSON.stringify` find nothing.

import { LINK_FIELDS, SECRET_FIELDS } from "./generated/operations.js";

const DEEPEST = 64;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** A text that opens something for whoever holds it. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** What is printed in its place. */
  protected get mark(): string {
    return "[secret]";
  }

  /** The text itself. Do not log, store or cache it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return this.mark;
  }

  toJSON(): string {
    return this.mark;
  }

  [Symbol.toPrimitive](): string {
    return this.mark;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.mark;
  }
}

/** Whatever can open an address in this tab: `window.location`, or a router of yours. */
export interface Navigator {
  assign(url: string): void;
}

/**
 * A single-use link to Stripe's pages. Ask for a new one on each click, and use it at once.
 *
 * It is opened once: opened again, Stripe would take it for a used one and send the seller back.
 */
export class BearerUrl extends Secret {
  #isOpened = false;
  /** The scheme, host and port: enough to show where the link leads. */
  readonly origin: string;

  /** Takes an `https:` address; `http:` on this machine alone. */
  constructor(address: string) {
    const url = parsed(address);
    super(url.href);
    this.origin = url.origin;
  }

  protected override get mark(): string {
    return "[bearer url]";
  }

  /** Leave this page for the link, in the same tab. Works also a while after the click. */
  navigate(to?: Navigator): void {
    const way = to ?? browser().location;
    if (this.#open()) way.assign(this.reveal());
  }

  /**
   * Open the link in a new tab, which learns nothing of this page. Browsers allow that only soon
   * after a click, and do not tell; `navigate()` always works.
   */
  openInBrowser(): void {
    const page = browser();
    if (this.#open()) page.open(this.reveal(), "_blank", "noopener,noreferrer");
  }

  #open(): boolean {
    const isFirst = !this.#isOpened;
    this.#isOpened = true;
    return isFirst;
  }
}

function browser(): Window {
  if (typeof window === "undefined") throw new TypeError("There is no browser here; use reveal().");
  return window;
}

function parsed(address: string): URL {
  // Neither message names the address: it opens something.
  const url = urlOf(address);
  if (url === undefined) throw new TypeError("A link that is no address");
  if (!isSafe(url)) throw new TypeError("A link that is neither https nor on this machine");
  return url;
}

/** The address in a text, or nothing. Not `URL.canParse`: browsers of 2023 have none. */
export function urlOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined; // what is thrown names the address
  }
}

/** Say whether nobody on the way can read what goes to an address: https, or this machine. */
export function isSafe(url: URL): boolean {
  if (url.username !== "" || url.password !== "") return false;
  return url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.has(url.hostname));
}

type LinkField = (typeof LINK_FIELDS)[number];
type SecretField = (typeof SECRET_FIELDS)[number];
type Swap<T, By> = T extends string ? By : T;

/** An answer with its links and secrets sealed. */
export type Sealed<T> = T extends readonly (infer Item)[]
  ? Sealed<Item>[]
  : T extends object
    ? {
        [Key in keyof T]: Key extends LinkField
          ? Swap<T[Key], BearerUrl>
          : Key extends SecretField
            ? Swap<T[Key], Secret>
            : Sealed<T[Key]>;
      }
    : T;

const links = new Set<string>(LINK_FIELDS);
const secrets = new Set<string>(SECRET_FIELDS);

/** Seal the links and secrets in a piece of JSON. Throws a TypeError for what cannot be one. */
export function seal(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST) throw new TypeError("An answer that is nested too deeply");
  if (Array.isArray(value)) return value.map((item) => seal(item, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (typeof inner !== "string") return [name, seal(inner, depth + 1)];
      if (links.has(name)) return [name, new BearerUrl(inner)];
      return [name, secrets.has(name) ? new Secret(inner) : inner];
    }),
  );
}
