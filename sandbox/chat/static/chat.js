/** The page: who is shown, in how many columns, and the tabs that choose. */

import * as api from "./api.js";
import { Column } from "./column.js";

const COLUMN_PX = 420;
const TWO_COLUMNS_PX = 900;
const MOST_COLUMNS = 3;
const MOST_STREAMS = 4;

const bar = document.querySelector(".bar");
const tabs = document.querySelector(".tabs");
const place = document.querySelector(".columns");
const wanted = wantedPeople(new URLSearchParams(location.search));
const columns = [];
let shown = [];

function wantedPeople(query) {
  const ids = (query.get("person") ?? query.get("people") ?? "").split(",").filter(Boolean).map(Number);
  return { ids, alone: query.has("person") };
}

async function begin() {
  try {
    const [people, bot, { captions, language }] = await Promise.all([api.people(), api.bot(), api.cast()]);
    const chosen = wanted.ids.length ? wanted.ids.map((id) => people.find((each) => each.id === id)) : people;
    place.replaceChildren();
    for (const person of chosen.filter(Boolean)) add(person, bot, captions[person.id]);
    document.querySelector(".add").addEventListener("click", () => welcomeSomebody(bot, language));
    bar.hidden = false;
    new ResizeObserver(draw).observe(document.body);
    if (columns.length === 0) notice(people.length ? "Nobody of that number is here." : "Nobody is here yet. Add a person.");
  } catch (error) {
    notice(`The sandbox does not answer (${error.message}). Is it running? Trying again…`);
    setTimeout(begin, 2000);
  }
}

function notice(text) {
  const line = document.createElement("p");
  line.className = "notice";
  line.role = "status";
  line.textContent = text;
  place.replaceChildren(line);
}

function add(person, bot, caption) {
  const column = new Column(person, bot, caption, unread);
  const tab = document.createElement("button");
  tab.type = "button";
  tab.className = "tab";
  tab.append(column.title);
  tab.addEventListener("click", () => choose(column));
  column.tab = tab;
  columns.push(column);
  tabs.append(tab);
  place.querySelector(".notice")?.remove();
  place.append(column.element);
}

function room() {
  const width = document.documentElement.clientWidth;
  if (wanted.alone || width < TWO_COLUMNS_PX) return 1;
  return Math.max(2, Math.min(MOST_COLUMNS, Math.floor(width / COLUMN_PX)));
}

/** A chosen person who is not shown takes the last place; the others stay where they are. */
function choose(column) {
  if (!shown.includes(column)) shown = [...shown.slice(0, room() - 1), column];
  draw();
  column.tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  column.focus();
}

function draw() {
  const places = Math.min(room(), columns.length);
  const others = columns.filter((column) => !shown.includes(column));
  shown = [...shown, ...others].slice(0, places);
  shown.sort((a, b) => columns.indexOf(a) - columns.indexOf(b));
  tabs.hidden = columns.length <= places;
  for (const column of columns) {
    const visible = shown.includes(column);
    column.element.hidden = !visible;
    column.tab.ariaPressed = String(visible);
    if (visible) delete column.tab.dataset.unread;
  }
  const heard = [...shown, ...columns.filter((column) => !shown.includes(column))].slice(0, MOST_STREAMS);
  for (const column of columns) column.stream.want(heard.includes(column));
  document.title = `${shown.map((column) => column.person.first_name).join(", ")} · EchoPilot sandbox`;
}

function unread(column) {
  if (shown.includes(column)) return;
  column.tab.dataset.unread = Number(column.tab.dataset.unread ?? 0) + 1;
}

function welcomeSomebody(bot, language) {
  const dialog = document.querySelector(".newcomer");
  const form = dialog.querySelector("form");
  const problem = form.querySelector(".problem");
  form.reset();
  problem.textContent = "";
  form.querySelector(".quiet").onclick = () => dialog.close();
  form.onsubmit = async (event) => {
    event.preventDefault();
    try {
      const person = await api.addPerson(form.elements.first_name.value.trim(), language);
      add(person, bot, "new");
      keepInAddress(person);
      dialog.close();
      choose(columns.at(-1));
    } catch (error) {
      problem.textContent = `Not added: ${error.message}`;
    }
  };
  dialog.showModal();
}

/** Who was chosen by the address stays chosen by it: a page that is loaded again shows the newcomer too. */
function keepInAddress(person) {
  if (wanted.ids.length === 0) return;
  wanted.ids.push(person.id);
  history.replaceState(null, "", `?${wanted.alone ? "person" : "people"}=${wanted.ids.join(",")}`);
}

begin();
