import { describe, expect, test } from 'vitest';
import type { Bin } from '#shared/contract/bins.ts';
import { binIdAt, detailPlace, listPlace, unknownIn } from '../../../src/renderer/features/captures/place.ts';

const at = (id: string | null, query: Readonly<Record<string, string>> = {}) => ({ id, query });

describe('an address in Captures', () => {
  test.each([
    ['nothing', at(null), 'bin', { kind: 'none' }],
    ['a bin', at('bin_1'), 'bin', { kind: 'none' }],
    ['a capture', at('cap_1', { bin: 'bin_1' }), 'bin', { kind: 'capture', id: 'cap_1' }],
    ['a refused request among the captures of a bin', at('ref_1', { bin: 'bin_1' }), 'bin', { kind: 'refused', id: 'ref_1' }],
    ['a refused request among all of them', at('ref_1'), 'refused', { kind: 'refused', id: 'ref_1' }],
    ['all that was refused', at(null, { show: 'refused' }), 'refused', { kind: 'none' }],
    ['the relays', at(null, { show: 'relays', relay: 'rly_1' }), 'relays', { kind: 'none' }],
    ['a new bin', at('new', { bin: 'bin_1' }), 'bin', { kind: 'new' }],
    ['the form of a bin', at(null, { bin: 'bin_1', edit: 'yes' }), 'bin', { kind: 'edit' }],
    ['how a bin is reached', at(null, { bin: 'bin_1', reach: 'yes' }), 'bin', { kind: 'reach' }],
  ])('that names %s says what is listed and what stands beside it', (_, address, list, detail) => {
    expect(listPlace(address)).toBe(list);
    expect(detailPlace(address)).toEqual(detail);
  });

  test('names its bin by itself, in its query, or by the capture that is open', () => {
    expect(binIdAt(at('bin_1'), 'bin_3')).toBe('bin_1');
    expect(binIdAt(at('cap_1', { bin: 'bin_2' }), 'bin_3')).toBe('bin_2');
    expect(binIdAt(at('cap_1'), 'bin_3')).toBe('bin_3');
    expect(binIdAt(at('ref_1'), 'bin_3')).toBeUndefined();
  });

  test('that names a bin which is not there is told, with the bin that is shown instead', () => {
    const bins = [{ id: 'bin_1', name: 'Orders' } as Bin];
    expect(unknownIn('bin_1', 'bin_1', bins)).toBeNull();
    expect(unknownIn('bin_2', 'bin_2', bins)).toBe('There is no bin bin_2; it may have been deleted. This is Orders.');
    expect(unknownIn('orders', undefined, bins)).toContain('the address needs the id of a bin or of a capture. This is Orders.');
    expect(unknownIn('cap_1', undefined, bins)).toBeNull();
  });
});
