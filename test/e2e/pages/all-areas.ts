import type { Page } from '@playwright/test';
import { pageKeyStorage } from '../../../src/renderer/base/page-key.ts';
import type { FilledWorkspace } from '../support/fill-workspace.ts';
import { ComposePage } from './compose-page.ts';
import { FramePage } from './frame-page.ts';

/** A view of the window by its address, with a name for the report and a text that stands there once it is drawn. */
export interface View {
  readonly name: string;
  readonly hash: string;
  readonly area: string;
  readonly shows: string | RegExp;
}

/** The areas as they stand with nothing in them. */
export const emptyViews: readonly View[] = [
  { name: 'compose', hash: '#/compose', area: 'Compose', shows: 'Type a URL to see the request' },
  { name: 'endpoints', hash: '#/endpoints', area: 'Endpoints', shows: 'An endpoint is where webhooks go' },
  { name: 'deliveries', hash: '#/deliveries', area: 'Deliveries', shows: 'Nothing has been sent yet' },
  { name: 'captures', hash: '#/captures', area: 'Captures', shows: 'A bin is a local URL' },
  { name: 'verify', hash: '#/verify', area: 'Verify', shows: 'Paste the headers and the body' },
  { name: 'events', hash: '#/events', area: 'Events', shows: /event type/ },
  { name: 'settings', hash: '#/settings', area: 'Settings', shows: 'Time scale' },
  { name: 'policies', hash: '#/settings/policies', area: 'Settings', shows: 'A named retry policy is one schedule' },
  { name: 'what-if', hash: '#/settings/what-if', area: 'Settings', shows: 'GitHub never tries again' },
  { name: 'auths', hash: '#/settings/auths', area: 'Settings', shows: 'An authentication tells receivers' },
  { name: 'environments', hash: '#/settings/environments', area: 'Settings', shows: 'An environment is a named set of variables' },
  { name: 'compare', hash: '#/compare', area: 'Compare', shows: 'Choose two attempts' },
  { name: 'tests', hash: '#/tests', area: 'Tests', shows: 'A project keeps its tests in hookyard.yaml' },
];

/** The areas with a day's work in them, as lists and with one thing open. */
export function filledViews(filled: FilledWorkspace): readonly View[] {
  return [
    { name: 'compose', hash: '#/compose', area: 'Compose', shows: 'tinted headers' },
    { name: 'endpoints', hash: '#/endpoints', area: 'Endpoints', shows: 'Warehouse stock sync' },
    { name: 'endpoint', hash: `#/endpoints/${filled.failingEndpointId}`, area: 'Endpoints', shows: 'Where requests go' },
    { name: 'endpoint-new', hash: '#/endpoints/new', area: 'Endpoints', shows: 'A name, a URL and its events are needed' },
    { name: 'deliveries', hash: '#/deliveries', area: 'Deliveries', shows: 'booking.confirmed' },
    { name: 'delivery-delivered', hash: `#/deliveries/${filled.deliveredId}`, area: 'Deliveries', shows: 'on the first attempt' },
    { name: 'delivery-waiting', hash: `#/deliveries/${filled.waitingId}`, area: 'Deliveries', shows: 'next attempt in' },
    { name: 'delivery-exhausted', hash: `#/deliveries/${filled.exhaustedId}`, area: 'Deliveries', shows: 'no attempts are left' },
    { name: 'captures', hash: `#/captures/${filled.binId}`, area: 'Captures', shows: '/settled' },
    { name: 'capture-own', hash: `#/captures/${filled.ownCaptureId}`, area: 'Captures', shows: 'Same bytes as sent' },
    { name: 'capture-valid', hash: `#/captures/${filled.validCaptureId}`, area: 'Captures', shows: 'signature valid' },
    { name: 'capture-invalid', hash: `#/captures/${filled.invalidCaptureId}`, area: 'Captures', shows: 'signature invalid' },
    { name: 'bin-reach', hash: `#/captures?bin=${filled.binId}&reach=yes`, area: 'Captures', shows: 'Followed by others' },
    { name: 'verify-invalid', hash: `#/verify?capture=${filled.invalidCaptureId}`, area: 'Verify', shows: 'Expected beside received' },
    {
      name: 'compare',
      hash: `#/compare/${filled.exhaustedId}?with=${filled.deliveredId}`,
      area: 'Compare',
      shows: 'The requests differ',
    },
    {
      name: 'compare-timing',
      hash: `#/compare/${filled.validCaptureId}?with=${filled.deliveredId}&part=timing`,
      area: 'Compare',
      shows: 'Total',
    },
    { name: 'compare-choose', hash: `#/compare/${filled.exhaustedId}`, area: 'Compare', shows: 'Compare it with' },
    { name: 'events', hash: '#/events', area: 'Events', shows: 'invoice.paid' },
    { name: 'event', hash: '#/events/invoice.paid', area: 'Events', shows: 'Sample payload' },
    { name: 'settings', hash: '#/settings', area: 'Settings', shows: 'Time scale' },
    { name: 'policies', hash: '#/settings/policies', area: 'Settings', shows: 'Pro: 8' },
    { name: 'policy', hash: `#/settings/policies?policy=${filled.policyId}`, area: 'Settings', shows: 'Used by' },
    { name: 'auth', hash: `#/settings/auths?auth=${filled.authId}`, area: 'Settings', shows: 'Used by' },
    { name: 'environment', hash: `#/settings/environments?environment=${filled.environmentId}`, area: 'Settings', shows: 'Duplicate' },
    { name: 'environment-new', hash: '#/settings/environments?environment=new', area: 'Settings', shows: 'Add variable' },
    { name: 'auth-new', hash: '#/settings/auths?auth=new', area: 'Settings', shows: 'Add part' },
    { name: 'policy-new', hash: '#/settings/policies?policy=new', area: 'Settings', shows: 'Fill in from a preset' },
  ];
}

/** Begins again as on a first visit: nothing is kept from before but what lets this browser in. */
export async function startFresh(page: Page): Promise<void> {
  await page.goto(new URL('/#/compose', page.url()).href);
  await page.evaluate((pageKey) => {
    for (const key of Object.keys(localStorage)) if (key !== pageKey) localStorage.removeItem(key);
    // The window keeps its drafts when it is left; this comes after that.
    window.addEventListener('pagehide', () => sessionStorage.clear());
  }, pageKeyStorage);
  await page.reload();
}

/** Goes to a view by its address and waits until it is drawn and at rest. */
export async function showView(page: Page, { hash, area, shows }: View): Promise<void> {
  await page.evaluate((address) => void (window.location.hash = address), hash);
  const main = new FramePage(page).area(area);
  await main.getByText(shows).filter({ visible: true }).first().waitFor();
  if (area === 'Compose') await new ComposePage(page).dataEditor.waitFor();
  await atRest(page);
}

/** Waits until fonts are there, editors are drawn and nothing moves or fades any more. */
export async function atRest(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.fonts.status === 'loaded' && document.getAnimations().every((animation) => animation.playState !== 'running'),
  );
}
