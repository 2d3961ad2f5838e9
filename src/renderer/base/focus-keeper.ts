/** Where the focus was, and where it can go if that is removed. */
interface Place {
  readonly element: HTMLElement;
  /** What contains it and can take the focus, the nearest first. */
  readonly homes: readonly HTMLElement[];
  /** The dialog, menu or list that it is in; null for the page itself. */
  readonly layer: Element | null;
  /** Where the focus was before that layer opened. */
  readonly opener: Place | null;
}

const layerSelector = '[data-portal] > *';
const homeSelector = '[data-focus-home], [role="dialog"]';

/** What takes the focus in a place with a list: the list, or what is shown instead of it. */
const listSelector = '[role="listbox"][tabindex="0"], [data-focus-first]';

/**
 * Keeps the keyboard somewhere. When the focused element is removed or disabled, the browser moves the focus to the body, and the next
 * key has no effect. The focus then goes to the nearest part around it (marked by
 * `data-focus-home`; by its list where the value is `list`), or to what opened the layer that has closed. A button that was disabled
 * during a call gets it back.
 */
export function keepFocus(page: Window): void {
  const { document } = page;
  let place: Place | null = null;
  let waiting: { readonly element: HTMLElement; readonly standIn: Element | null } | null = null;

  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    place = placeOf(target, place);
    if (waiting !== null && target !== waiting.standIn) waiting = null;
  });

  const settle = () => {
    if (waiting !== null && canTakeFocus(waiting.element) && document.activeElement === waiting.standIn) {
      const { element } = waiting;
      waiting = null;
      return element.focus({ preventScroll: true });
    }
    const isNowhere = document.activeElement === null || document.activeElement === document.body;
    if (place === null || !isNowhere || canTakeFocus(place.element)) return;
    const left = place.element;
    const target = nextPlace(place);
    if (target === null) return;
    target.focus({ preventScroll: true });
    if (left.isConnected) waiting = { element: left, standIn: document.activeElement };
  };

  new MutationObserver(settle).observe(document, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['disabled', 'inert'],
  });
}

function placeOf(element: HTMLElement, before: Place | null): Place {
  const layer = element.closest(layerSelector);
  return { element, homes: homesOf(element), layer, opener: layer === null ? null : openerOf(layer, before) };
}

/** A layer that was there before keeps its opener; a new one was opened from where the focus was. */
function openerOf(layer: Element, before: Place | null): Place | null {
  for (let known = before; known !== null; known = known.opener) if (known.layer === layer) return known.opener;
  return before;
}

function homesOf(element: HTMLElement): readonly HTMLElement[] {
  const homes: HTMLElement[] = [];
  for (let around = element.parentElement; around !== null; around = around.parentElement)
    if (around.matches(homeSelector)) homes.push(around);
  return homes;
}

function nextPlace({ homes, opener }: Place): HTMLElement | null {
  for (const home of homes) {
    if (!canTakeFocus(home)) continue;
    const list = home.dataset['focusHome'] === 'list' ? home.querySelector<HTMLElement>(listSelector) : null;
    return list !== null && canTakeFocus(list) ? list : home;
  }
  if (opener === null) return null;
  return canTakeFocus(opener.element) ? opener.element : nextPlace(opener);
}

function canTakeFocus(element: HTMLElement): boolean {
  return element.isConnected && !element.matches(':disabled') && element.closest('[inert]') === null && element.checkVisibility();
}
