/** Media query of windows in which the detail slides over the list. */
export const narrowQuery = '(max-width: 1099.98px)';

/** Media query of windows in which a bar has no room for a filter beside several actions in words. */
export const tightBarQuery = '(max-width: 959.98px)';

/** Media query of windows too narrow for two sides: a small screen, or a common one at 200 %. */
export const smallQuery = '(max-width: 799.98px)';
