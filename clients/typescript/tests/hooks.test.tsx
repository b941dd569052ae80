// @vitest-environment jsdom
// What do the hooks do, in a page that people click, against a server that misbehaves?

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, renderHook, screen, waitFor } from "@testing-library/react";
import { StrictMode, type ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AboardError, BearerUrl, createAboard, type Aboard } from "../src/index.js";
import {
  AboardProvider,
  useAboard,
  useCreatorProfile,
  useDashboardLink,
  useInitiateStripeConnect,
  useKycStatus,
  usePayoutSettings,
  useRefreshOnboardingLink,
  useStartKyc,
  useStripeConnectStatus,
  useUpgradeToCreator,
} from "../src/react/index.js";
import { json, LINK, refusal, Service, TOKEN } from "./service.js";

let service: Service;
let aboard: Aboard;
let queries: QueryClient;
beforeEach(async () => {
  service = await Service.open();
  aboard = createAboard({ baseUrl: service.url, token: TOKEN, timeoutMs: 2000 });
  queries = new QueryClient();
});
afterEach(async () => {
  cleanup();
  queries.clear();
  await service.close();
});

const Page = ({ children }: { children: ReactNode }) => (
  <StrictMode>
    <QueryClientProvider client={queries}>
      <AboardProvider client={aboard}>{children}</AboardProvider>
    </QueryClientProvider>
  </StrictMode>
);
const hook = <T,>(use: () => T) => renderHook(use, { wrapper: Page });
const links = (r: Parameters<typeof json>[0]) =>
  json(r, 201, { success: true, data: { accountId: "acct_1", onboardingUrl: LINK } });
const status = (r: Parameters<typeof json>[0], stripeAccountStatus: string) =>
  json(r, 200, { success: true, data: { stripeAccountStatus } });

function Start({ went }: { went: string[] }) {
  const start = useInitiateStripeConnect({
    onSuccess: ({ onboardingUrl }) => went.push(onboardingUrl.reveal()),
  });
  return (
    <button onClick={() => start.mutate()}>{start.error ? start.error.code : start.status}</button>
  );
}

describe("a click", () => {
  it("leads to Stripe, and a double click is one call", async () => {
    service.answer = (_, r) => void setTimeout(() => links(r), 30);
    const went: string[] = [];
    render(<Start went={went} />, { wrapper: Page });
    const button = screen.getByRole("button");
    fireEvent.click(button);
    fireEvent.click(button);
    fireEvent.click(button);
    await waitFor(() => expect(button.textContent).toBe("success"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(went).toEqual([LINK]); // what follows a click happened once, too
    expect(service.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /api/v1/creators/stripe-connect/initiate",
    ]);
    fireEvent.click(button);
    await waitFor(() => expect(service.asked).toHaveLength(2)); // a later click is a new link
  });

  it("for the other mode is a call of its own", async () => {
    service.answer = (_, r) => void setTimeout(() => links(r), 30);
    const { result } = hook(() => useInitiateStripeConnect());
    await act(() =>
      Promise.all([
        result.current.mutateAsync({ mode: "test" }),
        result.current.mutateAsync({ mode: "test" }),
        result.current.mutateAsync({ mode: "live" }),
      ]),
    );
    expect(service.asked.map(({ path }) => path.split("?")[1]).sort()).toEqual(["mode=live", "mode=test"]);
  });

  it("of whoever signed in meanwhile is a call of their own", async () => {
    const tokenOf = (who: string) => `h.${Buffer.from(JSON.stringify({ sub: who })).toString("base64url")}.x`;
    service.answer = ({ path, body, headers }, r) => {
      const who = (body || (headers.authorization ?? "")).includes("zoe") ? "zoe" : "mara";
      if (path.endsWith("/auth/login")) {
        return json(r, 200, { success: true, data: { accessToken: tokenOf(who), expiresIn: 900 } });
      }
      const accountId = headers.authorization === `Bearer ${tokenOf("zoe")}` ? "acct_zoe" : "acct_mara";
      setTimeout(() => json(r, 201, { success: true, data: { accountId, onboardingUrl: LINK } }), 100);
    };
    aboard = createAboard({ baseUrl: service.url, timeoutMs: 2000 });
    await aboard.auth.login({ email: "mara@example.com", password: "words-of-hers" });
    const { result } = hook(() => useInitiateStripeConnect());
    const answers = await act(async () => {
      const first = result.current.mutateAsync();
      await aboard.auth.login({ email: "zoe@example.com", password: "words-of-hers" });
      return Promise.all([first, result.current.mutateAsync(), result.current.mutateAsync()]);
    });
    expect(answers.map(({ accountId }) => accountId)).toEqual(["acct_mara", "acct_zoe", "acct_zoe"]);
    expect(service.asked.filter(({ path }) => path.endsWith("/initiate"))).toHaveLength(2);
  });

  it("on two buttons for the same is one call too, but not for two people", async () => {
    service.answer = (_, r) => void setTimeout(() => links(r), 30);
    const other = createAboard({ baseUrl: service.url, token: "another-persons", timeoutMs: 2000 });
    render(
      <>
        <Page><Start went={[]} /><Start went={[]} /></Page>
        <AboardProvider client={other}><Start went={[]} /></AboardProvider>
      </>,
    );
    const buttons = screen.getAllByRole("button");
    for (const button of buttons) fireEvent.click(button);
    await waitFor(() => buttons.forEach((button) => expect(button.textContent).toBe("success")));
    const tokens = service.asked.map(({ headers }) => headers.authorization).sort();
    expect(tokens).toEqual(["Bearer another-persons", `Bearer ${TOKEN}`]);
  });

  it("leaves no link behind, and none that can be seen", async () => {
    service.answer = (_, r) => links(r);
    const { result, unmount } = hook(() => useInitiateStripeConnect());
    await act(() => result.current.mutateAsync());
    await waitFor(() => expect(result.current.data).toBeDefined());
    expect(result.current.data?.onboardingUrl.reveal()).toBe(LINK);
    const kept = queries.getMutationCache().getAll().map(({ state }) => state);
    expect(JSON.stringify(kept)).toContain("[bearer url]");
    expect(JSON.stringify(kept)).not.toContain("words-that-open");
    expect(queries.getQueryCache().getAll()).toEqual([]);
    unmount();
    await waitFor(() => expect(queries.getMutationCache().getAll()).toEqual([]));
  });

  it("can open a tab instead, once, that learns nothing of this page", async () => {
    service.answer = (_, r) => links(r);
    const { result } = hook(() => useInitiateStripeConnect());
    await act(() => result.current.mutateAsync());
    await waitFor(() => expect(result.current.data).toBeDefined());
    const opened: unknown[][] = [];
    window.open = (...given: unknown[]) => (opened.push(given), null);
    result.current.data?.onboardingUrl.openInBrowser();
    result.current.data?.onboardingUrl.openInBrowser();
    expect(opened).toEqual([[LINK, "_blank", "noopener,noreferrer"]]);
  });

  it("given straight to a button sends no event", async () => {
    service.answer = (_, r) => links(r);
    function Bare() {
      const { mutate } = useRefreshOnboardingLink();
      return <button onClick={mutate as () => void}>go</button>;
    }
    render(<Bare />, { wrapper: Page });
    fireEvent.click(screen.getByRole("button"));
    await waitFor(() => expect(service.asked).toHaveLength(1));
    expect(service.asked[0]).toMatchObject({ path: "/api/v1/creators/stripe-connect/refresh-link", body: "" });
  });

  it.each([
    ["useUpgradeToCreator", useUpgradeToCreator, "/upgrade"],
    ["useInitiateStripeConnect", useInitiateStripeConnect, "/stripe-connect/initiate"],
    ["useRefreshOnboardingLink", useRefreshOnboardingLink, "/stripe-connect/refresh-link"],
    ["useDashboardLink", useDashboardLink, "/stripe-connect/dashboard-link"],
    ["useStartKyc", useStartKyc, "/kyc/start"],
  ] as const)("of %s asks its operation, and tells the questions", async (_, use, path) => {
    service.answer = ({ method }, r) =>
      method === "GET" ? status(r, "PENDING") : json(r, 201, { success: true, data: { creatorId: "c", redirectUrl: LINK, url: LINK } });
    const { result } = hook(() => ({ click: use(), status: useStripeConnectStatus() }));
    await waitFor(() => expect(result.current.status.data).toBeDefined());
    const before = service.asked.length;
    await act(() => result.current.click.mutateAsync() as Promise<unknown>);
    expect(service.asked[before]).toMatchObject({ method: "POST", path: `/api/v1/creators${path}` });
    await waitFor(() => expect(service.asked.at(-1)?.method).toBe("GET")); // asked again, at once
    const { data } = result.current.click as unknown as { data: { redirectUrl: unknown; url: unknown } };
    expect(data.redirectUrl).toBeInstanceOf(BearerUrl);
    expect(data.url).toBeInstanceOf(BearerUrl);
  });
});

describe("a question", () => {
  it.each([
    ["useStripeConnectStatus", useStripeConnectStatus, "/stripe-connect/status"],
    ["useCreatorProfile", useCreatorProfile, "/profile"],
    ["usePayoutSettings", usePayoutSettings, "/payout-settings"],
    ["useKycStatus", useKycStatus, "/kyc/status"],
  ] as const)("of %s is asked once for all who want to know", async (_, use, path) => {
    service.answer = (__, r) => status(r, "ACTIVE");
    const { result } = hook(() => [use(), use(), use()] as const);
    await waitFor(() => expect(result.current[2].data).toEqual({ stripeAccountStatus: "ACTIVE" }));
    expect(service.asked.map((asked) => asked.path)).toEqual([`/api/v1/creators${path}`]);
    hook(() => use()); // another component, a moment later: from memory
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(service.asked).toHaveLength(1);
  });

  it("waits until it is wanted", async () => {
    const { result } = hook(() => useStripeConnectStatus({ enabled: false }));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([service.asked.length, result.current.fetchStatus]).toEqual([0, "idle"]);
  });

  it("is asked again while pending, and then no more", async () => {
    service.answer = (_, r) => status(r, service.asked.length < 3 ? "PENDING" : "ACTIVE");
    const { result } = hook(() => useStripeConnectStatus({ pollWhilePendingMs: 20 }));
    await waitFor(() => expect(result.current.data?.stripeAccountStatus).toBe("ACTIVE"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(service.asked).toHaveLength(3);
  });

  it("is not asked on and on when it is refused for being too many", async () => {
    service.answer = (_, r) =>
      service.asked.length === 1
        ? status(r, "PENDING")
        : json(r, 429, refusal("RATE_LIMITED"), { "Retry-After": "1800" });
    const { result } = hook(() => useStripeConnectStatus({ pollWhilePendingMs: 20 }));
    await waitFor(() => expect(result.current.error?.code).toBe("RATE_LIMITED"));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(service.asked).toHaveLength(2);
    expect(result.current.data?.stripeAccountStatus).toBe("PENDING"); // what was known stays known
  });

  it("of one person is never answered with another's", async () => {
    service.answer = (_, r) => status(r, service.asked.length === 1 ? "ACTIVE" : "NOT_STARTED");
    const seen: (string | undefined)[] = [];
    function Status() {
      const { data } = useStripeConnectStatus();
      seen.push(data?.stripeAccountStatus);
      return <p>{data?.stripeAccountStatus ?? "?"}</p>;
    }
    const page = (who: string) => (
      <QueryClientProvider client={queries}>
        <AboardProvider client={aboard} userKey={who}><Status /></AboardProvider>
      </QueryClientProvider>
    );
    const { rerender } = render(page("mara"));
    await screen.findByText("ACTIVE");
    rerender(page("nils"));
    expect(screen.queryByText("ACTIVE")).toBeNull();
    await screen.findByText("NOT_STARTED");
    expect(service.asked).toHaveLength(2);
  });
});

describe("what went wrong", () => {
  it.each([
    [400, "creator.stripe.kyc_required"],
    [401, "AUTH_UNAUTHORIZED"],
    [403, "AUTH_FORBIDDEN"],
    [404, "creator.stripe.not_creator"],
    [409, "creator.stripe.connect_in_progress"],
    [429, "RATE_LIMITED"],
    [500, "INTERNAL"],
  ])("%i %s is told at once, and not asked again", async (code, key) => {
    service.answer = (_, r) => json(r, code, refusal(key));
    const { result } = hook(() => ({ read: useStripeConnectStatus(), click: useRefreshOnboardingLink() }));
    act(() => result.current.click.mutate());
    await waitFor(() => expect(result.current.read.error?.code).toBe(key));
    await waitFor(() => expect(result.current.click.error).toBeInstanceOf(AboardError));
    expect(service.asked.map(({ method }) => method).sort()).toEqual(["GET", "POST"]);
  });

  it.each([
    [503, "0", 3],
    [429, "0", 3],
    [503, "3600", 1],
    [429, "3600", 1],
  ])("%i with Retry-After %s is asked %i times", async (code, after, times) => {
    service.answer = (_, r) => json(r, code, refusal("x"), { "Retry-After": after });
    const { result } = hook(() => ({ read: useStripeConnectStatus(), click: useRefreshOnboardingLink() }));
    act(() => result.current.click.mutate());
    await waitFor(() => expect(result.current.read.isError && result.current.click.isError).toBe(true));
    for (const method of ["GET", "POST"]) {
      expect(service.asked.filter((asked) => asked.method === method)).toHaveLength(times);
    }
  });

  it("waits as long as the answer says", async () => {
    service.answer = (_, r) =>
      service.asked.length === 1 ? json(r, 503, refusal("x"), { "Retry-After": "1" }) : links(r);
    const { result } = hook(() => useRefreshOnboardingLink());
    const begun = Date.now();
    await act(() => result.current.mutateAsync());
    expect(Date.now() - begun).toBeGreaterThan(950);
    expect(service.asked).toHaveLength(2);
  });

  it("of a click whose answer was lost is not asked again: it may have had its effect", async () => {
    service.answer = (_, r) => void r.socket?.destroy();
    const { result } = hook(() => useInitiateStripeConnect());
    act(() => result.current.mutate());
    await waitFor(() => expect(result.current.error?.kind).toBe("network"));
    expect(service.asked).toHaveLength(1);
  });

  it("does not stop the next click", async () => {
    service.answer = (_, r) => (service.asked.length === 1 ? json(r, 500, refusal("INTERNAL")) : links(r));
    const { result } = hook(() => useInitiateStripeConnect());
    await act(() => result.current.mutateAsync().catch(() => undefined));
    await act(() => result.current.mutateAsync());
    expect(service.asked).toHaveLength(2);
  });
});

describe("the provider", () => {
  it("is needed, and says so", () => {
    expect(() => renderHook(() => useAboard())).toThrow("There is no <AboardProvider>");
  });

  it("brings a query client where there is none", async () => {
    service.answer = (_, r) => status(r, "ACTIVE");
    const { result } = renderHook(() => ({ it: useAboard(), status: useStripeConnectStatus() }), {
      wrapper: ({ children }) => <AboardProvider client={aboard}>{children}</AboardProvider>,
    });
    await waitFor(() => expect(result.current.status.data?.stripeAccountStatus).toBe("ACTIVE"));
    expect(result.current.it).toBe(aboard);
  });

  it("forgets what was read when somebody signs out", async () => {
    aboard = createAboard({ baseUrl: service.url });
    service.answer = ({ path, headers }, r) => {
      if (path.endsWith("/login")) return json(r, 200, { success: true, data: { accessToken: "words", expiresIn: 900 } });
      if (path.endsWith("/logout")) return json(r, 200, { success: true, data: {} });
      return headers.authorization ? status(r, "ACTIVE") : json(r, 401, refusal("AUTH_UNAUTHORIZED"));
    };
    await aboard.auth.login({ email: "mara@example.com", password: "words" });
    const { result } = hook(() => useStripeConnectStatus());
    await waitFor(() => expect(result.current.data?.stripeAccountStatus).toBe("ACTIVE"));
    await act(() => aboard.auth.logout());
    expect(queries.getQueriesData({ queryKey: ["aboard"] }).filter(([, data]) => data)).toEqual([]);
  });
});
