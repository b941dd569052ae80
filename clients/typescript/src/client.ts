// What is a client of Aboard? Two groups of calls and the built-in sign-in, over one `fetch`.

import { AboardError, isAboardError } from "./errors.js";
import { OPERATIONS } from "./generated/operations.js";
import {
  requestOf,
  type Calls,
  type KeyedCallOptions,
  type OperationFacts,
} from "./operations.js";
import { Session } from "./session.js";
import { checkedBase, inTime, send, type Fetch, type Road } from "./transport.js";

/** What `token` may be: the token, or where to get it for each call. */
export type TokenSource = string | (() => string | Promise<string>);

export interface AboardOptions {
  /** Where Aboard is, such as `https://connect.example.com`. */
  baseUrl: string;
  /** Your user's bearer token. Without one, the built-in sign-in gives it: `aboard.auth`. */
  token?: TokenSource | undefined;
  /** Instead of the `fetch` that is there. */
  fetch?: Fetch | undefined;
  /** The language of messages, as in `Accept-Language`: `pt-PT`. A browser sends its own. */
  language?: string | undefined;
  /** How long a call may take, with everything: 15,000 milliseconds if not given. */
  timeoutMs?: number | undefined;
  /** Allow plain http beyond this machine, on a network that is yours alone. */
  allowHttp?: boolean | undefined;
}

/** The creators API: a bearer token says who the creator is. */
export type Creators = Calls<"creators">;

/** The organizations API, its directory of organizations and members, and health. */
export type Organizations = Calls<"organizations">;

export interface Aboard {
  readonly baseUrl: string;
  readonly creators: Creators;
  readonly organizations: Organizations;
  readonly auth: Session;
}

const TIMEOUT_MS = 15_000;

/** Make a client. Nothing is asked yet. */
export function createAboard(options: AboardOptions): Aboard {
  const baseUrl = checkedBase(options.baseUrl, options.allowHttp ?? false);
  const road: Road = { base: baseUrl, fetch: options.fetch };
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const auth = new Session({ road, timeoutMs, language: options.language });
  const asCaller = options.token === undefined ? auth.asCaller.bind(auth) : withTokenOf(options.token);

  const call = (facts: OperationFacts) => {
    return async (params: Record<string, unknown> = {}, chosen: KeyedCallOptions = {}) => {
      const request = {
        ...requestOf(facts, params),
        language: chosen.language ?? options.language,
        idempotencyKey: facts.takesKey ? chosen.idempotencyKey : undefined,
      };
      const answer = await inTime(chosen.timeoutMs ?? timeoutMs, chosen.signal, (signal) =>
        facts.isAnonymous
          ? send(road, request, signal)
          : asCaller((token) => send(road, { ...request, token }, signal)),
      );
      return answer;
    };
  };

  const group = (name: OperationFacts["group"]): object => {
    const described = Object.entries<OperationFacts>(OPERATIONS).filter(([, facts]) => facts.group === name);
    const known = new Map<string, OperationFacts>();
    for (const [id, facts] of described) known.set(id, facts).set(facts.name, facts);
    return Object.freeze(Object.fromEntries([...known].map(([each, facts]) => [each, call(facts)])));
  };

  return Object.freeze({
    baseUrl,
    // The table and the types are written from one description, so what is built here is what is promised.
    creators: group("creators") as Creators,
    organizations: group("organizations") as Organizations,
    auth,
  });
}

function withTokenOf(source: TokenSource) {
  return async <T>(run: (token: string) => Promise<T>): Promise<T> => run(await tokenOf(source));
}

async function tokenOf(source: TokenSource): Promise<string> {
  let token: unknown;
  try {
    token = typeof source === "string" ? source : await source();
  } catch (thrown) {
    if (isAboardError(thrown)) throw thrown;
    // What it threw is not passed on: nobody knows what is in it.
    throw new AboardError({ kind: "token", message: "The token function failed; nothing was sent." });
  }
  if (typeof token !== "string") {
    throw new AboardError({ kind: "token", message: "The token function gave no text; nothing was sent." });
  }
  return token;
}

