// Passkeys, with a virtual device: the first one after an invite, signing in, those of an account, and what goes wrong.
// Browsers make none for a network address, so these servers have a name.

import type { Page } from '@playwright/test';
import { disable, invited, signIn } from '../support/console.ts';
import { Device, withoutOffers } from '../support/device.ts';
import { Mailbox } from '../support/mailbox.ts';
import { expectHeading } from '../support/porch.ts';
import { expect, OWNER, PASSWORD, test as base } from '../support/test.ts';

interface Named {
  owner: Page;
  person: Page;
  mailbox: Mailbox;
  /** Invites a person and opens what the invite leads to, in their browser or another. */
  welcome: (page: Page, email: string) => Promise<void>;
}

const test = base.extend<{ named: Named }>({
  named: async ({ another, stranger }, use) => {
    const mailbox = await Mailbox.open();
    const vestibule = await another({ smtp: mailbox.port, host: 'localhost' });
    await vestibule.createAdministrator(OWNER, 'owner');
    await vestibule.start();
    const [owner, person] = [await stranger(vestibule), await stranger(vestibule)];
    await signIn(owner, OWNER.email, OWNER.password);
    await expect(owner).toHaveURL(/\/console$/);
    const welcome = async (page: Page, email: string): Promise<void> => {
      await invited(owner, { name: 'Grace Hopper', email });
      await page.goto((await mailbox.next(email)).link);
      await page.getByRole('button', { name: 'Accept the invite' }).click();
      await expectHeading(page, 'Welcome, Grace Hopper');
    };
    await use({ owner, person, mailbox, welcome });
    await mailbox.close();
  },
});

const email = 'grace@example.com';
const SET_UP = { name: 'Set up a passkey' };
const BY_PASSKEY = { name: 'Sign in with a passkey' };

async function firstPasskey({ person, welcome }: Named): Promise<Device> {
  await withoutOffers(person);
  const device = await Device.of(person);
  await welcome(person, email);
  await person.getByRole('button', SET_UP).click();
  await expectHeading(person, 'You are in');
  return device;
}

async function signOut(page: Page): Promise<void> {
  await page.goto('/me');
  await page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
  await expectHeading(page, 'Sign in');
}

test('an invite, a passkey, and in', async ({ named }) => {
  const { owner, person, mailbox } = named;
  const device = await firstPasskey(named);
  await expect(person.getByText('From now on you sign in with it.')).toBeVisible();
  expect(await device.passkeys()).toBe(1);
  expect((await mailbox.next(email)).subject).toBe('A passkey was added to your account at Acme');
  await person.getByRole('link', { name: 'Go to your account' }).click();
  await expect(person.getByRole('heading', { name: 'Passkeys' })).toBeVisible();
  await expect(person.getByText(/Added on \d{4}-\d\d-\d\d · Not used yet/)).toBeVisible();
  await owner.goto('/console/invites?filter=ready');
  await expect(owner.getByRole('row').filter({ hasText: email })).toBeVisible();
});

test('the passkey comes first, and the password is there', async ({ named: { person, welcome } }) => {
  await Device.of(person);
  await welcome(person, email);
  await expect(person.getByRole('button', SET_UP)).toHaveClass(/primary/);
  await expect(person.getByRole('button', { name: 'Set password' })).not.toHaveClass(/primary/);
  await person.getByLabel('Password').fill(PASSWORD);
  await person.getByRole('button', { name: 'Set password' }).click();
  await expectHeading(person, 'You are in');
});

test('a cancelled ceremony says so, stores nothing, and can be tried again', async ({ named }) => {
  const { person, welcome } = named;
  await withoutOffers(person);
  const device = await Device.of(person);
  await device.verifies(false);
  await welcome(person, email);
  await person.getByRole('button', SET_UP).click();
  await expect(person.getByRole('alert')).toContainText('No passkey was set up');
  expect(await device.passkeys()).toBe(0);
  await expect(person.getByRole('button', { name: 'Set password' })).toBeVisible();
  await device.verifies(true);
  await person.getByRole('button', SET_UP).click();
  await expectHeading(person, 'You are in');

  await signOut(person);
  await device.verifies(false);
  await person.getByRole('button', BY_PASSKEY).click();
  await expect(person.getByRole('alert')).toContainText('You are not signed in');
  await device.verifies(true);
  await person.getByRole('button', BY_PASSKEY).click();
  await expectHeading(person, 'Grace Hopper');
});

test('a passkey signs in by the button', async ({ named }) => {
  const { person } = named;
  await firstPasskey(named);
  await signOut(person);
  await person.getByRole('button', BY_PASSKEY).click();
  await expectHeading(person, 'Grace Hopper');
  await expect(person.getByText(/Last used on/)).toBeVisible();
});

test('a passkey is offered in the field of the user name', async ({ named: { person, welcome } }) => {
  await Device.of(person);
  await welcome(person, email);
  await person.getByRole('button', SET_UP).click();
  await expectHeading(person, 'You are in');
  await person.goto('/me');
  await person.getByRole('button', { name: 'Sign out', exact: true }).last().click();
  // A virtual device chooses its one passkey as soon as the field offers it.
  await expectHeading(person, 'Grace Hopper');
});

test('a passkey that nobody has here leads back to the other ways', async ({ named }) => {
  const { owner, person } = named;
  await firstPasskey(named);
  await signOut(person);
  await owner.goto('/console/users');
  await owner.getByRole('link', { name: 'Grace Hopper', exact: true }).click();
  await expect(owner.getByText(/^Passkey: /)).toBeVisible();
  await disable(owner);
  await person.getByRole('button', BY_PASSKEY).click();
  await expect(person.getByRole('alert').first()).toContainText('does not let anybody in here');
  await expect(person.getByLabel('Email or username')).toBeVisible();
});

test('one more passkey, another name, one less, and the last one stays', async ({ named }) => {
  const { person } = named;
  const device = await firstPasskey(named);
  await person.goto('/me');
  await person.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(person.getByRole('alert')).toContainText('This device has a passkey for your account already.');
  await device.forget();
  await person.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(person.getByRole('status').first()).toContainText('The passkey was added.');
  const lines = person.locator('section[aria-labelledby=passkeys] li');
  await expect(lines).toHaveCount(2);

  await lines.last().locator('summary').click();
  await lines.last().getByLabel('Name of the passkey').fill('My phone');
  await lines.last().getByRole('button', { name: 'Rename' }).click();
  await expect(lines.last()).toContainText('My phone');
  await lines.first().locator('summary').click();
  await lines.first().getByRole('button', { name: 'Remove the passkey' }).click();
  await expect(lines).toHaveCount(1);
  await lines.first().locator('summary').click();
  await lines.first().getByRole('button', { name: 'Remove the passkey' }).click();
  await expect(person.getByRole('alert').first()).toContainText('This is your only way to sign in');
  await expect(lines).toHaveCount(1);
});

test('without script the passkey explains itself and the password works', async ({ named, browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: new URL(named.owner.url()).origin });
  const person = await context.newPage();
  await named.welcome(person, email);
  await expect(person.getByText('A passkey needs JavaScript')).toBeVisible();
  await expect(person.getByRole('button', SET_UP)).toBeHidden();
  await person.getByLabel('Password').fill(PASSWORD);
  await person.getByRole('button', { name: 'Set password' }).click();
  await expectHeading(person, 'You are in');
  await person.goto('/sign-in');
  await expect(person.getByRole('button', BY_PASSKEY)).toBeHidden();
  await expect(person.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
  await context.close();
});

test('a browser that knows no passkeys says so', async ({ named: { person, welcome } }) => {
  await person.addInitScript(() => Reflect.deleteProperty(window, 'PublicKeyCredential'));
  await welcome(person, email);
  await expect(person.getByText('This browser cannot use passkeys.')).toBeVisible();
  await expect(person.getByRole('button', SET_UP)).toBeHidden();
  await expect(person.getByRole('button', { name: 'Set password' })).toHaveClass(/primary/);
});
