/** The little that the page needs to build and keep elements. */

type Child = Node | string | undefined | false;

/** An attribute that is `undefined` is left out; all text is text, never markup. */
export function element(
  tag: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(name, value);
  for (const child of children) if (child !== undefined && child !== false) made.append(child);
  return made;
}

/** @throws {Error} when the page has no such element */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

/** Touches the page only when something changed: selections, focus and screen readers are left in peace. */
export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

const shown = new WeakMap<Element, string>();

/** Builds the content anew only when what it is made of has changed; what was unfolded (`data-fold`) stays so. */
export function show(parent: Element, facts: unknown, build: () => readonly Child[]): void {
  const key = JSON.stringify(facts);
  if (shown.get(parent) === key) return;
  shown.set(parent, key);
  const focused = parent.contains(document.activeElement) ? document.activeElement?.getAttribute('data-focus') : null;
  const opened = new Set([...parent.querySelectorAll('details[open]')].map((one) => one.getAttribute('data-fold')));
  parent.replaceChildren(...build().filter((child) => child !== undefined && child !== false));
  for (const one of parent.querySelectorAll('details')) if (opened.has(one.getAttribute('data-fold'))) one.open = true;
  if (focused) parent.querySelector<HTMLElement>(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}
