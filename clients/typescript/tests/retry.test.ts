// When is the same call made again, and by whom?

import { describe, expect, it } from "vitest";
import { AboardError, isPassing, newIdempotencyKey, repeatSafely, waitMs, type AboardErrorKind } from "../src/index.js";

const failed = (kind: AboardErrorKind, status?: number, retryAfterSeconds?: number) =>
  new AboardError({ kind, message: "no", status, retryAfterSeconds });

describe("passing", () => {
  it.each<[boolean, AboardErrorKind, number?, number?]>([
    [true, "network"],
    [true, "timeout"],
    [false, "aborted"],
    [false, "token"],
    [false, "answer", 400],
    [false, "answer", 401],
    [false, "answer", 409],
    [false, "answer", 429],
    [true, "answer", 429, 3],
    [false, "answer", 429, 11],
    [false, "answer", 500],
    [true, "answer", 503],
    [true, "answer", 503, 10],
    [false, "answer", 503, 11],
    [true, "unreadable", 502],
    [true, "unreadable", 504],
    [false, "unreadable", 200],
    [false, "unreadable", 302],
  ])("is %s for %s %s %s", (wanted, kind, status, after) => {
    expect(isPassing(failed(kind, status, after))).toBe(wanted);
  });

  it("is false for what is not ours", () => {
    for (const thrown of [new Error("x"), undefined, "x", { kind: "network" }]) expect(isPassing(thrown)).toBe(false);
  });
});

describe("waiting", () => {
  it("is as long as asked for, within bounds, and longer each time", () => {
    expect(waitMs(failed("answer", 503, 2), 5)).toBe(2000);
    expect(waitMs(failed("answer", 503, 9999), 0)).toBe(10_000);
    for (const [before, least, most] of [[0, 250, 500], [1, 500, 1000], [20, 5000, 10_000]] as const) {
      const wait = waitMs(failed("network"), before);
      expect(wait).toBeGreaterThanOrEqual(least);
      expect(wait).toBeLessThanOrEqual(most);
    }
  });
});

describe("repeating safely", () => {
  const soon = failed("answer", 503, 0);

  it("uses one key for every try, and a new one for the next request", async () => {
    const keys: string[] = [];
    const run = (key: string) => (keys.push(key) % 3 === 0 ? Promise.resolve("done") : Promise.reject(soon));
    expect(await repeatSafely(run)).toBe("done");
    expect(await repeatSafely(run)).toBe("done");
    expect(new Set(keys).size).toBe(2);
    expect(keys[0]).toBe(keys[2]);
    expect(keys[0]).toMatch(/^[\x21-\x7e]{1,255}$/);
    expect(newIdempotencyKey()).not.toBe(newIdempotencyKey());
  });

  it("gives up after its tries, and at once when it is no use", async () => {
    const count = async (error: unknown, tries?: number): Promise<number> => {
      let times = 0;
      const run = () => ((times += 1), Promise.reject(error));
      await expect(repeatSafely(run, tries === undefined ? {} : { tries })).rejects.toBe(error);
      return times;
    };
    expect(await count(soon)).toBe(3);
    expect(await count(soon, 1)).toBe(1);
    expect(await count(failed("answer", 400))).toBe(1);
    expect(await count(new Error("x"))).toBe(1);
  });
});
