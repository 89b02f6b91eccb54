// Changing the language of an article keeps the place: its parts have the same ids in both languages.
"use strict";

function placeInView() {
  const parts = document.querySelectorAll("#article [id]");
  let place = "";
  for (const part of parts) {
    if (part.getBoundingClientRect().top > window.innerHeight / 3) break;
    place = "#" + part.id;
  }
  return place;
}

for (const link of document.querySelectorAll("a[data-keep-place]")) {
  link.addEventListener("click", () => { link.hash = placeInView(); });
}
for (const form of document.querySelectorAll("form.language-switch")) {
  form.addEventListener("submit", () => {
    const next = form.elements.namedItem("next");
    next.value = next.value.split("#")[0] + placeInView();
  });
}
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
