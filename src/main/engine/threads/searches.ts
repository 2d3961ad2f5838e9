import { task } from '../background/background.ts';
import { readNamed, type ByName } from '../base/by-name.ts';
import { createSearchMemory } from '../bodies/body-looks.ts';
import { readerOf } from '../store/read-only.ts';
import { askedSearch, lookFor, type Search, type SearchOrder } from '../store/searcher.ts';

/** Every search that the threads know, by its name. Each is defined where its rows are known; that module is read when it is asked for. */
export const searches: ByName<Search<never, unknown>> = {
  deliveries: async () => (await import('../deliveries/look.ts')).deliverySearch,
  'failure-groups': async () => (await import('../deliveries/failure-groups.ts')).failureSearch,
  'failed-count': async () => (await import('../deliveries/failure-groups.ts')).failedCountSearch,
  captures: async () => (await import('../capture/look.ts')).captureSearch,
  open: async () => (await import('../log/open-deliveries.ts')).openSearch,
  decoded: async () => (await import('../store/bodies.ts')).decodedSearch,
  'without-delivery': async () => (await import('../log/without-delivery.ts')).withoutDeliverySearch,
  transit: async () => (await import('../comparing/transit.ts')).transitSearch,
  arrivals: async () => (await import('../comparing/transit.ts')).arrivalsSearch,
  sentBody: async () => (await import('../comparing/sent-body.ts')).sentBodySearch,
  compare: async () => (await import('../comparing/compare.ts')).compareSearch,
  comparedBytes: async () => (await import('../comparing/compared-bytes.ts')).bytesSearch,
  comparedBytesOfText: async () => (await import('../comparing/compared-bytes.ts')).bytesOfTextSearch,
  decodedSide: async () => (await import('../comparing/compared-bytes.ts')).decodedSideSearch,
  textEntries: async () => (await import('../comparing/text-entries.ts')).entriesSearch,
  comparedOffers: async () => (await import('../comparing/compared-offers.ts')).offersSearch,
  differences: async () => (await import('../relay/differences.ts')).differencesSearch,
  captureExport: async () => (await import('../capture/export.ts')).captureExport,
  eventNames: async () => (await import('../capture/event-names.ts')).eventNames,
  captureWait: async () => (await import('../waits/capture-look.ts')).captureWaitSearch,
};

const memory = createSearchMemory();

/** Runs a search on a read-only connection. */
export const searchTask = task(askedSearch.name, async (order: SearchOrder) =>
  lookFor(await readNamed(searches, order.name, 'threads/searches.ts'), order, readerOf(order.file), memory),
);
