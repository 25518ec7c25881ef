// "Sao chép": copies data-copy and says so in the button's own place.
export function bindCopy(root) {
  for (const button of root.querySelectorAll("[data-copy]:not([data-ready])")) {
    button.dataset.ready = "yes";
    const word = button.querySelector("span");
    const before = word.textContent;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        word.textContent = button.dataset.done;
      } catch {
        word.textContent = "Chưa chép được";
      }
      setTimeout(() => { word.textContent = before; }, 2500);
    });
  }
}
