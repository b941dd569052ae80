// What did Aboard say? From an HTTP response to data, or to an `AboardError`; nothing in between.

import { AboardError, type AboardDetail, type RateLimit } from "./errors.js";
import { seal } from "./sealed.js";

const LARGEST_BYTES = 1024 * 1024;
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;
const LONGEST_WORDS = 2000;

/** What came beside an answer. */
export interface Meta {
  readonly status: number;
  /** The id of the request in Aboard's log. */
  readonly requestId: string | undefined;
  readonly rateLimit: RateLimit | undefined;
  /** `live` from Stripe, or `stored` because Stripe was away (the creator's status only). */
  readonly source: "live" | "stored" | undefined;
}

const metas = new WeakMap<object, Meta>();

/** Return what came beside an answer of this client: its request id, its limits, its source. */
export function metaOf(answer: object): Meta | undefined {
  return metas.get(answer);
}

type Fields = Readonly<Record<string, unknown>>;

/** Read a response to its end, and return its data with links sealed. */
export async function readAnswer(response: Response, hasEnvelope: boolean): Promise<unknown> {
  const beside = readHeaders(response);
  const fail = (why: string): AboardError =>
    new AboardError({ kind: "unreadable", message: why, ...beside });
  if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
    await response.body?.cancel();
    throw fail("The answer was a redirect, which no operation of Aboard's gives.");
  }
  const said = `The answer, with status ${response.status},`;
  if (response.status === 204) return undefined;
  const json = JSON_TYPE.test(response.headers.get("Content-Type") ?? "");
  if (!json) await response.body?.cancel();
  const text = json ? await readText(response, fail) : undefined;
  const body = text === undefined ? undefined : parse(text);
  if (!isFields(body)) throw fail(`${said} was not Aboard's JSON.`);
  if (!response.ok) {
    throw readRefusal(body, beside) ?? fail(`${said} was not worded as Aboard's are.`);
  }
  const data = hasEnvelope ? (body["success"] === true ? body["data"] : undefined) : body;
  if (!isFields(data)) throw fail(`${said} had no data.`);
  const sealed = sealedOr(data, () => fail(`${said} held what cannot be a link.`));
  metas.set(sealed, {
    status: response.status,
    requestId: beside.correlationId,
    rateLimit: beside.rateLimit,
    source: source(response.headers.get("X-Status-Source")),
  });
  return sealed;
}

/** The refusal of either dialect, or nothing when it is of neither. */
function readRefusal(body: Fields, beside: Beside): AboardError | undefined {
  const inner = body["success"] === false ? body["error"] : body;
  if (!isFields(inner)) return undefined;
  const code = words(inner["code"]);
  const message = words(inner["message"]);
  if (code === undefined || message === undefined) return undefined;
  const facts = isFields(inner["details"]) ? inner["details"] : {};
  const list = Array.isArray(inner["details"]) ? inner["details"] : facts["problems"];
  return new AboardError({
    ...beside,
    kind: "answer",
    code,
    message,
    i18nKey: words(inner["i18nKey"]),
    i18nVars: isFields(inner["i18nVars"])
      ? (Object.fromEntries(
          Object.entries(inner["i18nVars"]).filter(([, v]) => ["string", "number"].includes(typeof v)),
        ) as Record<string, string | number>)
      : undefined,
    details: Array.isArray(list) ? list.filter(isDetail) : undefined,
    facts: sealedOr(facts, () => ({})) as Fields,
    correlationId: words(inner["correlationId"]) ?? words(inner["request_id"]) ?? beside.correlationId,
  });
}

interface Beside {
  status: number;
  correlationId: string | undefined;
  retryAfterSeconds: number | undefined;
  rateLimit: RateLimit | undefined;
}

function readHeaders({ headers, status }: Response): Beside {
  const limit = whole(headers.get("RateLimit-Limit"));
  const remaining = whole(headers.get("RateLimit-Remaining"));
  const resetSeconds = whole(headers.get("RateLimit-Reset"));
  const isLimited = limit !== undefined && remaining !== undefined && resetSeconds !== undefined;
  return {
    status,
    correlationId: words(headers.get("X-Request-Id")),
    retryAfterSeconds: seconds(headers.get("Retry-After")),
    rateLimit: isLimited ? { limit, remaining, resetSeconds } : undefined,
  };
}

async function readText(response: Response, fail: (why: string) => AboardError): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return "";
  const decoder = new TextDecoder();
  let size = 0;
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > LARGEST_BYTES) {
      void reader.cancel().catch(() => undefined);
      throw fail("The answer was larger than any of Aboard's.");
    }
    text += decoder.decode(value, { stream: true });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller says so, without a word of the body
  }
}

function sealedOr(data: Fields, otherwise: () => Error | Fields): object {
  try {
    return seal(data) as object;
  } catch {
    const instead = otherwise();
    if (instead instanceof Error) throw instead;
    return instead;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isDetail(value: unknown): value is AboardDetail {
  return isFields(value) && typeof value["message"] === "string";
}

function words(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value.slice(0, LONGEST_WORDS) : undefined;
}

function source(value: string | null): Meta["source"] {
  return value === "live" || value === "stored" ? value : undefined;
}

function whole(value: string | null): number | undefined {
  return value !== null && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

/** `Retry-After` in seconds; proxies also send a date. */
function seconds(value: string | null): number | undefined {
  const at = value === null || !/^[A-Z][a-z]{2}, /.test(value) ? Number.NaN : Date.parse(value);
  return Number.isNaN(at) ? whole(value) : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}
