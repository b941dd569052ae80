"use client";

// What does a page read? Three answers that may be remembered for a while, because none holds a link.

import { useQuery, type QueryFunctionContext, type UseQueryResult } from "@tanstack/react-query";
import type { Aboard, Creators } from "../index.js";
import { isAboardError, type AboardError } from "../errors.js";
import { isPassing, waitMs } from "../retry.js";
import { usePlace } from "./provider.js";

const TRIES_AFTER_THE_FIRST = 2;
const FRESH_FOR_MS = 60_000;

type Answer<Name extends keyof Creators> = Awaited<ReturnType<Creators[Name]>>;

export interface ReadOptions {
  /** Do not ask yet. */
  enabled?: boolean;
  /** For how long an answer is not asked for again: 60,000 milliseconds if not given. */
  staleTimeMs?: number;
}

export interface ModeOptions {
  /** The account in test or in live mode; the service's own choice if not given. */
  mode?: "test" | "live";
}

export interface StatusOptions extends ReadOptions, ModeOptions {
  /**
   * Ask again so often while the account is `PENDING`. Each question counts: the service allows ten
   * an hour if it says nothing else, so six minutes can go on for ever. After a refusal for being
   * too many, it waits as long as the answer says.
   */
  pollWhilePendingMs?: number;
}

/** The creator's account: may it charge, may it be paid? Live from Stripe. */
export function useStripeConnectStatus(
  options: StatusOptions = {},
): UseQueryResult<Answer<"status">, AboardError> {
  const { pollWhilePendingMs: pollMs } = options;
  const read = useRead("status", options, ({ creators }, call) => creators.status(modeOf(options), call));
  return useQuery({
    ...read,
    refetchInterval: ({ state }) => {
      if (pollMs === undefined || state.data?.stripeAccountStatus !== "PENDING") return false;
      const asked = isAboardError(state.error) ? (state.error.retryAfterSeconds ?? 0) * 1000 : 0;
      return Math.max(pollMs, asked);
    },
  });
}

/** The creator's profile. */
export function useCreatorProfile(
  options: ReadOptions & ModeOptions = {},
): UseQueryResult<Answer<"profile">, AboardError> {
  return useQuery(
    useRead("profile", options, ({ creators }, call) => creators.profile(modeOf(options), call)),
  );
}

/** How the creator can be paid, from memory: for every page that only wants to know this. */
export function usePayoutSettings(
  options: ReadOptions & ModeOptions = {},
): UseQueryResult<Answer<"payoutSettings">, AboardError> {
  return useQuery(
    useRead("payoutSettings", options, ({ creators }, call) => creators.payoutSettings(modeOf(options), call)),
  );
}

/** Has the creator proved who they are? */
export function useKycStatus(options: ReadOptions = {}): UseQueryResult<Answer<"kycStatus">, AboardError> {
  return useQuery(useRead("kycStatus", options, ({ creators }, call) => creators.kycStatus({}, call)));
}

function useRead<T>(
  name: string,
  options: ReadOptions & ModeOptions,
  ask: (aboard: Aboard, call: { signal: AbortSignal }) => Promise<T>,
) {
  const { aboard, root } = usePlace();
  return {
    queryKey: [...root, "creators", name, options.mode ?? ""],
    queryFn: ({ signal }: QueryFunctionContext): Promise<T> => ask(aboard, { signal }),
    enabled: options.enabled ?? true,
    staleTime: options.staleTimeMs ?? FRESH_FOR_MS,
    retry: (before: number, error: AboardError) => before < TRIES_AFTER_THE_FIRST && isPassing(error),
    retryDelay: (before: number, error: AboardError) => waitMs(error, before),
  };
}

function modeOf({ mode }: ModeOptions): ModeOptions {
  return mode === undefined ? {} : { mode };
}
