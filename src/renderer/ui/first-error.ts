import { useEffect, useRef, type RefObject } from 'react';

const wrongSelector = '[aria-invalid="true"], .mantine-InputWrapper-error, [data-field-error]';
const fieldSelector = ':is(input:not([type="hidden"]), textarea, select, button):enabled, [role="textbox"]';

/** Leads to the first field below `root` that is marked as wrong: it is scrolled into view and focused. Returns whether there is one. */
export function focusFirstError(root: HTMLElement | null): boolean {
  const marked = root?.querySelector<HTMLElement>(wrongSelector) ?? null;
  if (marked === null) return false;
  const around = marked.closest<HTMLElement>('.mantine-InputWrapper-root, [data-field-error]');
  return focusField(marked.matches(fieldSelector) ? marked : around);
}

/** Scrolls a field, or the first one below `place`, into view and focuses it. Returns whether there is one. */
export function focusField(place: HTMLElement | null): boolean {
  const field = place?.matches(fieldSelector) === true ? place : (place?.querySelector<HTMLElement>(fieldSelector) ?? null);
  if (field === null) return false;
  field.scrollIntoView({ block: 'center' });
  field.focus({ preventScroll: true });
  return true;
}

/** A form that goes to its first wrong field each time saving fails; `failures` counts those times. */
export function useFirstError<Form extends HTMLElement>(failures: number): RefObject<Form | null> {
  const form = useRef<Form>(null);
  useEffect(() => {
    if (failures > 0) focusFirstError(form.current);
  }, [failures]);
  return form;
}
