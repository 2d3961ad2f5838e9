/** How long to wait for something to be shown. */
const longestMs = 5000;

/**
 * Puts the focus on a row or button by its `data-item` once it is there: on the list that it is a row of, or on itself. Null
 * means the list of the area, whatever is in it. If the focus went elsewhere in the meantime, it stays there.
 */
export function focusWhenThere(document: Document, itemId: string | null): void {
  const area = document.getElementById('area');
  if (area === null) return;
  area.focus({ preventScroll: true });
  const selector = itemId === null ? '[role="listbox"][tabindex="0"]' : `[data-item="${CSS.escape(itemId)}"]`;
  const take = (): boolean => {
    if (document.activeElement !== area && document.activeElement !== document.body) return true;
    const found = area.querySelector<HTMLElement>(selector);
    if (found === null) return false;
    (found.closest<HTMLElement>('[role="listbox"]') ?? found).focus({ preventScroll: true });
    return true;
  };
  if (take()) return;
  const observer = new MutationObserver(() => {
    if (take()) stop();
  });
  const timer = setTimeout(() => observer.disconnect(), longestMs);
  const stop = () => {
    observer.disconnect();
    clearTimeout(timer);
  };
  observer.observe(area, { childList: true, subtree: true });
}
