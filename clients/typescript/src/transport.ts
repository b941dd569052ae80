// How does a call travel? One request by `fetch`, in time, without cookies, cache or referrer.

import { readAnswer } from "./answer.js";
import { AboardError } from "./errors.js";
import { isSafe, urlOf } from "./sealed.js";

const TOKEN = /^[\x21-\x7e]{1,8192}$/;
const KEY = /^[\x21-\x7e]{1,255}$/;
const LANGUAGE = /^[A-Za-z0-9*,;=. -]{1,100}$/;

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Road {
  readonly base: string;
  readonly fetch: Fetch | undefined;
}

export interface Request {
  readonly method: string;
  /** Path and query, as they go over the wire. */
  readonly target: string;
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly language?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  /** Send and keep cookies: for the built-in sign-in alone. */
  readonly hasCookies?: boolean;
  readonly hasEnvelope: boolean;
}

/** Check where Aboard is: a token must not travel readably. */
export function checkedBase(baseUrl: string, allowHttp: boolean): string {
  const url = urlOf(baseUrl);
  if (url === undefined || url.search !== "" || url.hash !== "" || url.username !== "") {
    throw new TypeError("baseUrl must be an address such as https://connect.example.com");
  }
  if (!isSafe(url) && !(allowHttp && url.protocol === "http:")) {
    throw new TypeError(
      "baseUrl must be https: the token would be readable on the way. On a network of your own, set allowHttp.",
    );
  }
  return url.href.replace(/\/+$/, "");
}

/** Send a request once, and return the data of its answer. */
export async function send(road: Road, request: Request, signal: AbortSignal): Promise<unknown> {
  const headers = new Headers({ Accept: "application/json" });
  if (request.token !== undefined) {
    // Checked here, because what `fetch` throws for a wrong header has the header in it.
    if (!TOKEN.test(request.token)) {
      throw new AboardError({ kind: "token", message: "What was given is not a bearer token." });
    }
    headers.set("Authorization", `Bearer ${request.token}`);
  }
  if (request.language !== undefined) {
    headers.set("Accept-Language", checked(request.language, LANGUAGE, "language"));
  }
  if (request.idempotencyKey !== undefined) {
    headers.set("Idempotency-Key", checked(request.idempotencyKey, KEY, "idempotencyKey"));
  }
  if (request.body !== undefined) headers.set("Content-Type", "application/json");
  const go = road.fetch ?? globalThis.fetch;
  let response: Response;
  try {
    response = await go(road.base + request.target, {
      method: request.method,
      headers,
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal,
      cache: "no-store",
      credentials: request.hasCookies ? "include" : "omit",
      redirect: "manual",
      referrerPolicy: "no-referrer",
    });
    return await readAnswer(response, request.hasEnvelope);
  } catch (thrown) {
    if (thrown instanceof AboardError) throw thrown;
    throw new AboardError({ kind: "network", message: `Aboard could not be reached${reason(thrown)}.` });
  }
}

/** Run something until it ends, its time is over or the caller's signal says so. */
export async function inTime<T>(
  timeoutMs: number,
  outer: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const inner = new AbortController();
  let stop: (kind: "timeout" | "aborted") => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = (kind) => {
      const message =
        kind === "timeout" ? `Aboard did not answer within ${timeoutMs} ms.` : "The call was ended by its signal.";
      reject(new AboardError({ kind, message }));
      inner.abort();
    };
  });
  const abort = () => stop("aborted");
  const timer = setTimeout(() => stop("timeout"), timeoutMs);
  outer?.addEventListener("abort", abort, { once: true });
  try {
    if (outer?.aborted) abort();
    // The race, because a `fetch` of somebody's own may not heed the signal.
    return await Promise.race([stopped, outer?.aborted ? stopped : run(inner.signal)]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", abort);
  }
}

function checked(value: string, pattern: RegExp, name: string): string {
  if (!pattern.test(value)) throw new TypeError(`${name} is not fit for a header`);
  return value;
}

/** The word of the operating system, such as ECONNREFUSED, and nothing else of what was thrown. */
function reason(thrown: unknown): string {
  const cause = thrown instanceof Error ? (thrown.cause as { code?: unknown } | undefined) : undefined;
  const code = cause?.code;
  return typeof code === "string" && /^[A-Z_]{3,40}$/.test(code) ? ` (${code})` : "";
}
