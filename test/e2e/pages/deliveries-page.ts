import type { Locator, Page } from '@playwright/test';
import { BodyPanel } from './body-panel.ts';

/** Deliveries: the log, its filter, and one delivery with its attempts. */
export class DeliveriesPage {
  readonly page: Page;
  readonly area: Locator;
  readonly list: Locator;
  readonly rows: Locator;
  readonly newPill: Locator;
  readonly filter: Locator;
  readonly detail: Locator;
  readonly attempts: Locator;
  readonly timeline: Locator;
  readonly redeliverButton: Locator;
  readonly jumpButton: Locator;
  readonly cancelButton: Locator;
  readonly requestBody: BodyPanel;

  constructor(page: Page) {
    this.page = page;
    this.area = page.getByRole('main', { name: 'Deliveries' });
    this.list = this.area.getByRole('listbox', { name: 'Deliveries' });
    this.rows = this.list.getByRole('option');
    this.newPill = this.area.getByRole('button', { name: /^\d[\d,+]* new$/ });
    this.filter = this.area.getByLabel('Filter deliveries');
    this.detail = this.area.getByRole('region', { name: 'Detail' });
    this.attempts = this.detail.getByRole('list', { name: 'Attempts' }).getByRole('button');
    this.timeline = this.detail.getByRole('group', { name: 'Attempts over time' });
    this.redeliverButton = this.detail.getByRole('button', { name: 'Redeliver', exact: true });
    this.jumpButton = this.detail.getByRole('button', { name: 'Jump to next attempt' });
    this.cancelButton = this.detail.getByRole('button', { name: 'Cancel' });
    this.requestBody = new BodyPanel(this.detail, 'Request body');
  }

  async showTab(name: 'Response' | 'Request' | 'Timing' | 'Connection' | 'Signature'): Promise<void> {
    await this.detail.getByRole('tab', { name }).click();
  }
}
