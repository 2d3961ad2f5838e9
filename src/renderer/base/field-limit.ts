/** Largest text that a field takes without making typing slow, in characters. */
export const fieldLimit = 262_144;
