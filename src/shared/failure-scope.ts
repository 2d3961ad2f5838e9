/**
 * A filter as it is meant where failures are asked for, in groups or one by one: tests are not among them unless the filter names them,
 * since a check makes a receiver fail on purpose.
 */
export function failureScope<Filter extends { readonly isTest?: unknown }>(filter: Filter): Filter {
  return filter.isTest === undefined ? { ...filter, isTest: false } : filter;
}
