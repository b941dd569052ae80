// The built-in sign-in, played by a server that rotates refresh tokens and ends the session of
// whoever uses one twice. Tabs are clients that share a cookie, as a browser's do.

import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAboard, isAboardError, type Aboard } from "../src/index.js";
import { json, refusal, Service, type Asked } from "./service.js";
import type { ServerResponse } from "node:http";

const WHO = { email: "mara@example.com", password: "words-that-open-something" };

/** One session at the server: which cookie is good, which access token is. */
class Desk {
  turn = 0;
  isOver = false;
  good = "";
  refreshes = 0;
  wait = 0;
  away = 0;
  sid = ""; // which session tokens say they are of, when they say so
  sub = "mara";

  async enter(response: ServerResponse): Promise<void> {
    const turn = (this.turn += 1);
    const says = this.sid && `h.${Buffer.from(JSON.stringify({ sub: this.sub, sid: this.sid })).toString("base64url")}.`;
    const accessToken = (this.good = `${says}access-words-that-open-${turn}`);
    await new Promise((resolve) => setTimeout(resolve, this.wait)); // what is given is given
    json(response, 200, { success: true, data: { accessToken, expiresIn: 900 } }, {
      "Set-Cookie": `refresh=turn-${turn}; HttpOnly; SameSite=Strict`,
    });
  }

  async answer(asked: Asked, response: ServerResponse): Promise<void> {
    const { path, headers } = asked;
    if (path.endsWith("/auth/login")) {
      if (!asked.body.includes(WHO.password)) return json(response, 401, refusal("auth.login.invalid_credentials"));
      this.isOver = false;
      return this.enter(response);
    }
    if (path.endsWith("/auth/refresh")) {
      this.refreshes += 1;
      const cookie = headers.cookie;
      if (this.away) return json(response, this.away, refusal("error.unavailable"), { "Retry-After": "1" });
      if (cookie === undefined || this.isOver) return json(response, 401, refusal("auth.refresh.invalid_token"));
      if (cookie !== `refresh=turn-${this.turn}`) {
        this.isOver = true;
        this.good = "";
        return json(response, 401, refusal("auth.refresh.token_reuse_detected"));
      }
      return this.enter(response);
    }
    if (path.endsWith("/auth/logout")) {
      this.isOver = true;
      this.good = "";
      return json(response, 200, { success: true, data: {} }, { "Set-Cookie": "refresh=; Max-Age=0" });
    }
    if (headers.authorization !== `Bearer ${this.good}`) return json(response, 401, refusal("auth.unauthorized"));
    if (path.endsWith("/auth/sessions")) return json(response, 200, { success: true, data: { sessions: [{ id: "s1" }] } });
    return json(response, 200, { success: true, data: { stripeAccountStatus: "ACTIVE" } });
  }
}

/** What a browser does with cookies, for all the tabs that share it. */
class Jar {
  cookie: string | undefined;
  readonly withCookies: string[] = [];

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (init.credentials === "include") {
      this.withCookies.push(new URL(url).pathname);
      if (this.cookie) headers.set("Cookie", this.cookie);
    }
    const response = await fetch(url, { ...init, headers });
    const [set] = response.headers.getSetCookie();
    if (set && init.credentials === "include") this.cookie = set.includes("Max-Age=0") ? undefined : set.split(";")[0];
    return response;
  };
}

let service: Service;
let desk: Desk;
let jar: Jar;
const tab = (): Aboard => createAboard({ baseUrl: service.url, fetch: jar.fetch, timeoutMs: 2000 });
const codeOf = async (asking: Promise<unknown>): Promise<string> => {
  const thrown: unknown = await asking.catch((error: unknown) => error);
  return isAboardError(thrown) ? thrown.code : `no error: ${inspect(thrown)}`;
};

beforeEach(async () => {
  desk = new Desk();
  jar = new Jar();
  service = await Service.open((asked, response) => desk.answer(asked, response));
});
afterEach(async () => {
  await service.close();
});

describe("signing in", () => {
  it("keeps the token inside, and sends cookies with the sign-in alone", async () => {
    const aboard = tab();
    const told: boolean[] = [];
    const end = aboard.auth.onChange((isSignedIn) => told.push(isSignedIn));
    expect(aboard.auth.isSignedIn).toBe(false);
    expect(await aboard.auth.login(WHO)).toEqual({ expiresIn: 900 });
    expect(aboard.auth.isSignedIn).toBe(true);
    expect((await aboard.creators.status()).stripeAccountStatus).toBe("ACTIVE");
    expect(await aboard.auth.sessions()).toEqual([{ id: "s1" }]);
    const seen = inspect(aboard, { depth: 9, showHidden: true, getters: true }) + JSON.stringify(aboard);
    expect(seen).not.toContain("words-that-open");
    expect(jar.withCookies).toEqual(["/api/v1/auth/login", "/api/v1/auth/sessions"]);
    await aboard.auth.logout();
    expect(told).toEqual([true, false]);
    expect(await codeOf(aboard.creators.status())).toBe("auth.unauthorized");
    expect(desk.refreshes).toBe(0); // who signed out is not signed in again behind their back
    end();
    await aboard.auth.login(WHO);
    expect(told).toHaveLength(2);
  });

  it("begins with an account, and each way asks for what it is for", async () => {
    const asked: string[] = [];
    service.answer = ({ method, path, body, headers }, r) => {
      asked.push(`${method} ${path.replace("/api/v1/auth/", "")} ${body} ${headers.authorization ?? "-"}`);
      if (path.endsWith("refresh")) return json(r, 401, refusal("auth.refresh.invalid_token"));
      if (path.endsWith("revoke-others")) return json(r, 200, { success: true, data: { revoked: 2 } });
      json(r, 202, { success: true, data: { nextStep: "confirm" } });
    };
    const { auth } = tab();
    expect(await auth.register({ email: "a@b.example" })).toEqual({ nextStep: "confirm" });
    await auth.confirm({ email: "a@b.example", code: "12345678", password: "long enough" });
    await auth.revokeSession({ sessionId: "../x" });
    await expect(auth.revokeSession({ sessionId: ".." })).rejects.toThrow("needs sessionId");
    expect(await auth.revokeOtherSessions()).toEqual({ revoked: 2 });
    expect(asked).toEqual([
      'POST register {"email":"a@b.example"} -',
      'POST confirm {"email":"a@b.example","code":"12345678","password":"long enough"} -',
      "POST refresh  -",
      "DELETE sessions/..%2Fx  -",
      "POST sessions/revoke-others  -",
    ]);
  });

  it("with the wrong password says so, and changes nothing", async () => {
    const aboard = tab();
    await aboard.auth.login(WHO);
    expect(await codeOf(aboard.auth.login({ ...WHO, password: "other" }))).toBe("auth.login.invalid_credentials");
    expect((await aboard.creators.status()).stripeAccountStatus).toBe("ACTIVE");
  });

  it("of somebody else in another tab repeats nothing in their name, and lets go of what was kept", async () => {
    const [mine, other] = [tab(), tab()];
    desk.sid = "ses_mara";
    await mine.auth.login(WHO);
    const told: boolean[] = [];
    mine.auth.onChange((isSignedIn) => told.push(isSignedIn));
    await other.auth.logout();
    desk.sub = "zoe"; // whatever session it says
    await other.auth.login(WHO);
    const before = service.asked.length;
    expect(await codeOf(mine.creators.upgrade())).toBe("auth.unauthorized");
    expect(service.asked.slice(before).map(({ path }) => path)).toEqual([
      "/api/v1/creators/upgrade",
      "/api/v1/auth/refresh",
    ]);
    expect(told).toEqual([false, true]);
    expect((await mine.creators.status()).stripeAccountStatus).toBe("ACTIVE"); // asked as Zoe, by who knows
  });

  it("again as somebody else lets go of what was kept, and a refresh does not", async () => {
    const aboard = tab();
    const told: boolean[] = [];
    aboard.auth.onChange((isSignedIn) => told.push(isSignedIn));
    desk.sid = "ses_mara";
    await aboard.auth.login(WHO);
    desk.good = ""; // it ended
    expect((await aboard.creators.status()).stripeAccountStatus).toBe("ACTIVE");
    expect(told).toEqual([true]);
    desk.sid = "ses_zoe";
    await aboard.auth.login(WHO);
    expect(told).toEqual([true, false, true]);
  });

  it("is remembered by the browser for the next page", async () => {
    await tab().auth.login(WHO);
    const page = tab();
    expect(await page.auth.restore()).toBe(true);
    expect((await page.creators.status()).stripeAccountStatus).toBe("ACTIVE");
    jar.cookie = undefined;
    expect(await tab().auth.restore()).toBe(false);
  });
});

describe("a token that has ended", () => {
  it("is refreshed once for all who wait", async () => {
    const aboard = tab();
    await aboard.auth.login(WHO);
    desk.good = "another";
    desk.wait = 30;
    const answers = await Promise.all(Array.from({ length: 20 }, () => aboard.creators.status()));
    expect(answers.every((each) => each.stripeAccountStatus === "ACTIVE")).toBe(true);
    expect(desk.refreshes).toBe(1);
  });

  it("is refreshed once by a first call of many, after a page was loaded", async () => {
    await tab().auth.login(WHO);
    const page = tab();
    await Promise.all(Array.from({ length: 5 }, () => page.creators.status()));
    expect(desk.refreshes).toBe(1);
  });

  it("is not asked for again and again when it is refused again", async () => {
    const aboard = tab();
    await aboard.auth.login(WHO);
    const enter = desk.enter.bind(desk);
    desk.enter = async (response) => {
      await enter(response);
      desk.good = "never";
    };
    desk.good = "never";
    expect(await codeOf(aboard.creators.status())).toBe("auth.unauthorized");
    expect(desk.refreshes).toBe(1);
  });

  it("of a session that is over signs out, once and for all", async () => {
    const aboard = tab();
    await aboard.auth.login(WHO);
    const told: boolean[] = [];
    aboard.auth.onChange((isSignedIn) => told.push(isSignedIn));
    desk.good = "";
    desk.isOver = true;
    expect(await codeOf(aboard.creators.status())).toBe("auth.unauthorized");
    expect(await codeOf(aboard.creators.status())).toBe("auth.unauthorized");
    expect([told, desk.refreshes]).toEqual([[false], 1]);
  });

  it("signs nobody out when the service is away", async () => {
    const aboard = tab();
    await aboard.auth.login(WHO);
    desk.good = "another";
    desk.away = 503;
    expect(await codeOf(aboard.creators.status())).toBe("error.unavailable");
    desk.away = 0;
    expect((await aboard.creators.status()).stripeAccountStatus).toBe("ACTIVE");
  });
});

describe("at the same time", () => {
  it("a refresh that was on its way brings nobody back who signed out", async () => {
    const aboard = tab();
    await aboard.auth.login(WHO);
    desk.good = "another";
    desk.wait = 60;
    const asking = codeOf(aboard.creators.status());
    await expect.poll(() => desk.refreshes).toBe(1);
    await aboard.auth.logout();
    expect(await asking).toBe("auth.unauthorized");
    expect(aboard.auth.isSignedIn).toBe(false);
    expect(await codeOf(aboard.creators.status())).toBe("auth.unauthorized");
    expect(desk.refreshes).toBe(1);
  });

  it("whoever gives up waiting does not take the refresh from the others", async () => {
    const aboard = tab();
    await aboard.auth.login(WHO);
    desk.good = "another";
    desk.wait = 80;
    const stop = new AbortController();
    const hasty = codeOf(aboard.creators.status({}, { signal: stop.signal }));
    const patient = aboard.creators.status();
    await expect.poll(() => desk.refreshes).toBe(1);
    stop.abort();
    expect(await hasty).toBe("aborted");
    expect((await patient).stripeAccountStatus).toBe("ACTIVE");
  });
});

describe("tabs of one browser", () => {
  async function twoTabs(): Promise<[Aboard, Aboard]> {
    const tabs: [Aboard, Aboard] = [tab(), tab()];
    await tabs[0].auth.login(WHO);
    await tabs[1].auth.restore();
    desk.good = "another";
    desk.wait = 30;
    desk.refreshes = 0;
    return tabs;
  }

  it("take turns by Web Locks, so neither uses a refresh token twice", async () => {
    const tabs = await twoTabs();
    const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
    Object.defineProperty(globalThis, "navigator", { value: { locks: new Locks() }, configurable: true });
    try {
      const codes = await Promise.all(tabs.map((each) => each.creators.status().then(() => "ok", () => "out")));
      // The one that came first may hold a token that the second one's refresh replaced: it refreshes again.
      expect(desk.isOver).toBe(false);
      expect(codes).toContain("ok");
      expect((await tabs[0].creators.status()).stripeAccountStatus).toBe("ACTIVE");
      expect((await tabs[1].creators.status()).stripeAccountStatus).toBe("ACTIVE");
    } finally {
      if (before) Object.defineProperty(globalThis, "navigator", before);
      else Reflect.deleteProperty(globalThis, "navigator");
    }
  });

  it("would end the session without them: the test means something", async () => {
    const tabs = await twoTabs();
    await Promise.all(tabs.map((each) => codeOf(each.creators.status())));
    expect(desk.isOver).toBe(true);
  });
});

/** Web Locks, as the standard has them: one holder of a name at a time, in the order they came. */
class Locks {
  #last = new Map<string, Promise<unknown>>();

  request<T>(name: string, run: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name) ?? Promise.resolve();
    const mine = before.then(run, run);
    this.#last.set(name, mine.catch(() => undefined));
    return mine;
  }
}
