import type { Locator, Page } from '@playwright/test';

/** The environments, a section of the settings, and their switch in the frame. */
export class EnvironmentsPage {
  readonly page: Page;
  readonly area: Locator;
  readonly list: Locator;
  readonly detail: Locator;
  readonly newButton: Locator;
  readonly createButton: Locator;
  readonly saveButton: Locator;
  readonly name: Locator;
  readonly variables: Locator;
  readonly undo: Locator;
  readonly chip: Locator;

  constructor(page: Page) {
    this.page = page;
    this.area = page.getByRole('main', { name: 'Settings' });
    this.list = this.area.getByRole('listbox', { name: 'Environments' });
    this.detail = this.area.getByRole('region', { name: 'Detail' });
    this.newButton = this.area.getByRole('button', { name: 'New environment' });
    this.createButton = this.detail.getByRole('button', { name: /^Create environment/ });
    this.saveButton = this.detail.getByRole('button', { name: /^Save/ });
    this.name = this.detail.getByRole('textbox', { name: 'Name', exact: true });
    this.variables = this.detail.getByRole('group', { name: 'Variables' });
    this.undo = page.getByRole('region', { name: 'Undo' });
    this.chip = page.getByRole('navigation', { name: 'Areas' }).getByRole('button', { name: /^Environment:/ });
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: 'Settings' }).click();
    await this.area.getByText('Environments', { exact: true }).click();
  }

  nameOf(number: number): Locator {
    return this.variables.getByRole('textbox', { name: `Name of variable ${number}` });
  }

  valueOf(name: string): Locator {
    return this.variables.getByLabel(`Value of ${name}`, { exact: true });
  }

  secrecyOf(name: string): Locator {
    return this.variables.getByRole('checkbox', { name: `${name} is secret` });
  }

  async addVariable(number: number, name: string, value: string): Promise<void> {
    await this.variables.getByRole('button', { name: 'Add variable' }).click();
    await this.nameOf(number).fill(name);
    await this.valueOf(name).fill(value);
  }

  /** Switches in the frame. */
  async use(name: string): Promise<void> {
    await this.chip.click();
    await this.page.getByRole('menuitemradio', { name }).click();
  }
}
