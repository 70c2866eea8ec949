// Shows the OpenAPI document of this server, and sends requests as its reader writes them.
"use strict";

const byId = (id) => document.getElementById(id);

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function authorization() {
  const token = byId("token").value.trim();
  if (token) return `Bearer ${token}`;
  const name = byId("name").value;
  if (!name) return null;
  const octets = new TextEncoder().encode(`${name}:${byId("password").value}`);
  return `Basic ${btoa(String.fromCharCode(...octets))}`;
}

function resolve(api, schema) {
  return schema?.$ref ? api.components.schemas[schema.$ref.split("/").pop()] : schema;
}

function keysOf(api, schema) {
  const known = resolve(api, schema);
  const rows = Object.entries(known?.properties ?? {}).map(([name, property]) => {
    const required = known.required?.includes(name) ? " (required)" : "";
    return element("tr", {}, element("td", {}, element("code", {}, name), required),
      element("td", {}, property.description ?? resolve(api, property)?.description ?? ""));
  });
  return rows.length ? element("table", {}, ...rows) : "";
}

async function send(method, path, fields, body, out) {
  const query = new URLSearchParams();
  const headers = {};
  for (const { parameter, input } of fields) {
    if (!input.value) continue;
    if (parameter.in === "query") query.append(parameter.name, input.value);
    if (parameter.in === "header") headers[parameter.name] = input.value;
  }
  const who = authorization();
  if (who) headers.Authorization = who;
  if (body) headers["Content-Type"] = "application/json";
  const url = query.size ? `${path}?${query}` : path;
  out.textContent = "…";
  try {
    const response = await fetch(url, { method: method.toUpperCase(), headers, body: body?.value, credentials: "omit" });
    const tag = response.headers.get("ETag");
    const head = `${response.status} ${response.statusText}${tag ? `\nETag: ${tag}` : ""}`;
    out.textContent = `${head}\n\n${await response.text()}`;
  } catch (error) {
    out.textContent = String(error);
  }
}

function show(api, path, method, operation) {
  const fields = (operation.parameters ?? []).map((parameter) => {
    const choices = resolve(api, parameter.schema?.oneOf?.find((one) => one.$ref) ?? parameter.schema)?.enum;
    const input = choices
      ? element("select", {}, ...["", ...choices].map((choice) => element("option", {}, choice)))
      : element("input", {});
    return { parameter, input };
  });
  const schema = resolve(api, operation.requestBody?.content?.["application/json"]?.schema);
  const body = schema ? element("textarea", { value: JSON.stringify(schema.examples?.[0] ?? {}, null, 2) }) : null;
  const out = element("pre", { hidden: true });
  const go = element("button", { type: "button" }, "Send");
  go.addEventListener("click", () => {
    out.hidden = false;
    send(method, path, fields, body, out);
  });
  const inputs = fields.map(({ parameter, input }) => {
    input.title = parameter.description ?? "";
    return element("label", {}, `${parameter.name}${parameter.required ? " *" : ""}`, input);
  });
  const answers = Object.entries(operation.responses).sort().map(([status, response]) =>
    element("tr", {}, element("td", {}, element("code", {}, status)), element("td", {}, response.description)));
  return element("details", {},
    element("summary", {}, element("span", { className: `method ${method}` }, method.toUpperCase()),
      element("code", {}, path), ` ${operation.summary ?? ""}`),
    element("div", {},
      element("p", {}, operation.description ?? ""),
      element("h3", {}, "Parameters"), element("div", { className: "fields" }, ...inputs),
      ...(body ? [element("h3", {}, "Body"), keysOf(api, schema), body] : []),
      element("p", {}, go), out,
      element("h3", {}, "Answers"), element("table", {}, ...answers)));
}

async function main() {
  const api = await (await fetch("/openapi.json")).json();
  byId("title").textContent = `${api.info.title} ${api.info.version}`;
  byId("description").textContent = api.info.description ?? "";
  const operations = byId("operations");
  operations.replaceChildren();
  for (const tag of api.tags ?? []) {
    operations.append(element("h2", {}, tag.name), element("p", {}, tag.description ?? ""));
    for (const [path, item] of Object.entries(api.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        if (operation.tags?.includes(tag.name)) operations.append(show(api, path, method, operation));
      }
    }
  }
}

byId("sign-in").addEventListener("submit", (event) => event.preventDefault());
main();
