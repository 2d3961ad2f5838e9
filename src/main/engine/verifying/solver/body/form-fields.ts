/** A name and its value, decoded. */
export type FormField = readonly [string, string];

/** The fields of a form, decoded; null for a text that is not a form, or that cannot be decoded. */
export function fieldsOf(text: string): readonly FormField[] | null {
  if (!isForm(text)) return null;
  try {
    return text.split('&').map((field): FormField => {
      const split = field.indexOf('=');
      return split === -1 ? [decoded(field), ''] : [decoded(field.slice(0, split)), decoded(field.slice(split + 1))];
    });
  } catch {
    return null;
  }
}

/** Whether a text begins as a form does. */
export function isForm(text: string): boolean {
  return /^[^\s{[<"][^\s<"]*=/.test(text.slice(0, 2000));
}

function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  // A percent sign that does not begin an escape is literal.
  return decodeURIComponent(spaced.replace(/%(?![0-9A-Fa-f]{2})/g, '%25'));
}
