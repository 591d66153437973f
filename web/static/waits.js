// Says that a page is on its way, once that takes longer than a moment.
const AFTER = 200; // milliseconds
const words = document.querySelector(".waits");
let timer;
const over = () => {
  clearTimeout(timer);
  words.hidden = true;
};
const begin = () => {
  over();
  timer = setTimeout(() => (words.hidden = false), AFTER);
};
const leads = (link) => link && link.origin === location.origin && !link.hasAttribute("download") && !link.hash;
document.addEventListener("click", (event) => {
  const plain = !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (plain && !event.defaultPrevented && leads(event.target.closest("a[href]"))) begin();
});
document.addEventListener("submit", begin);
document.addEventListener("keydown", (event) => event.key === "Escape" && over());
window.addEventListener("pageshow", over); // also where the page comes back as it was left
