import { customOptions, type CustomOptions } from '#shared/contract/signing.ts';

/** Options of `custom` as they are before any choice. */
export const defaultCustomOptions: CustomOptions = customOptions.parse({ scheme: 'custom' });
