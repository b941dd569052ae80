// Writes src/generated from Aboard's OpenAPI description, given on standard input.
//
//   python scripts/describe.py | npm run generate            writes
//   python scripts/describe.py | npm run generate -- --check  says what is stale, and fails
//
// Two files: the types, by openapi-typescript, and a table of the operations, so that the client
// needs neither code per operation nor the description at run time.

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import openapiTS, { astToString } from "openapi-typescript";

/** What people call an operation of the creators API; every other one goes by its operationId. */
const NAMES = {
  "POST /api/v1/creators/upgrade": "upgrade",
  "POST /api/v1/creators/stripe-connect/initiate": "initiate",
  "POST /api/v1/creators/stripe-connect/refresh-link": "refreshLink",
  "GET /api/v1/creators/stripe-connect/status": "status",
  "POST /api/v1/creators/stripe-connect/dashboard-link": "dashboardLink",
  "GET /api/v1/creators/profile": "profile",
  "PATCH /api/v1/creators/profile": "changeProfile",
  "GET /api/v1/creators/payout-settings": "payoutSettings",
  "POST /api/v1/creators/kyc/start": "kycStart",
  "GET /api/v1/creators/kyc/status": "kycStatus",
};

/** Addresses in answers that open nothing: everybody may see them. */
const OPEN_ADDRESSES = new Set(["bioPageUrl"]);

const raw = await text(process.stdin);
const description = JSON.parse(raw);
const digest = createHash("sha256").update(raw).digest("hex");
const header = [
  "// Written by scripts/generate.mjs from Aboard's OpenAPI description; do not edit.",
  `// SHA-256 of the description: ${digest}`,
  "",
  "",
].join("\n");

const table = operations(description);
const files = {
  "schema.ts": header + astToString(await openapiTS(answered(description), { defaultNonNullable: false })),
  "operations.ts": header + operationsFile(table, sealedFields(description, table)),
};
const folder = new URL("../src/generated/", import.meta.url);
const stale = [];
for (const [name, wanted] of Object.entries(files)) {
  const found = await readFile(new URL(name, folder), "utf8").catch(() => "");
  if (found !== wanted) {
    stale.push(name);
    if (!process.argv.includes("--check")) await writeFile(new URL(name, folder), wanted);
  }
}
for (const name of stale) {
  console.log(`src/generated/${name}: ${process.argv.includes("--check") ? "stale, run make client-typescript" : "written"}`);
}
process.exitCode = stale.length > 0 && process.argv.includes("--check") ? 1 : 0;

/** Every operation that a program calls. The two visits that only browsers make are left out. */
function operations({ paths }) {
  const found = {};
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const [status] = Object.keys(operation.responses).filter((each) => each < "400");
      if (status.startsWith("3")) continue;
      const group = path.startsWith("/api/v1/auth/")
        ? "auth"
        : path.startsWith("/api/v1/")
          ? "creators"
          : "organizations";
      const parameters = operation.parameters ?? [];
      const names = (place) => parameters.filter((each) => each.in === place).map((each) => each.name);
      const facts = {
        group,
        name: NAMES[`${method.toUpperCase()} ${path}`] ?? operation.operationId,
        method: method.toUpperCase(),
        path,
        query: names("query").sort(),
        hasBody: operation.requestBody !== undefined,
        takesKey: names("header").includes("Idempotency-Key"),
        isAnonymous: (operation.security ?? []).some((way) => Object.keys(way).length === 0),
      };
      refuseTwins(operation, names("path"), facts);
      found[operation.operationId] = facts;
    }
  }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The description without refusals and visits: every refusal is one class here, `AboardError`. */
function answered(all) {
  const kept = structuredClone(all);
  for (const methods of Object.values(kept.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      for (const status of Object.keys(operation.responses)) {
        if (status >= "400") delete operation.responses[status];
        else delete operation.responses[status].headers;
      }
      if (!(operation.operationId in table)) delete methods[method];
    }
  }
  kept.paths = Object.fromEntries(
    Object.entries(kept.paths).filter(([, methods]) => Object.keys(methods).length > 0),
  );
  delete kept.components.headers;
  return kept;
}

/** Parameters and body are given as one object, so no name may stand for two things. */
function refuseTwins(operation, inPath, facts) {
  const schema = operation.requestBody?.content["application/json"]?.schema;
  const body = Object.keys(resolved(schema)?.properties ?? {});
  const all = [...inPath, ...facts.query, ...body];
  const twins = all.filter((name, index) => all.indexOf(name) !== index);
  if (twins.length > 0) throw new Error(`${operation.operationId} takes ${twins} twice`);
}

/** The fields of answers that open something for whoever holds them. */
function sealedFields(all, table) {
  const names = new Set();
  const seen = new Set();
  const walk = (schema) => {
    const known = resolved(schema);
    if (known === undefined || seen.has(known)) return;
    seen.add(known);
    for (const [name, inner] of Object.entries(known.properties ?? {})) {
      names.add(name);
      walk(inner);
    }
    for (const inner of [...(known.oneOf ?? []), ...(known.anyOf ?? []), ...(known.allOf ?? [])]) walk(inner);
    walk(known.items);
    if (typeof known.additionalProperties === "object") walk(known.additionalProperties);
  };
  for (const { method, path } of Object.values(table)) {
    for (const [status, answer] of Object.entries(all.paths[path][method.toLowerCase()].responses)) {
      if (status < "300") walk(answer.content?.["application/json"]?.schema);
    }
  }
  const sorted = [...names].sort();
  return {
    links: sorted.filter((name) => /(?:^u|U)rl$/.test(name) && !OPEN_ADDRESSES.has(name)),
    secrets: sorted.filter((name) => /(?:Secret|Token|^secret|^token)$/.test(name)),
  };
}

function resolved(schema) {
  if (schema?.$ref === undefined) return schema;
  return resolved(description.components.schemas[schema.$ref.split("/").at(-1)]);
}

function operationsFile(table, sealed) {
  const rows = Object.entries(table).map(([id, facts]) => `  ${id}: ${JSON.stringify(facts)},`);
  return [
    "/** Every operation by its operationId. */",
    "export const OPERATIONS = {",
    ...rows,
    "} as const;",
    "",
    "/** Fields of answers that hold a link which opens something: they become a `BearerUrl`. */",
    `export const LINK_FIELDS = ${JSON.stringify(sealed.links)} as const;`,
    "",
    "/** Fields of answers that hold another secret: they become a `Secret`. */",
    `export const SECRET_FIELDS = ${JSON.stringify(sealed.secrets)} as const;`,
    "",
  ].join("\n");
}
