// From what was typed to one request, as Stripe takes it: v1 as a form, v2 as JSON.
//
// `values` is a tree for each place (path, query, body, header); what was left empty is not in it.
// Trees have no prototype, so that a key of `__proto__` is a key like others.

const HEADERS = {
  idempotency_key: "Idempotency-Key",
  stripe_account: "Stripe-Account",
  stripe_context: "Stripe-Context",
  stripe_version: "Stripe-Version",
};

function percentEncode(text) {
  const hex = (one) => "%" + one.charCodeAt(0).toString(16).toUpperCase();
  return encodeURIComponent(text.toWellFormed ? text.toWellFormed() : text).replace(/[!'()*]/g, hex);
}

function isTree(value) {
  return value !== null && typeof value === "object" && !isFile(value);
}

function isFile(value) {
  return typeof Blob !== "undefined" && value instanceof Blob;
}

// Names and values as v1 writes them: `company[address][city]`, `expand[0]`.
function pairsOf(tree, prefix = "") {
  return Object.entries(tree).flatMap(([key, value]) => {
    const name = prefix ? `${prefix}[${key}]` : key;
    return isTree(value) ? pairsOf(value, name) : [[name, isFile(value) ? value : `${value ?? ""}`]];
  });
}

// A key of a map may hold anything; brackets of ours stay as they are.
function encodeName(name) {
  return percentEncode(name).replace(/%5B/g, "[").replace(/%5D/g, "]");
}

function pathOf(operation, values) {
  return operation.path.replace(/{(\w+)}/g, (_, name) => percentEncode(`${values.path[name] ?? ""}`));
}

function headersOf(operation, values) {
  const version = operation.generation === "v2" ? { stripe_version: operation.version } : {};
  const given = { ...version, ...values.header };
  return Object.entries(given).map(([name, value]) => [HEADERS[name], `${value}`]);
}

// Everything that goes on the wire but the caller's token.
function composeRequest(operation, values) {
  const query = pairsOf(values.query).map(([name, value]) => `${encodeName(name)}=${percentEncode(value)}`);
  const headers = headersOf(operation, values);
  let body = null;
  if (operation.body === "form") {
    const pairs = pairsOf(values.body);
    body = pairs.map(([name, value]) => `${encodeName(name)}=${percentEncode(value)}`).join("&");
    headers.push(["Content-Type", "application/x-www-form-urlencoded"]);
  } else if (operation.body === "json") {
    body = JSON.stringify(values.body);
    headers.push(["Content-Type", "application/json"]);
  } else if (operation.body === "multipart") {
    body = new FormData();
    for (const [name, value] of pairsOf(values.body)) body.append(name, value);
  }
  const path = pathOf(operation, values) + (query.length ? `?${query.join("&")}` : "");
  return { method: operation.method, path, headers, body };
}

// The first argument that is missing, as `place.name.name`; optional objects count once begun.
function findMissing(fields, values) {
  for (const field of fields) {
    const found = missingIn(field, values[field.place], `${field.place}.${field.name}`);
    if (found) return found;
  }
  return null;
}

function missingIn(field, tree, at) {
  const value = tree[field.name];
  if (value === undefined) return field.required ? at : null;
  return isTree(value) ? missingInside(field.shape, value, at) : null;
}

function missingInside(shape, value, at) {
  if (Array.isArray(value) || shape.kind === "map") {
    const inside = shape.items;
    if (!inside) return null;
    for (const [key, one] of Object.entries(value)) {
      const found = isTree(one) ? missingInside(inside, one, `${at}.${key}`) : null;
      if (found) return found;
    }
    return null;
  }
  const shapes = [shape, ...(shape.others ?? [])].filter((one) => one.kind === "object");
  const fits = shapes.find((one) => Object.keys(value).every((key) => one.members.some((member) => member.name === key)));
  for (const member of (fits ?? { members: [] }).members) {
    const found = missingIn(member, value, `${at}.${member.name}`);
    if (found) return found;
  }
  return null;
}
