// The documentation page: reads /openapi.json of this gateway and draws one form per operation. No dependencies.

const keyInput = document.getElementById("key");
const nav = document.getElementById("nav");
const content = document.getElementById("content");

keyInput.value = sessionStorage.getItem("stargate-key") ?? "";
keyInput.form.addEventListener("submit", (event) => event.preventDefault());
keyInput.addEventListener("change", () => {
  sessionStorage.setItem("stargate-key", keyInput.value);
  void load();
});
await load();

async function load() {
  const response = await fetch("/openapi.json", { headers: authorization() });
  if (!response.ok) {
    content.replaceChildren(
      element(
        "p",
        { id: "status", role: "status" },
        response.status === 401
          ? "This gateway asks for an API key: enter it above."
          : `The description could not be read (${response.status}).`,
      ),
    );
    return;
  }
  draw(await response.json());
}

function authorization() {
  return keyInput.value === "" ? {} : { authorization: `Bearer ${keyInput.value}` };
}

function draw(api) {
  document.getElementById("version").textContent = api.info.version;
  const operations = Object.entries(api.paths).flatMap(([path, item]) =>
    ["post", "get"].filter((method) => item[method]).map((method) => ({ path, method, ...item[method] })),
  );
  nav.replaceChildren();
  content.replaceChildren(
    element("p", {}, api.info.description),
    element("p", { class: "muted" }, `${api.servers[0].url}`),
  );
  for (const tag of api.tags) {
    const tagged = operations.filter(({ tags }) => tags?.includes(tag.name));
    if (tagged.length === 0) continue;
    nav.append(
      element("h2", {}, tag.name),
      ...tagged.map((operation) =>
        element(
          "a",
          { href: `#${operation.operationId}` },
          `${operation.method.toUpperCase()} ${operation.path.replace("/v1/", "")}`,
        ),
      ),
    );
    content.append(
      element(
        "section",
        {},
        element("h2", {}, tag.name),
        element("p", { class: "muted" }, tag.description),
        ...tagged.map((operation) => card(api, operation)),
      ),
    );
  }
  if (location.hash !== "") document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

/** One operation: what it does, a form to try it, the curl line of what the form says, the answer. */
function card(api, operation) {
  const form = element("form", {});
  const fields = [];
  for (const parameter of operation.parameters ?? []) fields.push(parameterField(form, parameter));
  const body = operation.requestBody === undefined ? undefined : bodyField(form, operation.requestBody.content);
  const accept = acceptField(form, operation.responses["200"]?.content ?? {});
  const button = element("button", { type: "submit" }, "Send");
  form.append(element("div", { class: "wide" }, button));
  const command = element("pre", {});
  const copy = element("button", { type: "button", class: "quiet" }, "Copy");
  copy.addEventListener("click", () => void navigator.clipboard?.writeText(command.textContent));
  const result = element("div", { class: "result", "aria-live": "polite" });
  const describe = () => requestOf(api, operation, fields, body, accept);
  const refresh = () => (command.textContent = curlLine(describe()));
  form.addEventListener("input", refresh);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    button.disabled = true;
    void send(describe(), result).finally(() => (button.disabled = false));
  });
  refresh();
  const heading = element(
    "h3",
    {},
    element("span", { class: `method ${operation.method}` }, operation.method.toUpperCase()),
    operation.path,
  );
  const curl = element("div", { class: "curl" }, element("span", { class: "muted" }, "On the command line"), copy);
  return element(
    "article",
    { id: operation.operationId },
    heading,
    element("p", {}, operation.summary),
    operation.description ? element("p", { class: "muted" }, ...prose(operation.description)) : "",
    form,
    curl,
    command,
    result,
  );
}

function parameterField(form, parameter) {
  const id = `field-${crypto.randomUUID?.() ?? Math.random()}`;
  const options = parameter.schema?.enum;
  const input =
    options === undefined
      ? element("input", { id })
      : element(
          "select",
          { id },
          element("option", { value: "" }, ""),
          ...options.map((option) => element("option", { value: option }, option)),
        );
  input.title = parameter.description ?? "";
  form.append(
    element(
      "label",
      { for: id },
      parameter.name,
      parameter.required ? element("span", { class: "required", title: "required" }, " *") : "",
    ),
    input,
  );
  return { ...parameter, input };
}

/** Inputs: a file or a text for each. */
function bodyField(form, content) {
  const properties = Object.keys(content["multipart/form-data"]?.schema?.properties ?? {});
  const names = properties.length > 0 ? properties : ["input"];
  const inputs = names.map((name) => {
    const file = element("input", { type: "file", "aria-label": `${name} as a file` });
    const text = element("textarea", { placeholder: "… or text", "aria-label": `${name} as text` });
    file.addEventListener("change", () => (text.value = ""));
    form.append(element("label", {}, name), element("div", {}, file, text));
    return { name, file, text };
  });
  return { inputs, single: names.length === 1 && properties[0] !== "pipeline" };
}

function acceptField(form, content) {
  const types = Object.keys(content);
  if (types.length < 2) return undefined;
  const select = element(
    "select",
    { "aria-label": "Accept" },
    ...types.map((type) => element("option", { value: type }, type === "*/*" ? "default" : type)),
  );
  form.append(element("label", {}, "Accept"), select);
  return select;
}

/** What the form says, as a request. */
function requestOf(api, operation, fields, body, accept) {
  let path = operation.path;
  const query = new URLSearchParams();
  const headers = { ...authorization() };
  for (const { name, in: place, input } of fields) {
    if (input.value === "" && place !== "path") continue;
    if (place === "query") query.set(name, input.value);
    if (place === "header") headers[name] = input.value;
    if (place === "path")
      path = path.replace(`{${name}}`, encodeURIComponent(input.value === "" ? `{${name}}` : input.value));
  }
  if (accept !== undefined && accept.value !== "*/*") headers.accept = accept.value;
  const url = `${path}${query.size === 0 ? "" : `?${query}`}`;
  return { method: operation.method.toUpperCase(), server: api.servers[0].url, url, headers, body };
}

function curlLine({ method, server, url, headers, body }) {
  const parts = ["curl"];
  if (method === "POST" && body === undefined) parts.push("-X POST");
  for (const [name, value] of Object.entries(headers))
    parts.push(`-H ${quote(`${name}: ${name === "authorization" ? "Bearer $STARGATE_KEY" : value}`)}`);
  for (const { name, file, text } of body?.inputs ?? []) {
    const filename = file.files[0]?.name;
    if (!body.single) parts.push(`-F ${quote(`${name}=${filename === undefined ? text.value : `@${filename}`}`)}`);
    else if (filename !== undefined || text.value === "") parts.push(`--data-binary @${quote(filename ?? "FILE")}`);
    else parts.push(`-H 'content-type: text/plain' --data-binary ${quote(text.value)}`);
  }
  return [...parts, quote(`${server}${url}`)].join(" ");
}

function quote(text) {
  if (text.includes("$STARGATE_KEY")) return `"${text}"`;
  return /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

async function send({ method, url, headers, body }, result) {
  result.className = "result";
  result.replaceChildren(element("p", { class: "muted" }, "Working …"));
  try {
    const started = performance.now();
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...bodyHeaders(body) },
      ...(body === undefined ? {} : { body: bodyOf(body) }),
    });
    await showAnswer(response, performance.now() - started, result);
  } catch (error) {
    result.classList.add("failed");
    result.replaceChildren(element("pre", {}, String(error)));
  }
}

function bodyHeaders(body) {
  const [input] = body?.inputs ?? [];
  if (body?.single !== true) return {};
  return {
    "content-type": input.file.files[0]?.type || (input.file.files[0] ? "application/octet-stream" : "text/plain"),
  };
}

function bodyOf({ inputs, single }) {
  if (single) return inputs[0].file.files[0] ?? inputs[0].text.value;
  const form = new FormData();
  for (const { name, file, text } of inputs) form.append(name, file.files[0] ?? text.value);
  return form;
}

async function showAnswer(response, ms, result) {
  result.classList.toggle("failed", !response.ok);
  const shown = [...response.headers]
    .filter(([name]) => /^(content-type|stargate-|server-timing|x-request-id)/.test(name))
    .map(([name, value]) => `${name}: ${value}`);
  const head = element(
    "pre",
    {},
    `${response.status} ${response.statusText} in ${Math.round(ms)} ms\n${shown.join("\n")}`,
  );
  const type = response.headers.get("content-type") ?? "";
  const blob = await response.blob();
  if (/json/.test(type)) return result.replaceChildren(head, element("pre", {}, pretty(await blob.text())));
  if (type.startsWith("text/")) return result.replaceChildren(head, element("pre", {}, await blob.text()));
  const link = element(
    "a",
    { href: URL.createObjectURL(blob), download: "answer" },
    `Save the answer (${blob.size} bytes, ${type})`,
  );
  result.replaceChildren(head, link);
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text; // not JSON after all: shown as it came
  }
}

/** Text with `code` in it. */
function prose(text) {
  return text.split("`").map((part, index) => (index % 2 === 0 ? part : element("code", {}, part)));
}

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
