// Brings the figures of the overview up to date. Without it the page says what was so when it was opened.
const stream = new EventSource(document.body.dataset.stream);
stream.addEventListener("figures", (event) => {
  for (const [name, words] of Object.entries(JSON.parse(event.data))) {
    const place = document.querySelector(`[data-live="${CSS.escape(name)}"]`);
    const inner = place && (place.querySelector("bdi") || place);
    if (inner && inner.textContent !== words) inner.textContent = words;
  }
});
