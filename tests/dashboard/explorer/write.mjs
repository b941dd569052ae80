// What would the explorer write and send? Cases in on standard input, requests and snippets out.
//
// node write.mjs PART...: the parts of the explorer's script that need no page, in their order.

import { readFileSync } from "node:fs";
import vm from "node:vm";

const parts = process.argv.slice(2).map((path) => readFileSync(path, "utf8"));
const tail = "\n({ composeRequest, findMissing, pairsOf, SNIPPETS });";
const explorer = vm.runInThisContext(parts.join("\n") + tail);

// Trees as the page's form makes them: without a prototype, with files as files.
function treeOf(value) {
  if (Array.isArray(value)) return value.map(treeOf);
  if (value === null || typeof value !== "object") return value;
  if ("$file" in value) return new File([value.content], value.$file, { type: value.type });
  const tree = Object.create(null);
  for (const key of Object.keys(value)) tree[key] = treeOf(value[key]);
  return tree;
}

const answers = [];
for (const { operation, values, gateway } of JSON.parse(readFileSync(0, "utf8"))) {
  const tree = treeOf(values);
  const request = explorer.composeRequest(operation, tree);
  if (request.body instanceof FormData) request.body = [...request.body.keys()];
  const snippets = Object.entries(explorer.SNIPPETS).map(([name, write]) => [name, write(operation, tree, gateway)]);
  const missing = explorer.findMissing(operation.fields, tree);
  answers.push({ request, missing, snippets: Object.fromEntries(snippets) });
}
console.log(JSON.stringify(answers));
