// @vitest-environment jsdom
// A creator's whole way with the hooks, against `aboard demo`: the built package, real sockets, the
// sandbox for Stripe. tests/clients/test_typescript.py starts the demo and says where it is.

import { cleanup, fireEvent, render, renderHook, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { createAboard, metaOf, repeatSafely, type Aboard, type BearerUrl } from "@aboard/client";
import {
  AboardProvider,
  useDashboardLink,
  useInitiateStripeConnect,
  useRefreshOnboardingLink,
  useStripeConnectStatus,
  useUpgradeToCreator,
} from "@aboard/client/react";

const at = (name: string): string => {
  const found = process.env[name];
  if (!found) throw new Error(`${name} is missing: run this by tests/clients/test_typescript.py`);
  return found;
};
const SERVICE = at("ABOARD_SERVICE");
const SANDBOX = at("ABOARD_SANDBOX");

/** Visit the demo's platform as somebody new: its cookie is the bearer token of who was signed in. */
async function signIn(): Promise<{ token: string; organizationId: string }> {
  const { headers } = await fetch(at("ABOARD_PLATFORM"));
  const cookies = headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
  const token = cookies.find((cookie) => cookie.startsWith("aboard_session="))?.split("=")[1] ?? "";
  const claims = JSON.parse(atob((token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/")));
  return { token, organizationId: Object.keys(claims.organizations)[0] ?? "" };
}

/** Do as Stripe's pages do when a seller gave all that is asked for. */
async function complete(accountId: string): Promise<void> {
  const answer = await fetch(`${SANDBOX}/_sandbox/accounts/${accountId}/complete`, {
    method: "POST",
    body: new URLSearchParams({ collect: "eventually_due" }),
  });
  expect(answer.status).toBe(200);
}

let token: string;
let aboard: Aboard;
const pages: string[] = [];
const open = (link: BearerUrl) => link.navigate({ assign: (url) => pages.push(url) });

function Payments() {
  const status = useStripeConnectStatus({ pollWhilePendingMs: 50 });
  const upgrade = useUpgradeToCreator();
  const initiate = useInitiateStripeConnect({ onSuccess: ({ onboardingUrl }) => open(onboardingUrl) });
  const refresh = useRefreshOnboardingLink({ onSuccess: ({ onboardingUrl }) => open(onboardingUrl) });
  const dashboard = useDashboardLink({ onSuccess: ({ url }) => open(url) });
  const error = dashboard.error ?? refresh.error ?? initiate.error ?? status.error;
  return (
    <>
      <p role="status">{status.data?.stripeAccountStatus ?? "?"}</p>
      <p role="alert">{error && `${error.status} ${error.code}`}</p>
      <p>{initiate.data?.accountId}</p>
      <button onClick={() => upgrade.mutate()}>upgrade</button>
      <button onClick={() => initiate.mutate()}>start</button>
      <button onClick={() => refresh.mutate()}>new link</button>
      <button onClick={() => dashboard.mutate()}>dashboard</button>
    </>
  );
}

const Page = ({ children }: { children?: ReactNode }) => <AboardProvider client={aboard}>{children}</AboardProvider>;
const click = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const told = (role: string, text: string) =>
  waitFor(() => expect(screen.getByRole(role).textContent).toBe(text), { timeout: 5000 });

beforeAll(async () => {
  ({ token } = await signIn());
  aboard = createAboard({ baseUrl: SERVICE, token: () => token });
});
afterEach(cleanup);

describe("a creator", () => {
  it("goes from nothing to being paid", async () => {
    render(<Payments />, { wrapper: Page });
    await told("alert", "404 creator.stripe.not_creator"); // the status of somebody who is no creator

    click("upgrade");
    await told("status", "NOT_STARTED");
    click("dashboard");
    await told("alert", "400 creator.stripe.account_not_found");

    click("start");
    click("start");
    await waitFor(() => expect(pages).toHaveLength(1), { timeout: 5000 });
    await told("status", "PENDING");
    const account = await waitFor(() => screen.getByText(/^acct_/).textContent ?? "");
    expect(document.body.innerHTML).not.toContain("/setup/");

    // Stripe's page opens, once: the second visit is sent to the refresh address.
    const [first = ""] = pages;
    expect((await fetch(first, { redirect: "manual" })).status).toBeLessThan(400);

    click("new link");
    await waitFor(() => expect(pages).toHaveLength(2), { timeout: 5000 });
    expect(pages[1]).not.toBe(first);
    const page = await fetch(pages[1] ?? "");
    expect([page.status, new URL(page.url).origin]).toEqual([200, SANDBOX]);
    await complete(account);

    await told("status", "ACTIVE"); // by asking again while it was pending
    click("dashboard");
    await waitFor(() => expect(pages).toHaveLength(3), { timeout: 5000 });
    expect((await fetch(pages[2] ?? "")).status).toBe(200);

    const status = await aboard.creators.status();
    expect(status).toEqual({
      stripeAccountId: account,
      stripeAccountStatus: "ACTIVE",
      chargesEnabled: true,
      payoutsEnabled: true,
      detailsSubmitted: true,
    });
    expect(metaOf(status)).toMatchObject({ status: 200, source: "live", rateLimit: { limit: 1000 } });
  });

  it("of whom nobody knows is told 401", async () => {
    aboard = createAboard({ baseUrl: SERVICE, token: "no-token-of-theirs" });
    render(<Payments />, { wrapper: Page });
    await told("alert", "401 AUTH_UNAUTHORIZED");
    aboard = createAboard({ baseUrl: SERVICE, token });
  });

  it("who asks too often is told 429, and for how long", { timeout: 60_000 }, async () => {
    const { token: theirs } = await signIn();
    aboard = createAboard({ baseUrl: SERVICE, token: theirs, timeoutMs: 30_000 });
    let left = 1000;
    const ask = async () => {
      while (left-- > 0) await aboard.creators.refreshLink().catch(() => undefined);
    };
    await Promise.all(Array.from({ length: 8 }, ask));
    const { result } = renderHook(() => useRefreshOnboardingLink(), { wrapper: Page });
    result.current.mutate();
    await waitFor(() => expect(result.current.error).not.toBeNull());
    const { error } = result.current;
    expect(error).toMatchObject({ status: 429, code: "RATE_LIMITED", rateLimit: { limit: 1000, remaining: 0 } });
    expect(error?.retryAfterSeconds).toBeGreaterThan(0);
    aboard = createAboard({ baseUrl: SERVICE, token });
  });
});

describe("an organization", () => {
  it("goes the same way in the other dialect", async () => {
    const { token: theirs, organizationId } = await signIn();
    const { organizations } = createAboard({ baseUrl: SERVICE, token: theirs });
    expect((await organizations.readHealth()).ok).toBe(true);
    const mode = "test";
    const wanted = { organizationId, mode, returnUrl: at("ABOARD_PLATFORM"), refreshUrl: at("ABOARD_PLATFORM") } as const;
    const link = await repeatSafely((idempotencyKey) => organizations.createOnboardingLink(wanted, { idempotencyKey }));
    expect((await fetch(link.onboardingUrl.reveal())).status).toBe(200);
    const { stripeAccountId } = await organizations.getConnection({ organizationId, mode });
    const checklist = await organizations.getRequirements({ organizationId, mode, fresh: true }, { language: "de" });
    expect(Object.values(checklist.groups).flat().map(({ title }) => title)).not.toEqual([]);
    await complete(stripeAccountId ?? "");
    const connection = await organizations.getConnection({ organizationId, mode, fresh: true });
    expect(connection).toMatchObject({ readiness: "complete", chargesEnabled: true, source: "live" });
    const refused: unknown = await organizations.goLive({ organizationId, mode }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 409, code: "not_ready" });
    expect((refused as { facts: { blockers: string[] } }).facts.blockers).toContain("test_mode_only");
    const session = await organizations.createAccountSession({ organizationId, mode, components: ["account_onboarding"] } as never);
    expect(`${session.clientSecret}`).toBe("[secret]");
  });
});
