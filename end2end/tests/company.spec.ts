// Company accounts, at a real provider: the first one after an invite, signing in by it, and what goes wrong on the way.

import type { Page } from '@playwright/test';
import { invited, section } from '../support/console.ts';
import { expectHeading } from '../support/porch.ts';
import { Company } from '../support/provider.ts';
import { address, expect, test as base } from '../support/test.ts';

interface Fixtures {
  company: { provider: Company; name: string };
  /** A stranger whose browser finds the letters that the provider's own pages want from elsewhere. */
  visitor: () => Promise<Page>;
}

const test = base.extend<Fixtures>({
  visitor: async ({ stranger }, use) => {
    await use(async () => {
      const page = await stranger();
      await page.route('https://fonts.googleapis.com/**', (route) => route.fulfill({ contentType: 'text/css', body: '' }));
      return page;
    });
  },

  company: async ({ owner, vestibule }, use) => {
    const provider = await Company.open(`${vestibule.url}/company/callback`);
    const name = `Contoso ${provider.issuer.split(':').pop()}`;
    await add(owner, provider, name);
    await use({ provider, name });
    await owner.goto('/console/providers');
    await owner.getByRole('link', { name: `Delete… ${name}` }).click();
    await owner.getByRole('button', { name: 'Delete' }).click();
    await expect(owner.getByRole('status').first()).toContainText('The provider is deleted');
    await provider.close();
  },
});

/** Adds the provider in the console and has it checked. */
async function add(owner: Page, provider: Company, name: string): Promise<void> {
  await owner.goto('/console');
  await owner.getByRole('navigation').getByRole('link', { name: 'Company accounts' }).click();
  const card = section(owner, 'Providers');
  await card.locator('summary').click();
  await expect(card.getByLabel('Redirect address')).toHaveValue(/\/company\/callback$/);
  await card.getByLabel('Name', { exact: true }).fill(name);
  await card.getByLabel('Issuer').fill(provider.issuer);
  await card.getByLabel('Client id').fill(provider.client.id);
  await card.getByLabel('Client secret').fill(provider.client.secret);
  await card.getByRole('button', { name: 'Add a provider' }).click();
  await expect(owner.getByRole('status').first()).toContainText('The provider is added.');
  expect(await owner.content()).not.toContain(provider.client.secret);
  await owner.getByRole('button', { name: `Check ${name}` }).click();
  await expect(owner.getByRole('status').first()).toContainText('It answers as it should.');
}

test('an invite, the company account, and in; then in again by it', async ({ owner, visitor, mailbox, company }) => {
  const { provider, name } = company;
  const email = address('grace');
  provider.people.set('grace', { email: email.toUpperCase(), email_verified: true });
  const person = await visitor();
  await invited(owner, { name: 'Grace Hopper', email });
  await person.goto((await mailbox.next(email)).link);
  await person.getByRole('button', { name: 'Accept the invite' }).click();
  await person.getByRole('button', { name: `Continue with ${name}` }).click();
  await provider.signIn(person, 'grace');
  await expectHeading(person, 'You are in');
  await expect(person.getByText('From now on you sign in with your company account.')).toBeVisible();
  const before = await session(person);
  await person.getByRole('link', { name: 'Go to your account' }).click();
  await expect(person.getByRole('heading', { name: 'Company accounts' })).toBeVisible();
  await person.getByRole('button', { name: `Unlink: ${name}` }).click();
  await expect(person.getByRole('alert').first()).toBeVisible();

  // Who shows again who they are does so at the provider, which asks anew, and comes back to where they were.
  await person.goto('/confirm?back=%2Fme');
  await person.getByRole('button', { name: `Confirm with ${name}` }).click();
  await person.locator('input[name="login"]').fill('grace');
  await person.locator('input[name="password"]').fill('any will do');
  await person.getByRole('button', { name: 'Sign-in' }).click();
  await expect(person).toHaveURL(/\/me\?done=confirmed$/);
  await expect(person.getByRole('status').first()).toHaveText('Thank you. Now do it again.');

  await person.getByRole('button', { name: 'Sign out', exact: true }).last().click();
  await expectHeading(person, 'Sign in');
  await person.getByRole('button', { name: `Continue with ${name}` }).click();
  await expect(person).toHaveURL(/\/me$/);
  expect(await session(person)).not.toBe(before);
});

test('an account with another or an unverified address is explained and not linked', async ({ owner, visitor, mailbox, company }) => {
  const { provider, name } = company;
  const email = address('ada');
  provider.people.set('other', { email: 'somebody@else.example', email_verified: true });
  provider.people.set('unverified', { email, email_verified: false });
  await invited(owner, { name: 'Ada Lovelace', email });
  const { link } = await mailbox.next(email);
  for (const [who, text] of [['other', 'so•••@else.example'], ['unverified', 'has not verified your address']] as const) {
    const person = await visitor();
    await person.goto(link);
    await person.getByRole('button', { name: 'Accept the invite' }).click();
    await person.getByRole('button', { name: `Continue with ${name}` }).click();
    await provider.signIn(person, who);
    await expectHeading(person, 'This account has another address');
    await expect(person.getByText(text)).toBeVisible();
    await person.getByRole('link', { name: 'Choose another way' }).click();
    await expectHeading(person, 'Welcome, Ada Lovelace');
  }
});

test('who does not agree at the provider is told so, and nobody is in', async ({ visitor, company }) => {
  const person = await visitor();
  await person.goto('/sign-in');
  await person.getByRole('button', { name: `Continue with ${company.name}` }).click();
  await company.provider.cancel(person);
  await expectHeading(person, 'Not signed in');
  await person.getByRole('link', { name: 'Choose another way' }).click();
  await expectHeading(person, 'Sign in');
});

test('an account that nobody linked opens nothing', async ({ visitor, company }) => {
  company.provider.people.set('nobody', { email: 'olga@acme.example', email_verified: true });
  const person = await visitor();
  await person.goto('/sign-in');
  await person.getByRole('button', { name: `Continue with ${company.name}` }).click();
  await company.provider.signIn(person, 'nobody');
  await expectHeading(person, 'This account is not linked yet');
  await person.goto('/me');
  await expectHeading(person, 'Sign in');
});

test('what comes back counts once, and in the browser that set out', async ({ visitor, company }) => {
  const { provider, name } = company;
  provider.people.set('replay', { email: 'replay@else.example', email_verified: true });
  const [person, other] = [await visitor(), await visitor()];
  const [back, others] = [sent(person, '/company/callback'), sent(other, '/auth')];
  for (const page of [person, other]) {
    await page.goto('/sign-in');
    await page.getByRole('button', { name: `Continue with ${name}` }).click();
    await expect(page.locator('input[name="login"]')).toBeVisible();
  }
  // Neither browser finishes what the other began.
  const state = new URL(others[0] ?? '').searchParams.get('state') ?? '';
  const forged = `/company/callback?state=${state}&code=forged`;
  const thief = await visitor();
  await thief.goto(forged);
  await expectHeading(thief, 'This sign-in is over');

  await provider.signIn(person, 'replay');
  await expectHeading(person, 'This account is not linked yet');
  for (const page of [person, thief]) {
    await page.goto(back[0] ?? '');
    await expectHeading(page, 'This sign-in is over');
  }
  await provider.signIn(other, 'replay');
  await expectHeading(other, 'This account is not linked yet');
});

/** The addresses of a page's requests to a path, as they come. */
function sent(page: Page, path: string): string[] {
  const urls: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === path) urls.push(request.url());
  });
  return urls;
}

async function session(page: Page): Promise<string | undefined> {
  return (await page.context().cookies()).find((cookie) => cookie.name === 'vestibule')?.value;
}
