// What takes too long under any rules that the settings allow, so these tests write theirs into the database.

import { addressLine, signIn, unverified } from '../support/console.ts';
import { Mailbox } from '../support/mailbox.ts';
import { askForCode, enterCode, expectHeading, wrong } from '../support/porch.ts';
import { expect, OWNER, test as base } from '../support/test.ts';
import type { Page } from '@playwright/test';

interface Ruled {
  owner: Page;
  person: Page;
  mailbox: Mailbox;
  /** Changes the organization's rules. */
  rule: (rules: Record<string, number>) => Promise<void>;
}

const test = base.extend<{ ruled: Ruled }>({
  ruled: async ({ another, stranger }, use) => {
    const mailbox = await Mailbox.open();
    const vestibule = await another({ smtp: mailbox.port });
    await vestibule.createAdministrator(OWNER, 'owner');
    await vestibule.start();
    const [owner, person] = [await stranger(vestibule), await stranger(vestibule)];
    await signIn(owner, OWNER.email, OWNER.password);
    await expect(owner).toHaveURL(/\/console$/);
    const rule = async (rules: Record<string, number>): Promise<void> => {
      await vestibule.database?.run(
        `UPDATE organization SET policy = CAST(CAST(policy AS jsonb) || '${JSON.stringify(rules)}' AS text)`,
      );
    };
    await use({ owner, person, mailbox, rule });
    await mailbox.close();
  },
});

const email = 'grace@example.com';

test('an expired code says so, and the way forward works', async ({ ruled: { owner, person, mailbox, rule } }) => {
  await rule({ code_lifetime: 10, cool_down: 10 });
  await unverified(owner, { name: 'Grace Hopper', email });
  await mailbox.next(email);
  await addressLine(owner, email).getByRole('button', { name: 'Send a code' }).click();
  const old = await mailbox.next(email);

  await enterCode(person, email, old.code);
  await expectHeading(person, 'This code has expired');
  await person.goto(old.link);
  await expectHeading(person, 'This code has expired');
  await rule({ code_lifetime: 60_000 });
  await person.getByRole('button', { name: 'Send me a code' }).click();
  await expect(person.getByText('A new code is on its way.')).toBeVisible();
  const letter = await mailbox.next(email);
  await person.getByLabel('Code', { exact: true }).fill(letter.code);
  await person.getByRole('button', { name: 'Verify email' }).click();
  await expectHeading(person, 'Your email address is verified');
});

test('a code that was replaced says so', async ({ ruled: { owner, person, mailbox, rule } }) => {
  await rule({ cool_down: 10 });
  await unverified(owner, { name: 'Grace Hopper', email });
  await mailbox.next(email);
  await askForCode(person, email);
  const old = await mailbox.next(email);
  await askForCode(person, email);
  const letter = await mailbox.next(email);
  await enterCode(person, email, old.code);
  await expectHeading(person, 'There is a newer code');
  await person.goto(old.link);
  await person.getByRole('button', { name: 'Verify email' }).click();
  await expectHeading(person, 'There is a newer code');
  await enterCode(person, email, letter.code);
  await expectHeading(person, 'Your email address is verified');
});

test('after the last try a new code is one press away', async ({ ruled: { owner, person, mailbox, rule } }) => {
  await rule({ tries: 1, cool_down: 10 });
  await unverified(owner, { name: 'Grace Hopper', email });
  await mailbox.next(email);
  await askForCode(person, email);
  const old = await mailbox.next(email);
  await enterCode(person, email, wrong(old.code));
  await expectHeading(person, 'This code is out of tries');
  await person.getByRole('button', { name: 'Send me a code' }).click();
  const letter = await mailbox.next(email);
  await enterCode(person, email, letter.code);
  await expectHeading(person, 'Your email address is verified');
});
