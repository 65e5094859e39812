// The hint on a new password: it speaks while the password is typed, and decides nothing.

import { invited } from '../support/console.ts';
import { expectHeading } from '../support/porch.ts';
import { address, expect, PASSWORD, test } from '../support/test.ts';

test('the hint follows what is typed, and the server says why it refuses', async ({ owner, stranger, mailbox }) => {
  const email = address('grace');
  await invited(owner, { name: 'Grace Hopper', email });
  const page = await stranger();
  await page.goto((await mailbox.next(email)).link);
  await page.getByRole('button', { name: 'Accept the invite' }).click();
  const [field, hint] = [page.getByLabel('Password'), page.locator('.strength')];
  await expect(hint).toHaveAttribute('aria-live', 'polite');
  await expect(hint).toBeEmpty();
  for (const [password, text] of [
    ['short', 'Characters still missing: 7'],
    ['aaaaaaaaaaaaa', 'The same signs over and over'],
    ['tarataratara', 'The same signs over and over'],
    ['abcdefghijklmn', 'Sequences such as'],
    ['qwertyuiop12', 'Neighbouring keys'],
    ['GraceHopper1', 'Your own name'],
    ['administration', 'A word or a name'],
    ['kX9#vQ2!mZ4?', 'Long enough.'],
    [PASSWORD, 'Long and hard to guess.'],
    ['いろはにほへとちりぬるを', 'Long enough.'],
  ] as const) {
    await field.fill(password);
    await expect(hint, password).toContainText(text);
  }
  await field.fill('');
  await expect(hint).toBeEmpty();

  // The script has no lists; the server has, and what was refused can be tried again.
  for (const [password, text] of [
    ['liverpoolfootball', 'Everybody tries that one first.'],
    ['administration', 'A word or a name is among the first things tried.'],
  ] as const) {
    await field.fill(password);
    await page.getByRole('button', { name: 'Set password' }).click();
    await expect(field).toHaveAccessibleDescription(new RegExp(text));
  }
  await field.fill(PASSWORD);
  await page.getByRole('button', { name: 'Set password' }).click();
  await expectHeading(page, 'You are in');
});
