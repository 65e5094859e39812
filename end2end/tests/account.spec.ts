// One's own account: addresses, password, browsers, and a password that was forgotten.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { invited, signIn } from '../support/console.ts';
import { ask, key } from '../support/machine.ts';
import type { Mailbox } from '../support/mailbox.ts';
import { address, expect, PASSWORD, test } from '../support/test.ts';

const OTHER = 'eleven paper lanterns';

test('another address counts once its code is entered, and the old one is told', async ({ owner, stranger, mailbox }) => {
  const [email, home] = [address('grace'), address('home')];
  const grace = await joined(owner, await stranger(), mailbox, email);
  await grace.goto('/me');
  await grace.getByLabel('Add an address').fill(home);
  await grace.getByRole('button', { name: 'Add and send a code' }).click();
  await expect(grace).toHaveURL(/\/verify\//);
  expect((await mailbox.next(email)).subject).toContain('An address was added');
  const code = (await mailbox.next(home)).code;

  await grace.goto('/me');
  const line = grace.getByRole('listitem').filter({ hasText: home });
  await expect(line).toContainText('Not verified');
  await expect(line.getByRole('button', { name: 'Make primary' })).toHaveCount(0);
  await grace.goBack();
  await grace.getByLabel('Code', { exact: true }).fill(code);
  await grace.getByRole('button', { name: 'Verify email' }).click();
  await expect(grace.getByRole('heading', { level: 1 })).toHaveText('Your email address is verified');

  await grace.goto('/me');
  await line.getByRole('button', { name: 'Make primary' }).click();
  await expect(grace.getByRole('status')).toHaveText('Mails go to this address from now on.');
  expect((await mailbox.next(email)).subject).toContain('was changed');
  const old = grace.getByRole('listitem').filter({ hasText: email });
  await old.getByRole('button', { name: 'Remove' }).click();
  await expect(grace.getByRole('status')).toHaveText('The address was removed.');
  await expect(old).toHaveCount(0);
});

test('a forgotten password is chosen anew by the link, and everybody is signed out', async ({ owner, stranger, mailbox }) => {
  const email = address('ada');
  const ada = await joined(owner, await stranger(), mailbox, email);
  const elsewhere = await stranger();
  await elsewhere.goto('/sign-in');
  await elsewhere.getByRole('link', { name: 'Forgot your password?' }).click();
  await elsewhere.getByLabel('Email address').fill(email);
  await elsewhere.getByRole('button', { name: 'Send the mail' }).click();
  await expect(elsewhere.getByRole('status')).toHaveText('If somebody has this address here, a mail is on its way.');
  const letter = await mailbox.next(email);
  expect(letter.link).toContain('/reset/');

  await elsewhere.goto(letter.link);
  await expect(elsewhere).toHaveURL(/\/reset\/[0-9a-f-]{36}$/);
  await elsewhere.getByLabel('New password').fill('short');
  await elsewhere.getByRole('button', { name: 'Set the password' }).click();
  await expect(elsewhere.locator('#password-error')).toContainText('12');
  await expect(elsewhere.getByLabel('New password')).toHaveAttribute('aria-invalid', 'true');
  await elsewhere.getByLabel('New password').fill(OTHER);
  await elsewhere.getByRole('button', { name: 'Set the password' }).click();
  await expect(elsewhere.getByRole('status')).toContainText('Your password is changed');
  expect((await mailbox.next(email)).subject).toContain('password');

  await ada.goto('/me');
  await expect(ada).toHaveURL(/\/sign-in/);
  await signIn(elsewhere, email, OTHER);
  await expect(elsewhere).toHaveURL(/\/me$/);
  await elsewhere.goto(letter.link);
  await expect(elsewhere.getByRole('heading', { level: 1 })).toHaveText('This link has been used');
  await expect(elsewhere.getByRole('link', { name: 'Forgot your password?' }), 'the way to another mail').toBeVisible();
});

test('a forgotten password is chosen anew by the code', async ({ owner, stranger, mailbox }) => {
  const email = address('alan');
  const alan = await joined(owner, await stranger(), mailbox, email);
  await alan.goto('/forgot');
  await alan.getByLabel('Email address').fill(email);
  await alan.getByRole('button', { name: 'Send the mail' }).click();
  const { code } = await mailbox.next(email);
  await alan.getByRole('link', { name: 'I have a code' }).click();
  const choose = async (typed: string): Promise<void> => {
    await expect(alan.getByLabel('Email address'), 'typed once').toHaveValue(email);
    await alan.getByLabel('Code', { exact: true }).fill(typed);
    await alan.getByLabel('New password').fill(OTHER);
    await alan.getByRole('button', { name: 'Set the password' }).click();
  };
  await choose(code.startsWith('B') ? `C${code.slice(1)}` : `B${code.slice(1)}`);
  await expect(alan.locator('#code-error')).toContainText('4');
  await choose(code);
  await expect(alan.getByRole('status')).toContainText('Your password is changed');
});

test('the password is changed by who knows it, and browsers are signed out', async ({ owner, stranger, mailbox }) => {
  const email = address('joan');
  const joan = await joined(owner, await stranger(), mailbox, email);
  const other = await stranger();
  await signIn(other, email, PASSWORD);
  await expect(other).toHaveURL(/\/me$/);
  await joan.goto('/me');
  await expect(joan.getByText('this browser')).toBeVisible();
  await joan.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expect(joan.getByRole('status')).toHaveText('Signed out.');
  await other.goto('/me');
  await expect(other).toHaveURL(/\/sign-in/);

  await joan.getByText('Change the password').first().click();
  const change = async (old: string): Promise<void> => {
    await joan.getByLabel('Present password').fill(old);
    await joan.getByLabel('New password').fill(OTHER);
    await joan.getByRole('button', { name: 'Change the password' }).click();
  };
  await change('not the password');
  await expect(joan.locator('#old-error'), 'the form stays open').toHaveText('The present password is not right.');
  await change(PASSWORD);
  await expect(joan.getByRole('status')).toContainText('The password was changed.');
  await joan.getByLabel('Language of mails').selectOption('de');
  await joan.getByRole('button', { name: 'Save' }).click();
  await expect(joan.getByRole('status')).toHaveText('Gespeichert.');
  await joan.getByText('Deutsch', { exact: true }).and(joan.locator('summary')).click();
  await joan.getByRole('button', { name: 'English' }).click();
  await joan.getByText('History').click();
  await expect(joan.locator('.timeline b.name').filter({ hasText: 'Password changed' }).first()).toBeVisible();
});

/** Invites somebody, who accepts and sets a password; gives the browser in which they are signed in. */
async function joined(owner: Page, person: Page, mailbox: Mailbox, email: string): Promise<Page> {
  await invited(owner, { name: 'Grace Hopper', email });
  await person.goto((await mailbox.next(email)).link);
  await person.getByRole('button', { name: 'Accept the invite' }).click();
  await person.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await person.locator('form[action="/do/set_password"] button').click();
  await expect(person).toHaveURL(/\/welcome\/done$/);
  await mailbox.next(email);
  return person;
}

test('a tab that waits goes on by itself when the code is entered elsewhere', async ({ owner, stranger, mailbox }, info) => {
  const [email, home] = [address('rosa'), address('home')];
  const rosa = await joined(owner, await stranger(), mailbox, email);
  await rosa.goto('/me');
  await rosa.getByLabel('Add an address').fill(home);
  await rosa.getByRole('button', { name: 'Add and send a code' }).click();
  const phone = await stranger();
  await phone.goto((await mailbox.next(home)).link);
  await phone.getByRole('button', { name: 'Verify email' }).click();
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText('Your email address is verified');
  // Without script nothing moves by itself, and a reload tells.
  if (info.project.name === 'no-script') await rosa.reload();
  await expect(rosa.getByRole('heading', { level: 1 })).toHaveText('This code has been used', { timeout: 10_000 });
});

test('who signs in with a password that must not last chooses another one first', async ({ stranger, vestibule, javaScriptEnabled }) => {
  const [email, given] = [address('katherine'), 'nine borrowed umbrellas'];
  const made = await ask(vestibule, '/v2/users/human', {
    headers: [
      ['Authorization', `Bearer ${await key(vestibule, 'Portal')}`],
      ['Content-Type', 'application/json'],
    ],
    body: JSON.stringify({
      profile: { givenName: 'Katherine', familyName: 'Johnson' },
      email: { email, isVerified: true },
      password: { password: given, changeRequired: true },
    }),
  });
  expect(made.status, made.text).toBeLessThan(300);
  const page = await stranger();
  await signIn(page, email, given);
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText('Choose a new password');
  if (javaScriptEnabled) {
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, help }) => `${id}: ${help}`)).toEqual([]);
  }
  for (const path of ['/me', '/console', '/sign-in/password']) {
    await page.goto(path);
    await expect(heading, path).toHaveText('Choose a new password');
  }
  await choose(page, given);
  await expect(page.getByText('That is the password that you have already.')).toBeVisible();
  await choose(page, 'short');
  await expect(page).toHaveURL(/problem=password-short/);
  await choose(page, OTHER);
  await expect(page).toHaveURL(/\/me$/);
  await expect(heading).toHaveText('Katherine Johnson');
  await page.goBack();
  await page.goto('/sign-in/password');
  await expect(page, 'nothing is left to choose').toHaveURL(/\/me$/);

  const elsewhere = await stranger();
  await signIn(elsewhere, email, given);
  await expect(elsewhere).toHaveURL(/problem=sign-in/);
  await signIn(elsewhere, email, OTHER);
  await expect(elsewhere).toHaveURL(/\/me$/);
});

async function choose(page: Page, password: string): Promise<void> {
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Set the password' }).click();
}
