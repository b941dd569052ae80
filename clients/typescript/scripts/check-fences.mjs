// Do the snippets in the documentation compile against this client? Every ```ts and ```tsx fence of
// the creators API's pages and of our own README becomes a module, and tsc reads them all.
//
// A snippet may use `aboard`, `token` and `baseUrl` without making them: readers have their own.

import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));
const docs = join(here, "..", "..", "docs", "api");
const folder = join(here, "build", "fences");
const FENCE = /^```(tsx?)[^\n]*\n([\s\S]*?)^```\s*$/gm;

const inPages = await readdir(join(docs, "creators")).catch(() => []);
const pages = [
  join(here, "README.md"),
  ...["creators.md", "auth.md"].map((name) => join(docs, name)),
  ...inPages.filter((name) => name.endsWith(".md")).sort().map((name) => join(docs, "creators", name)),
];

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
let count = 0;
for (const page of pages) {
  const text = await readFile(page, "utf8").catch(() => "");
  for (const { 1: kind, 2: code, index } of text.matchAll(FENCE)) {
    // As many empty lines as stand above it on the page, so that tsc's line is the page's.
    const above = text.slice(0, index).split("\n").length;
    const name = `${basename(page, ".md")}-${(count += 1)}.${kind}`;
    await writeFile(join(folder, name), `export {};${"\n".repeat(above)}${code}`);
  }
}
if (count === 0) process.exit(0);

await writeFile(
  join(folder, "given.d.ts"),
  `import type { Aboard } from "@aboard/client";
declare global {
  const aboard: Aboard;
  const token: string;
  const baseUrl: string;
}
`,
);
await writeFile(
  join(folder, "tsconfig.json"),
  JSON.stringify({
    extends: "../../tsconfig.json",
    compilerOptions: {
      noUnusedLocals: false,
      noUnusedParameters: false,
      paths: { "@aboard/client": ["../../src/index.ts"], "@aboard/client/react": ["../../src/react/index.ts"] },
    },
    include: ["."],
  }),
);
const { status } = spawnSync(process.execPath, [join(here, "node_modules/typescript/bin/tsc"), "-p", folder], {
  stdio: "inherit",
});
console.log(`${count} snippets on ${pages.length} pages: ${status === 0 ? "all compile" : "see above"}`);
if (status === 0) await rm(folder, { recursive: true, force: true });
process.exit(status ?? 1);
