/** Media query of windows in which the detail slides over the list. */
export const narrowQuery = '(max-width: 1099.98px)';

/** Media query of windows too narrow for two sides: a small screen, or a common one at 200 %. */
export const smallQuery = '(max-width: 799.98px)';
