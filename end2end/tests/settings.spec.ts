// The organization's rules, set by an owner on a server of the test's own.

import { invite, signIn } from '../support/console.ts';
import { expect, OWNER, test } from '../support/test.ts';

test('an owner sets the rules, and they count', async ({ another, stranger }) => {
  const vestibule = await another();
  await vestibule.createAdministrator(OWNER, 'owner');
  await vestibule.start();
  const owner = await stranger(vestibule);
  await signIn(owner, OWNER.email, OWNER.password);
  await owner.getByRole('navigation').getByRole('link', { name: 'Settings' }).click();

  await expect(owner.getByLabel('Tries')).toHaveValue('5');
  await owner.getByLabel('Tries').fill('3');
  await owner.getByLabel('An invite works for', { exact: true }).fill('36');
  await owner.getByLabel('An invite works for: unit').selectOption('hours');
  await owner.getByRole('button', { name: 'Save' }).click();
  await expect(owner.getByRole('status').first()).toHaveText('The settings are changed.');
  await expect(owner.getByLabel('Tries')).toHaveValue('3');
  await owner.goto('/console/invites/new');
  await expect(owner.getByLabel('Expires').locator('option:checked')).toHaveText('After 36 hours');
  await invite(owner, { name: 'Grace Hopper', email: 'grace@example.com' });
  await owner.goto('/console/invites');
  await expect(owner.getByRole('row').filter({ hasText: 'Grace Hopper' })).toHaveCount(1);

  await owner.goto('/console/settings');
  await owner.getByLabel('A code works for', { exact: true }).fill('48');
  await owner.getByLabel('A code works for: unit').selectOption('hours');
  await owner.getByRole('button', { name: 'Save' }).click();
  await expect(owner.getByRole('alert').first()).toContainText('Nothing was changed');
  await expect(owner.getByLabel('A code works for', { exact: true })).toHaveAccessibleDescription(/out of bounds/);
  await expect(owner.getByLabel('An invite works for', { exact: true })).toHaveValue('36');
});

test('keys and settings are not offered to others', async ({ another, stranger }) => {
  const vestibule = await another();
  await vestibule.createAdministrator(OWNER, 'manager');
  await vestibule.start();
  const manager = await stranger(vestibule);
  await signIn(manager, OWNER.email, OWNER.password);
  await expect(manager.getByRole('navigation').getByRole('link', { name: 'Deliveries' })).toBeVisible();
  for (const [name, path] of [['Keys', '/console/keys'], ['Settings', '/console/settings']] as const) {
    await expect(manager.getByRole('navigation').getByRole('link', { name })).toHaveCount(0);
    const answer = await manager.goto(path);
    expect(answer?.status()).toBe(403);
    await expect(manager.getByText('Your role does not allow that.')).toBeVisible();
  }
});
