// A form of one line (data-enter-sends): Enter sends it from a drop-down, too, where browsers do nothing.
export function bindEnter(root) {
  for (const form of root.querySelectorAll("form[data-enter-sends]:not([data-enter-ready])")) {
    form.dataset.enterReady = "yes";
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.tagName !== "SELECT") return;
      event.preventDefault();
      form.requestSubmit();
    });
  }
}
