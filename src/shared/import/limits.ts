/** Largest paste that is read, in bytes; a larger one is refused with a sentence. */
export const pasteLimitBytes = 16 * 1024 * 1024;

/** Largest head (request line and headers) that is read, in bytes. */
export const headLimitBytes = 1024 * 1024;

/** Most headers of one request; the contract takes no more either. */
export const headerLimit = 10_000;

/** Largest command line that is read as curl, in bytes; common systems take no longer one. */
export const commandLimitBytes = 2 * 1024 * 1024;

/** Most words of one command line. */
export const wordLimit = 50_000;

/** Most objects and lists in a JSON paste, most values in them, and how deep they may stand in each other. */
export const jsonNodeLimit = 500_000;
export const jsonValueLimit = 1_000_000;
export const jsonDepthLimit = 500;

/** Largest text in which objects as programs print them, code and text around a request are looked for, in bytes. */
export const printedLimitBytes = 4 * 1024 * 1024;

/** How many wrappings around a request are removed: fences, quoting, prefixes of a log. */
export const unwrapLimit = 12;

/** Most requests of a HAR file or another list that are offered to choose from. */
export const choiceLimit = 2000;
