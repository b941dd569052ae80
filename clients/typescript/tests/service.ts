// A server on this machine that answers as it is told: Aboard on a bad day, or whoever stands
// between it and its caller.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Asked {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export type Answering = (asked: Asked, response: ServerResponse) => void | Promise<void>;

export class Service {
  readonly asked: Asked[] = [];
  answer: Answering = (_, response) => json(response, 200, { success: true, data: {} });
  #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      let body = "";
      request.on("data", (piece) => (body += piece));
      request.on("end", () => {
        const asked = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
        this.asked.push(asked);
        void this.answer(asked, response);
      });
    });
  }

  static async open(answer?: Answering): Promise<Service> {
    const service = new Service();
    if (answer) service.answer = answer;
    await new Promise<void>((resolve) => service.#server.listen(0, "127.0.0.1", resolve));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "Content-Type": "application/json", "X-Request-Id": "req_1", ...headers });
  response.end(JSON.stringify(body));
}

export function refusal(code: string, more: Record<string, unknown> = {}): unknown {
  return {
    success: false,
    error: { code, message: `about ${code}`, i18nKey: code, i18nVars: {}, details: [], correlationId: "cor_1", ...more },
  };
}

export const TOKEN = "words-that-open-something";
export const LINK = "https://connect.stripe.example/setup/words-that-open";
