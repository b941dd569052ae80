// The explorer's page: the list that can be searched, the form, the snippet, and sending.
//
// The caller token lives in this closure alone: no storage, no cookie, no address ever holds it.

function readData(id) {
  const holder = document.getElementById(id);
  return holder ? JSON.parse(holder.textContent) : null;
}

// --- the list of operations ---------------------------------------------------------------------

function startSearch() {
  const search = document.getElementById("search");
  if (!search) return;
  const groups = [...document.querySelectorAll("[data-group]")];
  const links = () => [...document.querySelectorAll("[data-search]")].filter((link) => !link.parentElement.hidden);
  const filter = () => {
    const wanted = search.value.toLowerCase().split(/[\s_./:-]+/).filter(Boolean);
    for (const link of document.querySelectorAll("[data-search]")) {
      link.parentElement.hidden = !wanted.every((word) => link.dataset.search.includes(word));
    }
    for (const group of groups) group.hidden = !group.querySelector("li:not([hidden])");
    document.getElementById("found").textContent = search.value ? `${links().length}` : "";
  };
  search.addEventListener("input", filter);
  filter();
  const move = (step) => {
    const all = links();
    const at = all.indexOf(document.activeElement) + step;
    if (at < 0) search.focus();
    else all[Math.min(at, all.length - 1)]?.focus();
  };
  document.getElementById("operations").addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && event.target === search) links()[0]?.click();
    else if (event.key === "Escape") {
      search.value = "";
      filter();
      search.focus();
    } else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
}

// --- the form -----------------------------------------------------------------------------------

const PLACES = ["path", "query", "body", "header"];

function buildForm(operation, words) {
  const setting = { words, generation: operation.generation };
  const controls = new Map();
  for (const place of PLACES) {
    const fields = operation.fields.filter((field) => field.place === place);
    if (!fields.length) continue;
    const control = membersControl(place, fields, setting);
    controls.set(place, control);
    document.getElementById(`place-${place}`).append(control.element);
  }
  return {
    read: () => Object.fromEntries(PLACES.map((place) => [place, controls.get(place)?.read() ?? Object.create(null)])),
    // `names` come from the address, such as `account` or `capabilities.transfers.requested`.
    fill(names) {
      for (const [name, text] of names) {
        const [first, ...rest] = name.split(".");
        const field = operation.fields.find((each) => each.name === first);
        if (!field) continue;
        const value = rest.reduceRight((inside, key) => ({ [key]: inside }), text);
        controls.get(field.place).write({ [first]: value });
        if (field.place === "header") document.getElementById("place-header").open = true;
      }
    },
    focus(at) {
      const parts = at.split(".");
      for (let length = 2; length <= parts.length; length++) {
        const found = document.getElementById(parts.slice(0, length).join("."));
        if (found instanceof HTMLDetailsElement) found.open = true;
      }
      document.getElementById(at)?.focus();
    },
  };
}

// Ids, choices and switches may stand in an address; what else was typed stays on this page.
function linkTo(operation, values, mode) {
  const link = new URL(location.pathname, location.origin);
  link.searchParams.set("mode", mode);
  const keep = (fields, tree, prefix) => {
    for (const field of fields) {
      const value = tree[field.name];
      const isShareable = typeof value === "boolean" || field.shape.enum?.includes(value) || /^(acct|ca|po|tr|fee|person)_\w+$/.test(value);
      if (isShareable) link.searchParams.set(prefix + field.name, `${value}`);
      else if (isTree(value) && field.shape.kind === "object") keep(field.shape.members, value, `${prefix}${field.name}.`);
    }
  };
  for (const place of PLACES) keep(operation.fields.filter((field) => field.place === place), values[place], "");
  return link.href;
}

// --- the snippet --------------------------------------------------------------------------------

function startSnippet(operation, form, place) {
  const code = document.getElementById("snippet");
  const tabs = [...document.querySelectorAll("[data-snippet]")];
  let language = "curl";
  const write = () => {
    code.textContent = SNIPPETS[language](operation, form.read(), place.gateway);
  };
  const choose = (tab) => {
    language = tab.dataset.snippet;
    for (const each of tabs) {
      each.setAttribute("aria-selected", `${each === tab}`);
      each.tabIndex = each === tab ? 0 : -1;
    }
    code.parentElement.setAttribute("aria-labelledby", tab.id);
    write();
  };
  for (const [at, tab] of tabs.entries()) {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(at + step + tabs.length) % tabs.length];
      choose(next);
      next.focus();
    });
  }
  document.getElementById("form").addEventListener("input", write);
  choose(tabs[0]);
}

// A button says for a moment that it has copied; `texts` make what stands nowhere on the page.
function startCopying(texts = {}) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const name = button.textContent;
    const { copy, copied, failed } = button.dataset;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(texts[copy]?.() ?? document.getElementById(copy).textContent);
        button.textContent = copied;
      } catch {
        button.textContent = failed;
      }
      setTimeout(() => {
        button.textContent = name;
      }, 2000);
    });
  }
}

// --- sending ------------------------------------------------------------------------------------

// The token of this page: made when it is first needed, made again when it ends or may do more.
function makeBorrower(place, onChange) {
  let held = null;
  const extra = [];
  return {
    async token() {
      if (held && held.ends > Date.now()) return held.token;
      const form = new URLSearchParams({ mode: place.mode, grants: extra.join(" ") });
      const answer = await fetch(place.tokens, { method: "POST", body: form, cache: "no-store" });
      if (!answer.ok) throw new Error(`${answer.status}`);
      const made = await answer.json();
      held = { token: made.token, ends: Date.now() + (made.seconds - 30) * 1000 };
      onChange(made);
      return held.token;
    },
    forget() {
      held = null;
    },
    grant(word) {
      if (!extra.includes(word)) extra.push(word);
      held = null;
    },
  };
}

// A live write is asked about twice: is it meant, and then the word LIVE in full.
function askTwice() {
  const dialog = document.getElementById("live");
  const word = document.getElementById("live-word");
  const [first, second] = dialog.querySelectorAll("[data-step]");
  first.hidden = false;
  second.hidden = true;
  word.value = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(dialog.returnValue === "send" && word.value === "LIVE");
    dialog.returnValue = "";
    dialog.querySelector("[data-next]").onclick = () => {
      first.hidden = true;
      second.hidden = false;
      word.focus();
    };
    for (const button of dialog.querySelectorAll("[data-cancel]")) button.onclick = () => dialog.close("");
    dialog.querySelector("form").onsubmit = (event) => {
      if (word.value === "LIVE") return;
      event.preventDefault();
      word.focus();
    };
  });
}

async function exchange(request, token, place) {
  const began = performance.now();
  const reply = await fetch(place.send + request.path, {
    method: request.method,
    headers: [...request.headers, ["Authorization", `Bearer ${token}`]],
    body: request.body,
    cache: "no-store",
    redirect: "manual",
    signal: AbortSignal.timeout(120_000),
  });
  const text = await reply.text();
  const milliseconds = Math.round(performance.now() - began);
  return { status: reply.status, reason: reply.statusText, headers: reply.headers, text, milliseconds };
}

function codeOf(answer) {
  try {
    return JSON.parse(answer.text).error.code;
  } catch {
    return null;
  }
}

function startSending(operation, form, place, words) {
  const panel = document.getElementById("answer");
  const button = document.getElementById("send");
  const borrower = makeBorrower(place, (made) => {
    document.getElementById("allowed").textContent = made.allowed.join("  ");
    document.getElementById("token-ends").textContent = made.ends;
  });
  const offerGrant = () => {
    const allow = makeButton(words.allow.replace("{grant}", operation.grant), () => {
      borrower.grant(operation.grant);
      panel.replaceChildren(make("p", {}, words.allowed_now));
      button.focus();
    });
    panel.append(allow);
  };
  const send = async () => {
    const values = form.read();
    const missing = findMissing(operation.fields, values);
    if (missing) {
      showTrouble(panel, words.missing.replace("{name}", missing.split(".").slice(1).join(".")));
      form.focus(missing);
      return;
    }
    if (place.mode === "live" && operation.isWrite && !(await askTwice())) return;
    button.disabled = true;
    panel.setAttribute("aria-busy", "true");
    try {
      const request = composeRequest(operation, values);
      let answer = await exchange(request, await borrower.token(), place);
      if (["caller_expired", "caller_revoked", "caller_unknown"].includes(codeOf(answer))) {
        borrower.forget();
        answer = await exchange(request, await borrower.token(), place);
      }
      showAnswer(panel, answer, words);
      if (["operation_not_allowed", "live_write_not_granted"].includes(codeOf(answer))) offerGrant();
    } catch (error) {
      showTrouble(panel, words[error.message === "401" ? "signed_out" : "trouble"]);
    } finally {
      button.disabled = false;
      panel.removeAttribute("aria-busy");
    }
  };
  document.getElementById("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!button.disabled) send();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    if (!button.disabled) send();
  });
}

function startExplorer() {
  startSearch();
  const operation = readData("operation");
  const place = readData("place");
  const words = readData("words");
  if (!operation) {
    startCopying();
    return;
  }
  const form = buildForm(operation, words);
  const given = new URLSearchParams(location.search);
  form.fill([...given].filter(([name]) => !["mode", "language"].includes(name)));
  startSnippet(operation, form, place);
  startCopying({ link: () => linkTo(operation, form.read(), place.mode) });
  startSending(operation, form, place, words);
}

if (typeof document !== "undefined") startExplorer();
