// What comes back, when Aboard answers as it should: data without its envelope, sealed links, and
// refusals of both dialects as one class.

import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from "vitest";
import { AboardError, BearerUrl, createAboard, isAboardError, metaOf, Secret } from "../src/index.js";
import { json, LINK, refusal, Service, TOKEN } from "./service.js";

let service: Service;
beforeEach(async () => {
  service = await Service.open();
});
afterEach(async () => {
  await service.close();
});

const client = () => createAboard({ baseUrl: service.url, token: TOKEN, language: "pt-PT" });
const LIMITS = { "RateLimit-Limit": "10", "RateLimit-Remaining": "3", "RateLimit-Reset": "1800" };

describe("a link", () => {
  it("cannot be seen by accident, and opens on purpose", async () => {
    service.answer = (_, r) => json(r, 201, { success: true, data: { accountId: "acct_1", onboardingUrl: LINK } });
    const answer = await client().creators.initiate();
    expectTypeOf(answer.onboardingUrl).toEqualTypeOf<BearerUrl>();
    const { onboardingUrl: link } = answer;
    const seen = [
      `${link}`,
      String(link),
      link + "",
      JSON.stringify(answer),
      inspect(answer, { depth: 9, showHidden: true, getters: true }),
      inspect({ deep: [link] }),
      JSON.stringify(structuredClone(answer)),
      JSON.stringify(Object.entries(link)),
    ];
    for (const each of seen) expect(each).not.toContain("words-that-open");
    expect([seen[0], inspect(link)]).toEqual(["[bearer url]", "[bearer url]"]);
    expect(JSON.parse(JSON.stringify(answer))).toEqual({ accountId: "acct_1", onboardingUrl: "[bearer url]" });
    expect(link.origin).toBe("https://connect.stripe.example");
    expect(link.reveal()).toBe(LINK);
    const went: string[] = [];
    link.navigate({ assign: (url) => went.push(url) });
    link.navigate({ assign: (url) => went.push(url) }); // a used link would lead astray
    expect(went).toEqual([LINK]);
    expect(() => link.navigate()).toThrow("no browser");
    expect(() => link.openInBrowser()).toThrow("no browser");
  });

  it("is sealed in the other dialect too, and so is a client secret", async () => {
    service.answer = ({ path }, r) =>
      json(r, 200, path.endsWith("account-sessions") ? { clientSecret: "words-that-open", expiresAt: "x" } : { url: LINK });
    const { organizations } = client();
    const session = await organizations.createAccountSession({ organizationId: "org_1", mode: "test", components: ["payouts"] } as never);
    expectTypeOf(session.clientSecret).toEqualTypeOf<Secret>();
    expect(`${session.clientSecret}${JSON.stringify(session)}`).not.toContain("words-that-open");
    expect(session.clientSecret.reveal()).toBe("words-that-open");
    const page = await organizations.createLoginLink({ organizationId: "org_1", mode: "test" });
    expect(page.url.reveal()).toBe(LINK);
  });
});

describe("what is asked", () => {
  it("carries the token, the language and nothing that stays", async () => {
    let told: RequestInit = {};
    const aboard = createAboard({
      baseUrl: service.url,
      token: () => Promise.resolve(TOKEN),
      language: "de",
      fetch: (url, init) => fetch(url, (told = init)),
    });
    await aboard.creators.refreshLink();
    expect(told).toMatchObject({ cache: "no-store", credentials: "omit", redirect: "manual", referrerPolicy: "no-referrer" });
    expect(service.asked[0]).toMatchObject({
      method: "POST",
      path: "/api/v1/creators/stripe-connect/refresh-link",
      body: "",
      headers: { authorization: `Bearer ${TOKEN}`, "accept-language": "de", accept: "application/json" },
    });
    expect(service.asked[0]?.headers["content-type"]).toBeUndefined();
    expect(service.asked[0]?.headers["idempotency-key"]).toBeUndefined();
  });

  it("puts each parameter where it belongs", async () => {
    service.answer = ({ method }, r) => (method === "DELETE" ? void r.writeHead(204).end() : json(r, 200, {}));
    const { organizations } = client();
    await organizations.setMember({ organizationId: "org/ü ?#", userId: "a b", role: "admin", reason: "new" } as never, { idempotencyKey: "key-1" });
    expect(service.asked[0]).toMatchObject({ method: "PUT", path: "/v1/organizations/org%2F%C3%BC%20%3F%23/members/a%20b" });
    expect(JSON.parse(service.asked[0]?.body ?? "")).toEqual({ role: "admin", reason: "new" });
    expect(service.asked[0]?.headers["idempotency-key"]).toBe("key-1");
    const gone = await organizations.disconnect({ organizationId: "org_1", mode: "test", forget: true });
    expect(gone).toBeUndefined();
    expect(service.asked[1]).toMatchObject({ method: "DELETE", path: "/v1/connect/accounts/org_1?forget=true&mode=test", body: "" });
    await organizations.getRequirements({ organizationId: "org_1", mode: "live" }, { language: "fr" });
    expect(service.asked[2]?.headers["accept-language"]).toBe("fr");
    await organizations.readHealth();
    expect(service.asked[3]?.headers.authorization).toBeUndefined();
  });

  it.each(["..", ".", ""])("%o in a path is refused before it is sent", async (organizationId) => {
    await expect(client().organizations.getOrganization({ organizationId })).rejects.toThrow("needs organizationId");
    await expect(client().organizations.getOrganization({} as never)).rejects.toThrow("needs organizationId");
    expect(service.asked).toHaveLength(0);
  });

  it("refuses a parameter that the operation does not take", async () => {
    await expect(client().creators.status({ moed: "live" } as never)).rejects.toThrow("takes no moed");
  });
});

describe("beside the answer", () => {
  it("are its id, its limits and its source", async () => {
    service.answer = (_, r) => json(r, 200, { success: true, data: { stripeAccountStatus: "ACTIVE" } }, { ...LIMITS, "X-Status-Source": "stored" });
    const answer = await client().creators.status();
    expect(answer).toEqual({ stripeAccountStatus: "ACTIVE" });
    expect(metaOf(answer)).toEqual({
      status: 200,
      requestId: "req_1",
      rateLimit: { limit: 10, remaining: 3, resetSeconds: 1800 },
      source: "stored",
    });
    expect(metaOf({})).toBeUndefined();
  });
});

describe("a refusal", () => {
  const refused = async (asking: Promise<unknown>): Promise<AboardError> => {
    const thrown: unknown = await asking.catch((error: unknown) => error);
    if (!isAboardError(thrown)) throw new Error("it was no AboardError");
    return thrown;
  };

  it("of the creators API keeps every field of its envelope", async () => {
    service.answer = (_, r) =>
      json(r, 429, refusal("RATE_LIMITED", { i18nKey: "error.rate_limited", i18nVars: { seconds: 1800 }, details: [{ message: "one", field: "mode" }, 7] }), { ...LIMITS, "RateLimit-Remaining": "0", "Retry-After": "1800" });
    expect(await refused(client().creators.refreshLink())).toMatchObject({
      name: "AboardError",
      kind: "answer",
      status: 429,
      code: "RATE_LIMITED",
      message: "about RATE_LIMITED",
      i18nKey: "error.rate_limited",
      i18nVars: { seconds: 1800 },
      details: [{ message: "one", field: "mode" }],
      correlationId: "cor_1",
      retryAfterSeconds: 1800,
      rateLimit: { limit: 10, remaining: 0, resetSeconds: 1800 },
    });
  });

  it("of the organizations API is the same class, with its facts", async () => {
    service.answer = (_, r) =>
      json(r, 409, { code: "not_ready", message: "Not yet.", request_id: "req_2", details: { blockers: ["charges_disabled"], problems: [{ field: "mode", message: "no" }] } });
    expect(await refused(client().organizations.goLive({ organizationId: "org_1", mode: "live" }))).toMatchObject({
      kind: "answer",
      status: 409,
      code: "not_ready",
      i18nKey: undefined,
      facts: { blockers: ["charges_disabled"] },
      details: [{ field: "mode", message: "no" }],
      correlationId: "req_2",
    });
  });

  it.each([
    ["5", 5],
    ["-5", undefined],
    ["soon", undefined],
    ["99999999999999999999", undefined],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
    ["", undefined],
  ])("reads Retry-After %o as %o", async (value, seconds) => {
    service.answer = (_, r) => json(r, 503, refusal("creator.stripe.unavailable"), { "Retry-After": value });
    expect((await refused(client().creators.status())).retryAfterSeconds).toBe(seconds);
  });

  it("reads a date in Retry-After", async () => {
    const at = new Date(Date.now() + 60_000).toUTCString();
    service.answer = (_, r) => json(r, 503, refusal("x"), { "Retry-After": at });
    const { retryAfterSeconds } = await refused(client().creators.status());
    expect(retryAfterSeconds).toBeGreaterThan(55);
    expect(retryAfterSeconds).toBeLessThanOrEqual(61);
  });
});
