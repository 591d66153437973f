/** A message's text: the stand-in's HTML through an allow-list, with commands, spoilers and long quotes made to work. */

const KEPT = new Set(["B", "STRONG", "I", "EM", "U", "INS", "S", "STRIKE", "DEL", "CODE", "PRE", "BR"]);
const LINK = /^(https?|mailto|tg):/i;

/** `html` and `plain` as a fragment; `onCommand(text)` is called when a command in it is chosen. */
export function render(html, plain, onCommand) {
  const fragment = document.createDocumentFragment();
  const source = html == null ? new Text(plain ?? "") : new DOMParser().parseFromString(html, "text/html").body;
  for (const node of source.nodeType === Node.TEXT_NODE ? [source] : source.childNodes) {
    fragment.append(copy(node, onCommand));
  }
  return fragment;
}

function copy(node, onCommand) {
  if (node.nodeType === Node.TEXT_NODE) return endsBlock(node.previousSibling) ? node.data.replace(/^\n/, "") : node.data;
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  const target = shell(node, onCommand);
  for (const child of node.childNodes) target.append(copy(child, onCommand));
  return target.classList?.contains("expandable") ? expandable(target) : target;
}

/** A quote or a listing ends its line itself, so the line break after it is no empty line; Telegram shows none either. */
const endsBlock = (node) => node?.nodeType === Node.ELEMENT_NODE && ["BLOCKQUOTE", "PRE"].includes(node.tagName);

function shell(node, onCommand) {
  if (node.dataset.command) return command(node.dataset.command, onCommand);
  if (node.classList.contains("spoiler")) return hiddenUntilChosen();
  if (node.tagName === "A") return link(node.getAttribute("href") ?? "");
  if (node.tagName === "BLOCKQUOTE") {
    const quote = document.createElement("blockquote");
    quote.dir = "auto";
    quote.classList.toggle("expandable", node.hasAttribute("expandable") || node.classList.contains("expandable"));
    return quote;
  }
  return KEPT.has(node.tagName) ? document.createElement(node.tagName) : document.createDocumentFragment();
}

/** Beside the dashboard, what leads there opens in its frame; everything else in a tab of its own. */
export function targetOf(address) {
  const beside = window.parent !== window && new URL(address).origin === location.origin;
  return beside && new URL(address).pathname.startsWith("/studio/") ? "studio" : "_blank";
}

function link(address) {
  const anchor = document.createElement("a");
  if (!LINK.test(address)) return document.createDocumentFragment();
  Object.assign(anchor, { href: address, target: targetOf(address), rel: "noopener noreferrer" });
  return anchor;
}

function hiddenUntilChosen() {
  const spoiler = document.createElement("span");
  spoiler.className = "spoiler";
  spoiler.tabIndex = 0;
  spoiler.role = "button";
  spoiler.ariaLabel = "Hidden text";
  const show = () => {
    spoiler.classList.add("shown");
    for (const name of ["role", "aria-label", "tabindex"]) spoiler.removeAttribute(name);
  };
  spoiler.addEventListener("click", show, { once: true });
  spoiler.addEventListener("keydown", (event) => event.key === "Enter" && show());
  return spoiler;
}

function expandable(quote) {
  const content = document.createElement("div");
  content.append(...quote.childNodes);
  const toggle = document.createElement("button");
  toggle.type = "button";
  toggle.className = "more";
  const show = (open) => {
    quote.classList.toggle("open", open);
    toggle.ariaExpanded = String(open);
    toggle.textContent = open ? "Less" : "More";
  };
  toggle.addEventListener("click", () => show(!quote.classList.contains("open")));
  show(false);
  new ResizeObserver(() => {
    if (!quote.classList.contains("open")) toggle.hidden = content.scrollHeight <= content.clientHeight;
  }).observe(content);
  quote.append(content, toggle);
  return quote;
}

function command(text, onCommand) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "command";
  button.addEventListener("click", () => onCommand(text));
  return button;
}

/** Bytes as a person reads them. */
export function size(bytes) {
  if (!(bytes >= 0)) return "";
  const power = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)), 3);
  const value = bytes / 1024 ** power;
  return `${value < 10 && power ? value.toFixed(1) : Math.round(value)} ${["B", "KB", "MB", "GB"][power]}`;
}
