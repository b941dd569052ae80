// Starts `aboard sandbox` on a free port, and asks it for what Stripe would do in life.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import Stripe from "stripe";

export class Sandbox {
  #child;

  /** Start it; `ABOARD` may name the command where it is not on the path. */
  static async start() {
    const sandbox = new Sandbox();
    sandbox.key = `sk_test_${process.pid}node`;
    sandbox.#child = spawn(process.env.ABOARD ?? "aboard", ["sandbox", "--port", "0", "--seed", "1"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines = createInterface({ input: sandbox.#child.stdout });
    for await (const line of lines) {
      const found = line.match(/https?:\/\/\S+/);
      if (found) {
        sandbox.url = new URL(found[0]);
        return sandbox;
      }
    }
    throw new Error("aboard sandbox did not start");
  }

  async stop() {
    this.#child.kill("SIGTERM");
    await once(this.#child, "exit");
  }

  /** Stripe's own SDK, pointed here. */
  stripe(options = {}) {
    const { hostname: host, port } = this.url;
    return new Stripe(this.key, { host, port, protocol: "http", maxNetworkRetries: 0, ...options });
  }

  /** Ask the sandbox's control for something, or throw what it says. */
  async control(path, params = {}) {
    const answer = await fetch(new URL(`/_sandbox/${path}`, this.url), {
      method: "POST",
      body: new URLSearchParams(params),
    });
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.error.message);
    return found;
  }

  /** Make a connected account in a state: fresh, half_done, in_review, complete... */
  scenario(state, choices = {}) {
    return this.control(`scenarios/${state}`, { key: this.key, ...choices });
  }
}

/** Ask again and again until it is true: webhooks arrive on their own time. */
export async function eventually(condition, milliseconds = 10_000) {
  const until = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > until) throw new Error(`still waiting after ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
