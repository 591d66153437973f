/** One message as an element: what is quoted, what is attached, the text, the time, the buttons. */

import { fileUrl } from "./api.js";
import { render, size, targetOf } from "./text.js";

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

/**
 * `view` as a list item. `chat` is what a message can do: `person`, `bot` and the verbs `say(text)`,
 * `reply(view)`, `edit(view)`, `show(messageId)`, `tap(view, button, element)`.
 */
export function messageElement(view, chat) {
  const item = document.querySelector("#message").content.firstElementChild.cloneNode(true);
  item.id = elementId(chat.person.id, view.message_id);
  item.classList.add(view.mine ? "mine" : "theirs");
  item.querySelector(".body").append(...parts(view, chat));
  fillMeta(item, view);
  fillKeyboard(item.querySelector(".keyboard"), view, chat);
  item.querySelector(".reply").addEventListener("click", () => chat.reply(view));
  const edit = item.querySelector(".edit");
  edit.hidden = !view.mine || !(view.text || view.caption) || Boolean(view.forward_origin);
  edit.addEventListener("click", () => chat.edit(view));
  for (const anchor of item.querySelectorAll("a[href]")) keepInside(anchor, chat);
  return item;
}

export const elementId = (person, messageId) => `person-${person}-message-${messageId}`;

/** What a message says in one line, for quotes and for screen readers. */
export function summary(view) {
  const kind = view.photo ? "Photo" : view.voice ? "Voice message" : (attachment(view)?.file_name ?? "");
  return (view.text ?? view.caption ?? "").trim().replace(/\s+/g, " ") || kind || "Message";
}

function parts(view, chat) {
  const text = document.createElement("div");
  text.className = "text";
  text.append(render(view.html, view.text ?? view.caption, chat.say));
  return [quote(view.reply_to_message, chat), media(view, chat), text.hasChildNodes() && text].filter(Boolean);
}

function quote(original, chat) {
  if (!original) return null;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quote";
  const who = document.createElement("strong");
  who.textContent = original.from?.first_name ?? chat.bot.first_name;
  const what = document.createElement("span");
  what.textContent = summary(original);
  button.append(who, what);
  button.addEventListener("click", () => chat.show(original.message_id));
  return button;
}

function media(view, chat) {
  if (view.photo?.length) return photo(view, chat);
  const sound = view.voice ?? view.audio;
  if (sound) return audio(sound, chat);
  const file = attachment(view);
  return file ? chip(file, chat) : null;
}

const attachment = (view) => view.document ?? view.audio ?? view.video ?? view.animation;

function photo(view, chat) {
  const largest = view.photo.at(-1);
  const image = document.createElement("img");
  image.src = fileUrl(chat.person.id, largest.file_id);
  image.alt = view.caption ? "Photo, described below" : "Photo";
  if (largest.width && largest.height) Object.assign(image, { width: largest.width, height: largest.height });
  const button = document.createElement("button");
  button.type = "button";
  button.className = "photo";
  button.title = "Enlarge";
  button.append(image);
  button.addEventListener("click", () => enlarge(image));
  return button;
}

function enlarge(image) {
  const viewer = document.querySelector(".viewer");
  const large = viewer.querySelector("img");
  Object.assign(large, { src: image.src, alt: image.alt });
  viewer.showModal();
}

function audio(sound, chat) {
  const player = document.createElement("audio");
  player.controls = true;
  player.preload = "metadata";
  player.src = fileUrl(chat.person.id, sound.file_id);
  player.ariaLabel = sound.file_name ?? "Voice message";
  return player;
}

function chip(file, chat) {
  const anchor = document.createElement("a");
  const name = file.file_name ?? "File";
  anchor.className = "chip";
  anchor.href = fileUrl(chat.person.id, file.file_id);
  anchor.download = name;
  const badge = document.createElement("span");
  badge.className = "badge";
  badge.ariaHidden = "true";
  badge.textContent = (/\.(\w{1,4})$/.exec(name)?.[1] ?? "file").toLowerCase();
  const title = document.createElement("span");
  title.className = "name";
  title.textContent = name;
  const note = document.createElement("span");
  note.className = "note";
  note.textContent = [size(file.file_size), "Download"].filter(Boolean).join(" · ");
  anchor.append(badge, title, note);
  return anchor;
}

function fillMeta(item, view) {
  const when = new Date(view.date * 1000);
  const time = item.querySelector("time");
  time.dateTime = when.toISOString();
  time.textContent = CLOCK.format(when);
  time.title = FULL.format(when);
  item.querySelector(".edited").hidden = !view.edited;
}

function fillKeyboard(keyboard, view, chat) {
  const rows = view.reply_markup?.inline_keyboard ?? [];
  keyboard.hidden = rows.length === 0;
  for (const row of rows) {
    const line = document.createElement("div");
    line.className = "row";
    line.append(...row.map((button) => key(button, view, chat)));
    keyboard.append(line);
  }
}

function key(button, view, chat) {
  const element = document.createElement(button.url ? "a" : "button");
  element.className = "key";
  element.textContent = button.text;
  if (button.url) {
    Object.assign(element, { href: button.url, target: targetOf(button.url), rel: "noopener noreferrer" });
  } else {
    element.type = "button";
    element.addEventListener("click", () => chat.tap(view, button, element));
  }
  return element;
}

/** A link to the bot itself says /start here instead of leaving for the real Telegram. */
function keepInside(anchor, chat) {
  const address = new URL(anchor.href);
  const ours = address.hostname === "t.me" && address.pathname === `/${chat.bot.username}`;
  if (!ours) return;
  anchor.addEventListener("click", (event) => {
    event.preventDefault();
    const code = address.searchParams.get("start");
    chat.say(code ? `/start ${code}` : "/start");
  });
}
