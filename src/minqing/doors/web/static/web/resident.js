// Pages of residents: the own position, smaller photos, sent once, the link of a receipt, print. All of it is extra.
"use strict";
(() => {
  const longest = 2000; // pixels of a photo's longer side: enough to read a house number

  const focus = document.querySelector("[data-focus]");
  if (focus) focus.focus();

  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
      const said = form.querySelector("[data-sending]");
      if (said) { said.setAttribute("aria-disabled", "true"); said.querySelector("span").textContent = said.dataset.sending; }
    });
  }
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  const print = document.querySelector("[data-print]");
  if (print) { print.hidden = false; print.addEventListener("click", () => window.print()); }

  const position = document.querySelector("[data-position]");
  if (position && navigator.geolocation && isSecureContext) {
    const form = position.closest("form"), said = position.querySelector("[data-said]");
    const here = position.querySelector("[data-here]"), away = position.querySelector("[data-away]");
    const put = (lat, lon, words) => {
      form.elements.lat.value = lat; form.elements.lon.value = lon;
      said.textContent = words; away.hidden = lat === "";
    };
    position.hidden = false;
    if (form.elements.lat.value) put(form.elements.lat.value, form.elements.lon.value, said.dataset.kept);
    here.addEventListener("click", () => {
      said.textContent = said.dataset.asking;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => put(coords.latitude.toFixed(6), coords.longitude.toFixed(6), said.dataset.found.replace("#", Math.ceil(coords.accuracy))),
        () => put("", "", said.dataset.failed),
        { enableHighAccuracy: true, timeout: 15000 },
      );
    });
    away.addEventListener("click", () => { put("", "", ""); here.focus(); });
  }

  const smaller = async (file) => {
    if (!file.type.startsWith("image/") || file.size < 600000) return file;
    try {
      const drawn = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, longest / Math.max(drawn.width, drawn.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(drawn.width * scale); canvas.height = Math.round(drawn.height * scale);
      canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
      const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return made && made.size < file.size ? new File([made], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
    } catch { return file; } // a picture this browser cannot draw goes as it is: the server says what is taken
  };
  for (const input of document.querySelectorAll("[data-shrink]")) {
    input.addEventListener("change", async () => {
      const taken = new DataTransfer();
      for (const file of await Promise.all([...input.files].map(smaller))) taken.items.add(file);
      input.files = taken.files;
    });
  }

  const held = document.querySelector("form:not([data-link]) > input[name=secret]"); // a matter is open: the other tongue shows it too
  if (held) for (const next of document.querySelectorAll("header input[name=next]")) {
    next.value = `/follow#${held.form.elements.code.value}.${held.value}`;
  }

  const link = document.querySelector("[data-link]");
  const told = /^#([0-9A-Za-z-]{8,12})\.([0-9A-Za-z-]{10,14})$/.exec(location.hash);
  if (link && told) {
    history.replaceState(null, "", location.pathname); // what the link held stands in no history and goes to no server
    link.elements.code.value = told[1];
    link.elements.secret.value = told[2];
    link.requestSubmit();
  }
})();
