/** Moves the focus from a search field to the list of the area, or to the area if it has none. */
export function focusList(field: HTMLElement): void {
  const area = field.closest<HTMLElement>('main');
  const list = area?.querySelector<HTMLElement>('[role="listbox"][tabindex="0"]') ?? area;
  list?.focus({ preventScroll: true });
}
