// The same request in words that somebody can take home: curl, and the official SDKs.
//
// The token is read from the environment: no snippet ever holds one.

const TOKEN = "CALLER_TOKEN";
const OPTIONS = {
  idempotency_key: "idempotencyKey",
  stripe_account: "stripeAccount",
  stripe_context: "stripeContext",
  stripe_version: "apiVersion",
};

const SNIPPETS = { curl: writeCurl, python: writePython, typescript: writeTypeScript };

function indent(text) {
  return text.split("\n").map((line) => line && `    ${line}`).join("\n");
}

// --- curl ---------------------------------------------------------------------------------------

function quoteForShell(text) {
  return /^[\w%+:,./@-][\w%+=:,./@-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function curlPair([name, value]) {
  const isPlain = /^[\w.:/@-]*$/.test(value);
  return `${isPlain ? "-d" : "--data-urlencode"} ${quoteForShell(`${encodeName(name)}=${value}`)}`;
}

function curlPart([name, value]) {
  if (!isFile(value)) return `--form-string ${quoteForShell(`${name}=${value}`)}`;
  const path = (value.name || "file").replace(/["\\]/g, "\\$&");
  return `-F ${quoteForShell(`${name}=@"${path}"`)}`;
}

function curlBody(operation, values) {
  if (operation.body === "form") return pairsOf(values.body).map(curlPair);
  if (operation.body === "multipart") return pairsOf(values.body).map(curlPart);
  if (operation.body !== "json") return [];
  return [`-H 'Content-Type: application/json'`, `-d ${quoteForShell(JSON.stringify(values.body, null, 2))}`];
}

function writeCurl(operation, values, gateway) {
  const query = pairsOf(values.query);
  const body = curlBody(operation, values);
  const way = operation.method === "GET" ? (query.length ? ["-G"] : []) : [`-X ${operation.method}`];
  // Without a form curl says by itself that there is a body, and so which method it is.
  const isSaid = operation.method === "POST" && body.length > 0;
  const address = quoteForShell(gateway + pathOf(operation, values) + (way[0] === "-G" ? "" : queryText(query)));
  const lines = [
    ["curl", ...(isSaid ? [] : way), address].join(" "),
    `-H "Authorization: Bearer $${TOKEN}"`,
    ...headersOf(operation, values).map(([name, value]) => `-H ${quoteForShell(`${name}: ${value}`)}`),
    ...(way[0] === "-G" ? query.map(curlPair) : []),
    ...body,
  ];
  return lines.join(" \\\n  ");
}

function queryText(pairs) {
  if (!pairs.length) return "";
  return "?" + pairs.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join("&");
}

// --- the SDKs -----------------------------------------------------------------------------------

function argumentsOf(operation, values) {
  const names = [...operation.path.matchAll(/{(\w+)}/g)].map((found) => found[1]);
  const path = names.map((name) => JSON.stringify(`${values.path[name] ?? ""}`));
  const params = operation.body === "none" ? values.query : { ...values.query, ...values.body };
  return { path, params };
}

// Text in quotes, as both Python and JavaScript read it, on one line whatever counts as its end.
function quote(text) {
  const escaped = (one) => "\\u" + one.charCodeAt(0).toString(16).padStart(4, "0");
  return JSON.stringify(text.toWellFormed ? text.toWellFormed() : text).replace(/[\u007f-\u009f\u2028\u2029]/g, escaped);
}

function writeTree(tree, write) {
  const isList = Array.isArray(tree);
  if (isList && !tree.some(isTree)) {
    const row = `[${tree.map((value) => write.leaf(value)).join(", ")}]`;
    if (row.length < 60) return row;
  }
  const rows = Object.entries(tree).map(([key, value]) => {
    const text = isTree(value) ? writeTree(value, write) : write.leaf(value);
    return indent(isList ? text : `${write.key(key)}: ${text}`) + ",\n";
  });
  const [opening, closing] = isList ? "[]" : "{}";
  return rows.length ? `${opening}\n${rows.join("")}${closing}` : opening + closing;
}

function isEmpty(tree) {
  return Object.keys(tree).length === 0;
}

const PYTHON = {
  key: quote,
  leaf(value) {
    if (isFile(value)) return `open(${quote(value.name || "file")}, "rb")`;
    if (typeof value === "boolean") return value ? "True" : "False";
    if (value === null) return "None";
    return typeof value === "number" ? `${value}` : quote(value);
  },
};

function writePython(operation, values, gateway) {
  const { path, params } = argumentsOf(operation, values);
  const rows = [...path];
  if (!isEmpty(params)) rows.push(`params=${writeTree(params, PYTHON)}`);
  if (!isEmpty(values.header)) rows.push(`options=${writeTree(values.header, PYTHON)}`);
  const bases = operation.body === "multipart" ? ["api", "files"] : ["api"];
  const base = bases.map((name) => `"${name}": ${quote(gateway)}`).join(", ");
  return [
    "import os",
    "",
    "import stripe",
    "",
    "client = stripe.StripeClient(",
    `    os.environ["${TOKEN}"],`,
    `    base_addresses={${base}},`,
    ")",
    `answer = client.${operation.sdk.python}(${callRows(rows)})`,
    "print(answer)",
  ].join("\n");
}

function callRows(rows) {
  const isShort = rows.every((row) => !row.includes("\n")) && rows.join(", ").length < 60;
  return isShort ? rows.join(", ") : `\n${rows.map((row) => `${indent(row)},\n`).join("")}`;
}

const TYPESCRIPT = {
  key(name) {
    if (name === "__proto__") return `["__proto__"]`;
    return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
  },
  leaf(value) {
    if (!isFile(value)) return typeof value === "string" ? quote(value) : JSON.stringify(value);
    const name = quote(value.name || "file");
    const type = quote(value.type || "application/octet-stream");
    return `{ data: readFileSync(${name}), name: ${name}, type: ${type} }`;
  },
};

// This SDK's base address has no path, and its uploads go to an address of their own: where
// either matters, each call is led to the gateway by the function that fetches.
function typeScriptClient(operation, gateway) {
  const { protocol, hostname, port, pathname } = new URL(gateway);
  if (pathname === "/" && operation.body !== "multipart") {
    const options = { protocol: protocol.slice(0, -1), host: hostname, ...(port ? { port: Number(port) } : {}) };
    return [`const stripe = new Stripe(process.env.${TOKEN} ?? "", ${writeTree(options, TYPESCRIPT)});`];
  }
  return [
    `const gateway = ${quote(gateway)};`,
    `const stripe = new Stripe(process.env.${TOKEN} ?? "", {`,
    "    httpClient: Stripe.createFetchHttpClient((...[url, init]: Parameters<typeof fetch>) => {",
    "        const { pathname, search } = new URL(`${url}`);",
    "        return fetch(`${gateway}${pathname}${search}`, init);",
    "    }),",
    "});",
  ];
}

function writeTypeScript(operation, values, gateway) {
  const { path, params } = argumentsOf(operation, values);
  const options = Object.entries(values.header).map(([name, value]) => [OPTIONS[name], value]);
  const rows = [...path];
  if (!isEmpty(params) || options.length) rows.push(writeTree(params, TYPESCRIPT));
  if (options.length) rows.push(writeTree(Object.fromEntries(options), TYPESCRIPT));
  const reads = operation.body === "multipart" ? [`import { readFileSync } from "node:fs";`] : [];
  return [
    ...reads,
    `import Stripe from "stripe";`,
    "",
    ...typeScriptClient(operation, gateway),
    `const answer = await stripe.${operation.sdk.typescript}(${rows.join(", ")});`,
    "console.log(answer);",
  ].join("\n");
}
