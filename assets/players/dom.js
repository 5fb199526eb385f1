// Making HTML and SVG nodes. Text goes in as text, never as markup.

/** element("button", {class: "u-x", "aria-label": "..."}, child, "text"). */
export function element(tag, attributes = {}, ...children) {
  return fillNode(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svgElement(tag, attributes = {}, ...children) {
  return fillNode(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fillNode(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}

/** A <select> with a label in front; values are [value, label] pairs. */
export function labelledSelect(label, values, onChange) {
  const select = element("select", { class: "u-select" });
  for (const [value, name] of values) {
    select.append(element("option", { value }, name));
  }
  select.addEventListener("change", () => onChange(select.value));
  const field = element("label", { class: "u-field" }, element("span", {}, label), select);
  return { field, select };
}
