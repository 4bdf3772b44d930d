// The page's words, and how elements are made: texts only ever become text nodes, so that no text can become markup.

const words = JSON.parse(document.getElementById("words").textContent);

/** Give a string of the page; `n` chooses between key.one and key.other where these are there. */
function t(key, values = {}) {
  const { n } = values;
  const found = n !== undefined && words[`${key}.other`] !== undefined ? `${key}.${n === 1 ? "one" : "other"}` : key;
  return words[found].replace(/\{(\w+)\}/g, (_, name) => (typeof values[name] === "number" ? count(values[name]) : values[name]));
}

function count(n) {
  return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** Write a share; what is there never shows as 0 %, and what is not all never as 100 %. */
function percent(share) {
  const whole = Math.round(100 * share);
  if (whole === 0 && share > 0) return "<1 %";
  return whole === 100 && share < 1 ? ">99 %" : `${whole} %`;
}

const byId = (id) => document.getElementById(id);

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled" || name === "hidden" || name === "selected") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined && child !== false) node.append(child);
  return node;
}

/** Make an element; `on…` attributes are listeners, strings among the children become text. */
function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

const button = (text, onclick, more = {}) => el("button", { type: "button", onclick, ...more }, text);
const moon = (level) => el("span", { class: `moon l${level}`, "aria-hidden": "true" });
const bdi = (text, className) => el("bdi", { class: className }, text);

function clear(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function option(value, text, chosen) {
  return el("option", { value, selected: chosen }, text);
}

/** Say something to a reader who does not see the page. */
function announce(text) {
  const live = byId("live");
  live.textContent = "";
  setTimeout(() => (live.textContent = text), 30);
}
