"use client";

// Where do the hooks find the client? In this provider; and React Query's client, where the
// application has none of its own.

import { QueryClient, QueryClientContext, QueryClientProvider } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import type { Aboard } from "../client.js";

interface Place {
  readonly aboard: Aboard;
  readonly root: readonly unknown[];
}

const PlaceContext = createContext<Place | undefined>(undefined);
const numbers = new WeakMap<Aboard, number>();
let last = 0;

export interface AboardProviderProps {
  client: Aboard;
  /**
   * Who is signed in, such as their user id: what one person was answered is never shown to the
   * next. Not needed when each person has a client of their own, or with the built-in sign-in.
   */
  userKey?: string | undefined;
  children?: ReactNode;
}

/** Give the hooks below their client. */
export function AboardProvider({ client, userKey = "", children }: AboardProviderProps): ReactNode {
  const outer = useContext(QueryClientContext);
  const [own] = useState(() => new QueryClient());
  const queries = outer ?? own;
  const place = useMemo(
    () => ({ aboard: client, root: ["aboard", numberOf(client), userKey] }),
    [client, userKey],
  );
  useEffect(
    () => client.auth.onChange(() => queries.removeQueries({ queryKey: ["aboard", numberOf(client)] })),
    [client, queries],
  );
  const inside = <PlaceContext.Provider value={place}>{children}</PlaceContext.Provider>;
  return outer === undefined ? <QueryClientProvider client={own}>{inside}</QueryClientProvider> : inside;
}

/** The client that the provider was given. */
export function useAboard(): Aboard {
  return usePlace().aboard;
}

export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (place === undefined) throw new Error("There is no <AboardProvider> around this component.");
  return place;
}

// A number instead of the client itself: query keys are compared as JSON.
function numberOf(client: Aboard): number {
  const known = numbers.get(client);
  if (known !== undefined) return known;
  last += 1;
  numbers.set(client, last);
  return last;
}
