// Does Harbour Market bring its sellers aboard? Everything a seller and Stripe may do to it.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { Market } from "./harbour-market.mjs";
import { Sandbox, eventually } from "./sandbox.mjs";

let sandbox;
let market;

before(async () => {
  sandbox = await Sandbox.start();
});
after(() => sandbox.stop());

beforeEach(async () => {
  market = new Market(sandbox.stripe());
  await market.open();
  const endpoint = await market.stripe.webhookEndpoints.create({
    url: `${market.address}/webhooks`,
    enabled_events: ["*"],
    connect: true,
  });
  market.webhookSecret = endpoint.secret;
});
afterEach(async () => {
  await market.close();
  await sandbox.control("reset");
});

const page = async (stall) => (await fetch(`${market.address}/stalls/${stall.name}`)).text();

test("a seller who has given everything may sell", async () => {
  const stall = await market.openStall("oysters");
  assert.equal(market.maySell(stall), false);
  await sandbox.control(`accounts/${stall.accountId}/complete`);
  await eventually(() => market.maySell(stall));
  assert.equal(await page(stall), "open");
});

test("coming back proves nothing", async () => {
  assert.equal(await page(await market.openStall("kiosk")), "incomplete");
});

test("a link opens once, and the second visit comes back for a fresh one", async () => {
  const stall = await market.openStall("florist");
  const link = await market.freshLink(stall);
  assert.equal((await fetch(link, { redirect: "manual" })).status, 200);
  const second = await fetch(link, { redirect: "manual" });
  assert.equal(second.headers.get("location"), `${market.address}/stalls/florist/onboard`);
  const fresh = await fetch(second.headers.get("location"), { redirect: "manual" });
  assert.equal(fresh.status, 303);
  assert.notEqual(fresh.headers.get("location"), link);
});

test("a link is dead after 300 seconds", async () => {
  const link = await market.freshLink(await market.openStall("potter"));
  await sandbox.control("clock", { advance: "301" });
  assert.equal((await fetch(link, { redirect: "manual" })).status, 303);
});

for (const [state, standing, maySell] of [
  ["fresh", "incomplete", false],
  ["half_done", "incomplete", false],
  ["in_review", "in_review", false],
  ["past_due", "blocked", false],
  ["restricted_soon", "due_soon", true],
  ["complete", "open", true],
  ["rejected", "rejected", false],
]) {
  test(`a seller whose account is ${state} is ${standing}`, async () => {
    const { id } = await sandbox.scenario(state);
    const stall = { name: "stall", accountId: id, standing: "incomplete" };
    market.stalls.set(stall.name, stall);
    assert.equal(await page(stall), standing);
    assert.equal(market.maySell(stall), maySell);
  });
}

test("the gate closes when Stripe says so", async () => {
  const stall = await market.openStall("smith");
  await sandbox.control(`accounts/${stall.accountId}/complete`);
  await eventually(() => market.maySell(stall));
  await sandbox.control(`accounts/${stall.accountId}/require`, {
    requirement: "individual.verification.document",
  });
  await eventually(() => !market.maySell(stall));
  assert.equal(stall.standing, "blocked");
});

test("a forged webhook changes nothing", async () => {
  const answer = await fetch(`${market.address}/webhooks`, {
    method: "POST",
    body: "{}",
    headers: { "Stripe-Signature": "t=1,v1=00" },
  });
  assert.equal(answer.status, 400);
});

test("when Stripe is down the market says so, and goes on afterwards", async () => {
  const stall = await market.openStall("baker");
  await sandbox.control("faults", { operation: "POST /v1/account_links", kind: "error" });
  const onboard = `${market.address}/stalls/${stall.name}/onboard`;
  assert.equal((await fetch(onboard, { redirect: "manual" })).status, 503);
  assert.equal((await fetch(onboard, { redirect: "manual" })).status, 303);
});
