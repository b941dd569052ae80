// What can go wrong with a call? One class, with a `kind` that says where, and facts with stable
// names. It never holds a token, a link or a body.

/**
 * - `answer`: Aboard said no; `status`, `code` and `correlationId` say what and where to look.
 * - `unreadable`: something answered, but not Aboard, or not whole: a proxy's page, a redirect.
 * - `network`: nothing answered.
 * - `timeout`: not in time.
 * - `aborted`: your own `signal` ended it.
 * - `token`: your `token` function failed, or gave what cannot be a token. Nothing was sent.
 */
export type AboardErrorKind = "answer" | "unreadable" | "network" | "timeout" | "aborted" | "token";

/** One thing that is wrong, with the field that it is about where there is one. */
export interface AboardDetail {
  readonly message: string;
  readonly field?: string;
  readonly code?: string;
  readonly requestId?: string;
}

/** How many calls a window takes, how many are left, and when it is new. */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

export interface AboardErrorFacts {
  kind: AboardErrorKind;
  message: string;
  code?: string | undefined;
  status?: number | undefined;
  i18nKey?: string | undefined;
  i18nVars?: Readonly<Record<string, string | number>> | undefined;
  details?: readonly AboardDetail[] | undefined;
  facts?: Readonly<Record<string, unknown>> | undefined;
  correlationId?: string | undefined;
  retryAfterSeconds?: number | undefined;
  rateLimit?: RateLimit | undefined;
}

/** A call that did not go well. */
export class AboardError extends Error {
  override readonly name = "AboardError";
  readonly kind: AboardErrorKind;
  /** The stable name of what went wrong; for what is not an answer, the kind. */
  readonly code: string;
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** The key of `message` in your own catalogue (creators API). */
  readonly i18nKey: string | undefined;
  /** What the words of `i18nKey` have gaps for. */
  readonly i18nVars: Readonly<Record<string, string | number>>;
  readonly details: readonly AboardDetail[];
  /** What the organizations API says beside: `blockers`, `readiness`, `checklist`. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** The id of the request in Aboard's log and audit. */
  readonly correlationId: string | undefined;
  /** After how many seconds the same call makes sense again. */
  readonly retryAfterSeconds: number | undefined;
  readonly rateLimit: RateLimit | undefined;

  constructor(facts: AboardErrorFacts) {
    super(facts.message);
    this.kind = facts.kind;
    this.code = facts.code ?? facts.kind;
    this.status = facts.status;
    this.i18nKey = facts.i18nKey;
    this.i18nVars = facts.i18nVars ?? {};
    this.details = facts.details ?? [];
    this.facts = facts.facts ?? {};
    this.correlationId = facts.correlationId;
    this.retryAfterSeconds = facts.retryAfterSeconds;
    this.rateLimit = facts.rateLimit;
  }
}

/** Say whether something thrown is ours; also when two copies of this package are loaded. */
export function isAboardError(thrown: unknown): thrown is AboardError {
  return thrown instanceof Error && thrown.name === "AboardError" && "kind" in thrown;
}
