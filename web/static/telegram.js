// Hands on what Telegram says of who opened this page. It stands behind the #, which no server and no log ever sees.
// https://core.telegram.org/bots/webapps
const door = document.querySelector("[data-sign-in]");
const show = (name, words) => {
  const place = door.querySelector(`[data-${name}]`);
  if (words) place.textContent = words;
  place.hidden = false;
  door.querySelector("[data-waits]").hidden = true;
};
const said = new URLSearchParams(location.hash.slice(1)).get("tgWebAppData") || "";
history.replaceState(null, "", location.pathname);
if (window.top !== window.self) {
  show("framed");
} else if (!said) {
  show("elsewhere");
} else {
  const answer = await fetch(door.dataset.signIn, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ init_data: said }),
  });
  if (answer.ok) location.replace(door.dataset.then);
  else show("failed", await answer.text());
}
