// One control for each argument: a line of text, a choice, a file, or a fold with more of them.
//
// A control has its `element`, `read()` with what was typed (undefined: nothing) and `write(value)`.
// Folds are built when they are first opened: the largest operations have hundreds of arguments.
// `setting` has the generation of the operation and the words of the page.

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

function makeButton(text, onClick, label) {
  const button = make("button", { type: "button", class: "small", "aria-label": label }, text);
  button.addEventListener("click", onClick);
  return button;
}

// A sentence, with what stands in backticks as code.
function prose(text) {
  return text.split("`").map((part, at) => (at % 2 ? make("code", {}, part) : part));
}

function announceInput(element) {
  element.dispatchEvent(new Event("input", { bubbles: true }));
}

// --- one value ----------------------------------------------------------------------------------

const READERS = {
  integer: (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : text),
  number: (text) => (/^-?\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : text),
  boolean: (text) => text === "true",
};

function readerOf(kind, generation) {
  if (kind === "timestamp") return generation === "v1" ? READERS.integer : (text) => text;
  return READERS[kind] ?? ((text) => text);
}

function choiceControl(id, choices, read) {
  const select = make("select", { id }, make("option", { value: "" }, "–"));
  select.append(...choices.map((choice) => make("option", { value: choice }, choice)));
  return {
    element: select,
    read: () => (select.value === "" ? undefined : read(select.value)),
    write(value) {
      select.value = choices.includes(`${value}`) ? `${value}` : "";
    },
  };
}

function fileControl(id) {
  const input = make("input", { id, type: "file" });
  return { element: input, read: () => input.files[0], write() {} };
}

function textControl(id, shape, setting) {
  const read = readerOf(shape.kind, setting.generation);
  const isNumber = read === READERS.integer || read === READERS.number;
  const input = make("input", {
    id,
    type: "text",
    autocomplete: "off",
    spellcheck: "false",
    inputmode: isNumber ? "decimal" : undefined,
    placeholder: shape.kind === "timestamp" ? (isNumber ? "1767225600" : "2026-01-01T00:00:00Z") : undefined,
  });
  input.addEventListener("input", () => {
    const isWrong = isNumber && input.value !== "" && typeof read(input.value) !== "number";
    input.setAttribute("aria-invalid", `${isWrong}`);
  });
  return {
    element: input,
    read: () => (input.value === "" ? undefined : read(input.value)),
    write(value) {
      input.value = `${value}`;
      announceInput(input);
    },
  };
}

// What can be taken away again at Stripe: by an empty text in v1, by null in v2.
function clearable(control, id, setting) {
  const box = make("input", { type: "checkbox", id: `${id}--clear` });
  const label = make("label", { for: box.id, class: "clear" }, setting.words.clear);
  box.addEventListener("input", () => control.element.toggleAttribute("inert", box.checked));
  return {
    element: make("div", { class: "clearable" }, control.element, box, label),
    read: () => (box.checked ? (setting.generation === "v1" ? "" : null) : control.read()),
    write: (value) => control.write(value),
  };
}

// --- more than one value ------------------------------------------------------------------------

function fold(title, build) {
  const summary = make("summary", {}, title);
  const element = make("details", {}, summary);
  let inside = null;
  const open = () => {
    if (inside === null) {
      inside = build();
      element.append(inside.element);
    }
    return inside;
  };
  element.addEventListener("toggle", () => element.open && open());
  return {
    element,
    read: () => inside?.read(),
    write(value) {
      element.open = true;
      open().write(value);
    },
  };
}

function membersControl(id, members, setting) {
  const controls = members.map((member) => [member.name, fieldControl(`${id}.${member.name}`, member, setting)]);
  return {
    element: make("div", { class: "members" }, ...controls.map(([, control]) => control.element)),
    read() {
      const tree = Object.create(null);
      for (const [name, control] of controls) {
        const value = control.read();
        if (value !== undefined) tree[name] = value;
      }
      return Object.keys(tree).length ? tree : undefined;
    },
    write(values) {
      for (const [name, control] of controls) if (name in Object(values)) control.write(values[name]);
    },
  };
}

// Rows that can be added and removed. `isKeyed`: each has a key of its own, as in metadata.
function rowsControl(id, shape, setting, isKeyed) {
  const rows = [];
  const list = make("div", { class: "rows" });
  let count = 0;
  const add = (key = "", value = undefined) => {
    const at = `${id}.${count++}`;
    const control = shapeControl(isKeyed ? `${at}.value` : at, shape.items, setting);
    const name = make("input", { type: "text", id: `${at}.key`, "aria-label": setting.words.key, placeholder: setting.words.key, autocomplete: "off" });
    name.value = key;
    if (!control.isLabelled) control.element.setAttribute("aria-label", setting.words.value);
    const row = { name, control };
    const remove = makeButton("×", () => {
      rows.splice(rows.indexOf(row), 1);
      line.remove();
      announceInput(list);
      adder.focus();
    }, setting.words.remove);
    const line = make("div", { class: "row" }, ...(isKeyed ? [name] : []), control.element, remove);
    rows.push(row);
    list.append(line);
    if (value !== undefined) control.write(value);
    return isKeyed ? name : (control.element.querySelector("summary, select, input") ?? control.element);
  };
  const adder = makeButton(setting.words.add, () => add().focus());
  return {
    isLabelled: true,
    element: make("div", { class: "several", id, role: "group" }, list, adder),
    read() {
      const found = rows.map(({ name, control }) => [name.value, control.read()]).filter(([, value]) => value !== undefined);
      if (!isKeyed) return found.length ? found.map(([, value]) => value) : undefined;
      const tree = Object.create(null);
      for (const [key, value] of found) if (key !== "") tree[key] = value;
      return Object.keys(tree).length ? tree : undefined;
    },
    write(values) {
      for (const [key, value] of Object.entries(Object(values))) add(key, value);
    },
  };
}

// A place where one of several shapes may stand: a token's id, or a bank account in full.
function eitherControl(id, shapes, setting) {
  const select = make("select", { "aria-label": setting.words.shape, class: "either" });
  const controls = shapes.map((shape) => shapeControl(id, shape, setting));
  for (const each of controls) if (!each.isLabelled) each.element.setAttribute("aria-labelledby", `${id}--name`);
  select.append(...shapes.map((shape, place) => make("option", { value: `${place}` }, nameOfShape(shape))));
  const holder = make("div", { class: "held" }, controls[0].element);
  const choose = (place) => {
    select.value = `${place}`;
    holder.replaceChildren(controls[place].element);
  };
  select.addEventListener("input", () => choose(Number(select.value)));
  return {
    isLabelled: true,
    element: make("div", { role: "group" }, select, holder),
    read: () => controls[Number(select.value)].read(),
    write(value) {
      choose(Math.max(0, shapes.findIndex((shape) => (shape.kind === "object") === (typeof value === "object"))));
      controls[Number(select.value)].write(value);
    },
  };
}

function nameOfShape(shape) {
  const kind = shape.members?.find((member) => member.name === "object")?.shape.enum;
  return kind?.length ? kind.join(" / ") : shape.kind;
}

function shapeControl(id, shape, setting) {
  if (shape.others?.length) {
    const alone = { ...shape, others: [] };
    return eitherControl(id, [alone, ...shape.others], setting);
  }
  const { kind } = shape;
  if (shape.enum?.length && kind !== "array") return choiceControl(id, shape.enum, (text) => text);
  if (kind === "boolean") return choiceControl(id, ["true", "false"], READERS.boolean);
  if (kind === "file") return fileControl(id);
  if (kind === "array") return rowsControl(id, shape, setting, false);
  if (kind === "map") return rowsControl(id, shape, setting, true);
  if (kind !== "object") return textControl(id, shape, setting);
  const inside = fold(setting.words.members.replace("{count}", shape.members.length), () => membersControl(id, shape.members, setting));
  return { ...inside, isLabelled: true };
}

// --- one argument -------------------------------------------------------------------------------

function fieldControl(id, field, setting) {
  let control = shapeControl(id, field.shape, setting);
  const isLabelled = control.isLabelled === true;
  if (isLabelled) control.element.setAttribute("aria-labelledby", `${id}--name`);
  if (!isLabelled) control.element.setAttribute("aria-describedby", `${id}--about`);
  if (field.required && !isLabelled) control.element.setAttribute("aria-required", "true");
  const inner = control;
  if (field.shape.clearable) control = clearable(inner, id, setting);
  const mark = field.required ? [make("span", { class: "must" }, setting.words.required)] : [];
  const kind = make("span", { class: "kind" }, field.shape.kind);
  const name = make(isLabelled ? "span" : "label", { for: isLabelled ? undefined : id, id: `${id}--name`, class: "name" }, field.name);
  const head = make("div", { class: "head" }, name, kind, ...mark);
  const about = make("p", { class: "about", id: `${id}--about`, lang: "en" }, ...prose(field.about));
  return { ...control, element: make("div", { class: "field" }, head, about, control.element) };
}
