// The main walk: from the set-up link to a person whose address is proven and who is in.

import { history, invite, invited, section, signIn } from '../support/console.ts';
import { Mailbox } from '../support/mailbox.ts';
import { address, expect, OWNER, PASSWORD, test } from '../support/test.ts';

test('from the set-up link to a verified person, by the button', async ({ another, stranger }) => {
  const mailbox = await Mailbox.open();
  const vestibule = await another({ smtp: mailbox.port });
  await vestibule.start();
  const [owner, late, grace] = [await stranger(vestibule), await stranger(vestibule), await stranger(vestibule)];
  const email = 'grace@example.com';

  await test.step('the set-up link makes the first owner, once', async () => {
    await late.goto(vestibule.setupLink);
    await owner.goto(vestibule.setupLink);
    await expect(owner).toHaveURL(`${vestibule.url}/setup`);
    for (const page of [owner, late]) {
      await page.getByLabel('Your name').fill(OWNER.name);
      await page.getByLabel('Email address').fill(OWNER.email);
      await page.getByLabel('Password').fill(OWNER.password);
      await page.getByRole('button', { name: 'Create the owner' }).click();
    }
    await expect(owner).toHaveURL(`${vestibule.url}/console`);
    await expect(late.getByRole('heading', { level: 1 })).toHaveText('This link no longer works');
    await late.goto(vestibule.setupLink);
    await expect(late.getByRole('heading', { level: 1 })).toHaveText('This link no longer works');
  });

  await test.step('the owner signs in', async () => {
    await owner.getByRole('button', { name: 'Sign out' }).click();
    await expect(owner.getByRole('status')).toHaveText('You are signed out.');
    await signIn(owner, OWNER.email, OWNER.password);
    await expect(owner.getByRole('heading', { level: 1 })).toHaveText('Overview');
  });

  await test.step('and invites somebody', async () => {
    await owner.goto('/console');
    await owner.getByRole('main').getByRole('link', { name: 'Invite a person' }).click();
    await owner.getByLabel('Name', { exact: true }).fill('Grace Hopper');
    await owner.getByLabel('Email address').fill(email);
    await owner.getByLabel('Language').selectOption({ label: 'English' });
    await owner.getByLabel('Your own words').fill('Welcome aboard.\nBring <b>tea</b>.');
    await owner.getByLabel('Expires').selectOption({ label: 'After 14 days' });
    await owner.getByRole('button', { name: 'Send the invite' }).click();
    await expect(owner.getByRole('status')).toHaveText('The invite is on its way.');
  });

  const letter = await mailbox.next(email);
  await test.step('the mail has a button, a code and a way to say no', async () => {
    expect(letter.subject).toBe('You are invited to Acme');
    expect(letter.text).toContain(`${OWNER.name} invited you to Acme`);
    expect(letter.text).toContain('> Welcome aboard.\n> Bring <b>tea</b>.');
    expect(letter.html).toContain('Bring &lt;b&gt;tea&lt;/b&gt;.');
    expect(letter.link).toMatch(new RegExp(`^${vestibule.url}/invite/[\\w-]{43}$`));
    expect(letter.html).toContain(`href="${letter.link}"`);
    expect(letter.html).toContain(`href="${letter.decline}"`);
    expect(letter.code).toMatch(/^\w{5}-\w{5}-\w{5}$/);
    expect(letter.html).toContain(letter.code);
    expect(letter.headers['auto-submitted']).toBe('auto-generated');
  });

  await test.step('looking at the link changes nothing, however often', async () => {
    for (let look = 0; look < 10; look += 1) {
      expect((await grace.request.get(letter.link)).status()).toBe(200);
      expect((await grace.request.head(letter.link)).status()).toBe(200);
      expect((await grace.request.get(letter.decline)).status()).toBe(200);
    }
    await owner.goto('/console/invites');
    await expect(owner.getByRole('row').filter({ hasText: email }).locator('.state')).toHaveText('Sent');
    await grace.context().clearCookies();
  });

  await test.step('one press, a password, and in', async () => {
    await grace.goto(letter.link);
    await expect(grace).toHaveURL(new RegExp(`^${vestibule.url}/invite/[0-9a-f-]{36}$`));
    await expect(grace.getByRole('heading', { level: 1 })).toHaveText(`${OWNER.name} invited you to Acme`);
    await expect(grace.getByRole('blockquote')).toHaveText('Welcome aboard.\nBring <b>tea</b>.');
    await grace.getByRole('button', { name: 'Accept the invite' }).click();
    await expect(grace.getByRole('heading', { level: 1 })).toHaveText('Welcome, Grace Hopper');
    await grace.getByLabel('Password').fill('short');
    await grace.getByRole('button', { name: 'Set password' }).click();
    await expect(grace.getByLabel('Password')).toHaveAccessibleDescription(/^Use at least 12 characters/);
    await grace.getByLabel('Password').fill(PASSWORD);
    await grace.getByRole('button', { name: 'Set password' }).click();
    await expect(grace.getByRole('heading', { level: 1 })).toHaveText('You are in');
    await grace.getByRole('link', { name: 'Go to your account' }).click();
    await expect(grace.getByRole('listitem').filter({ hasText: email })).toContainText('Verified');
  });

  await test.step('the console shows the proof and what led to it', async () => {
    await owner.goto('/console/users');
    await owner.getByRole('link', { name: 'Grace Hopper', exact: true }).click();
    await expect(owner.getByText(/^Verified by invite on \d/)).toBeVisible();
    await expect(section(owner, 'Invite').locator('.state')).toHaveText('Ready');
    await expect(history(owner)).toHaveText([
      /^(Mail delivered to the other server|Ready to sign in)$/,
      /^(Mail delivered to the other server|Ready to sign in|Password set)$/,
      /^(Ready to sign in|Password set)$/,
      'Verified by invite',
      'Invite accepted, no method yet',
      'Mail delivered to the other server',
      'Invited',
      'User created',
    ]);
  });
  await mailbox.close();
});

test('an invite is accepted by its typed code, without the link', async ({ owner, stranger, mailbox }) => {
  const email = address('katherine');
  await invited(owner, { name: 'Katherine Johnson', email });
  const { code } = await mailbox.next(email);

  const page = await stranger();
  await page.goto('/');
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Code').fill(code.toLowerCase().replaceAll('-', '  '));
  await page.getByRole('button', { name: 'Verify email' }).click();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Set password' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are in');

  const later = await stranger();
  await signIn(later, email, PASSWORD);
  await expect(later).toHaveURL(/\/me$/);
  await later.goto('/console');
  await expect(later.getByRole('heading', { level: 1 }), 'a person is no administrator').toHaveText('Not for this account');

  await owner.reload();
  await expect(owner.getByText(/^Verified by invite on \d/)).toBeVisible();
});

test('the mail speaks the language that was chosen, and so does its page', async ({ owner, stranger, mailbox }) => {
  const email = address('amélie').replace('é', 'e');
  await invite(owner, { name: 'Amélie Poulain', email, language: 'Français' });
  const letter = await mailbox.next(email);
  expect(letter.html).toContain('<html lang="fr" dir="ltr">');

  const page = await stranger();
  for (let look = 0; look < 10; look += 1) {
    const document = await (await page.request.get(letter.link)).text();
    expect(document.match(/<html[^>]*>/)?.[0]).toBe('<html lang="fr" dir="ltr">');
  }
  await page.goto(letter.link);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(OWNER.name);
});
