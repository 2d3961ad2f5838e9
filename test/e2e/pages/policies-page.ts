import type { Locator, Page } from '@playwright/test';

/** The named retry policies, a section of the settings, and the drawn schedule that stands there and in the form of an endpoint. */
export class PoliciesPage {
  readonly page: Page;
  readonly area: Locator;
  readonly list: Locator;
  readonly detail: Locator;
  readonly newButton: Locator;
  readonly createButton: Locator;
  readonly saveButton: Locator;
  readonly name: Locator;
  readonly kind: Locator;
  readonly preset: Locator;
  readonly delays: Locator;
  readonly schedule: Locator;
  readonly timeline: Locator;
  readonly usedBy: Locator;
  readonly deleteButton: Locator;
  readonly deleteDialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.area = page.getByRole('main', { name: 'Settings' });
    this.list = this.area.getByRole('listbox', { name: 'Retry policies' });
    this.detail = this.area.getByRole('region', { name: 'Detail' });
    this.newButton = this.area.getByRole('button', { name: 'New policy' });
    this.createButton = this.detail.getByRole('button', { name: /^Create policy/ });
    this.saveButton = this.detail.getByRole('button', { name: /^Save/ });
    this.name = this.detail.getByRole('textbox', { name: 'Name', exact: true });
    this.kind = this.detail.getByLabel('Kind').and(page.locator('input'));
    this.preset = this.detail.getByLabel('Fill in from a preset').and(page.locator('input'));
    this.delays = this.detail.getByRole('textbox', { name: 'Delays between attempts' });
    this.schedule = page.getByRole('group', { name: 'Schedule' });
    this.timeline = page.getByRole('slider', { name: /^Schedule:/ });
    this.usedBy = this.detail.getByRole('region', { name: 'Used by' });
    this.deleteButton = this.detail.getByRole('button', { name: 'Delete policy' });
    this.deleteDialog = page.getByRole('dialog', { name: /^Delete / });
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: 'Settings' }).click();
    await this.area.getByText('Retry policies', { exact: true }).click();
  }

  async choose(select: Locator, option: string): Promise<void> {
    await select.click();
    await this.page.getByRole('option', { name: option }).click();
  }

  async create(name: string): Promise<void> {
    await this.name.fill(name);
    await this.createButton.click();
    await this.detail.getByRole('heading', { level: 2, name }).waitFor();
  }
}
