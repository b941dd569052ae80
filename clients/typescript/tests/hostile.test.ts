// What if it is not Aboard that answers, or not in the way that was agreed? One error type, and
// never a token, a link or a body in it.

import { createServer } from "node:net";
import type { ServerResponse } from "node:http";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AboardError, createAboard, type AboardOptions } from "../src/index.js";
import { json, LINK, refusal, Service, TOKEN } from "./service.js";

let service: Service;
beforeEach(async () => {
  service = await Service.open();
});
afterEach(async () => {
  await service.close();
});

const client = (more: Partial<AboardOptions> = {}) =>
  createAboard({ baseUrl: service.url, token: TOKEN, timeoutMs: 2000, ...more });

async function failure(asking: Promise<unknown>): Promise<AboardError> {
  const thrown: unknown = await asking.then(
    (answer) => expect.unreachable(`it answered ${inspect(answer)}`),
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(AboardError);
  const error = thrown as AboardError;
  // Whatever happened: nothing that opens something is in what may be logged.
  const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error) + String(error) + error.stack;
  expect(shown).not.toContain("words-that-open");
  return error;
}

function raw(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "Content-Type": "application/json", ...headers });
  response.end(body);
}

const NESTED = "[".repeat(50_000) + "]".repeat(50_000);

describe("an answer that is not Aboard's", () => {
  it.each<[string, (response: ServerResponse) => void, number]>([
    ["a proxy's page", (r) => raw(r, 502, `<html>${LINK}</html>`, { "Content-Type": "text/html" }), 502],
    ["a page with 200", (r) => raw(r, 200, "<html>sign in</html>", { "Content-Type": "text/html" }), 200],
    ["no type", (r) => void r.writeHead(200).end("{}"), 200],
    ["nothing", (r) => raw(r, 200, ""), 200],
    ["a text that calls itself JSON", (r) => raw(r, 200, `oops ${LINK}`), 200],
    ["a number", (r) => raw(r, 200, "7"), 200],
    ["null", (r) => raw(r, 200, "null"), 200],
    ["a list", (r) => raw(r, 200, "[]"), 200],
    ["no envelope", (r) => json(r, 201, { onboardingUrl: LINK }), 201],
    ["an envelope without data", (r) => json(r, 201, { success: true }), 201],
    ["an envelope with a list", (r) => json(r, 201, { success: true, data: [LINK] }), 201],
    ["a refusal that says yes", (r) => json(r, 400, { success: true, data: {} }), 400],
    ["success that says no", (r) => json(r, 200, refusal("no")), 200],
    ["an error without a code", (r) => json(r, 500, { success: false, error: { message: LINK } }), 500],
    ["an error with numbers for words", (r) => json(r, 500, { success: false, error: { code: 7, message: 8 } }), 500],
    ["a link that runs in the page", (r) => json(r, 201, linked("javascript:alert(1)//words-that-open")), 201],
    ["a link over plain http", (r) => json(r, 201, linked("http://stripe.example/words-that-open")), 201],
    ["a link with a password", (r) => json(r, 201, linked("https://a:words-that-open@stripe.example/")), 201],
    ["a link that is none", (r) => json(r, 201, linked("words-that-open")), 201],
    ["very deep nesting", (r) => raw(r, 201, `{"success":true,"data":{"a":${NESTED}}}`), 201],
    ["some nesting", (r) => raw(r, 201, `{"success":true,"data":{"a":${NESTED.slice(49_900, 50_100)}}}`), 201],
    ["a redirect", (r) => void r.writeHead(307, { Location: LINK }).end(), 307],
    ["a redirect with our own JSON", (r) => json(r, 307, linked(LINK), { Location: LINK }), 307],
    ["a redirect to itself", (r) => void r.writeHead(302, { Location: "/" }).end(), 302],
    ["too much", (r) => raw(r, 200, `{"success":true,"data":{"a":"${"x".repeat(2 ** 20)}"}}`), 200],
  ])("%s is unreadable", async (what, answer, status) => {
    service.answer = (_, response) => answer(response);
    const error = await failure(client().creators.initiate());
    expect(error).toMatchObject({ kind: "unreadable", code: "unreadable", status });
    expect(service.asked).toHaveLength(1); // a redirect was not followed, with the token
    expect(error.message.includes("redirect")).toBe(what.startsWith("a redirect"));
  });

  it("an endless one is not read to its end", async () => {
    let isOpen = true;
    service.answer = (_, response) => {
      response.writeHead(200, { "Content-Type": "application/json" });
      const more = () => isOpen && response.write("[".repeat(65_536), () => setImmediate(more));
      response.on("close", () => (isOpen = false));
      more();
    };
    expect((await failure(client().creators.status())).kind).toBe("unreadable");
    await expect.poll(() => isOpen).toBe(false);
  });

  it("keys that reach for prototypes stay plain keys", async () => {
    service.answer = (_, response) =>
      raw(response, 200, '{"success":true,"data":{"__proto__":{"isAdmin":true},"stripeAccountId":"acct_1"}}');
    const answer = await client().creators.status();
    expect(answer.stripeAccountId).toBe("acct_1");
    expect((answer as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });
});

describe("no answer", () => {
  it("nobody listens", async () => {
    const aboard = client();
    await service.close();
    const error = await failure(aboard.creators.status());
    expect(error).toMatchObject({ kind: "network", status: undefined });
    expect(error.message).toContain("ECONNREFUSED");
    service = await Service.open();
  });

  it("the connection breaks, before or within the answer", async () => {
    service.answer = (_, response) => void response.socket?.destroy();
    expect((await failure(client().creators.status())).kind).toBe("network");
    service.answer = (_, response) => {
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "1000" });
      response.write('{"success":');
      setTimeout(() => response.socket?.destroy(), 20);
    };
    expect((await failure(client().creators.status())).kind).toBe("network");
  });

  it("something else than HTTP answers", async () => {
    const server = createServer((socket) => socket.end("SSH-2.0-words-that-open\r\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const aboard = client({ baseUrl: `http://127.0.0.1:${port}` });
    expect((await failure(aboard.creators.status())).kind).toBe("network");
    server.close();
  });

  it.each([
    ["silence", () => undefined],
    ["an answer that drips", (r: ServerResponse) => void r.writeHead(200, { "Content-Type": "application/json" }).write("{")],
  ])("%s ends with the time", async (_, answer) => {
    service.answer = (__, response) => void answer(response);
    const begun = Date.now();
    const error = await failure(client({ timeoutMs: 80 }).creators.status());
    expect(error.kind).toBe("timeout");
    expect(Date.now() - begun).toBeLessThan(1500);
    expect((await failure(client().creators.status({}, { timeoutMs: 50 }))).kind).toBe("timeout");
  });

  it("a `fetch` that heeds no signal ends with the time too", async () => {
    const aboard = client({ fetch: () => new Promise(() => undefined), timeoutMs: 50 });
    expect((await failure(aboard.creators.status())).kind).toBe("timeout");
  });

  it("its caller ends it, before or while it is asked", async () => {
    service.answer = () => undefined;
    const stop = new AbortController();
    const asking = failure(client().creators.status({}, { signal: stop.signal }));
    await expect.poll(() => service.asked.length).toBe(1);
    stop.abort();
    expect((await asking).kind).toBe("aborted");
    expect((await failure(client().creators.status({}, { signal: AbortSignal.abort() }))).kind).toBe("aborted");
    expect(service.asked).toHaveLength(1);
    let times = 0;
    const deaf = client({ fetch: () => ((times += 1), new Promise(() => undefined)) });
    expect((await failure(deaf.creators.status({}, { signal: AbortSignal.abort() }))).kind).toBe("aborted");
    expect(times).toBe(0);
  });
});

describe("what is asked with", () => {
  it.each([
    ["fails", () => Promise.reject(new Error(`no session for ${TOKEN}`))],
    ["throws", () => { throw new Error(TOKEN); }],
    ["gives nothing", () => undefined as unknown as string],
    ["gives a text with a line break", () => `${TOKEN}\r\nX-Evil: 1`],
    ["gives an empty text", () => ""],
    ["gives other letters", () => `${TOKEN}é`],
  ])("a token function that %s sends nothing", async (_, token) => {
    const error = await failure(client({ token }).creators.status());
    expect(error.kind).toBe("token");
    expect(service.asked).toHaveLength(0);
  });

  it("a token function that never ends ends with the time", async () => {
    const aboard = client({ token: () => new Promise(() => undefined), timeoutMs: 50 });
    expect((await failure(aboard.creators.status())).kind).toBe("timeout");
  });

  it.each([
    "http://connect.example.com",
    "ftp://connect.example.com",
    "https://user:words@connect.example.com",
    "https://connect.example.com/?x=1",
    "https://connect.example.com/#x",
    "connect.example.com",
    "",
  ])("%o is no base address", (baseUrl) => {
    expect(() => createAboard({ baseUrl, token: TOKEN })).toThrow(/^baseUrl must be/);
  });

  it("plain http is for this machine, or for who asks for it", () => {
    for (const baseUrl of ["http://localhost:4242", "http://127.0.0.1", "http://[::1]:1/"]) createAboard({ baseUrl });
    expect(createAboard({ baseUrl: "http://aboard:4242/under/", allowHttp: true }).baseUrl).toBe("http://aboard:4242/under");
  });

  it("an idempotency key and a language have to fit a header", async () => {
    const { organizations } = client();
    const wanted = { organizationId: "org_1", name: "Shop" } as never;
    await expect(organizations.createOrganization(wanted, { idempotencyKey: "a\nb" })).rejects.toThrow("idempotencyKey");
    await expect(organizations.createOrganization(wanted, { language: "de\r\nX: y" })).rejects.toThrow("language");
    expect(service.asked).toHaveLength(0);
  });
});

function linked(onboardingUrl: string): unknown {
  return { success: true, data: { accountId: "acct_1", onboardingUrl } };
}
