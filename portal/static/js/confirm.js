// A link data-confirm="#id" opens the confirm section as a dialog; without JavaScript it leads to the section or page.
function openAsDialog(section) {
  const dialog = document.createElement("dialog");
  dialog.className = "confirm-dialog";
  dialog.setAttribute("aria-labelledby", `${section.id}-title`);
  const place = document.createComment("confirm");
  section.replaceWith(place);
  section.hidden = false;
  dialog.append(section);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    section.hidden = true;
    place.replaceWith(section);
    dialog.remove();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) { event.preventDefault(); dialog.close(); }
  });
  dialog.showModal();
}

export function bindConfirm(root) {
  for (const link of root.querySelectorAll("[data-confirm]:not([data-bound])")) {
    const section = document.querySelector(link.dataset.confirm);
    if (!section) continue;
    link.dataset.bound = "yes";
    if (!section.querySelector(".has-error")) section.hidden = true;
    link.addEventListener("click", (event) => { event.preventDefault(); openAsDialog(section); });
  }
}
