/** Leaves a search field for what it searches: the list of the area, or the area where it has none. */
export function focusList(field: HTMLElement): void {
  const area = field.closest<HTMLElement>('main');
  const list = area?.querySelector<HTMLElement>('[role="listbox"][tabindex="0"]') ?? area;
  list?.focus({ preventScroll: true });
}
