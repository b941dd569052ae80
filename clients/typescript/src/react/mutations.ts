"use client";

// What does a click do? Five calls, four of which answer with a link. A double click, also on another
// button for the same, is one call; a link is forgotten with the component that asked for it.

import { useMutation, useQueryClient, type UseMutationOptions, type UseMutationResult } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import type { AboardError } from "../errors.js";
import type { Creators } from "../client.js";
import { isAskedAgain, waitMs } from "../retry.js";
import { usePlace } from "./provider.js";

const TRIES_AFTER_THE_FIRST = 2;

type Name = "upgrade" | "initiate" | "refreshLink" | "dashboardLink" | "kycStart";
type Params<N extends Name> = NonNullable<Parameters<Creators[N]>[0]>;
type Answer<N extends Name> = Awaited<ReturnType<Creators[N]>>;
type Variables<N extends Name> = Params<N> | void;

/** What React Query's `useMutation` takes, without what this package decides. */
export type ClickOptions<N extends Name> = Pick<
  UseMutationOptions<Answer<N>, AboardError, Variables<N>>,
  "onSuccess" | "onError" | "onSettled" | "onMutate" | "meta" | "throwOnError"
>;
export type Click<N extends Name> = UseMutationResult<Answer<N>, AboardError, Variables<N>>;

/** Make the caller a creator; harmless when they are one. */
export function useUpgradeToCreator(options?: ClickOptions<"upgrade">): Click<"upgrade"> {
  return useClick("upgrade", options);
}

/** Start onboarding, or go on with it: the answer's `onboardingUrl` leads to Stripe. */
export function useInitiateStripeConnect(options?: ClickOptions<"initiate">): Click<"initiate"> {
  return useClick("initiate", options);
}

/** A new link to onboarding, for the account that is there. */
export function useRefreshOnboardingLink(options?: ClickOptions<"refreshLink">): Click<"refreshLink"> {
  return useClick("refreshLink", options);
}

/** A link to Stripe's own dashboard, for an active account. */
export function useDashboardLink(options?: ClickOptions<"dashboardLink">): Click<"dashboardLink"> {
  return useClick("dashboardLink", options);
}

/** Begin to prove who one is: the answer's `redirectUrl` leads to whoever checks it. */
export function useStartKyc(options?: ClickOptions<"kycStart">): Click<"kycStart"> {
  return useClick("kycStart", options);
}

// What is on its way now, for each client (and person) and question.
const underway = new Map<string, Promise<unknown>>();

function useClick<N extends Name>(name: N, options: ClickOptions<N> = {}): Click<N> {
  const { aboard, root } = usePlace();
  const queries = useQueryClient();
  const mutation = useMutation<Answer<N>, AboardError, Variables<N>>({
    ...options,
    mutationFn: (variables) => {
      const params = paramsOf(variables);
      const key = JSON.stringify([root, aboard.auth.sessionsOver, name, params]);
      const ask = aboard.creators[name] as (params: object) => Promise<Answer<N>>;
      return once(key, () => ask(params));
    },
    onSuccess: async (...happened) => {
      // What was read before may be different now. Nothing waits for it: the link is to be used.
      void queries.invalidateQueries({ queryKey: [...root, "creators"] });
      await options.onSuccess?.(...happened);
    },
    gcTime: 0,
    // Not `isPassing`: a call whose answer was lost may have had its effect, and counts.
    retry: (before, error) => before < TRIES_AFTER_THE_FIRST && isAskedAgain(error),
    retryDelay: (before, error) => waitMs(error, before),
  });
  // The second click of a double one is none: what follows the first happens once, too.
  // One that asks for something else, such as the other mode, is a click of its own, and so is one of
  // whoever signed in meanwhile.
  const pending = useRef(new Map<string, Promise<Answer<N>>>());
  const { mutateAsync: ask } = mutation;
  const mutateAsync = useCallback<typeof ask>(
    (...given) => {
      const key = JSON.stringify([aboard.auth.sessionsOver, paramsOf(given[0])]);
      const already = pending.current.get(key);
      if (already !== undefined) return already;
      const asked = ask(...given).finally(() => pending.current.delete(key));
      pending.current.set(key, asked);
      return asked;
    },
    [aboard, ask],
  );
  const mutate = useCallback<typeof mutation.mutate>(
    (...given) => void mutateAsync(...given).catch(() => undefined), // `error` tells it
    [mutateAsync],
  );
  return { ...mutation, mutate, mutateAsync };
}

function once<T>(key: string, ask: () => Promise<T>): Promise<T> {
  const already = underway.get(key) as Promise<T> | undefined;
  if (already !== undefined) return already;
  const asked = ask().finally(() => underway.delete(key));
  underway.set(key, asked);
  return asked;
}

/** What was given, unless it is a click's event: `onClick={link.mutate}` gives one. */
function paramsOf(variables: unknown): object {
  const isEvent = typeof variables === "object" && variables !== null && "nativeEvent" in variables;
  return isEvent || typeof variables !== "object" || variables === null ? {} : variables;
}
