// What an administrator does to a person and their addresses.

import { addressLine, disable, eventually, history, invited, section, signIn, unverified } from '../support/console.ts';
import { enterCode } from '../support/porch.ts';
import { address, expect, OWNER, PASSWORD, test } from '../support/test.ts';

test('an address is marked verified with a reason, and taken back with another', async ({ owner }) => {
  const email = address('ada');
  await invited(owner, { name: 'Ada Lovelace', email });

  await addressLine(owner, email).getByRole('link', { name: 'Mark verified' }).click();
  const dialog = owner.getByRole('dialog', { name: `Mark ${email} as verified?` });
  await dialog.getByLabel('Reason').fill('Showed her passport at the desk');
  await dialog.getByRole('button', { name: 'Mark verified' }).click();
  await expect(owner.getByRole('status')).toHaveText('The address is verified. Open codes for it have stopped working.');
  await expect(addressLine(owner, email).locator('.state')).toHaveText('Verified');
  await expect(addressLine(owner, email)).toContainText(`Verified by an administrator (${OWNER.name}) on `);
  await expect(addressLine(owner, email)).toContainText('“Showed her passport at the desk”');
  await expect(history(owner).first()).toHaveText('Marked verified');

  await addressLine(owner, email).getByRole('link', { name: 'Un-verify' }).click();
  await owner.getByRole('dialog').getByLabel('Reason').fill('It was her sister');
  await owner.getByRole('dialog').getByRole('button', { name: 'Un-verify' }).click();
  await expect(owner.getByRole('status')).toHaveText('The address is no longer verified.');
  await expect(addressLine(owner, email).locator('.state')).toHaveText('Not verified');
  await expect(section(owner, 'History').getByRole('listitem').first()).toContainText('“It was her sister”');
});

test('the code of an address that was marked verified says so', async ({ owner, stranger, mailbox }) => {
  const email = address('barbara');
  await unverified(owner, { name: 'Barbara Liskov', email });
  await mailbox.next(email);
  await addressLine(owner, email).getByRole('button', { name: 'Send a code' }).click();
  await expect(owner.getByRole('status')).toHaveText('A code is on its way.');
  const { code, link } = await mailbox.next(email);

  await addressLine(owner, email).getByRole('link', { name: 'Mark verified' }).click();
  await owner.getByRole('dialog').getByLabel('Reason').fill('Called back on her known number');
  await owner.getByRole('dialog').getByRole('button', { name: 'Mark verified' }).click();

  const page = await stranger();
  await enterCode(page, email, code);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Already verified');
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Already verified');
});

test('a question is answered with Cancel, and nothing has changed', async ({ owner }) => {
  const email = address('carol');
  await unverified(owner, { name: 'Carol Shaw', email });
  await addressLine(owner, email).getByRole('link', { name: 'Mark verified' }).click();
  await owner.getByRole('dialog').getByRole('link', { name: 'Cancel' }).click();
  await expect(owner.getByRole('dialog')).toHaveCount(0);
  await expect(addressLine(owner, email).locator('.state').first()).toHaveText('Not verified');

  await owner.getByRole('link', { name: 'Disable… Carol Shaw' }).click();
  await owner.getByRole('dialog', { name: 'Disable Carol Shaw?' }).getByRole('link', { name: 'Cancel' }).click();
  await expect(owner.getByRole('dialog')).toHaveCount(0);
  await expect(owner.getByRole('link', { name: 'Disable… Carol Shaw' })).toBeVisible();
});

test('a disabled person cannot come in, and an enabled one can', async ({ owner, stranger, mailbox }) => {
  const email = address('dorothy');
  await invited(owner, { name: 'Dorothy Vaughan', email });
  const page = await stranger();
  await page.goto((await mailbox.next(email)).link);
  await page.getByRole('button', { name: 'Accept the invite' }).click();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Set password' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are in');

  await disable(owner);
  await page.goto('/me');
  await expect(page, 'the session has ended').toHaveURL(/\/sign-in$/);
  await signIn(page, email, PASSWORD);
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in\?problem=/);

  await owner.getByRole('button', { name: 'Enable' }).click();
  await expect(owner.getByRole('status')).toHaveText('The user is enabled.');
  await signIn(page, email, PASSWORD);
  await expect(page).toHaveURL(/\/me$/);
});

test('addresses are added, proven, made primary and removed', async ({ owner, stranger, mailbox }) => {
  const [first, second] = [address('evelyn'), address('evelyn.work')];
  await unverified(owner, { name: 'Evelyn Boyd', email: first });
  await owner.getByLabel('Add an address').fill(second);
  await owner.getByRole('button', { name: 'Add address' }).click();
  await expect(owner.getByRole('status')).toHaveText('The address is added. It is not verified yet.');

  await owner.getByLabel('Add an address').fill(OWNER.email);
  await owner.getByRole('button', { name: 'Add address' }).click();
  await expect(owner.getByRole('alert')).toHaveText('A user of this organization has that address already.');

  await addressLine(owner, second).getByRole('button', { name: 'Send a code' }).click();
  const { link } = await mailbox.next(second);
  const page = await stranger();
  await page.goto(link);
  await page.getByRole('button', { name: 'Verify email' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your email address is verified');
  await page.goto('/me');
  await expect(page, 'a link alone makes no session').toHaveURL(/\/sign-in$/);

  await owner.reload();
  await expect(addressLine(owner, second)).toContainText('Verified by link on ');
  await addressLine(owner, second).getByRole('button', { name: 'Make primary' }).click();
  await expect(owner.getByRole('status')).toHaveText('The primary address is changed. The old address is told.');
  await expect(addressLine(owner, second)).toContainText('primary');
  await mailbox.next(first);
  const notice = await mailbox.next(first);
  expect(notice.subject).toBe('Your address at Acme was changed');
  expect(notice.text).toContain(second);

  await addressLine(owner, first).getByRole('link', { name: 'Remove' }).click();
  await owner.getByRole('dialog', { name: `Remove ${first}?` }).getByRole('button', { name: 'Remove' }).click();
  await expect(owner.getByRole('status')).toContainText('The address is removed.');
  await expect(addressLine(owner, first)).toHaveCount(0);
  await eventually(owner, () => expect(history(owner).first()).toHaveText('Address removed'));
});

test('the list finds people by name and address', async ({ owner }) => {
  const email = address('frances.allen');
  await invited(owner, { name: 'Frances Allen', email });
  for (const search of ['FRANCES', email.slice(3, 15)]) {
    await owner.goto('/console/users');
    await owner.getByRole('searchbox').fill(search);
    await owner.getByRole('button', { name: 'Search' }).click();
    await expect(owner.getByRole('row').filter({ hasText: email })).toHaveCount(1);
  }
  await owner.goto('/console/users?state=invited');
  await expect(owner.getByRole('row').filter({ hasText: email })).toHaveCount(1);
  await owner.goto('/console/users?search=%3Cimg%20src=x%3E');
  await expect(owner.getByText("Nobody's name or address holds that.")).toBeVisible();
});
