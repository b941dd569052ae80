// Every operation of the sandbox once, by the official SDK for Node, unmodified, over real HTTP.
//
// node drive.mjs URL KEY CODE CLIENT_ID [GATEWAY TOKEN]: the code and client id are those of an
// OAuth permission. With a gateway, whatever it lends is called through it, with a caller's token.
// What was driven is read afterwards from the sandbox's own log of requests.

import assert from "node:assert/strict";
import { deflateSync, crc32 } from "node:zlib";
import Stripe from "stripe";

const [address, key, code, clientId, gateway, token] = process.argv.slice(2);

function client(at, secret) {
  const { hostname: host, port } = new URL(at);
  return new Stripe(secret, { host, port, protocol: "http", maxNetworkRetries: 0 });
}

const direct = client(address, key);
const lent = gateway ? client(gateway, token) : direct;
// What a gateway does not lend goes to the sandbox itself.
const UNLENT = new Set(["balanceTransactions", "charges", "oauth", "refunds"]);
const stripe = new Proxy(lent, {
  get: (_, name) => (UNLENT.has(name) ? direct[name] : lent[name]),
});

const bank = {
  object: "bank_account",
  country: "US",
  currency: "usd",
  routing_number: "110000000",
  account_number: "000123456789",
};
const place = { line1: "address_full_match", city: "San Francisco", state: "CA", postal_code: "94103" };
const person = {
  first_name: "Jenny",
  last_name: "Rosen",
  email: "jenny@example.com",
  phone: "0000000000",
  dob: { day: 1, month: 1, year: 1901 },
  address: place,
  ssn_last_4: "0000",
};
const capabilities = { card_payments: { requested: true }, transfers: { requested: true } };
const custom = { type: "custom", country: "US", capabilities };
const many = { limit: 100 };

async function control(path, params = {}) {
  const answer = await fetch(`${address}/_sandbox/${path}`, {
    method: "POST",
    body: new URLSearchParams(params),
  });
  assert.ok(answer.ok, await answer.clone().text());
  return answer.json();
}

const scenario = (name, choices) => control(`scenarios/${name}`, { key, ...choices });

async function readyCustom() {
  const account = await stripe.accounts.create({
    ...custom,
    business_type: "individual",
    individual: person,
    business_profile: { mcc: "5734", url: "https://accessible.stripe.com" },
    settings: { payments: { statement_descriptor: "ROSEN BOOKS" } },
    tos_acceptance: { date: 1767225600, ip: "127.0.0.1" },
    external_account: bank,
  });
  return account.id;
}

async function accounts() {
  const id = await readyCustom();
  await stripe.accounts.retrieveCurrent();
  assert.equal((await stripe.accounts.retrieve(id)).charges_enabled, true);
  await stripe.accounts.update(id, { metadata: { stall: "7" } });
  assert.ok((await stripe.accounts.list(many)).data.length > 0);
  const rejected = await stripe.accounts.reject(id, { reason: "fraud_other" });
  assert.match(rejected.requirements.disabled_reason, /^rejected\./);
  await stripe.accounts.unreject(id);
  assert.equal((await stripe.accounts.del(id)).deleted, true);
}

async function people() {
  const { id } = await stripe.accounts.create({ ...custom, business_type: "company" });
  const made = await stripe.accounts.createPerson(id, {
    first_name: "Ada",
    last_name: "Okafor",
    relationship: { owner: true },
  });
  await stripe.accounts.retrievePerson(id, made.id);
  await stripe.accounts.updatePerson(id, made.id, { email: "ada@example.com" });
  await stripe.accounts.listPersons(id, many);
  assert.equal((await stripe.accounts.deletePerson(id, made.id)).deleted, true);
}

async function whatAnAccountMayDo() {
  const { id } = await stripe.accounts.create({ type: "express", country: "US", capabilities });
  await stripe.accounts.listCapabilities(id);
  const preview = await stripe.accounts.retrieveCapability(id, "jcb_payments");
  assert.equal(preview.status, "unrequested");
  await stripe.accounts.updateCapability(id, "jcb_payments", { requested: true });
}

async function externalAccounts() {
  const id = await readyCustom();
  const made = await stripe.accounts.createExternalAccount(id, { external_account: bank });
  await stripe.accounts.createExternalAccount(id, {
    external_account: {
      object: "card",
      number: "4000056655665556",
      exp_month: 12,
      exp_year: 2040,
      currency: "usd",
    },
  });
  await stripe.accounts.retrieveExternalAccount(id, made.id);
  await stripe.accounts.updateExternalAccount(id, made.id, { metadata: { of: "the harbour" } });
  await stripe.accounts.listExternalAccounts(id, many);
  assert.equal((await stripe.accounts.deleteExternalAccount(id, made.id)).deleted, true);
}

async function tokens() {
  const { object: _, ...account } = bank;
  for (const kind of [
    { bank_account: account },
    { account: { business_type: "individual", tos_shown_and_accepted: true } },
    { person: { first_name: "Ada" } },
    { pii: { id_number: "000000000" } },
    { card: { number: "4242424242424242", exp_month: "12", exp_year: "2040" } },
  ]) {
    const token = await stripe.tokens.create(kind);
    assert.equal((await stripe.tokens.retrieve(token.id)).used, false);
  }
}

function picture() {
  const chunk = (kind, data) => {
    const whole = Buffer.concat([Buffer.from(kind), data]);
    const size = Buffer.alloc(4);
    const check = Buffer.alloc(4);
    size.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(whole));
    return Buffer.concat([size, whole, check]);
  };
  const head = Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 8, 2, 0, 0, 0]);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(24, 0x60)]);
  const rows = deflateSync(Buffer.concat(Array(8).fill(row)));
  const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([start, chunk("IHDR", head), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}

async function files() {
  const made = await stripe.files.create({
    purpose: "identity_document",
    file: { data: picture(), name: "passport.png", type: "image/png" },
  });
  await stripe.files.retrieve(made.id);
  await stripe.files.list(many);
  await stripe.accounts.update(await readyCustom(), {
    individual: { verification: { document: { front: made.id } } },
  });
}

async function linksAndSessions() {
  const { id } = await scenario("complete", { type: "express" });
  const fresh = await stripe.accounts.create({ type: "express", country: "US", capabilities });
  const link = await stripe.accountLinks.create({
    account: fresh.id,
    type: "account_onboarding",
    refresh_url: "https://platform.example/again",
    return_url: "https://platform.example/done",
  });
  assert.equal(link.expires_at - link.created, 300);
  const session = await stripe.accountSessions.create({
    account: id,
    components: { account_onboarding: { enabled: true }, payouts: { enabled: true } },
  });
  assert.ok(session.client_secret);
  await stripe.accounts.createLoginLink(id);
}

async function money() {
  const { id } = await scenario("complete", { type: "custom" });
  const made = await stripe.charges.create({
    amount: 5000,
    currency: "usd",
    source: "tok_bypassPending",
    application_fee_amount: 700,
    transfer_data: { destination: id },
  });
  await stripe.charges.create({ amount: 9000, currency: "usd", source: "tok_bypassPending" });
  await stripe.charges.retrieve(made.id);
  await stripe.charges.list(many);
  await stripe.charges.update(made.id, { description: "oysters" });
  const [fee] = (await stripe.applicationFees.list(many)).data;
  await stripe.applicationFees.retrieve(fee.id);
  const refund = await stripe.applicationFees.createRefund(fee.id, { amount: 200 });
  await stripe.applicationFees.retrieveRefund(fee.id, refund.id);
  await stripe.applicationFees.updateRefund(fee.id, refund.id, { metadata: { why: "late" } });
  await stripe.applicationFees.listRefunds(fee.id, many);
  await transfers(id);
  await payouts({ stripeAccount: id });
  await stripe.balance.retrieve();
  const [first] = (await stripe.balanceTransactions.list(many)).data;
  await stripe.balanceTransactions.retrieve(first.id);
  await stripe.balanceSettings.retrieve();
  await stripe.balanceSettings.update({ payments: { payouts: { schedule: { interval: "manual" } } } });
  await stripe.refunds.create({ charge: made.id, amount: 100 });
}

async function transfers(destination) {
  const made = await stripe.transfers.create({ amount: 2000, currency: "usd", destination });
  await stripe.transfers.retrieve(made.id);
  await stripe.transfers.update(made.id, { description: "for the oysters" });
  await stripe.transfers.list(many);
  const takenBack = await stripe.transfers.createReversal(made.id, { amount: 500 });
  await stripe.transfers.retrieveReversal(made.id, takenBack.id);
  await stripe.transfers.updateReversal(made.id, takenBack.id, { metadata: { why: "x" } });
  await stripe.transfers.listReversals(made.id, many);
}

async function payouts(options) {
  const form = { amount: 300, currency: "usd" };
  const made = await stripe.payouts.create(form, options);
  await stripe.payouts.retrieve(made.id, {}, options);
  await stripe.payouts.update(made.id, { metadata: { week: "47" } }, options);
  await stripe.payouts.list(many, options);
  await stripe.payouts.cancel(made.id, {}, options);
  const paid = await stripe.payouts.create(form, options);
  await control("clock", { advance: String(7 * 24 * 3600) });
  assert.equal((await stripe.payouts.retrieve(paid.id, {}, options)).status, "paid");
  await stripe.payouts.reverse(paid.id, {}, options);
}

async function topUps() {
  const made = await stripe.topups.create({ amount: 2000, currency: "usd", description: "harbour" });
  await stripe.topups.retrieve(made.id);
  await stripe.topups.update(made.id, { metadata: { by: "hand" } });
  await stripe.topups.list(many);
  await stripe.topups.cancel(made.id);
}

async function endpointsAndEvents() {
  const made = await stripe.webhookEndpoints.create({
    url: "http://127.0.0.1:9/nobody",
    enabled_events: ["*"],
    connect: true,
  });
  await stripe.webhookEndpoints.retrieve(made.id);
  await stripe.webhookEndpoints.update(made.id, { description: "nobody listens" });
  await stripe.webhookEndpoints.list(many);
  await stripe.webhookEndpoints.del(made.id);
  const [event] = (await stripe.events.list(many)).data;
  await stripe.events.retrieve(event.id);
  await stripe.countrySpecs.list(many);
  await stripe.countrySpecs.retrieve("US");
}

async function destinationsAndThinEvents() {
  const { eventDestinations, events } = stripe.v2.core;
  const made = await eventDestinations.create({
    name: "the harbour",
    type: "webhook_endpoint",
    event_payload: "thin",
    enabled_events: ["v1.account.updated"],
    events_from: ["@self", "@accounts"],
    webhook_endpoint: { url: "http://127.0.0.1:9/nobody" },
    include: ["webhook_endpoint.signing_secret", "webhook_endpoint.url"],
  });
  assert.match(made.webhook_endpoint.signing_secret, /^whsec_/);
  await eventDestinations.retrieve(made.id, { include: ["webhook_endpoint.url"] });
  await eventDestinations.update(made.id, { description: "nobody listens" });
  assert.equal((await eventDestinations.list(many)).data.length, 1);
  const pinged = await eventDestinations.ping(made.id);
  assert.ok((await events.list(many)).data.length > 0);
  assert.equal((await events.retrieve(pinged.id)).type, pinged.type);
  assert.equal((await eventDestinations.disable(made.id)).status, "disabled");
  assert.equal((await eventDestinations.enable(made.id)).status, "enabled");
  assert.equal((await eventDestinations.del(made.id)).id, made.id);
}

async function oauth() {
  const made = await stripe.oauth.token({ grant_type: "authorization_code", code });
  const gone = await stripe.oauth.deauthorize({
    client_id: clientId,
    stripe_user_id: made.stripe_user_id,
  });
  assert.equal(gone.stripe_user_id, made.stripe_user_id);
}

for (const step of [
  oauth, // first: its code is good for five minutes of a clock that will be moved
  accounts,
  people,
  whatAnAccountMayDo,
  externalAccounts,
  tokens,
  files,
  linksAndSessions,
  money,
  topUps,
  endpointsAndEvents,
  destinationsAndThinEvents,
]) {
  await step();
}
