// When does the same call make sense again, and after how long?

import { isAboardError } from "./errors.js";

/** Nobody looks at a page that waits longer than this for an answer. */
export const LONGEST_WAIT_SECONDS = 10;
const FIRST_WAIT_MS = 500;
const PASSING = new Set([502, 503, 504]);

/**
 * Say whether the same call may go well a little later: the service was away or busy, or the road
 * was. A refusal (4xx) stays one, except 429 when the window is nearly over.
 */
export function isPassing(thrown: unknown): boolean {
  if (!isAboardError(thrown)) return false;
  if (thrown.kind === "network" || thrown.kind === "timeout") return true;
  const { status = 0, retryAfterSeconds } = thrown;
  if (retryAfterSeconds !== undefined && retryAfterSeconds > LONGEST_WAIT_SECONDS) return false;
  return PASSING.has(status) || (status === 429 && retryAfterSeconds !== undefined);
}

/** Say whether the service itself asked to come again soon: so the call had no effect worth having. */
export function isAskedAgain(thrown: unknown): boolean {
  return isPassing(thrown) && isAboardError(thrown) && thrown.retryAfterSeconds !== undefined;
}

/** After how many milliseconds to try again: what the answer asks for, else twice as long each time. */
export function waitMs(thrown: unknown, triesBefore: number): number {
  const asked = isAboardError(thrown) ? thrown.retryAfterSeconds : undefined;
  if (asked !== undefined) return Math.min(asked, LONGEST_WAIT_SECONDS) * 1000;
  const wait = Math.min(FIRST_WAIT_MS * 2 ** triesBefore, LONGEST_WAIT_SECONDS * 1000);
  return wait * (0.5 + Math.random() / 2); // spread out, so that not everybody comes back at once
}

/** Return a new key for one request of the organizations API and all its repetitions. */
export function newIdempotencyKey(): string {
  // Not `randomUUID`: pages on plain http, on a network of one's own, have none.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Do one mutation of the organizations API, again with the same key while its failure is passing:
 * however often it travels, it takes effect once.
 *
 *     await repeatSafely((idempotencyKey) =>
 *       aboard.organizations.createOrganization(wanted, { idempotencyKey }));
 */
export async function repeatSafely<T>(
  run: (idempotencyKey: string) => Promise<T>,
  { tries = 3, key = newIdempotencyKey() }: { tries?: number; key?: string } = {},
): Promise<T> {
  for (let before = 0; ; before += 1) {
    try {
      return await run(key);
    } catch (thrown) {
      if (before + 1 >= tries || !isPassing(thrown)) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, waitMs(thrown, before)));
    }
  }
}
