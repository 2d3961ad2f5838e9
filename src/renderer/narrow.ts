/** Media query of windows in which the detail slides over the list. */
export const narrowQuery = '(max-width: 1099.98px)';
