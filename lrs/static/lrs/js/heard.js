// Asks every two seconds what has come; without this file the page has a link to look again.
const place = document.querySelector("[data-heard]");
const PAUSE = 2000;

async function listen() {
  if (!document.hidden) {
    try {
      const answer = await fetch(place.dataset.heard, { headers: { Accept: "text/html" } });
      if (answer.redirected || answer.status === 404) return;
      const fresh = document.createElement("template");
      fresh.innerHTML = (await answer.text()).trim();
      // the same words are not read aloud again, and a link in them keeps the focus
      if (answer.ok && fresh.innerHTML !== place.innerHTML.trim()) {
        place.replaceChildren(fresh.content);
      }
    } catch {
      // the network is away for a moment; the next turn asks again
    }
  }
  setTimeout(listen, PAUSE);
}

if (place) {
  setTimeout(listen, PAUSE);
}
