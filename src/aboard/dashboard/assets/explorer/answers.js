// What came back, so that a person can read it: status, the headers that matter, the body.
//
// An address that opens once for whoever holds it is marked, and can be opened once from here.

const HEADERS_THAT_MATTER = [
  "aboard-request-id",
  "request-id",
  "stripe-version",
  "idempotency-key",
  "idempotent-replayed",
  "stripe-should-retry",
  "stripe-account",
  "retry-after",
  "ratelimit-limit",
  "ratelimit-remaining",
  "ratelimit-reset",
  "content-type",
];

const BEARER_OBJECTS = ["account_link", "login_link", "v2.core.account_link"];

function showJson(value, words, holder, key = "") {
  if (Array.isArray(value)) return showMany("[", "]", value.map((one) => [null, one]), words, holder);
  if (value !== null && typeof value === "object") return showMany("{", "}", Object.entries(value), words, value);
  const text = JSON.stringify(value);
  if (typeof value !== "string") return [make("span", { class: "plain" }, text)];
  if (!/^https?:\/\/\S+$/.test(value)) return [make("span", { class: "text" }, text)];
  const isBearer = key === "url" && BEARER_OBJECTS.includes(holder?.object);
  return isBearer ? showBearer(value, words) : [openable(value, text)];
}

function openable(address, text) {
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);
}

// Opened once it is spent: a second press would lead to a page that says so, or to a fresh link.
function showBearer(address, words) {
  const link = openable(address, JSON.stringify(address));
  link.classList.add("bearer");
  const note = make("span", { class: "bearer-note" }, words.bearer);
  link.addEventListener("click", () => {
    setTimeout(() => {
      link.removeAttribute("href");
      link.classList.add("spent");
      note.textContent = words.spent;
    });
  });
  return [link, " ", note];
}

function showMany(opening, closing, entries, words, holder) {
  if (!entries.length) return [opening + closing];
  const rows = entries.map(([key, value], place) => {
    const name = key === null ? [] : [make("span", { class: "key" }, JSON.stringify(key)), ": "];
    const comma = place < entries.length - 1 ? "," : "";
    return make("div", {}, ...name, ...showJson(value, words, holder, key ?? ""), comma);
  });
  return [opening, make("div", { class: "deeper" }, ...rows), closing];
}

function showBody(text, words) {
  try {
    return showJson(JSON.parse(text), words, null);
  } catch {
    return [text];
  }
}

function showAnswer(panel, answer, words) {
  const { status, reason, milliseconds, headers, text } = answer;
  const badge = make("strong", { class: status < 300 ? "status good" : "status bad" }, `${status} ${reason}`.trim());
  const head = make("p", {}, badge, " ", make("span", { class: "quiet" }, `${milliseconds} ms`));
  const rows = HEADERS_THAT_MATTER.filter((name) => headers.has(name)).map((name) =>
    make("div", {}, make("dt", {}, name), make("dd", {}, headers.get(name))),
  );
  const body = make("div", { class: "json", tabindex: "0", role: "region", "aria-label": words.body_label }, ...showBody(text, words));
  panel.replaceChildren(head, body, make("dl", { class: "headers" }, ...rows));
  panel.parentElement.scrollIntoView({ block: "nearest" });
}

function showTrouble(panel, text) {
  panel.replaceChildren(make("p", { class: "problem" }, text));
}
