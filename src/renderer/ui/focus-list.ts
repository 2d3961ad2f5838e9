/** Moves the focus from a search field to the list of the area, or the first button of one whose rows have buttons (`data-list`), or to the area if it has none. */
export function focusList(field: HTMLElement): void {
  const area = field.closest<HTMLElement>('main');
  const list = area?.querySelector<HTMLElement>('[role="listbox"][tabindex="0"], [data-list] button') ?? area;
  list?.focus({ preventScroll: true });
}
