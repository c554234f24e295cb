/* global L */
const element = (id) => document.getElementById(id);
const [keyInput, watchSelect, timeInput, list, status] = ["key", "watch", "time", "alerts", "status"].map(element);
const style = getComputedStyle(document.documentElement);
const color = (name) => style.getPropertyValue(`--${name}`).trim();

/** Values of the first and the last colour, by index. */
const ranges = { ndvi: [0, 0.9], ndmi: [-0.4, 0.6], mndwi: [-0.6, 0.6], nbr: [-0.3, 0.8], ndsi: [-0.4, 0.9] };

const map = L.map("map", { zoomSnap: 0.25 });
map.attributionControl.setPrefix("");
L.control.scale({ imperial: false }).addTo(map);
map.setView([0, 0], 2);
let watch;
let alerts = [];
let area;
let outlines;
let picture;

keyInput.value = sessionStorage.getItem("stargate-key") ?? "";
keyInput.form.addEventListener("submit", (event) => event.preventDefault());
keyInput.addEventListener("change", () => {
  sessionStorage.setItem("stargate-key", keyInput.value);
  void start();
});
watchSelect.addEventListener("change", () => void open(watchSelect.value));
timeInput.addEventListener("input", showDate);
element("whole").addEventListener("click", showArea);
element("back").addEventListener("click", () => step(-1));
element("on").addEventListener("click", () => step(1));
for (const link of document.querySelectorAll(".downloads a"))
  link.addEventListener("click", (event) => void save(event, link));

const authorization = () => (keyInput.value === "" ? {} : { authorization: `Bearer ${keyInput.value}` });

async function ask(path, init = {}) {
  const response = await fetch(path, { ...init, headers: { ...authorization(), ...init.headers } });
  if (response.ok) return response;
  if (response.status === 401) throw new Error("This gateway asks for an API key: enter it above.");
  const problem = await response.json().catch(() => ({}));
  throw new Error(problem.detail ?? `The gateway answered ${response.status}.`);
}

/** Pictures with the key in a header, which an <img> cannot send. */
const Picture = L.GridLayer.extend({
  createTile({ x, y, z }, done) {
    const tile = document.createElement("img");
    tile.alt = "";
    const query = new URLSearchParams({ watch: watch.name, scene: this.options.scene, rescale: this.options.rescale });
    ask(`/v1/tiles/${z}/${x}/${y}.png?${query}`)
      .then((response) => response.blob())
      .then((blob) => {
        tile.src = URL.createObjectURL(blob);
        tile.onload = () => (URL.revokeObjectURL(tile.src), done(null, tile));
      })
      .catch((error) => done(error, tile));
    return tile;
  },
});

async function start() {
  try {
    const { watches } = await (await ask("/v1/watches")).json();
    watchSelect.replaceChildren(...watches.map(({ name }) => new Option(name, name)));
    if (watches.length === 0) return say("Nothing is watched here yet: add `watches` to the configuration.");
    const wanted = decodeURIComponent(location.hash.slice(1));
    watchSelect.value = watches.some(({ name }) => name === wanted) ? wanted : watches[0].name;
    await open(watchSelect.value);
  } catch (error) {
    say(error.message);
  }
}

async function open(name) {
  location.hash = encodeURIComponent(name);
  say("Loading …");
  try {
    const path = `/v1/watches/${encodeURIComponent(name)}`;
    const [shown, found] = await Promise.all([
      ask(path),
      ask(`${path}/alerts`, { headers: { accept: "application/geo+json" } }),
    ]);
    watch = await shown.json();
    alerts = (await found.json()).features.toSorted((a, b) =>
      a.properties.firstSeen < b.properties.firstSeen ? 1 : -1,
    );
  } catch (error) {
    return say(error.message);
  }
  area?.remove();
  area = L.geoJSON(watch.area, { style: { color: color("accent"), weight: 2, fill: false, dashArray: "6 4" } }).addTo(
    map,
  );
  showArea();
  timeInput.max = Math.max(0, watch.scenes.length - 1);
  timeInput.value = timeInput.max;
  summarise();
  list.replaceChildren(...alerts.map(entryOf));
  showDate();
}

function summarise() {
  const counted = alerts.filter((alert) => alert.properties.current && !isRejected(alert));
  const rejected = alerts.filter(isRejected).length;
  const hectares = counted.reduce((sum, { properties }) => sum + properties.areaHectares, 0);
  const [unread] = watch.problems;
  say(
    `${watch.scenes.length} scenes, ${counted.length} ${counted.length === 1 ? "alert" : "alerts"}, ${hectares.toFixed(1)} ha` +
      (rejected === 0 ? "" : `; ${rejected} rejected`) +
      (watch.judgedShare === null || watch.judgedShare >= 0.9
        ? ""
        : `; only ${Math.floor(100 * watch.judgedShare)} % of the area could be judged`) +
      (unread === undefined
        ? ""
        : `; ${watch.problems.length} scenes could not be read, the first: ${unread.message}`) +
      (watch.problem === null ? "" : `. The last round failed: ${watch.problem.message}`),
  );
}

const isRejected = ({ properties }) => properties.verified?.verdict === "rejected";

const dateNow = () => watch.scenes[Number(timeInput.value)]?.acquiredAt?.slice(0, 10) ?? "";

function showArea() {
  if (area !== undefined) map.fitBounds(area.getBounds(), { padding: [24, 24] });
}

function step(by) {
  timeInput.value = Number(timeInput.value) + by;
  showDate();
}

function showDate() {
  const scene = watch.scenes[Number(timeInput.value)];
  const date = dateNow();
  const [from, to] = ranges[watch.index] ?? [-1, 1];
  element("date").value = date;
  element("range").textContent = `${watch.index ?? ""} ${from} to ${to}`;
  picture?.remove();
  if (scene !== undefined) {
    const bounds = L.latLngBounds([watch.bounds[1], watch.bounds[0]], [watch.bounds[3], watch.bounds[2]]);
    picture = new Picture({ scene: scene.id, rescale: `${from},${to}`, bounds, maxZoom: 20 }).addTo(map);
  }
  outlines?.remove();
  outlines = L.geoJSON(
    alerts.filter(({ properties }) => properties.firstSeen <= date),
    {
      style: (alert) => ({ color: markOf(alert), weight: 3, fillOpacity: 0.08 }),
      onEachFeature: (alert, layer) => layer.on("click", () => show(alert)),
    },
  ).addTo(map);
  for (const item of list.children) item.classList.toggle("later", item.dataset.firstSeen > date);
}

function markOf(alert) {
  const { confidence, current } = alert.properties;
  return color(isRejected(alert) || !current ? "rejected" : confidence);
}

function show(alert) {
  const item = [...list.children].find(({ dataset }) => dataset.id === alert.id);
  item?.scrollIntoView({ behavior: "smooth", block: "nearest" });
  item?.querySelector("details").setAttribute("open", "");
  if (alert.properties.firstSeen > dateNow()) {
    timeInput.value = timeInput.max;
    showDate();
  }
  map.fitBounds(L.geoJSON(alert).getBounds(), { padding: [80, 80], maxZoom: 17 });
}

function node(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function entryOf(alert) {
  const { properties } = alert;
  const item = node("li");
  Object.assign(item.dataset, { id: alert.id, firstSeen: properties.firstSeen });
  item.style.setProperty("--mark", markOf(alert));
  const head = node(
    "button",
    { type: "button", className: "head" },
    node("span", { textContent: properties.firstSeen }),
    node("span", { textContent: `${properties.areaHectares.toFixed(1)} ha` }),
  );
  head.addEventListener("click", () => show(alert));
  const facts = [
    properties.confirmed === null ? "not confirmed yet" : `confirmed ${properties.confirmed}`,
    `${properties.clearObservations} clear observations`,
    `seen by ${properties.sources.map(({ detector }) => detector).join(" and ")}`,
    ...(properties.current ? [] : ["not seen any more"]),
  ];
  const details = node(
    "details",
    {},
    node("summary", { textContent: "Evidence and verdict" }),
    chartOf(properties),
    node("p", { className: "caption", textContent: captionOf(properties) }),
    verdictForm(alert),
  );
  if (properties.chip !== null)
    details.addEventListener("toggle", () => void showChip(properties.chip, details), { once: true });
  item.append(head, node("p", { textContent: facts.join(" · ") }), verdictOf(properties), details);
  return item;
}

/** Before and after; fetched when somebody looks, because an <img> cannot send a key. */
async function showChip(chip, details) {
  try {
    const picture = node("img", { className: "chip", alt: "The place before and after" });
    picture.src = URL.createObjectURL(await (await ask(chip)).blob());
    details.insertBefore(picture, details.querySelector("form"));
  } catch (error) {
    say(error.message);
  }
}

const verdictOf = ({ verified }) =>
  node("p", {
    textContent:
      verified === null ? "" : `${verified.verdict} by ${verified.by}${verified.note ? `: ${verified.note}` : ""}`,
  });

/** The index over time, and the day it changed. */
function chartOf({ evidence, firstSeen }) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 100 100");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "The index over time");
  if (evidence.length < 2) return svg;
  const times = evidence.map(({ date }) => Date.parse(date));
  const values = evidence.map(({ mean }) => mean);
  const [first, last, low, high] = [times[0], times.at(-1), Math.min(...values), Math.max(...values)];
  const x = (time) => ((time - first) / (last - first)) * 100;
  const y = (value) => 95 - ((value - low) / (high - low || 1)) * 90;
  const line = document.createElementNS(svg.namespaceURI, "polyline");
  line.setAttribute("points", evidence.map(({ mean }, index) => `${x(times[index])},${y(mean)}`).join(" "));
  const change = document.createElementNS(svg.namespaceURI, "line");
  for (const [name, value] of Object.entries({
    x1: x(Date.parse(firstSeen)),
    x2: x(Date.parse(firstSeen)),
    y1: 0,
    y2: 100,
  }))
    change.setAttribute(name, value);
  svg.append(line, change);
  return svg;
}

function captionOf({ evidence }) {
  if (evidence.length < 2) return "";
  const values = evidence.map(({ mean }) => mean);
  const range = `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`;
  return `${watch.index ?? "index"} ${range}, ${evidence[0].date} to ${evidence.at(-1).date}`;
}

function verdictForm(alert) {
  const by = node("input", {
    placeholder: "Your name",
    required: true,
    value: sessionStorage.getItem("stargate-name") ?? "",
  });
  const note = node("input", { placeholder: "What you saw" });
  const form = node("form", {}, by, note);
  for (const verdict of ["confirmed", "rejected", "unclear"])
    form.append(node("button", { type: "submit", value: verdict, textContent: verdict }));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    sessionStorage.setItem("stargate-name", by.value);
    const body = { by: by.value, verdict: event.submitter.value, ...(note.value !== "" && { note: note.value }) };
    try {
      await ask(`/v1/watches/${encodeURIComponent(watch.name)}/alerts/${encodeURIComponent(alert.id)}/verification`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      alert.properties.verified = body;
      const old = [...list.children].find(({ dataset }) => dataset.id === alert.id);
      old.replaceWith(entryOf(alert));
      summarise();
      showDate();
    } catch (error) {
      say(error.message);
    }
  });
  return form;
}

async function save(event, { dataset: { type, name, path = "alerts" } }) {
  event.preventDefault();
  try {
    const response = await ask(`/v1/watches/${encodeURIComponent(watch.name)}/${path}`, { headers: { accept: type } });
    const href = URL.createObjectURL(await response.blob());
    node("a", { href, download: `${watch.name}-${name}` }).click();
    URL.revokeObjectURL(href);
  } catch (error) {
    say(error.message);
  }
}

function say(text) {
  status.textContent = text;
}

await start();
