/**
 * Texts of the page that are cut off sideways and can neither be scrolled to nor read whole on hover, each with where it
 * stands. It runs in the page, so it uses nothing from outside itself.
 */
export function clippedTexts(): readonly string[] {
  const tolerancePx = 1;

  // Without its bar nobody sees that there is more to scroll to.
  const canScroll = (style: CSSStyleDeclaration) => ['auto', 'scroll'].includes(style.overflowX) && style.scrollbarWidth !== 'none';
  const cuts = (style: CSSStyleDeclaration) => style.overflowX !== 'visible' && !canScroll(style);
  const hasWholeText = (element: Element) => element.closest('[title], button[aria-label], a[aria-label], [role="note"]') !== null;
  const isHidden = (element: Element) =>
    !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) ||
    element.closest('.visually-hidden, [inert], .monaco-editor, svg') !== null;
  const nameOf = (element: Element) =>
    `${element.tagName.toLowerCase()}${element.className === '' ? '' : `.${String(element.className).replaceAll(' ', '.')}`}`;

  /** The side on which a box of text is cut by something around it, or null. */
  const cutBy = (element: Element, box: DOMRect): string | null => {
    for (let around: Element | null = element; around !== null; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (canScroll(style)) return null;
      const edge = around.getBoundingClientRect();
      if (cuts(style) && edge.width > 2 && (box.right > edge.right + tolerancePx || box.left < edge.left - tolerancePx)) {
        const isShownOnHover = style.textOverflow === 'ellipsis' && hasWholeText(around);
        return isShownOnHover ? null : nameOf(around);
      }
      if (style.position === 'fixed') break;
    }
    return box.right > window.innerWidth + tolerancePx || box.left < -tolerancePx ? 'the window' : null;
  };

  const found: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent?.trim() ?? '';
    if (element === null || text === '' || isHidden(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const by = cutBy(element, range.getBoundingClientRect());
    if (by !== null) found.push(`"${text.slice(0, 60)}" is cut by ${by}`);
  }
  for (const input of document.querySelectorAll('input')) {
    const isChoice = input.getAttribute('aria-haspopup') === 'listbox';
    if (isChoice && !isHidden(input) && input.title === '' && input.scrollWidth > input.clientWidth + tolerancePx)
      found.push(`"${input.value}" is cut by its field ${input.getAttribute('aria-label') ?? ''}`);
  }
  return found;
}
