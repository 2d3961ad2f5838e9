/** A size for people, in binary units, exact below 1 KiB: `0 B`, `512 B`, `1.5 KiB`, `2 MiB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number(value.toFixed(value < 10 ? 2 : 1))} ${units[unit]}`;
}

/** A count with its noun, thousands grouped: `1 delivery`, `12,400 deliveries`. */
export function countText(count: number, one: string, many: string): string {
  return `${numberText(count)} ${count === 1 ? one : many}`;
}

/** A whole number with thousands grouped. */
export function numberText(value: number): string {
  return value.toLocaleString('en-US');
}

/** An id short enough for a row, cut in the middle; whole when it is short already. */
export function shortId(id: string): string {
  return id.length <= 14 ? id : `${id.slice(0, 7)}\u2026${id.slice(-5)}`;
}

const sizeUnits: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  kb: 1024,
  kib: 1024,
  m: 1024 ** 2,
  mb: 1024 ** 2,
  mib: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1024 ** 3,
  gib: 1024 ** 3,
};

/** Reads a size such as `512`, `64 KiB` or `1.5 MiB` in bytes; units are binary. Null when it is not a size. */
export function parseBytes(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim().replaceAll(',', ''));
  const unit = sizeUnits[(match?.[2] ?? '').toLowerCase()];
  return match === null || unit === undefined ? null : Math.round(Number(match[1]) * unit);
}
