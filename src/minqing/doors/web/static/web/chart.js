// Charts: drawn from the data that stands in the page, when one is near the window; the library is fetched then and
// never before the page. Its table tells the same: it folds up once there is a drawing, and stays where there is none.
"use strict";
(() => {
  const library = document.currentScript.dataset.library, root = document.documentElement;
  const PAPER = { width: 640, height: 230 };  // of a sheet in CSS pixels, drawn fine enough for a printer
  const figures = [];
  let fetched = null, printing = false;
  const fetch = () => fetched ??= new Promise((done, failed) => {
    document.head.append(Object.assign(document.createElement("script"), { src: library, onload: done, onerror: failed }));
  });

  const look = (figure) => {
    const style = getComputedStyle(figure);
    const colour = (name) => style.getPropertyValue(`--tblr-${name}`).trim();
    return { ink: colour("body-color"), soft: colour("secondary"), line: colour("border-color"), ground: colour("bg-surface"),
      full: colour("primary"), outline: colour("primary"), over: colour("orange"), family: style.fontFamily, size: printing ? 12 : 0.8125 * parseFloat(getComputedStyle(root).fontSize) };
  };
  const drawn = (one, paint) => {
    const colour = one.look === "line" ? paint.over : paint[one.look];
    if (one.look === "line") return { type: "line", symbol: "circle", symbolSize: 6, lineStyle: { color: colour, width: 2 }, itemStyle: { color: colour } };
    const item = one.look === "full" ? { color: colour } : { color: paint.ground, borderColor: colour, borderWidth: 1.5 };
    return { type: "bar", barGap: "10%", barMaxWidth: 22, itemStyle: item };
  };
  const option = (told, paint) => {
    const text = { color: paint.soft, fontFamily: paint.family, fontSize: paint.size };
    const marks = { type: "category", data: told.marks, axisLabel: { ...text, hideOverlap: true, ...(told.across ? { interval: 0, width: 110, overflow: "break", lineHeight: 1.3 * paint.size } : {}) }, axisLine: { lineStyle: { color: paint.soft } }, axisTick: { show: false }, inverse: told.across };
    const counts = { type: "value", min: 0, minInterval: told.unit ? 0 : 1, axisLabel: { ...text, formatter: `{value}${told.unit}`, hideOverlap: true }, splitLine: { lineStyle: { color: paint.line } } };
    return {
      animation: false,  // nothing moves, whoever asked for that or not
      textStyle: text,
      grid: { left: 4, right: 12, top: 12, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      xAxis: told.across ? counts : marks, yAxis: told.across ? marks : counts,
      series: told.series.map((one) => ({ name: one.title, data: one.counts.map((count) => (one.look === "line" ? count : count || null) ?? "-"), ...drawn(one, paint) })),
    };
  };

  const draw = (one) => {
    one.chart?.dispose();
    if (one.told.across) one.box.style.height = `${40 * one.told.marks.length + 40}px`;
    const sheet = { width: PAPER.width, height: one.told.across ? one.box.clientHeight : PAPER.height, devicePixelRatio: 3 };
    one.chart = window.echarts.init(one.box, null, printing ? sheet : {});
    one.chart.setOption(option(one.told, look(one.figure)));
    one.chart.getZr().on("click", (event) => tell(one, event));
    one.chart.getZr().on("mousemove", (event) => tell(one, event));
    one.figure.dataset.drawn = root.dataset.bsTheme;
  };
  const tell = (one, event) => {
    if (!one.chart.containPixel("grid", [event.offsetX, event.offsetY])) return;
    const place = one.chart.convertFromPixel("grid", [event.offsetX, event.offsetY])[one.told.across ? 1 : 0];
    const counts = one.told.series.map((each) => `${each.title} ${each.counts[place] ?? "—"}${each.counts[place] === null ? "" : one.told.unit}`);
    one.said.textContent = [one.told.marks[place], ...counts].join(" · ");
  };
  const show = async (one) => {
    try { await fetch(); } catch { return open(one); }
    if (one.chart) return;
    draw(one);
    new ResizeObserver(() => { if (!printing && one.box.clientWidth) one.chart.resize(); }).observe(one.box);
  };
  const open = (one) => { one.shown.hidden = true; one.details.open = true; };

  const near = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      show(figures.find((one) => one.figure === target));
    }
  }, { rootMargin: "300px" });
  const begin = () => { for (const one of figures) near.observe(one.figure); };

  for (const figure of document.querySelectorAll("[data-chart]")) {
    const told = document.getElementById(figure.dataset.chart), details = figure.querySelector("details");
    if (!told) continue;
    const one = { figure, details, told: JSON.parse(told.textContent), shown: figure.querySelector(".chart-shown"), box: figure.querySelector(".chart-box"), said: figure.querySelector(".chart-said") };
    one.shown.hidden = false;
    if (!("stays" in figure.dataset)) details.open = false;
    figures.push(one);
  }
  if (document.readyState === "complete") begin(); else window.addEventListener("load", begin);
  const again = () => { for (const one of figures) if (one.chart) draw(one); };
  new MutationObserver(again).observe(root, { attributes: true, attributeFilter: ["data-bs-theme", "class"] });
  // Paper: what was drawn is drawn finer and as wide as a sheet; what was not, is there as its table.
  window.addEventListener("beforeprint", () => {
    printing = true;
    for (const one of figures) if (!one.chart) open(one);
    again();
  });
  window.addEventListener("afterprint", () => {
    printing = false;
    for (const one of figures) if (!one.chart) { one.shown.hidden = false; one.details.open = "stays" in one.figure.dataset; }
    again();
  });
})();
