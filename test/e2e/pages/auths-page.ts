import type { Locator, Page } from '@playwright/test';

/** The authentications, a section of the settings. */
export class AuthsPage {
  readonly page: Page;
  readonly area: Locator;
  readonly list: Locator;
  readonly detail: Locator;
  readonly newButton: Locator;
  readonly createButton: Locator;
  readonly saveButton: Locator;
  readonly name: Locator;
  readonly usedBy: Locator;
  readonly checkButton: Locator;
  readonly checkResult: Locator;
  readonly deleteButton: Locator;
  readonly deleteDialog: Locator;
  readonly secretDialog: Locator;
  readonly rotateDialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.area = page.getByRole('main', { name: 'Settings' });
    this.list = this.area.getByRole('listbox', { name: 'Authentications' });
    this.detail = this.area.getByRole('region', { name: 'Detail' });
    this.newButton = this.area.getByRole('button', { name: 'New authentication' });
    this.createButton = this.detail.getByRole('button', { name: /^Create authentication/ });
    this.saveButton = this.detail.getByRole('button', { name: /^Save/ });
    this.name = this.detail.getByRole('textbox', { name: 'Name', exact: true });
    this.usedBy = this.detail.getByRole('region', { name: 'Used by' });
    this.checkButton = this.detail.getByRole('button', { name: 'Check now' });
    this.checkResult = this.detail.getByRole('list', { name: 'Result of the check' });
    this.deleteButton = this.detail.getByRole('button', { name: 'Delete authentication' });
    this.deleteDialog = page.getByRole('dialog', { name: /^Delete / });
    this.secretDialog = page.getByRole('dialog', { name: 'New secret' });
    this.rotateDialog = page.getByRole('dialog', { name: /^Rotate the secret of / });
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Areas' }).getByRole('link', { name: 'Settings' }).click();
    await this.area.getByText('Authentication', { exact: true }).click();
  }

  part(label: string): Locator {
    return this.detail.getByRole('region', { name: label });
  }

  async addPart(label: string): Promise<void> {
    await this.detail.getByRole('button', { name: 'Add part' }).click();
    await this.page.getByRole('menuitem', { name: label }).click();
  }

  /** Reads the secret off its dialog, says that it was put away, and closes it. */
  async takeSecret(): Promise<string> {
    const shown = await this.secretDialog.getByTestId('secret').textContent();
    await this.secretDialog.getByRole('checkbox', { name: 'I have put it where it is needed' }).check();
    await this.secretDialog.getByRole('button', { name: 'Done' }).click();
    await this.secretDialog.waitFor({ state: 'hidden' });
    return shown ?? '';
  }
}
