// Administrators who show a passkey as well, with a virtual device; and a passkey where somebody shows again who they are.
// Browsers make none for a network address, so these servers have a name.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { signIn } from '../support/console.ts';
import { Device, withoutOffers } from '../support/device.ts';
import { picture } from '../support/picture.ts';
import { expectHeading } from '../support/porch.ts';
import { expect, OWNER, PASSWORD, test as base } from '../support/test.ts';
import type { Vestibule } from '../support/vestibule.ts';

const ADA = { name: 'Ada Lovelace', email: 'ada@acme.example', password: PASSWORD };
const GO_ON = { name: 'Go on with a passkey' };

interface Ruled {
  vestibule: Vestibule;
  owner: Page;
  device: Device;
}

const test = base.extend<{ ruled: Ruled }>({
  /** A server whose owner has a passkey and has just made the rule. */
  ruled: async ({ another, stranger }, use) => {
    const vestibule = await another({ host: 'localhost' });
    await vestibule.createAdministrator(OWNER, 'owner');
    await vestibule.createAdministrator(ADA, 'manager');
    await vestibule.start();
    const owner = await stranger(vestibule);
    await withoutOffers(owner);
    const device = await Device.of(owner);
    await signIn(owner, OWNER.email, OWNER.password);
    await expect(owner).toHaveURL(/\/console$/);
    await demand(owner);
    await expect(owner.getByRole('alert').first()).toContainText('you need a passkey yourself first');
    await expect(owner.getByLabel('Administrators need a passkey'), 'what was ticked stays so').toBeChecked();
    await owner.goto('/me');
    await owner.getByRole('button', { name: 'Add a passkey' }).click();
    await expect(owner.getByRole('status').first()).toContainText('The passkey was added.');
    await demand(owner);
    await expectHeading(owner, 'Now your passkey');
    await use({ vestibule, owner, device });
  },
});

async function demand(owner: Page): Promise<void> {
  await owner.goto('/console/settings');
  await owner.getByLabel('Administrators need a passkey').check();
  await owner.getByRole('button', { name: 'Save' }).click();
}

async function examine(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await picture(page, `${name} ${colorScheme}`);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, help }) => `${id}: ${help}`), name).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  await picture(page, `${name} phone`);
  expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(320);
  await page.setViewportSize({ width: 1280, height: 720 });
}

test('the password alone opens nothing, and the passkey all of it', async ({ ruled: { owner, device } }) => {
  await examine(owner, 'now your passkey');
  await owner.getByRole('button', GO_ON).click();
  await expect(owner).toHaveURL(/\/console$/);
  await owner.getByRole('button', { name: 'Sign out' }).click();
  await signIn(owner, OWNER.email, OWNER.password);
  await expectHeading(owner, 'Now your passkey');
  for (const path of ['/console/users', '/me', '/console/settings']) {
    await owner.goto(path);
    await expectHeading(owner, 'Now your passkey');
  }
  await device.verifies(false);
  await owner.getByRole('button', GO_ON).click();
  await expect(owner.getByRole('alert')).toContainText('That was cancelled');
  await device.verifies(true);
  await owner.getByRole('button', GO_ON).click();
  await expect(owner).toHaveURL(/\/console$/);
  await expectHeading(owner, 'Overview');

  await owner.goto('/me');
  const line = owner.locator('section[aria-labelledby=passkeys] li');
  await line.locator('summary').click();
  await line.getByRole('button', { name: 'Remove the passkey' }).click();
  await expect(owner.getByRole('alert').first()).toContainText('your last one stays');
});

test('who has no passkey makes one after the password', async ({ ruled: { vestibule }, stranger }) => {
  const ada = await stranger(vestibule);
  await withoutOffers(ada);
  await Device.of(ada);
  await signIn(ada, ADA.email, ADA.password);
  await expectHeading(ada, 'Set up your passkey');
  await examine(ada, 'set up your passkey');
  await ada.getByRole('button', { name: 'Set up a passkey' }).click();
  await expect(ada).toHaveURL(/\/console$/);
  await ada.getByRole('button', { name: 'Sign out' }).click();
  await ada.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(ada).toHaveURL(/\/console$/);
});

test('without script the page says what is missing, and the operator can end the rule', async ({ ruled, browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: ruled.vestibule.url });
  const page = await context.newPage();
  await signIn(page, ADA.email, ADA.password);
  await expectHeading(page, 'Set up your passkey');
  await expect(page.getByText('A passkey needs JavaScript')).toBeVisible();
  expect((await ruled.vestibule.run('admin', 'without-passkey'))[0]).toContain('need no passkey any more');
  await page.goto('/console');
  await expectHeading(page, 'Overview');
  await context.close();
});

test('a passkey confirms who it is and leads back', async ({ ruled: { owner, device } }) => {
  await owner.getByRole('button', GO_ON).click();
  await expect(owner).toHaveURL(/\/console$/);
  await owner.goto(`/confirm?back=${encodeURIComponent('/console/users?search=Contoso')}`);
  await expectHeading(owner, 'Is it still you?');
  await examine(owner, 'is it still you');
  await device.verifies(false);
  await owner.getByRole('button', { name: 'Confirm with a passkey' }).click();
  await expect(owner.getByRole('alert')).toContainText('That was cancelled');
  await device.verifies(true);
  await owner.getByRole('button', { name: 'Confirm with a passkey' }).click();
  await expect(owner).toHaveURL(/\/console\/users\?search=Contoso&done=confirmed$/);
  await expect(owner.getByRole('status').first()).toHaveText('Thank you. Now do it again.');
  await expect(owner.getByRole('searchbox')).toHaveValue('Contoso');
});
