// A lost network is not an ended session: what was typed stays and the page says "Chưa lưu".
export function bindNetwork() {
  const strip = document.getElementById("network");
  if (!strip) return;
  const show = () => { strip.hidden = false; };
  const hide = () => { strip.hidden = true; };
  strip.querySelector("[data-network-close]").addEventListener("click", hide);
  document.addEventListener("htmx:sendError", show);
  document.addEventListener("htmx:timeout", show);
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) hide(); });
  // Errors that say where they belong (an ended session, busy books) are shown there, whatever their status.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
  });
  window.addEventListener("offline", show);
  window.addEventListener("online", hide);
  // An ordinary form is held back while the machine knows it has no network: sending would lose the page.
  document.addEventListener("submit", (event) => {
    if (navigator.onLine === false && event.target.method === "post") { event.preventDefault(); show(); }
  }, true);
}
