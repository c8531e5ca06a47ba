// The map of places: points and the lines to what they lie in, drawn here; nothing is fetched from outside. Everything
// on it stands in the table below, which is what the keyboard goes through.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const frame = document.getElementById("map-frame"), told = document.getElementById("points");
  if (!frame || !told || !window.L) return;
  frame.hidden = false;
  const box = document.getElementById("map"), points = JSON.parse(told.textContent);
  const map = L.map(box, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, keyboard: false, dragging: !L.Browser.mobile, zoomSnap: 0.25, maxZoom: 17 });
  L.control.zoom({ zoomInTitle: box.dataset.nearer, zoomOutTitle: box.dataset.farther }).addTo(map);
  const where = new Map(points.map((one) => [one.code, one.at]));
  for (const one of points) {
    if (one.up) L.polyline([where.get(one.up), one.at], { className: "place-way", interactive: false }).addTo(map);
  }
  const sizes = { city: 10, county: 10, town: 8, village: 6, grid: 4 };
  const named = points.filter((one) => one.level !== "grid").length <= 40;
  for (const one of points) {
    const label = document.createElement("span");
    label.textContent = one.said ? `${one.name} · ${one.said}` : one.name;
    const drawn = L.circleMarker(one.at, { radius: sizes[one.level] || 4, className: `place place-${one.level}${one.closed ? " place-closed" : ""}` });
    const always = named && one.level !== "grid";
    if (always) label.textContent = one.name;
    drawn.bindTooltip(label, { permanent: always, direction: "right", className: "place-name" }).addTo(map);
    drawn.on("click", () => {
      const row = document.getElementById(`p-${one.code}`);
      row.scrollIntoView({ block: "center" });
      row.focus();
    });
  }
  const room = [points.length < 40 ? 96 : 0, 0];  // for names, which stand right of their points
  const fit = () => map.fitBounds(L.latLngBounds(points.map((one) => one.at)).pad(0.15), { animate: false, maxZoom: 14, paddingBottomRight: room });
  fit();
  map.on("resize", fit);
});
