// Serves the example beside `aboard demo`, on one origin, and plays the platform's backend for it.

import { defineConfig } from "vite";

const SERVICE = process.env["ABOARD_SERVICE"] ?? "http://localhost:4242";
const PLATFORM = process.env["ABOARD_PLATFORM"] ?? "http://localhost:4280";

/** The demo signs everybody in who visits; its cookie holds the bearer token of who that is. */
async function tokenOfSomebodyNew(): Promise<string> {
  const { headers } = await fetch(PLATFORM);
  const cookies = headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
  return cookies.find((cookie) => cookie.startsWith("aboard_session="))?.split("=")[1] ?? "";
}

let token: Promise<string> | undefined;

export default defineConfig({
  cacheDir: "../.cache/example",
  build: { outDir: "../build/example", emptyOutDir: true },
  server: { proxy: { "/api": SERVICE, "/v1": SERVICE } },
  plugins: [
    {
      name: "backend",
      configureServer({ middlewares }) {
        middlewares.use("/my-token", (_, response) => {
          token ??= tokenOfSomebodyNew();
          token.then(
            (found) => response.setHeader("Cache-Control", "no-store").end(found),
            () => {
              token = undefined;
              response.writeHead(502).end("Start `make demo` first.");
            },
          );
        });
      },
    },
  ],
});
