// Who is signed in here? The built-in sign-in: a short access token in this page's memory alone, and
// a refresh token in a cookie that no script can read. A refresh token is good for one use, so tabs
// take turns (Web Locks), and the calls of one tab share one refresh.

import { AboardError, isAboardError } from "./errors.js";
import type { CallOptions } from "./operations.js";
import { Secret } from "./sealed.js";
import { inTime, send, type Request, type Road } from "./transport.js";

/** What is asked for each of the sign-in's methods. */
export const SIGN_IN = {
  register: "POST /api/v1/auth/register",
  confirm: "POST /api/v1/auth/confirm",
  login: "POST /api/v1/auth/login",
  refresh: "POST /api/v1/auth/refresh",
  logout: "POST /api/v1/auth/logout",
  sessions: "GET /api/v1/auth/sessions",
  revokeSession: "DELETE /api/v1/auth/sessions/{sessionId}",
  revokeOtherSessions: "POST /api/v1/auth/sessions/revoke-others",
} as const;
type Way = keyof typeof SIGN_IN;

export interface Credentials {
  email: string;
  password: string;
}

/** What whoever registered does next. */
export interface NextStep {
  nextStep: "confirm" | "login";
}

/** A device on which the same person is signed in. */
export interface SignedInSession {
  id: string;
  device: string;
  address: string;
  isCurrent: boolean;
  createdAt: string;
  lastUsedAt: string;
  expiresAt: string;
}

export interface SessionDefaults {
  road: Road;
  timeoutMs: number;
  language: string | undefined;
}

type Listener = (isSignedIn: boolean) => void;

/** The built-in sign-in. Browsers only: it needs the cookie that browsers keep. */
export class Session {
  readonly #defaults: SessionDefaults;
  readonly #listeners = new Set<Listener>();
  #token: Secret | undefined;
  #isOut = false;
  #turn = 0;
  #over = 0;
  #refreshing: Promise<Secret | undefined> | undefined;

  constructor(defaults: SessionDefaults) {
    this.#defaults = defaults;
  }

  /** Whether a call of now would carry a token. Before the first call, nobody knows: false. */
  get isSignedIn(): boolean {
    return this.#token !== undefined;
  }

  /** How many sessions have ended on this page. What was asked before the last of them was another's. */
  get sessionsOver(): number {
    return this.#over;
  }

  /** Be told when somebody signs in or out; returns what ends that. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Ask for an account. What comes next is `login`, or `confirm` with the code that was sent by mail;
   * the answer is the same whether the address was known or not.
   */
  async register(who: { email: string; password?: string }, options?: CallOptions): Promise<NextStep> {
    return (await this.#post("register", who, options)) as NextStep;
  }

  /** Confirm an e-mail address with the code that was sent to it, and choose the password. */
  async confirm(
    what: { email: string; code: string; password: string },
    options?: CallOptions,
  ): Promise<NextStep> {
    return (await this.#post("confirm", what, options)) as NextStep;
  }

  /** Sign in. The tokens stay inside. */
  async login(who: Credentials, options?: CallOptions): Promise<{ expiresIn: number }> {
    const turn = ++this.#turn;
    const answer = await this.#locked(() => this.#post("login", who, options));
    const { token, expiresIn } = opened(answer);
    if (turn === this.#turn) this.#enter(token);
    return { expiresIn };
  }

  /** Find out whether this browser is still signed in, for instance when a page loads. */
  async restore(): Promise<boolean> {
    return (await this.current()) !== undefined;
  }

  /** Sign out here. Whatever happens on the way, this page forgets its token. */
  async logout(options?: CallOptions): Promise<void> {
    this.#leave();
    await this.#locked(() => this.#post("logout", undefined, options));
  }

  /** Every device on which this person is signed in. */
  async sessions(options?: CallOptions): Promise<SignedInSession[]> {
    const answer = (await this.#asked("sessions", options)) as { sessions: SignedInSession[] };
    return answer.sessions;
  }

  /** Sign out another device. */
  async revokeSession({ sessionId }: { sessionId: string }, options?: CallOptions): Promise<void> {
    await this.#asked("revokeSession", options, sessionId);
  }

  /** Sign out every device but this one, and say how many they were. */
  async revokeOtherSessions(options?: CallOptions): Promise<{ revoked: number }> {
    return (await this.#asked("revokeOtherSessions", options)) as { revoked: number };
  }

  /** The token for a call of now; refreshed once when this page has none yet. */
  async current(): Promise<string | undefined> {
    if (this.#token === undefined && !this.#isOut) await this.#refresh();
    return this.#token?.reveal();
  }

  /**
   * Another token than this one, which was refused, of the same session; nothing when there is none
   * to be had. Another tab may have signed somebody else in: what this person asked is not done as them.
   */
  async instead(refused: string): Promise<string | undefined> {
    if (this.#token?.reveal() === refused) await this.#refresh();
    const now = this.#token?.reveal();
    return now === undefined || now === refused || whoseIs(now) !== whoseIs(refused) ? undefined : now;
  }

  /** Ask for something as whoever is signed in, with another token when the first one has ended. */
  async asCaller<T>(run: (token: string | undefined) => Promise<T>): Promise<T> {
    const token = await this.current();
    try {
      return await run(token);
    } catch (thrown) {
      const isEnded = isAboardError(thrown) && thrown.kind === "answer" && thrown.status === 401;
      const next = isEnded && token !== undefined ? await this.instead(token) : undefined;
      if (next === undefined) throw thrown;
      return await run(next);
    }
  }

  #refresh(): Promise<Secret | undefined> {
    this.#refreshing ??= this.#refreshed().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refreshed(): Promise<Secret | undefined> {
    const turn = this.#turn;
    try {
      const { token } = opened(await this.#locked(() => this.#post("refresh")));
      // Who signed out, or in as another, while this was on its way, stays so.
      if (turn === this.#turn) this.#enter(token);
    } catch (thrown) {
      if (!isAboardError(thrown) || thrown.kind !== "answer" || (thrown.status ?? 500) >= 429) throw thrown;
      if (turn === this.#turn) this.#leave();
    }
    return this.#token;
  }

  #enter(token: Secret): void {
    this.#isOut = false;
    const was = this.#token;
    this.#token = token;
    if (was !== undefined && whoseIs(was.reveal()) === whoseIs(token.reveal())) return;
    // Another session than before, perhaps another person: what was kept of the first must go.
    if (was !== undefined) this.#tell(false);
    this.#tell(true);
  }

  #leave(): void {
    this.#turn += 1;
    this.#isOut = true;
    const was = this.#token !== undefined;
    this.#token = undefined;
    if (was) this.#tell(false);
  }

  #tell(isSignedIn: boolean): void {
    if (!isSignedIn) this.#over += 1;
    for (const listener of [...this.#listeners]) listener(isSignedIn);
  }

  /** Take turns with the other tabs, which have the same cookie. */
  #locked<T>(run: () => Promise<T>): Promise<T> {
    const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
    if (locks === undefined) return run();
    return locks.request(`aboard ${this.#defaults.road.base}`, run) as Promise<T>;
  }

  #post(way: Way, body?: unknown, options: CallOptions = {}): Promise<unknown> {
    return this.#send({ ...requestOn(way), body }, options);
  }

  async #asked(way: Way, options: CallOptions = {}, sessionId = ""): Promise<unknown> {
    const request = requestOn(way, sessionId);
    return await this.asCaller((token) => this.#send({ ...request, token }, options));
  }

  #send(request: Request, options: CallOptions): Promise<unknown> {
    const { road, timeoutMs, language } = this.#defaults;
    return inTime(options.timeoutMs ?? timeoutMs, options.signal, (signal) =>
      send(road, { ...request, language: options.language ?? language, hasCookies: true }, signal),
    );
  }
}

function requestOn(way: Way, sessionId = ""): Request {
  const [method = "", path = ""] = SIGN_IN[way].split(" ");
  if (path.includes("{") && /^\.{0,2}$/.test(sessionId)) throw new TypeError(`${way} needs sessionId`);
  const target = path.replace(/\{\w+\}/, encodeURIComponent(sessionId));
  return { method, target, hasEnvelope: true };
}

/** Whose a token says it is, and of which session; empty where it does not say. The service checks. */
function whoseIs(token: string): string {
  try {
    const payload = (token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
    const { sub, sid } = JSON.parse(atob(payload)) as { sub?: unknown; sid?: unknown };
    return JSON.stringify([sub, sid]);
  } catch {
    return "";
  }
}

function opened(answer: unknown): { token: Secret; expiresIn: number } {
  const { accessToken, expiresIn } = answer as Record<string, unknown>;
  if (!(accessToken instanceof Secret) || typeof expiresIn !== "number") {
    throw new AboardError({ kind: "unreadable", message: "Signing in gave no token." });
  }
  return { token: accessToken, expiresIn };
}
