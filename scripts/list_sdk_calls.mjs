// Which call of the official SDK for Node sends which request? One JSON object, call to request.
//
// node list_sdk_calls.mjs FOLDER: where the package `stripe` lies. Read from the code of its methods.

import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const { default: Stripe } = await import(pathToFileURL(`${folder}/esm/stripe.esm.node.js`));
const { StripeResource } = await import(pathToFileURL(`${folder}/esm/StripeResource.js`));
const request = /_makeRequest\(\s*['"](\w+)['"],\s*[`'"]([^`'"]+)[`'"]/g;
const calls = {};
const seen = new Set();

function note(chain, type) {
  for (const method of Object.getOwnPropertyNames(type)) {
    if (method === "constructor" || typeof type[method] !== "function") continue;
    const found = [...type[method].toString().matchAll(request)][0];
    if (!found) continue;
    const path = found[2].replace(/\$\{encodeURIComponent\(\w+\)\}/g, "{}");
    calls[[...chain, method].join(".")] = `${found[1]} ${path}`;
  }
}

function walk(holder, chain) {
  if (seen.has(holder)) return;
  seen.add(holder);
  for (const [name, inside] of Object.entries(holder)) {
    if (inside === null || typeof inside !== "object" || name.startsWith("_") || name === "stripe") continue;
    const here = [...chain, name];
    if (inside instanceof StripeResource) note(here, Object.getPrototypeOf(inside));
    walk(inside, here);
  }
}

walk(new Stripe("sk_test_words"), []);
console.log(JSON.stringify(calls));
