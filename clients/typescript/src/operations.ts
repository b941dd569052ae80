// Which operations are there, what do they take, and what do they answer? Types from the
// description, and one function that makes any of them a request.

import { OPERATIONS } from "./generated/operations.js";
import type { operations } from "./generated/schema.js";
import type { Sealed } from "./sealed.js";
import type { Request } from "./transport.js";

/** What the generated table says of an operation. */
export interface OperationFacts {
  readonly group: "auth" | "creators" | "organizations";
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly hasBody: boolean;
  readonly takesKey: boolean;
  readonly isAnonymous: boolean;
}

/** What every call takes beside its parameters. */
export interface CallOptions {
  /** Ends the call when it aborts. */
  signal?: AbortSignal | undefined;
  /** Instead of the client's own. */
  timeoutMs?: number | undefined;
  /** Instead of the client's own. */
  language?: string | undefined;
}

/** What the organizations API's mutations take too. */
export interface KeyedCallOptions extends CallOptions {
  /** The same key for every try of one request: `newIdempotencyKey()`, or `repeatSafely`. */
  idempotencyKey?: string | undefined;
}

type Table = typeof OPERATIONS;
export type OperationId = keyof Table & keyof operations;
type Flat<T> = { [Key in keyof T]: T[Key] };
type OrNothing<T> = [T] extends [never] ? unknown : T;
type Part<T, Name extends string> = T extends { [K in Name]?: infer Inner }
  ? OrNothing<NonNullable<Inner>>
  : unknown;
type JsonOf<T> = T extends { content: { "application/json": infer Body } } ? Body : unknown;

/** What an operation takes: what stands in its path, its query and its body, as one object. */
export type ParamsOf<Id extends OperationId> = Flat<
  Part<operations[Id]["parameters"], "path"> &
    Part<operations[Id]["parameters"], "query"> &
    JsonOf<Part<operations[Id], "requestBody">>
>;

type Answers<Id extends OperationId> = operations[Id]["responses"];
type Json<Id extends OperationId> = {
  [Status in keyof Answers<Id>]: Answers<Id>[Status] extends {
    content: { "application/json": infer Body };
  }
    ? Body
    : undefined;
}[keyof Answers<Id>];

/** What an operation answers: without the envelope, and with links and secrets sealed. */
export type AnswerOf<Id extends OperationId> = Sealed<
  Table[Id]["group"] extends "organizations"
    ? Json<Id>
    : Json<Id> extends { data: infer Data }
      ? Data
      : Json<Id>
>;

type OptionsOf<Id extends OperationId> = Table[Id]["takesKey"] extends true
  ? KeyedCallOptions
  : CallOptions;

export type Call<Id extends OperationId> =
  Record<never, never> extends ParamsOf<Id>
    ? (params?: ParamsOf<Id>, options?: OptionsOf<Id>) => Promise<AnswerOf<Id>>
    : (params: ParamsOf<Id>, options?: OptionsOf<Id>) => Promise<AnswerOf<Id>>;

type IdsOf<Group extends string> = {
  [Id in OperationId]: Table[Id]["group"] extends Group ? Id : never;
}[OperationId];

/** The operations of one group, by operationId and by the name that people give them. */
export type Calls<Group extends string> = { readonly [Id in IdsOf<Group>]: Call<Id> } & {
  readonly [Id in IdsOf<Group> as Table[Id]["name"]]: Call<Id>;
};

/** Make an operation a request; whatever is neither in its path nor in its query is its body. */
export function requestOf(
  facts: OperationFacts,
  params: Readonly<Record<string, unknown>>,
): Pick<Request, "method" | "target" | "body" | "hasEnvelope"> {
  const left = new Map(Object.entries(params).filter(([, value]) => value !== undefined));
  const path = facts.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = left.get(name);
    left.delete(name);
    // `.` and `..` would be walked up by `fetch`, however they are encoded.
    if (typeof value !== "string" || /^(?:\.{0,2})$/.test(value)) {
      throw new TypeError(`${facts.name} needs ${name}`);
    }
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams();
  for (const name of facts.query) {
    if (left.has(name)) query.set(name, String(left.get(name)));
    left.delete(name);
  }
  if (!facts.hasBody && left.size > 0) {
    throw new TypeError(`${facts.name} takes no ${[...left.keys()].join(", ")}`);
  }
  return {
    method: facts.method,
    target: query.size > 0 ? `${path}?${query}` : path,
    // A body that may be left out is left out when there is nothing in it.
    ...(facts.hasBody && (left.size > 0 || facts.group === "organizations")
      ? { body: Object.fromEntries(left) }
      : {}),
    hasEnvelope: facts.group !== "organizations",
  };
}
