/** Grammar of a success rule: `2xx`, a status, a range, or several of them with commas. */
export const successRulePattern = /^\s*([1-5]xx|[1-5]\d\d(-[1-5]\d\d)?)(\s*,\s*([1-5]xx|[1-5]\d\d(-[1-5]\d\d)?))*\s*$/i;

/** Whether an HTTP status counts as delivered under a rule that matches {@link successRulePattern}. */
export function isSuccess(rule: string, status: number): boolean {
  return rule.split(',').some((part) => {
    const text = part.trim().toLowerCase();
    if (text.endsWith('xx')) return Math.floor(status / 100) === Number(text[0]);
    const [from, to = from] = text.split('-').map(Number);
    return from !== undefined && to !== undefined && status >= from && status <= to;
  });
}
