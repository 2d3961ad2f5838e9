/** Data of an event with an order number that no other has, filled up so that its JSON has `bytes` bytes. */
export function eventData(number: number, bytes: number): { readonly orderNumber: string; readonly note: string } {
  const data = { orderNumber: String(number).padStart(12, '0'), note: '' };
  return { ...data, note: 'x'.repeat(Math.max(0, bytes - Buffer.byteLength(JSON.stringify(data)))) };
}

/** A JSON body of `bytes` bytes that differs for each number, so that storing it once by content saves nothing. */
export function bodyOf(number: number, bytes: number): Buffer {
  return Buffer.from(JSON.stringify(eventData(number, bytes)), 'utf8');
}
