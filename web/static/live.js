// Brings the figures of the overview up to date while somebody looks at it, and says whether they are.
// Without it the page says what was so when it was opened.
const FIRST = 5_000, LONGEST = 160_000; // milliseconds between tries, where a proxy answers while the program starts
const state = document.querySelector("[data-stream]");
const put = (place, words) => {
  if (place && place.textContent !== words) place.textContent = words;
};
const say = (name) => {
  for (const one of state.children) one.hidden = one.dataset.when !== name;
};
let stream, timer, pause = FIRST, over = false;
const close = () => {
  clearTimeout(timer);
  stream?.close();
};
const show = (event) => {
  const { lead, tiles } = JSON.parse(event.data);
  put(document.querySelector(".top .lead bdi"), lead);
  for (const [name, { figure, note, tone }] of Object.entries(tiles)) {
    const tile = document.querySelector(`[data-live="${CSS.escape(name)}"]`);
    put(tile?.querySelector(".figure bdi"), figure);
    put(tile?.querySelector(".note"), note);
    if (tile) tile.className = `tile ${tone}`;
  }
  pause = FIRST;
  say("live");
};
const open = () => {
  close();
  stream = new EventSource(state.dataset.stream);
  stream.addEventListener("figures", show);
  stream.addEventListener("over", () => {
    over = true;
    close();
    say("over");
  });
  stream.addEventListener("error", () => {
    const last = stream.readyState === EventSource.CLOSED && pause > LONGEST;
    say(last ? "over" : "waits");
    if (stream.readyState !== EventSource.CLOSED || last) return; // the browser tries again by itself, or nobody does
    timer = setTimeout(open, pause);
    pause *= 2;
  });
};
document.addEventListener("visibilitychange", () => {
  if (document.hidden) close();
  else if (!over) open();
});
window.addEventListener("pagehide", close);
state.hidden = false;
if (!document.hidden) open();
