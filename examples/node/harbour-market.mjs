// Harbour Market: an imagined platform that pays its stallholders through Stripe Connect.
//
// It knows four things about onboarding: a link is made when it is asked for and never kept; coming
// back proves nothing; webhooks say when to look, not what to believe; and nobody sells before
// Stripe says yes.

import { createServer } from "node:http";

/** Say in one word where a seller stands: what the gate and the pages go by. */
export function standingOf(account) {
  const { disabled_reason: reason, past_due: pastDue, currently_due: due } = account.requirements;
  if (reason?.startsWith("rejected.")) return "rejected";
  if (!account.details_submitted) return "incomplete";
  if (pastDue.length > 0) return "blocked";
  if (!(account.charges_enabled && account.payouts_enabled)) return "in_review";
  return due.length > 0 ? "due_soon" : "open";
}

export class Market {
  constructor(stripe) {
    this.stripe = stripe;
    this.webhookSecret = "";
    this.address = "";
    this.stalls = new Map();
    this.server = createServer((request, response) => this.#answer(request, response));
  }

  /** Listen on a free port of this machine. */
  async open() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.address = `http://127.0.0.1:${this.server.address().port}`;
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Make a seller's account, once. */
  async openStall(name, country = "US") {
    const account = await this.stripe.accounts.create({
      type: "express",
      country,
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    });
    const stall = { name, accountId: account.id, standing: "incomplete" };
    this.stalls.set(name, stall);
    return stall;
  }

  /** Make a link that opens onboarding once. It is never stored and never logged. */
  async freshLink(stall) {
    const link = await this.stripe.accountLinks.create({
      account: stall.accountId,
      type: "account_onboarding",
      refresh_url: `${this.address}/stalls/${stall.name}/onboard`,
      return_url: `${this.address}/stalls/${stall.name}`,
    });
    return link.url;
  }

  /** Ask Stripe where the seller stands, and remember it. */
  async lookAgain(stall) {
    stall.standing = standingOf(await this.stripe.accounts.retrieve(stall.accountId));
    return stall.standing;
  }

  maySell(stall) {
    return stall.standing === "open" || stall.standing === "due_soon";
  }

  /** Take a webhook: whatever it tells of an account, look at the account itself. */
  async hear(payload, signature) {
    const event = this.stripe.webhooks.constructEvent(payload, signature, this.webhookSecret);
    for (const stall of this.stalls.values()) {
      if (event.account === stall.accountId) await this.lookAgain(stall);
    }
  }

  async #answer(request, response) {
    const say = (status, words, headers = {}) =>
      response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", ...headers }).end(words);
    try {
      const [room, name, page] = request.url.split("/").slice(1);
      if (room === "webhooks") return await this.#takeWebhook(request, say);
      const stall = room === "stalls" ? this.stalls.get(name) : undefined;
      if (!stall) return say(404, "No such stall");
      if (page === "onboard") return say(303, "Off to Stripe", { Location: await this.freshLink(stall) });
      return say(200, await this.lookAgain(stall));
    } catch {
      return say(503, "Try again in a moment", { "Retry-After": "5" });
    }
  }

  async #takeWebhook(request, say) {
    const parts = [];
    for await (const part of request) parts.push(part);
    try {
      await this.hear(Buffer.concat(parts), request.headers["stripe-signature"] ?? "");
    } catch (error) {
      if (error.type === "StripeSignatureVerificationError") return say(400, "Not from Stripe");
      throw error;
    }
    return say(200, "Thank you");
  }
}
