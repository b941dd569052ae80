// Can every operation of the description be called, and does each answer what it promises?

import { describe, expect, expectTypeOf, it } from "vitest";
import { createAboard, type AnswerOf, type BearerUrl, type ParamsOf } from "../src/index.js";
import { OPERATIONS } from "../src/generated/operations.js";
import type { OperationFacts } from "../src/operations.js";
import { SIGN_IN } from "../src/session.js";

const table = Object.entries<OperationFacts>(OPERATIONS);
const NAMES: Record<string, string> = {
  upgrade: "POST /upgrade",
  initiate: "POST /stripe-connect/initiate",
  refreshLink: "POST /stripe-connect/refresh-link",
  status: "GET /stripe-connect/status",
  dashboardLink: "POST /stripe-connect/dashboard-link",
  profile: "GET /profile",
  changeProfile: "PATCH /profile",
  payoutSettings: "GET /payout-settings",
  kycStart: "POST /kyc/start",
  kycStatus: "GET /kyc/status",
};

function recorded() {
  const asked: { url: string; init: RequestInit }[] = [];
  const aboard = createAboard({
    baseUrl: "https://connect.example",
    token: "words",
    fetch: (url, init) => {
      asked.push({ url, init });
      return Promise.resolve(Response.json({ success: true, data: {} }));
    },
  });
  return { aboard, asked };
}

type AnyCall = (params: object, options?: object) => Promise<unknown>;

describe("every operation", () => {
  it.each(table.filter(([, facts]) => facts.group !== "auth"))("%s can be called", async (id, facts) => {
    const { aboard, asked } = recorded();
    const group = aboard[facts.group as "creators"] as unknown as Record<string, AnyCall>;
    const inPath = [...facts.path.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? "");
    const params = Object.fromEntries([...inPath, ...facts.query].map((name) => [name, "x"]));
    for (const name of [id, facts.name]) await group[name]?.(params);
    expect(asked).toHaveLength(2);
    const address = new URL(asked[0]?.url ?? "");
    expect(address.pathname).toBe(facts.path.replace(/\{\w+\}/g, "x"));
    expect([...address.searchParams.keys()].sort()).toEqual([...facts.query].sort());
    expect(asked[0]?.init.method).toBe(facts.method);
    const token = new Headers(asked[0]?.init.headers).get("Authorization");
    expect(token).toBe(facts.isAnonymous ? null : "Bearer words");
  });

  it("of the sign-in has its method", () => {
    const theirs = table.filter(([, facts]) => facts.group === "auth").map(([, { method, path }]) => `${method} ${path}`);
    expect(theirs.filter((each) => !Object.values<string>(SIGN_IN).includes(each))).toEqual([]);
  });

  it.each(Object.entries(NAMES))("%s is what people call %s", async (name, address) => {
    const { aboard, asked } = recorded();
    await (aboard.creators as unknown as Record<string, AnyCall>)[name]?.({});
    const { pathname } = new URL(asked[0]?.url ?? "");
    expect(`${asked[0]?.init.method} ${pathname}`).toBe(address.replace(" ", " /api/v1/creators"));
  });
});

describe("the types", () => {
  it("unwrap the envelope, seal links and join parameters", () => {
    expectTypeOf<AnswerOf<"initiateCreatorOnboarding">>().toEqualTypeOf<{ accountId: string; onboardingUrl: BearerUrl }>();
    expectTypeOf<AnswerOf<"disconnect">>().toEqualTypeOf<undefined>();
    expectTypeOf<AnswerOf<"createOnboardingLink">>().toEqualTypeOf<{ expiresAt: string; onboardingUrl: BearerUrl }>();
    expectTypeOf<AnswerOf<"getCreatorStatus">["stripeAccountStatus"]>().toEqualTypeOf<
      "NOT_STARTED" | "PENDING" | "ACTIVE" | "RESTRICTED" | "DISABLED"
    >();
    expectTypeOf<ParamsOf<"getConnection">>().toEqualTypeOf<{ organizationId: string; mode: "test" | "live"; fresh?: boolean }>();
    expectTypeOf<ParamsOf<"createLoginLink">>().toEqualTypeOf<{ organizationId: string; mode: "test" | "live" }>();
  });

  it("know what must be given, and what takes a key", () => {
    const { aboard } = recorded();
    // @ts-expect-error the organization and the mode must be given
    const wrong = () => aboard.organizations.getConnection();
    // @ts-expect-error creators' operations take no key
    const wrongKey = () => aboard.creators.initiate({}, { idempotencyKey: "key" });
    // @ts-expect-error a link is no text
    const wrongLink = async (): Promise<string> => (await aboard.creators.initiate()).onboardingUrl;
    expect([wrong, wrongKey, wrongLink]).toHaveLength(3);
  });
});
