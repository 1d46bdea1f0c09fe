// A desk shows what is new; at rest it is left alone, and what was opened or closed stays so.
const desk = document.querySelector("[data-news]");
const addresses = desk?.dataset.news.split(" ") ?? [];
const look = async () => (await Promise.all(addresses.map(async (address) => (await fetch(address)).text()))).join();

for (const card of document.querySelectorAll("details[data-ref]")) {
  const kept = sessionStorage.getItem(card.dataset.ref);
  if (kept) card.open = kept === "open";
  card.querySelector("summary").addEventListener("click", () =>
    sessionStorage.setItem(card.dataset.ref, card.open ? "closed" : "open"),
  );
}

if (desk) {
  const shown = await look();
  setInterval(async () => {
    const now = await look().catch(() => shown); // it has been stopped
    if (now !== shown) location.reload();
  }, 1500);
}
